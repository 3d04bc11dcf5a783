"""Venues, what can be booked in them, and the trainings that machines ask for."""

from chuangbao.booking.models.resources import Resource
from chuangbao.booking.models.trainings import TrainingKind
from chuangbao.booking.models.venues import Venue

__all__ = ["Resource", "TrainingKind", "Venue"]
