"""Whom facts are about, the facts, and the files that bring them."""

from chuangbao.facts.models.facts import Fact, Source
from chuangbao.facts.models.intake import Intake, IntakeRow
from chuangbao.facts.models.subjects import Subject

__all__ = ["Fact", "Intake", "IntakeRow", "Source", "Subject"]
