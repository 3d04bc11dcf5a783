"""What guidance holds of a person: their questions, what was said in them, and the copy they attached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.personal_rows import WHY
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.privacy import Holding, holds_personal
from chuangbao.guidance.models import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__: list[str] = []

COLUMNS = ("guidance.Question.person", "guidance.Question.attached", "guidance.Message.author", "guidance.Message.text")


def export_questions(person: int) -> Iterable[Mapping[str, object]]:
    """Return the person's questions with all that was said in them."""
    rows = unscoped(Question, because=WHY).filter(person=person).order_by("pk").prefetch_related("messages")
    return [
        {
            "asked_at": str(row.asked_at),
            "stage": row.stage,
            "place": row.place_id,
            "attached": bool(row.attached),
            "said": [f"{said.kind}: {said.text}" for said in row.messages.all()],
        }
        for row in rows
    ]


def erase_questions(person: int) -> int:
    """Delete the person's questions with the answers; what an officer said to others stays, as a number."""
    return unscoped(Question, because=WHY).filter(person=person).delete()[0]


holds_personal(
    Holding(
        "questions",
        _("Questions to offices, and their answers"),
        _("So that an officer can answer you"),
        _("Until you erase it; an officer's answers to others stay, as a number"),
        export_questions,
        erase_questions,
        covers=COLUMNS,
    ),
)
