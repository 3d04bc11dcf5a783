"""Venues, what can be booked in them, when they are open, who may book, and who has what when."""

from chuangbao.booking.models.access import AccessPass
from chuangbao.booking.models.bookings import FOREIGN, Booking, Busy
from chuangbao.booking.models.feeds import Feed
from chuangbao.booking.models.hours import DayKind, HoursException, OpeningHours
from chuangbao.booking.models.materials import Material, StockEntry
from chuangbao.booking.models.prices import Allowance, AllowanceUse, Quote, QuotePart, Rate
from chuangbao.booking.models.resources import Resource
from chuangbao.booking.models.series import Series
from chuangbao.booking.models.trainings import Training, TrainingKind
from chuangbao.booking.models.venues import Venue
from chuangbao.booking.models.waiting import Waiting

__all__ = [
    "FOREIGN",
    "AccessPass",
    "Allowance",
    "AllowanceUse",
    "Booking",
    "Busy",
    "DayKind",
    "Feed",
    "HoursException",
    "Material",
    "OpeningHours",
    "Quote",
    "QuotePart",
    "Rate",
    "Resource",
    "Series",
    "StockEntry",
    "Training",
    "TrainingKind",
    "Venue",
    "Waiting",
]
