"""What a search has found, as lines of its page: written at once, as the cells of a calendar are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chuangbao.booking.calendars import write_moment
from chuangbao.booking.enums import ResourceKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.booking.domain.schedules import Span
    from chuangbao.booking.enums import Barrier
    from chuangbao.booking.models import Resource
    from chuangbao.core.onward import Way

__all__ = ["ResultWriter", "split_address"]


def split_address(name: str) -> tuple[str, str]:
    """Return what is before and after the number of a row in an address of booking, which is looked up once."""
    before, _zero, after = reverse(f"booking:{name}", args=[0]).rpartition("0")
    return before, after


@dataclass(frozen=True, slots=True)
class ResultWriter:
    """Writes results: a page has tens, so that addresses and words that they share are looked up once."""

    query: str
    """What is asked for, for the address of a booking."""
    people: int
    ways: Mapping[int, list[Way]]
    """Ways onward of resources, by their ids."""
    pages: dict[str, tuple[str, str]]
    kinds: dict[str, str]
    words: dict[str, str]
    prices: Mapping[int, str]
    """What the time costs who asks, in words, by the ids of resources."""
    barriers: Mapping[int, Barrier]
    """What keeps who asks from booking, by the ids of resources."""

    @classmethod
    def of(
        cls,
        span: str,
        people: int,
        ways: Mapping[int, list[Way]],
        prices: Mapping[int, str],
        barriers: Mapping[int, Barrier],
    ) -> ResultWriter:
        """Look up what all results of a page share; ``span`` is the time that is asked for, as an address has it."""
        words = {"waits": _("Waits for approval"), "capacity": _("Capacity"), "book": _("Book it"), "mark": _(": ")}
        words |= {"training": _("needs the training %(name)s")}
        words |= {"wait": _("Wait in line")}
        pages = {name: split_address(name) for name in ("resource", "book", "wait")}
        kinds: dict[str, str] = {kind.value: str(escape(kind.label)) for kind in ResourceKind}
        return cls(f"{span}&people={people}", people, ways, pages, kinds, words, prices, barriers)

    def address(self, name: str, row: Resource) -> str:
        """Return the address of a page about a resource."""
        before, after = self.pages[name]
        return f"{before}{row.pk}{after}"

    def write_head(self, row: Resource) -> str:
        """Write what a resource is, where, for how many, and what it asks for."""
        waits = escape(self.words["waits"])
        badge = f' <span class="cb-badge is-undetermined">{waits}</span>' if row.needs_approval else ""
        if barrier := self.barriers.get(row.pk):
            badge += f' <span class="cb-badge is-undetermined">{escape(barrier.label)}</span>'
        place = escape(" · ".join(word for word in (row.venue.name, row.way, row.venue.address) if word))
        parts = [f"{self.words['capacity']} {row.capacity}", *row.features]
        if row.pk in self.prices:
            parts.append(self.prices[row.pk])
        if row.training:
            parts.append(self.words["training"] % {"name": row.training})
        link = f'<a href="{self.address("resource", row)}">{escape(row.name)}</a>'
        title = f'<p class="cb-result-title">{link} <span class="cb-badge">{self.kinds[row.kind]}</span>{badge}</p>'
        note = f'<p class="cb-result-note">{place}</p>\n<p class="cb-result-note">{escape(" · ".join(parts))}</p>'
        return f"{title}\n{note}"

    def write_link(self, name: str, css: str, words: str, row: Resource) -> str:
        """Write a link to a page about a resource, for the time asked for; its hidden words name the resource."""
        hidden = f'<span class="visually-hidden">{escape(self.words["mark"] + row.name)}</span>'
        return f'<a class="{css}" href="{self.address(name, row)}?{escape(self.query)}">{escape(words)}{hidden}</a>'

    def write_ways(self, row: Resource) -> str:
        """Write the ways onward of a resource; few have any."""
        own = self.ways.get(row.pk)
        return get_template("ui/ways.html").render({"ways": own, "of": row.name}) if own else ""

    def write_free(self, row: Resource) -> str:
        """Write what is free, with the way to booking it for who may."""
        is_open = row.pk not in self.barriers
        link = self.write_link("book", "btn btn-primary", self.words["book"], row) if is_open else ""
        return f"<li>\n{self.write_head(row)}\n<p>{link} {self.write_ways(row)}</p>\n</li>\n"

    def write_near(self, row: Resource, spans: list[Span]) -> str:
        """Write what is not free, with the ways to booking it at times near the wish, and to its line."""
        zone, address, links = row.venue.clock, self.address("book", row), []
        for span in spans if row.pk not in self.barriers else ():
            starts, ends = (moment.astimezone(zone) for moment in span)
            asked = f"starts={write_moment(starts)}&amp;ends={write_moment(ends)}&amp;people={self.people}"
            links.append(f'<a class="btn" href="{address}?{asked}">{starts:%m-%d %H:%M}–{ends:%H:%M}</a>')
        links.append(self.write_link("wait", "btn", self.words["wait"], row))
        ways = f"{' '.join(links)} {self.write_ways(row)}"
        return f'<li>\n{self.write_head(row)}\n<p class="cb-booking-near">{ways}</p>\n</li>\n'

    def write_all_free(self, rows: list[Resource]) -> SafeString:
        """Write all that is free."""
        return SafeString("".join(map(self.write_free, rows)))

    def write_all_near(self, rows: list[tuple[Resource, list[Span]]]) -> SafeString:
        """Write all that is free at other times."""
        return SafeString("".join(self.write_near(row, spans) for row, spans in rows))
