"""What of spaces waits on the workbench, and the ways to them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.accounts.models.organisations import OrganisationKind
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine.regions import covered_regions
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.onward import Way, lead_onward
from chuangbao.core.workbench import Heading, Mine, ToDo, mine, todo
from chuangbao.spaces.enums import MemberStage, ProjectStage, SpaceStage, TransferStage
from chuangbao.spaces.models import ProjectMember, ProjectMilestone, Space, Transfer
from chuangbao.spaces.permissions import decides, may_answer_transfer, may_oversee_spaces, may_register_space

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chuangbao.accounts.models import Organisation
    from chuangbao.core.access.actors import Actor

__all__: list[str] = []

MOST, SOON_DAYS = 20, 14


@todo("spaces", gettext_lazy("Spaces"))
def list_offered_spaces(actor: Actor) -> Iterator[ToDo]:
    """List the spaces that are offered to the actor's organisation, the oldest first."""
    if not may_answer_transfer.test(actor):
        return
    rows = visible(Transfer, to=actor).filter(receiver=actor.organisation_id, stage=TransferStage.OFFERED)
    for row in rows.select_related("space").order_by("offered_at")[:MOST]:
        title = _("Take over or decline: %s") % row.space.name
        yield ToDo(title, reverse("spaces:transfer", args=[row.pk]), row.offered_at)


@todo("closings", gettext_lazy("Spaces that close"))
def list_closing_spaces(actor: Actor) -> Iterator[ToDo]:
    """List the actor's own spaces whose announced last day has come: they are closed by hand."""
    if not decides.test(actor):
        return
    rows = visible(Space, to=actor).filter(
        operator=actor.organisation_id, stage=SpaceStage.OPEN, closes_on__lte=timezone.localdate()
    )
    for row in rows.order_by("closes_on", "pk")[:MOST]:
        yield ToDo(_("Close: %s") % row.name, reverse("spaces:ending", args=[row.pk]), None, row.closes_on)


@todo("projects", gettext_lazy("Streets and parks"))
def list_open_projects(actor: Actor) -> Iterator[ToDo]:
    """List for officers the spaces that ask to belong to a project of their area, and milestones that are due soon."""
    if not may_oversee_spaces.test(actor):
        return
    area = covered_regions(actor.region)
    asked = visible(ProjectMember, to=actor).filter(stage=MemberStage.ASKED, project__region__in=area)
    for row in asked.select_related("project", "space").order_by("asked_at")[:MOST]:
        words = {"name": row.space.name, "project": row.project.name}
        title = _("%(name)s asks to belong to %(project)s") % words
        yield ToDo(title, reverse("spaces:project", args=[row.project_id]), row.asked_at)
    soon = timezone.localdate() + timedelta(days=SOON_DAYS)
    due = visible(ProjectMilestone, to=actor).filter(reached_on=None, due_on__lte=soon, project__region__in=area)
    for mark in due.exclude(project__stage=ProjectStage.ENDED).select_related("project").order_by("due_on")[:MOST]:
        words = {"project": mark.project.name, "title": mark.title, "day": day_words(mark.due_on)}
        title = _("%(project)s: %(title)s, due %(day)s") % words
        yield ToDo(title, reverse("spaces:project_reach", args=[mark.project_id, mark.pk]))


@lead_onward("accounts.organisation")
def lead_to_spaces(actor: Actor, organizations: Sequence[Organisation]) -> Mapping[int, list[Way]]:
    """Lead from the organisation of an operator of spaces to registering one."""
    if not may_register_space.test(actor):
        return {}
    own = [row for row in organizations if row.kind == OrganisationKind.SPACE and row.pk == actor.organisation_id]
    return {row.pk: [Way(_("Register a space"), reverse("spaces:register"), "plus")] for row in own}


@mine(Heading.SPACES)
def list_ways_to_spaces(actor: Actor) -> Iterator[Mine]:
    """List the way to one's own spaces and to registering one, or to those of the area."""
    if may_register_space.test(actor):
        yield Mine(_("My spaces"), reverse("spaces:mine"), "building")
    if may_register_space.test(actor) and actor.organisation_kind == OrganisationKind.SPACE:
        yield Mine(_("Register a space"), reverse("spaces:register"), "plus")
    if may_oversee_spaces.test(actor):
        yield Mine(_("Spaces of my area"), reverse("spaces:area"), "building")
        yield Mine(_("Streets and parks"), reverse("spaces:projects"), "map-pin")
