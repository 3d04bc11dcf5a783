"""How those whom it concerns are shown who read their sensitive data: which office, what and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chuangbao.accounts.models import Post
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import text

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from chuangbao.core.models import History

__all__ = ["Reading", "describe_readings"]

MOST = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading as it is shown; ``facts`` are their plain names."""

    row: History
    office: str
    reason: str
    facts: str


def describe_readings(rows: QuerySet[History]) -> list[Reading]:
    """Return the newest of some readings in words, with the office of who read."""
    found = list(rows[:MOST])
    offices = offices_of({post_of(row) for row in found} - {0})
    return [
        Reading(row, offices.get(post_of(row)) or reader_of(row), reason_of(row), _(", ").join(facts_of(row)))
        for row in found
    ]


def post_of(row: History) -> int:
    """Return the number of the post in which it was read; 0 for none."""
    capacity, _sign, number = row.acting.partition(":")
    return int(number) if capacity == "officer" and number.isdecimal() else 0


def offices_of(posts: set[int]) -> dict[int, str]:
    """Return agency and department by post."""
    rows = unscoped(Post, because="whose office it was, for those whom the reading concerns").filter(pk__in=posts)
    return {row.pk: f"{row.agency.name} {row.department}" for row in rows.select_related("agency")}


def reader_of(row: History) -> str:
    """Return who read where no office did: the system by itself, or a person."""
    return _("Automatically, for everybody") if row.person is None else str(row.person)


def reason_of(row: History) -> str:
    """Return the reason in words; the system gives its own by a name."""
    return {
        "population run": _("Looking who is entitled to what"),
        "evidence": "",
        "resolve": _("Settling a conflict"),
    }.get(row.reason, row.reason)


def facts_of(row: History) -> list[str]:
    """Return the plain names of the facts that were read."""
    known = current_pack().facts
    return [text(known[name].label) for name in row.data.get("facts", []) if name in known]
