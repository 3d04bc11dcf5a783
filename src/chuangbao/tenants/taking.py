"""What a tenant takes along (带走自己的数据, 1.2.8): all of it as Excel, the agreements as PDF, in one archive."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.row_access import visible
from chuangbao.core.exports.excel import Sheet, workbook
from chuangbao.tenants.models import Agreement, GraduationGround, Handover, Milestone, Service, Talk, YearCard
from chuangbao.tenants.sheet import agreement_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.db.models import Model

    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.models import Tenancy

__all__ = ["pack_own_data", "take_along"]

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
CARD_LEFT_OUT = {"id", "tenancy", "filled_by"}


def take_along(name: str) -> Callable[[Any], Any]:
    """Register a function of a tenancy and an actor that gives sheets of what a context above keeps of it."""

    def register(function: Any) -> Any:
        ALONG[name] = function
        return function

    return register


def cell(row: Model, name: str) -> object:
    """Return a value as a cell has it: choices by their words, moments by the province's clock."""
    words = getattr(row, f"get_{name}_display", None)
    value = words() if words is not None else getattr(row, name)
    if hasattr(value, "tzinfo"):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return str(value) if words is not None else value


def head_of(model: type[Model], names: tuple[str, ...]) -> list[str]:
    """Return the words of columns."""
    return [str(getattr(model._meta.get_field(name), "verbose_name", name)) for name in names]


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
        archive.writestr("tenancy.xlsx", book)
        for agreement in visible(Agreement, to=actor).filter(tenancy=tenancy):
            archive.writestr(f"{agreement.number}.pdf", agreement_pdf(agreement))
    return out.getvalue()
