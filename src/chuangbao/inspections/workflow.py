"""How the states of a guidance note, a draw and a visit change, as data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.transitions import Life, Move, attach_life
from chuangbao.inspections.enums import DrawStage, NoteStage, VisitStage
from chuangbao.inspections.models import Draw, GuidanceNote, Visit
from chuangbao.inspections.permissions import may_answer, may_draw, may_guide, may_inspect

__all__ = ["DRAW", "NOTE", "VISIT"]

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
