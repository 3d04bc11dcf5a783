"""Whom facts are about, the facts, what was granted before, and the files that bring them."""

from chuangbao.facts.models.awards import Award, AwardRecord
from chuangbao.facts.models.facts import Fact, Source
from chuangbao.facts.models.intake import Intake, IntakeRow
from chuangbao.facts.models.subjects import Subject

__all__ = ["Award", "AwardRecord", "Fact", "Intake", "IntakeRow", "Source", "Subject"]
