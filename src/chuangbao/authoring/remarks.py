"""What colleagues say about a text (审核意见), in threads, each beside the condition or the clause that it is about."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from chuangbao.core.localization.formatting import text as words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from chuangbao.authoring.models import ReviewComment
    from chuangbao.policies.models import MeasureVersion, RegisteredDocument
    from chuangbao.rules.model import Version

__all__ = ["Remark", "by_clause", "by_condition", "remarks_of", "remarks_on"]


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment with its answers: what part it is about and how that is called (empty: the whole), who, when."""

    pk: int
    condition: str
    clause: int | None
    label: str
    text: str
    author: str
    at: datetime
    settled_at: datetime | None
    settled_by: str
    replies: tuple[Remark, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be done about it."""
        return self.settled_at is not None


def remarks_of(row: MeasureVersion, version: Version | None) -> list[Remark]:
    """Every thread on a version, in the order in which they were begun; one query."""
    labels = {c.id: words(c.label) for c in version.conditions} if version else {}
    gone = gettext("a condition that is gone")
    return threads_of(row.comments.all(), lambda one: labels.get(one.condition, gone) if one.condition else "")


def remarks_on(row: RegisteredDocument, marks: Mapping[int, str]) -> list[Remark]:
    """Every thread on a document; ``marks`` says how each of its clauses is cited today. One query."""

    def label(one: ReviewComment) -> str:
        if one.clause_id is not None:
            return marks.get(one.clause_id, one.place)
        return gettext("%(place)s (removed)") % {"place": one.place} if one.place else ""

    return threads_of(row.comments.all(), label)


def threads_of(rows: QuerySet[ReviewComment], label: Callable[[ReviewComment], str]) -> list[Remark]:
    """Put answers under the comments that they answer."""
    answers: dict[int, list[Remark]] = defaultdict(list)
    firsts = []
    for one in rows.select_related("author", "settled_by"):
        if one.answers_id is None:
            firsts.append(one)
        else:
            answers[one.answers_id].append(remark_of(one, label))
    return [remark_of(one, label, tuple(answers[one.pk])) for one in firsts]


def remark_of(one: ReviewComment, label: Callable[[ReviewComment], str], replies: tuple[Remark, ...] = ()) -> Remark:
    """One comment as a page shows it."""
    return Remark(
        pk=one.pk,
        condition=one.condition,
        clause=one.clause_id,
        label=label(one),
        text=one.text,
        author=one.author.name,
        at=one.created_at,
        settled_at=one.settled_at,
        settled_by=one.settled_by.name if one.settled_by else "",
        replies=replies,
    )


def by_condition(remarks: Iterable[Remark]) -> dict[str, list[Remark]]:
    """The threads on conditions, by the id of the condition."""
    found: dict[str, list[Remark]] = defaultdict(list)
    for remark in remarks:
        if remark.condition:
            found[remark.condition].append(remark)
    return dict(found)


def by_clause(remarks: Iterable[Remark]) -> dict[int, list[Remark]]:
    """The threads on clauses, by the number of the clause's row."""
    found: dict[int, list[Remark]] = defaultdict(list)
    for remark in remarks:
        if remark.clause is not None:
            found[remark.clause].append(remark)
    return dict(found)
