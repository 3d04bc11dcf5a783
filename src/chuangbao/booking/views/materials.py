"""Materials: the operator's list and ledger, handing out at the counter, and taking with a booking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from chuangbao.booking import queries
from chuangbao.booking.domain.materials import (
    count_stock,
    create_material,
    give_back_material,
    receive_stock,
    retire_material,
    take_at_counter,
    take_with_booking,
    update_material,
)
from chuangbao.booking.domain.pricing import Holder
from chuangbao.booking.forms import CountForm, MaterialForm, ReasonForm, ReceiveForm, TakeForm, TakeWithForm
from chuangbao.booking.models import Booking, Material, StockEntry
from chuangbao.booking.permissions import may_book, may_keep_venues, may_serve
from chuangbao.booking.views.venues import find_own
from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import record
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.requests import read_number
from chuangbao.core.localization.formatting import money, number, plain_number

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = [
    "edit_material",
    "export_ledger",
    "export_materials",
    "give_back",
    "list_materials",
    "new_material",
    "put_count",
    "receive",
    "retire_it",
    "show_material",
    "take_here",
    "take_with",
]

EACH = 20


def read_material_filter(request: Request) -> dict[str, Any]:
    """What the address of the list asks for."""
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "state", "sort")}
    found: dict[str, Any] = {"words": asked["q"], "state": asked["state"], "sort": asked["sort"] or "name"}
    return found | {"venue": read_number(request.GET.get("venue", ""))}


@page(permission=may_serve)
@require_safe
def list_materials(request: Request) -> HttpResponse:
    """List the materials of the organisation's venues, with what is there of each."""
    asked = read_material_filter(request)
    context = {
        "page": page_of(queries.list_materials(request.actor, **asked), request.GET.get("page"), each=EACH),
        "asked": asked,
        "query": request.GET.urlencode(),
        "states": [("low", _("To be ordered")), ("retired", _("No longer offered"))],
        "sorts": [("name", _("By name")), ("stock", _("The least in stock first"))],
        "venues": list(queries.list_own_venues(request.actor, state="open").values_list("pk", "name")),
        "keeps": may_keep_venues.test(request.actor),
    }
    return render(request, "booking/materials.html", context)


@page(permission=may_serve)
@require_GET
def export_materials(request: Request) -> HttpResponse:
    """The same list as a workbook."""
    rows = list(queries.list_materials(request.actor, **read_material_filter(request))[:MOST])
    head = [_("Venue"), _("Name of the material"), _("In stock"), _("Counted in"), _("Order more at")]
    head += [_("Price for one in yuan")]
    lines = [[row.venue.name, row.name, row.stock, row.unit, row.low, row.price] for row in rows]
    record(request.actor, "export", kind="booking.material", data={"rows": len(rows)})
    return as_workbook("materials", _("Materials"), head, lines)


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_material(request: Request, pk: int) -> HttpResponse:
    """Add a material to a venue."""
    venue, form = find_own(request, pk), MaterialForm(request.POST or None)
    if done := attempt_filled(form, create_material, actor=request.actor, venue=venue):
        messages.success(request, _("The material is added. Put what is there into stock."))
        return redirect("booking:material", done.row.pk)
    return render(
        request, "booking/material_form.html", {"form": form, "venue": venue}, status=422 if form.errors else 200
    )


def find_material(request: Request, pk: int, permission: Any = may_serve) -> Material:
    """Return a material of the actor's organisation, or 404; 403 where it is another's."""
    row = get_object_or_404(visible(Material, to=request.actor).select_related("venue"), pk=pk)
    permit(permission, actor=request.actor, row=row)
    return row


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit_material(request: Request, pk: int) -> HttpResponse:
    """Change a material."""
    row = find_material(request, pk, may_keep_venues)
    start = {name: getattr(row, name) for name in MaterialForm.base_fields}
    start["low"] = "" if row.low is None else plain_number(row.low)
    form = MaterialForm(request.POST or None, initial=start)
    if attempt_filled(form, update_material, actor=request.actor, material=row):
        messages.success(request, _("Saved. What was taken keeps its price."))
        return redirect("booking:material", pk)
    context = {"form": form, "venue": row.venue, "material": row}
    return render(request, "booking/material_form.html", context, status=422 if form.errors else 200)


@page(permission=may_serve)
@require_safe
def show_material(request: Request, pk: int) -> HttpResponse:
    """Show what is there of a material, every movement of it, and the forms that move it."""
    return render_material(request, find_material(request, pk))


def render_material(request: Request, row: Material, **refused: Form) -> HttpResponse:
    """Show a material and its ledger; a refused form is given under its name and takes the place of the empty one."""
    entries = queries.list_entries(request.actor, row)
    context = {
        "material": row,
        "page": page_of(entries, request.GET.get("page"), each=EACH),
        "keeps": may_keep_venues.test(request.actor, row),
        "receive_form": ReceiveForm(auto_id="receive_%s"),
        "count_form": CountForm(auto_id="count_%s", initial={"counted": plain_number(row.stock)}),
        "take_form": TakeForm(auto_id="take_%s", actor=request.actor, venue=row.venue),
    }
    return render(request, "booking/material.html", context | refused, status=422 if refused else 200)


@page(permission=may_serve)
@post_only("booking:material", "pk")
@once
def receive(request: Request, pk: int) -> HttpResponse:
    """Put what has arrived into stock."""
    row, form = find_material(request, pk), ReceiveForm(request.POST, auto_id="receive_%s")
    if attempt_filled(form, receive_stock, actor=request.actor, material=row):
        messages.success(request, _("It is in stock."))
        return redirect("booking:material", pk)
    return render_material(request, row, receive_form=form)


@page(permission=may_keep_venues)
@post_only("booking:material", "pk")
@once
def put_count(request: Request, pk: int) -> HttpResponse:
    """Put a stock-take on record."""
    row, form = find_material(request, pk, may_keep_venues), CountForm(request.POST, auto_id="count_%s")
    if attempt_filled(form, count_stock, actor=request.actor, material=row):
        messages.success(request, _("The stock is what was counted."))
        return redirect("booking:material", pk)
    return render_material(request, row, count_form=form)


@page(permission=may_serve)
@post_only("booking:material", "pk")
@once
def take_here(request: Request, pk: int) -> HttpResponse:
    """Hand material out at the counter."""
    row = find_material(request, pk)
    form = TakeForm(request.POST, auto_id="take_%s", actor=request.actor, venue=row.venue)
    if form.is_valid():
        said = form.cleaned_data
        held = said["whom"]
        holder = Holder(held.person_id, held.for_organization_id) if held else None
        given = {"quantity": said["quantity"], "reason": said["reason"], "holder": holder}
        if done := attempt(form, take_at_counter, actor=request.actor, material=row, **given):
            words = _("Handed out. %(sum)s is charged with the month.") if done.row.amount else _("Handed out.")
            messages.success(request, words % {"sum": money(done.row.amount)})
            return redirect("booking:material", pk)
    return render_material(request, row, take_form=form)


@page(permission=may_serve)
@post_only("booking:materials")
@once
def give_back(request: Request, entry: int) -> HttpResponse:
    """Take what was taken back into stock."""
    rows = visible(StockEntry, to=request.actor).select_related("material__venue")
    row = get_object_or_404(rows, pk=entry)
    permit(may_serve, actor=request.actor, row=row)
    form = ReasonForm(request.POST)
    if attempt_filled(form, give_back_material, actor=request.actor, entry=row):
        messages.success(
            request,
            _("Back in stock. It is charged no longer; what is on a statement already is taken off the next one."),
        )
        return redirect("booking:material", row.material_id)
    return render_material(request, row.material, back_form=form)


@page(permission=may_keep_venues)
@post_only("booking:material", "pk")
@once
def retire_it(request: Request, pk: int) -> HttpResponse:
    """Offer a material no longer."""
    retire_material(actor=request.actor, material=find_material(request, pk, may_keep_venues))
    messages.success(request, _("It is no longer offered. Its ledger stays."))
    return redirect("booking:material", pk)


@page(permission=may_serve)
@require_GET
def export_ledger(request: Request, pk: int) -> HttpResponse:
    """The ledger of a material as a workbook."""
    row = find_material(request, pk)
    rows = list(queries.list_entries(request.actor, row)[:MOST])
    head = [_("When"), _("What was done"), _("More or less"), _("In stock after"), _("For whom"), _("Amount in yuan")]
    head += [_("Reason")]
    clock = row.venue.clock
    lines = [
        [
            f"{one.at.astimezone(clock):%Y-%m-%d %H:%M}",
            str(one.get_act_display()),
            one.change,
            one.stock_after,
            str(one.for_organization or one.person or ""),
            one.amount,
            one.reason,
        ]
        for one in rows
    ]
    record(request.actor, "export", kind="booking.stockentry", data={"rows": len(rows)})
    return as_workbook(f"ledger-{timezone.localdate()}", row.name[:30], head, lines)


@page(permission=may_book)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def take_with(request: Request, pk: int) -> HttpResponse:
    """Take material with a booking, and see what was taken with it."""
    rows = visible(Booking, to=request.actor).select_related("resource__venue")
    booking = get_object_or_404(rows, pk=pk)
    form = TakeWithForm(request.POST or None, actor=request.actor, venue=booking.resource.venue)
    if done := attempt_filled(form, take_with_booking, actor=request.actor, booking=booking):
        words = _("%(quantity)s %(unit)s of %(name)s: %(sum)s with the month.")
        said = {"quantity": number(done.row.quantity), "unit": done.row.material.unit, "name": done.row.material.name}
        messages.success(request, words % (said | {"sum": money(done.row.amount)}))
        return redirect("booking:take-with", pk)
    context = {"form": form, "booking": booking, "taken": queries.list_taken(request.actor, booking)}
    return render(request, "booking/take.html", context, status=422 if form.errors else 200)
