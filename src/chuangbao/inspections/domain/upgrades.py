"""Planning an upgrade of a space, reaching its milestones, finishing or dropping it (clause 2.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.storage.files import all_or_nothing, keep, recognise_upload
from chuangbao.core.storage.filetypes import PAPERS
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.inspections.enums import PlanStage
from chuangbao.inspections.models import PlanMilestone, UpgradePlan
from chuangbao.inspections.permissions import may_answer
from chuangbao.spaces.enums import SpaceStage

if TYPE_CHECKING:
    from datetime import date

    from django.core.files.uploadedfile import UploadedFile

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = ["add_plan_milestone", "move_upgrade", "plan_upgrade", "reach_plan_milestone"]

WHY = "of a plan that the caller has locked"
MOST_MILESTONES = 30
ENDING = {"reach", "drop"}


@transaction.atomic
def plan_upgrade(*, space: Space, to_kind: str, aim: str, starts_on: date, due_on: date, actor: Actor) -> UpgradePlan:
    """Plan to turn a running space of the actor's organisation into another kind, as a draft.

    Raises Forbidden; Refused: ended, same_kind (to_kind), due_before (due_on), planned_before.
    """
    row = lock_row(space)
    permit(may_answer, actor=actor, row=row)
    if row.stage != SpaceStage.OPEN:
        raise Refused("ended", _("This space does not run any more."))
    if to_kind == row.kind:
        raise Refused("same_kind", _("The space is of this kind already."), field="to_kind")
    if due_on < starts_on:
        raise Refused("due_before", _("The last day is before the first."), field="due_on")
    try:
        with transaction.atomic():
            made = UpgradePlan.objects.create(
                space=row,
                from_kind=row.kind,
                to_kind=to_kind,
                aim=aim.strip(),
                starts_on=starts_on,
                due_on=due_on,
                author_id=actor.person_id,
            )
    except IntegrityError as clash:
        message = _("This space has a plan that goes on. Finish or drop it first.")
        raise Refused("planned_before", message) from clash
    record(actor, "upgrade.plan", made, data={"from": row.kind, "to": to_kind})
    return made


def lock_plan(plan: UpgradePlan, actor: Actor) -> UpgradePlan:
    """Return a plan that goes on, locked. Raises Forbidden; Refused: over."""
    row = lock_row(plan)
    permit(may_answer, actor=actor, row=row)
    if row.stage not in {PlanStage.DRAFT, PlanStage.RUNNING}:
        raise Refused("over", _("This plan is over."))
    return row


@transaction.atomic
def add_plan_milestone(*, plan: UpgradePlan, title: str, due_on: date, actor: Actor) -> PlanMilestone:
    """Add a milestone. Raises Forbidden; Refused: over, outside (due_on), too_many, title_taken (title)."""
    row = lock_plan(plan, actor)
    if not row.starts_on <= due_on <= row.due_on:
        raise Refused("outside", _("Choose a day between the first and the last of the plan."), field="due_on")
    rows = unscoped(PlanMilestone, because=WHY).filter(plan=row)
    if rows.count() >= MOST_MILESTONES:
        raise Refused("too_many", _("A plan has %d milestones at most.") % MOST_MILESTONES)
    if rows.filter(title=title.strip()).exists():
        raise Refused("title_taken", _("The plan has a milestone of this title."), field="title")
    made = PlanMilestone.objects.create(plan=row, title=title.strip(), due_on=due_on)
    record(actor, "upgrade.milestone", row, data={"milestone": made.pk})
    return made


@all_or_nothing()
def reach_plan_milestone(
    *,
    milestone: PlanMilestone,
    reached_on: date,
    evidence: str,
    actor: Actor,
    file: UploadedFile[Any] | None = None,
) -> PlanMilestone:
    """Say since when a milestone is reached, and what shows it.

    Raises Forbidden; Refused: over, future_day (reached_on), evidence_needed (evidence), those of ``keep`` (file).
    """
    known = None if file is None else recognise_upload(file, PAPERS)  # before the lock: it takes time
    lock_plan(milestone.plan, actor)
    row = lock_row(milestone)
    if reached_on > timezone.localdate():
        raise Refused("future_day", _("This day is still to come."), field="reached_on")
    if not evidence.strip():
        raise Refused("evidence_needed", _("Please fill this in."), field="evidence")
    if file is not None:
        row.file = keep(upload=file, actor=actor, purpose="inspections.upgrade", sensitive=True, known=known)
    row.reached_on, row.evidence = reached_on, evidence.strip()
    row.save(update_fields=["reached_on", "evidence", "file"])
    record(actor, "upgrade.reach", row.plan, data={"milestone": row.pk})
    return row


def move_upgrade(*, plan: UpgradePlan, verb: str, actor: Actor, reason: str = "") -> UpgradePlan:
    """Begin a plan (officers of the area see it from then on), finish or drop it.

    Raises Refused: reason_needed (reason), no_milestones, open_milestones, kind_differs, not_permitted, not_in_….
    """
    with transaction.atomic():
        row = lock_row(plan)
        if verb in ENDING:
            row.ended_on, row.end_reason = timezone.localdate(), reason.strip()
            row.save(update_fields=["ended_on", "end_reason"])
        return transition(row, verb, actor=actor, reason=reason.strip())
