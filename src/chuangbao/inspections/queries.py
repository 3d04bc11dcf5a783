"""Reading guidance notes and visits: by words, state and topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F, Q

from chuangbao.core.access.row_access import visible
from chuangbao.core.http.requests import read_number
from chuangbao.core.localization.width import narrow
from chuangbao.inspections.enums import NoteStage, NoteTopic, PlanStage, VisitStage
from chuangbao.inspections.models import GuidanceNote, UpgradePlan, Visit
from chuangbao.inspections.scopes import narrow_to_space

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict

    from chuangbao.core.access.actors import Actor

__all__ = ["find_notes", "find_plans", "find_visits"]

VISIT_SORTS = {"term": (F("mend_by").asc(nulls_last=True), "pk"), "space": ("space__name", "-pk")}


def find_notes(actor: Actor, given: QueryDict) -> QuerySet[GuidanceNote]:
    """Return the notes in sight that a filter asks for, the newest first; what cannot be read is nothing asked."""
    rows = visible(GuidanceNote, to=actor).select_related("space__operator", "agency")
    if words := narrow(given.get("q", "")).strip()[:80]:
        rows = rows.filter(Q(title__icontains=words) | Q(body__icontains=words) | Q(space__name__icontains=words))
    if (stage := given.get("stage", "")) in NoteStage.values:
        rows = rows.filter(stage=stage)
    if (topic := given.get("topic", "")) in NoteTopic.values:
        rows = rows.filter(topic=topic)
    if space := read_number(given.get("space", "")):
        rows = rows.filter(space=space)
    return rows.order_by("-written_at", "-pk")


def find_visits(actor: Actor, given: QueryDict) -> QuerySet[Visit]:
    """Return the visits of the area or of the actor's spaces that a filter asks for.

    The newest draw comes first, or what is to be mended next, or the spaces by their names.
    """
    rows = visible(Visit, to=actor).filter(narrow_to_space(actor)).select_related("space", "draw")
    if words := narrow(given.get("q", "")).strip()[:80]:
        rows = rows.filter(Q(space__name__icontains=words) | Q(draw__title__icontains=words))
    if (stage := given.get("stage", "")) in VisitStage.values:
        rows = rows.filter(stage=stage)
    return rows.order_by(*VISIT_SORTS.get(given.get("sort", ""), ("-draw__ended_at", "-draw", "place_in_draw")))


def find_plans(actor: Actor, given: QueryDict) -> QuerySet[UpgradePlan]:
    """Return the upgrade plans in sight that a filter asks for, the newest first, with ``reached`` and ``planned``."""
    rows = visible(UpgradePlan, to=actor).select_related("space__operator")
    if words := narrow(given.get("q", "")).strip()[:80]:
        rows = rows.filter(Q(space__name__icontains=words) | Q(aim__icontains=words))
    if (stage := given.get("stage", "")) in PlanStage.values:
        rows = rows.filter(stage=stage)
    done = Count("milestones", filter=Q(milestones__reached_on__isnull=False))
    return rows.annotate(reached=done, planned=Count("milestones")).order_by("-created_at", "-pk")
