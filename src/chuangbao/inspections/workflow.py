"""How the states of a guidance note, a draw, a visit and an upgrade plan change, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import Life, Move, attach_life
from chuangbao.inspections.enums import DrawStage, NoteStage, PlanStage, VisitStage
from chuangbao.inspections.models import Draw, GuidanceNote, PlanMilestone, UpgradePlan, Visit
from chuangbao.inspections.permissions import may_answer, may_draw, may_guide, may_inspect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["DRAW", "NOTE", "UPGRADE", "VISIT"]

NOTE = attach_life(
    GuidanceNote,
    Life(
        Move(
            "answer",
            NoteStage.OPEN.or_(NoteStage.ANSWERED) >> NoteStage.ANSWERED,
            who=may_answer,
            label=_("Answer"),
            needs=("text",),
        ),
        Move(
            "finish",
            NoteStage.OPEN.or_(NoteStage.ANSWERED) >> NoteStage.DONE,
            who=may_answer,
            label=_("Mark as done"),
        ),
        Move(
            "reopen",
            NoteStage.ANSWERED.or_(NoteStage.DONE) >> NoteStage.OPEN,
            who=may_guide,
            label=_("Write back"),
            needs=("text",),
        ),
        Move(
            "withdraw",
            NoteStage.OPEN.or_(NoteStage.ANSWERED) >> NoteStage.WITHDRAWN,
            who=may_guide,
            label=_("Withdraw the guidance"),
            needs=("text",),
        ),
    ),
)
DRAW = attach_life(
    Draw,
    Life(
        Move("freeze", DrawStage.PREPARING >> DrawStage.FROZEN, who=may_draw, label=_("Fix the list")),
        Move("draw", DrawStage.FROZEN >> DrawStage.DRAWN, who=may_draw, label=_("Draw"), needs=("number",)),
        Move(
            "cancel",
            DrawStage.PREPARING.or_(DrawStage.FROZEN) >> DrawStage.CANCELLED,
            who=may_draw,
            label=_("Cancel the draw"),
            needs=("reason",),
        ),
    ),
)
VISIT = attach_life(
    Visit,
    Life(
        Move("clear", VisitStage.PLANNED >> VisitStage.CLEAR, who=may_inspect, label=_("No problem found")),
        Move(
            "mend",
            VisitStage.PLANNED >> VisitStage.MENDING,
            who=may_inspect,
            label=_("To be mended"),
            needs=("mend_by",),
        ),
        Move(
            "hand_on",
            VisitStage.PLANNED >> VisitStage.HANDED,
            who=may_inspect,
            label=_("Hand it on to another office"),
            needs=("handed_to",),
        ),
        Move(
            "call_off",
            VisitStage.PLANNED >> VisitStage.CALLED_OFF,
            who=may_guide,
            label=_("Call the visit off"),
            needs=("reason",),
        ),
        Move(
            "answer",
            VisitStage.MENDING >> VisitStage.MENDED,
            who=may_answer,
            label=_("Say what you mended"),
            needs=("answer",),
        ),
        Move(
            "send_back",
            VisitStage.MENDED >> VisitStage.MENDING,
            who=may_guide,
            label=_("Give another term"),
            needs=("note",),
        ),
        Move("close", VisitStage.MENDED >> VisitStage.CLOSED, who=may_guide, label=_("Mended: close the visit")),
    ),
)


def refuse_without_milestones(plan: Any, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Let a plan begin that has a milestone. Raises Refused: no_milestones."""
    if not unscoped(PlanMilestone, because="of a plan that is locked").filter(plan=plan).exists():
        raise Refused("no_milestones", _now("Add a milestone first, so that it can be seen how far the plan is."))


def refuse_unreached(plan: Any, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Let a plan end whose milestones are reached and whose space is of the new kind.

    Raises Refused: open_milestones, kind_differs.
    """
    rows = unscoped(PlanMilestone, because="of a plan that is locked").filter(plan=plan, reached_on=None)
    if rows.exists():
        raise Refused("open_milestones", _now("Some milestones are not reached yet."))
    if plan.space.kind != plan.to_kind:
        raise Refused("kind_differs", _now("Change the kind of the space in its entry first, then finish the plan."))


UPGRADE = attach_life(
    UpgradePlan,
    Life(
        Move(
            "begin",
            PlanStage.DRAFT >> PlanStage.RUNNING,
            who=may_answer,
            label=_("Begin: officers of the area see it"),
            guard=refuse_without_milestones,
        ),
        Move(
            "reach",
            PlanStage.RUNNING >> PlanStage.REACHED,
            who=may_answer,
            label=_("All is reached: finish the plan"),
            guard=refuse_unreached,
        ),
        Move(
            "drop",
            PlanStage.DRAFT.or_(PlanStage.RUNNING) >> PlanStage.DROPPED,
            who=may_answer,
            label=_("Drop the plan"),
            needs=("reason",),
        ),
    ),
)
