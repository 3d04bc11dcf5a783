"""Pages of lists that may be a province long."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Page, Paginator

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from chuangbao.core.kept_queries import KeptQuery

__all__ = ["MOST", "Capped", "kept_page_of", "page_of"]

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


class Kept(Capped):
    """The same of a query that is worded once; ``shape`` and ``values`` are those of it."""

    def __init__(self, query: KeptQuery, shape: tuple[Any, ...], values: dict[str, Any], each: int) -> None:
        super().__init__([], each)
        self.query, self.shape, self.values = query, shape, values

    @cached_property
    def reach(self) -> int:
        """How many there are, or one more than ``MOST``."""
        return self.query.count(*self.shape, (0, MOST + 1), **self.values)

    def page(self, number: int | str) -> Page[Any]:
        """Read the rows of a page."""
        valid = self.validate_number(number)
        first = (valid - 1) * self.per_page
        span = (first, min(first + self.per_page, self.count))
        return Page(self.query.models(*self.shape, span, **self.values), valid, self)


def kept_page_of(query: KeptQuery, *shape: Any, asked: str | None, each: int, **values: Any) -> Page[Any]:
    """The same of a query that is worded once; the last of its shape are the first row of a page and its end."""
    return Kept(query, shape, values, each).get_page(asked)


def page_of(rows: QuerySet[Any], asked: str | None, *, each: int) -> Page[Any]:
    """The page asked for, or the nearest."""
    return Capped(rows, each).get_page(asked)
