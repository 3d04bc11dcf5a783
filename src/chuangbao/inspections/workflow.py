"""How the states of a guidance note change, as data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.transitions import Life, Move, attach_life
from chuangbao.inspections.enums import NoteStage
from chuangbao.inspections.models import GuidanceNote
from chuangbao.inspections.permissions import may_answer, may_guide

__all__ = ["NOTE"]

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
