"""What a tenant takes along (带走自己的数据, 1.2.8): all of it as Excel, the agreements as PDF, in one archive."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.booking.models import Booking
from chuangbao.core.access.row_access import visible
from chuangbao.core.exports.excel import Sheet, workbook
from chuangbao.tenants.domain.handing import of_tenant
from chuangbao.tenants.models import Agreement, GraduationGround, Handover, Milestone, Service, Talk, YearCard
from chuangbao.tenants.sheet import agreement_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.db.models import Model

    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.models import Tenancy

__all__ = ["give_papers", "name_archive", "pack_own_data", "take_along"]

OF_TENANCY = (
    "project",
    "origin",
    "industry",
    "is_virtual",
    "desks",
    "area",
    "stage",
    "phone",
    "admitted_on",
    "starts_on",
    "term_ends_on",
    "ended_on",
    "end_reason",
)
PARTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Service, ("given_on", "kind", "hours", "provider", "about", "stage", "answer")),
    (Milestone, ("kind", "title", "due_on", "reached_on")),
    (Talk, ("at", "place")),
    (GraduationGround, ("ground", "evidence", "finding")),
    (Handover, ("item", "done_on")),
)
ALONG: dict[str, Callable[[Tenancy, Actor], Iterable[Sheet]]] = {}
"""What contexts above keep of a tenancy, by their names."""
PAPERS: dict[str, Callable[[Tenancy, Actor], Iterable[tuple[str, bytes]]]] = {}
"""What contexts above have of it on paper: the name of each file and its bytes."""
HEADS = {
    "stage": gettext_lazy("State"),
    "item": gettext_lazy("What is handed over"),
    "done_on": gettext_lazy("Done on"),
    "finding": gettext_lazy("What the facts say"),
    "filled_at": gettext_lazy("Filled in on"),
}
"""Headings of columns that have no words of their own."""
UNFIT = re.compile(r'[\\/:*?"<>|\s]+')
LONGEST_NAME = 80
CARD_LEFT_OUT = {"id", "tenancy", "filled_by"}


def take_along(name: str) -> Callable[[Any], Any]:
    """Register a function of a tenancy and an actor that gives sheets of what a context above keeps of it."""

    def register(function: Any) -> Any:
        ALONG[name] = function
        return function

    return register


def give_papers(name: str) -> Callable[[Any], Any]:
    """Register a function of a tenancy and an actor that gives names and bytes of papers of a context above."""

    def register(function: Any) -> Any:
        PAPERS[name] = function
        return function

    return register


def name_archive(tenancy: Tenancy) -> str:
    """Return the name of the archive and its workbook, without an ending: the space and the tenant."""
    return UNFIT.sub(" ", f"{tenancy.space.name}-{tenancy.name}").strip()[:LONGEST_NAME]


def cell(row: Model, name: str) -> object:
    """Return a value as a cell has it: choices by their words, moments by the province's clock."""
    words = getattr(row, f"get_{name}_display", None)
    value = words() if words is not None else getattr(row, name)
    if hasattr(value, "tzinfo"):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value) if words is not None else value


def head_of(model: type[Model], names: tuple[str, ...]) -> list[str]:
    """Return the words of columns."""
    return [
        str(HEADS[name] if name in HEADS else getattr(model._meta.get_field(name), "verbose_name", name))
        for name in names
    ]


def list_sheets(tenancy: Tenancy, actor: Actor) -> Iterator[Sheet]:
    """Yield a sheet for each kind of row that hangs on the tenancy."""
    cards = tuple(field.name for field in YearCard._meta.fields if field.name not in CARD_LEFT_OUT)
    titles = (
        _("Coaching and services"),
        _("Milestones"),
        _("Talks"),
        _("Grounds"),
        _("Hand-over list"),
        _("Yearly cards"),
    )
    for (model, names), title in zip((*PARTS, (YearCard, cards)), titles, strict=True):
        rows = visible(model, to=actor).filter(tenancy=tenancy)
        yield Sheet(title, head_of(model, names), [[cell(row, name) for name in names] for row in rows])
    yield list_bookings(tenancy, actor)


def list_bookings(tenancy: Tenancy, actor: Actor) -> Sheet:
    """Return what the tenant booked in the space."""
    rows = of_tenant(visible(Booking, to=actor), tenancy).select_related("resource").order_by("starts", "pk")
    names = ("starts", "ends", "purpose", "people", "price", "stage")
    lines = [[str(row.resource), *(cell(row, name) for name in names)] for row in rows]
    return Sheet(_("Bookings"), [_("Room, desk or machine"), *head_of(Booking, names)], lines)


def pack_own_data(tenancy: Tenancy, actor: Actor) -> bytes:
    """Return an archive of everything that is kept of a tenancy and that its tenant may see."""
    heads = head_of(type(tenancy), OF_TENANCY)
    first = [(head, cell(tenancy, name)) for head, name in zip(heads, OF_TENANCY, strict=True)]
    rows = [(_("Space"), tenancy.space.name), (_("Name of the tenant"), tenancy.name), *first]
    above = [sheet for function in ALONG.values() for sheet in function(tenancy, actor)]
    book = workbook(
        _("Tenancy"), [_("Kind of tenant"), _("What is said")], rows, more=[*list_sheets(tenancy, actor), *above]
    )
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr(f"{name_archive(tenancy)}.xlsx", book)
        for agreement in visible(Agreement, to=actor).filter(tenancy=tenancy):
            archive.writestr(f"{_('Agreement')}-{agreement.number}.pdf", agreement_pdf(agreement))
        for function in PAPERS.values():
            for name, content in function(tenancy, actor):
                archive.writestr(name, content)
    return out.getvalue()
