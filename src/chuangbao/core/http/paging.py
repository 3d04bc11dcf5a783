"""Pages of lists that may be a province long."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Page, Paginator

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = ["MOST", "Capped", "page_of"]

MOST = 10_000


class Capped(Paginator):  # type: ignore[type-arg] # generic in the stubs alone
    """Counts up to ``MOST``: no one pages further than that; a reader who looks for more narrows the search."""

    @cached_property
    def reach(self) -> int:
        """How many there are, or one more than ``MOST``."""
        return cast("QuerySet[Any]", self.object_list).order_by()[: MOST + 1].count()

    @cached_property
    def count(self) -> int:
        """How many can be paged through."""
        return min(self.reach, MOST)

    def page(self, number: int | str) -> Page[Any]:
        """The keys of the page are found first: what its rows are joined with is read for these alone."""
        valid, rows = self.validate_number(number), cast("QuerySet[Any]", self.object_list)
        first = (valid - 1) * self.per_page
        keys = rows.values("pk")[first : min(first + self.per_page, self.count)]
        return Page(rows.filter(pk__in=keys), valid, self)

    @property
    def more(self) -> bool:
        """Whether there are some that cannot."""
        return self.reach > MOST


def page_of(rows: QuerySet[Any], asked: str | None, *, each: int) -> Page[Any]:
    """The page asked for, or the nearest."""
    return Capped(rows, each).get_page(asked)
