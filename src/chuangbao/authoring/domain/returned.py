"""Drafts that came back (退回): the reason and the comments belong where the drafter works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.core.models import History
from chuangbao.policies.enums import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.policies.models import Interpretation, MeasureVersion, RegisteredDocument

    Row = MeasureVersion | RegisteredDocument | Interpretation

__all__ = ["find_reason", "returned_by_row", "returned_of"]

STEPS = ("submit", "return", "withdraw")


def returned_by_row(rows: Iterable[Row]) -> dict[int, History]:
    """Return, by row, how each draft came back last, for those that have not been submitted again; one query."""
    drafts = [row for row in rows if row.stage == Stage.DRAFT]
    if not drafts:
        return {}
    kind = drafts[0]._meta.label_lower
    steps = History.objects.filter(kind=kind, object_id__in=[row.pk for row in drafts], verb__in=STEPS)
    last = {step.object_id: step for step in steps.select_related("person").order_by("pk")}
    return {pk: step for pk, step in last.items() if pk is not None and step.verb == "return"}


def returned_of(row: Row) -> History | None:
    """How a draft came back last; None where it did not, or is on its way again."""
    return returned_by_row([row]).get(row.pk)


def find_reason(history: Iterable[History]) -> History | None:
    """Find the last entry that says why a text was submitted or published although something spoke against it."""
    return next((entry for entry in history if entry.verb in {"submit", "publish"} and entry.reason), None)
