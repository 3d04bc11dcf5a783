"""What the check-up holds of a person: check-ups with their verdicts, and the copies that were shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chuangbao.checkup.domain.own import verdicts_of
from chuangbao.checkup.models import CheckUp, CheckUpAnswer
from chuangbao.core.privacy import Holding, holds_personal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__: list[str] = []

State = CheckUpAnswer.State
COLUMNS = (
    "portal.CheckUp.subject",
    "portal.CheckUp.who",
    "portal.CheckUp.outcome",
    "portal.CheckUp.moved_from",
    "portal.CheckUpAnswer.value",
)


def export_checkups(person: int) -> Iterable[Mapping[str, object]]:
    """Return the check-ups from the person's own facts, with what came out and when copies were shared until when."""
    rows = CheckUp.objects.filter(subject__person=person).order_by("pk").prefetch_related("copies", "answers")
    return [
        {
            "who": row.who, "want": row.want, "as_of": str(row.as_of), "region": row.region,
            "created_at": str(row.created_at), **list_answers(row),
            "verdicts": [f"{v.version}: {v.status} {v.amount or ''}".strip() for v in verdicts_of(row).values()],
            "shared": [f"{copy.created_at} – {copy.expires_at}" for copy in row.copies.all()],
        }
        for row in rows
    ]  # fmt: skip


def list_answers(row: CheckUp) -> dict[str, object]:
    """Return what was answered in a check-up itself: what was said of life, and what was not known."""
    rows = list(row.answers.all())
    return {
        "not_known": [answer.fact for answer in rows if answer.state == State.UNKNOWN],
        "said": {answer.fact: answer.value for answer in rows if answer.state != State.UNKNOWN},
    }


def erase_checkups(person: int) -> int:
    """Delete the check-ups; their verdicts and shared copies go with them."""
    return CheckUp.objects.filter(subject__person=person).delete()[0]


holds_personal(
    Holding(
        "checkups", _("Check-ups, and links to copies of them"), _("So that you see next time what has changed"),
        _("Until you erase it"), export_checkups, erase_checkups, covers=COLUMNS,
    ),
)  # fmt: skip
