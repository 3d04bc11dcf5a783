"""What of guidance and inspections waits on the workbench, and the ways to them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import visible
from chuangbao.core.workbench import Heading, Mine, ToDo, mine, todo
from chuangbao.inspections.enums import DrawStage, NoteStage, PlanStage, VisitStage
from chuangbao.inspections.models import Draw, GuidanceNote, PlanMilestone, Visit
from chuangbao.inspections.permissions import may_oversee, may_see_notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []

MOST = 20
SOON = timedelta(days=30)


@todo("guidance", gettext_lazy("Guidance notes"))
def list_waiting_notes(actor: Actor) -> Iterator[ToDo]:
    """List the notes that wait: for the operator the open ones, for their author those that were answered."""
    if actor.capacity is Capacity.MEMBER:
        rows, words = visible(GuidanceNote, to=actor).filter(stage=NoteStage.OPEN), _("Answer or mark as done: %s")
    elif may_oversee.test(actor):
        rows = visible(GuidanceNote, to=actor).filter(stage=NoteStage.ANSWERED, author=actor.person_id)
        words = _("Read the answer: %s")
    else:
        return
    for row in rows.order_by("written_at", "pk")[:MOST]:
        yield ToDo(words % row.title, reverse("inspections:note", args=[row.pk]), row.written_at, row.answer_by)


@todo("visits", gettext_lazy("Inspections"))
def list_waiting_visits(actor: Actor) -> Iterator[ToDo]:
    """List what to mend or, for officers, draws to go on with and visits to make or close, the oldest first."""
    if actor.capacity is Capacity.MEMBER:
        rows = visible(Visit, to=actor).filter(stage=VisitStage.MENDING, space__operator=actor.organisation_id)
        for row in rows.select_related("space").order_by("mend_by", "pk")[:MOST]:
            yield ToDo(_("Mend, and say so: %s") % row.space.name, find_page(row), row.visited_at, row.mend_by)
    elif may_oversee.test(actor):
        yield from list_waiting_draws(actor)
        words = {VisitStage.PLANNED: _("Visit: %s"), VisitStage.MENDED: _("See whether it is mended: %s")}
        rows = visible(Visit, to=actor).filter(stage__in=words, inspectors__post=actor.holder_id)
        for row in rows.select_related("space", "draw").order_by("draw__ended_at", "place_in_draw")[:MOST]:
            title = words[VisitStage(row.stage)] % row.space.name
            yield ToDo(title, find_page(row), row.answered_at or row.draw.ended_at, row.planned_on)


def list_waiting_draws(actor: Actor) -> Iterator[ToDo]:
    """List the draws of the actor's own area whose number is known, or that can be published."""
    rows = visible(Draw, to=actor).filter(region=actor.region)
    for row in rows.filter(stage=DrawStage.FROZEN, number_day__lte=timezone.localdate()):
        yield ToDo(_("Draw: %s") % row.title, reverse("inspections:draw", args=[row.pk]), row.frozen_at)
    done = rows.filter(stage=DrawStage.DRAWN, published_at=None).exclude(visits__stage=VisitStage.PLANNED)
    for row in done.order_by("ended_at", "pk")[:MOST]:
        yield ToDo(_("Publish the results: %s") % row.title, reverse("inspections:draw", args=[row.pk]), row.ended_at)


def find_page(visit: Visit) -> str:
    """Return the page of a visit."""
    return reverse("inspections:visit", args=[visit.pk])


@todo("upgrades", gettext_lazy("Upgrade plans"))
def list_late_milestones(actor: Actor) -> Iterator[ToDo]:
    """List the milestones of the operator's plans that are due within a month or late, the first due first."""
    if actor.capacity is not Capacity.MEMBER:
        return
    until = timezone.localdate() + SOON
    rows = visible(PlanMilestone, to=actor).filter(reached_on=None, due_on__lte=until, plan__stage=PlanStage.RUNNING)
    for row in rows.order_by("due_on", "pk")[:MOST]:
        words = _("Milestone of the upgrade: %s") % row.title
        yield ToDo(words, reverse("inspections:plan", args=[row.plan_id]), None, row.due_on)


@mine(Heading.SPACES)
def list_ways_to_notes(actor: Actor) -> Iterator[Mine]:
    """List the way to the notes of the actor's spaces, or of the area."""
    if may_see_notes.test(actor):
        yield Mine(_("Guidance notes"), reverse("inspections:notes"), "messages")
        yield Mine(_("Inspections"), reverse("inspections:visits"), "clipboard-check")
        yield Mine(_("Upgrade plans"), reverse("inspections:plans"), "stairs-up")
    if may_oversee.test(actor):
        yield Mine(_("Survival and graduation"), reverse("inspections:area_curves"), "chart-line")
