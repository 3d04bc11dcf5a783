"""What the pages of past grants show: the list, narrowed to an actor's sight, and the records that are complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.access.row_access import visible
from chuangbao.core.localization.name_search import name_contains
from chuangbao.facts.domain.intake import NUMBER_DIGITS
from chuangbao.facts.enums import AwardStage
from chuangbao.facts.models import Award, AwardRecord, Subject
from chuangbao.facts.queries import find_organisations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor

__all__ = ["award_search", "list_awards", "list_records"]

MOST_RECORDS = 50
LONGEST = 80


def award_search(given: Mapping[str, str]) -> dict[str, str]:
    """Return what the address asks for: words, measure, year, and withdrawn ones too."""
    return {name: str(given.get(name, "")).strip()[:LONGEST] for name in ("q", "measure", "year", "withdrawn")}


def list_awards(actor: Actor, asked: Mapping[str, str]) -> QuerySet[Award]:
    """Return the grants in an actor's sight, the newest first; withdrawn ones only where they are asked for."""
    rows = visible(Award, to=actor).select_related("subject__organisation", "subject__person", "place")
    if not asked["withdrawn"]:
        rows = rows.filter(stage=AwardStage.RECORDED)
    if asked["measure"]:
        rows = rows.filter(measure=asked["measure"])
    if asked["year"].isdecimal() and len(asked["year"]) == len("2026"):
        rows = rows.filter(granted_on__year=int(asked["year"]))
    if asked["q"]:
        rows = rows.filter(match_subject(actor, asked["q"]))
    return rows.order_by("-granted_on", "-pk")


def match_subject(actor: Actor, words: str) -> Q:
    """Narrow to subjects in sight that are called so, or have the code or the number."""
    by_code = Q(organisation__in=find_organisations(actor, words))
    by_number = Q(pk=int(words)) if words.isdecimal() and len(words) < NUMBER_DIGITS else Q(pk__in=[])
    return Q(subject__in=visible(Subject, to=actor).filter(name_contains(words) | by_code | by_number).order_by())


def list_records(actor: Actor) -> list[AwardRecord]:
    """Return since when records are complete: the last word of each region or subject on each measure."""
    rows = visible(AwardRecord, to=actor).select_related("region", "subject")
    last = rows.order_by("measure", "region_id", "subject_id", "-pk").distinct("measure", "region_id", "subject_id")
    return list(last[:MOST_RECORDS])
