"""What a search has found, as lines of its page: written at once, as the cells of a calendar are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from chuangbao.booking.enums import ResourceKind

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from chuangbao.booking.models import Resource

__all__ = ["ResultWriter"]

HEAD = """<p class="cb-result-title"><a href="{}">{}</a> <span class="cb-badge">{}</span>{}</p>
<p class="cb-result-note">{}</p>
<p class="cb-result-note">{}</p>"""
BADGE = ' <span class="cb-badge is-undetermined">{}</span>'
LINK = '<a class="btn btn-primary" href="{}?{}">{}<span class="visually-hidden">{}{}</span></a>'


def split_address(name: str) -> tuple[str, str]:
    """Return what is before and after the number of a row in an address of booking, which is looked up once."""
    before, _zero, after = reverse(f"booking:{name}", args=[0]).rpartition("0")
    return before, after


@dataclass(frozen=True, slots=True)
class ResultWriter:
    """Writes results: a page has tens, so that addresses and words that they share are looked up once."""

    query: str
    """What is asked for, for the address of a booking."""
    pages: dict[str, tuple[str, str]]
    kinds: dict[str, str]
    words: dict[str, str]

    @classmethod
    def of(cls, query: str) -> ResultWriter:
        """Look up what all results of a page share."""
        words = {"waits": _("Waits for approval"), "capacity": _("Capacity"), "book": _("Book it"), "mark": _(": ")}
        words |= {"price": _("¥%(price)s an hour"), "training": _("needs the training %(name)s")}
        pages = {name: split_address(name) for name in ("resource", "book")}
        return cls(query, pages, {kind.value: str(kind.label) for kind in ResourceKind}, words)

    def address(self, name: str, row: Resource) -> str:
        """Return the address of a page about a resource."""
        before, after = self.pages[name]
        return f"{before}{row.pk}{after}"

    def write_head(self, row: Resource) -> SafeString:
        """Write what a resource is, where, for how many, and what it asks for."""
        badge = format_html(BADGE, self.words["waits"]) if row.needs_approval else ""
        place = format_html_join(" · ", "{}", ([word] for word in (row.venue.name, row.way, row.venue.address) if word))
        parts = [f"{self.words['capacity']} {row.capacity}", *row.features]
        if row.price_per_hour is not None:
            parts.append(self.words["price"] % {"price": row.price_per_hour})
        if row.training:
            parts.append(self.words["training"] % {"name": row.training})
        about = format_html_join(" · ", "{}", ([part] for part in parts))
        return format_html(HEAD, self.address("resource", row), row.name, self.kinds[row.kind], badge, place, about)

    def write_booking(self, row: Resource) -> SafeString:
        """Write the way to booking it."""
        words = self.words
        return format_html(LINK, self.address("book", row), self.query, words["book"], words["mark"], row.name)
