"""What an operator keeps beside its resources: trainings and who holds them, who may book, times closed off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangbao.booking import queries
from chuangbao.booking.domain.closing_off import close_off, list_clashes, list_overlaps, open_again
from chuangbao.booking.domain.passes import admit_organization, find_organization, withdraw_pass
from chuangbao.booking.domain.trainings import (
    create_training_kind,
    record_training,
    update_training_kind,
    withdraw_training,
)
from chuangbao.booking.forms import CloseOffForm, HolderForm, PassForm, TrainingKindForm
from chuangbao.booking.models import AccessPass, Busy, Training, TrainingKind
from chuangbao.booking.permissions import may_keep_venues
from chuangbao.booking.views.venues import find_own
from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import record
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from chuangbao.booking.models import Venue
    from chuangbao.core.access.actors import Actor
    from chuangbao.core.http.requests import Request

__all__ = [
    "edit_training",
    "export_holders",
    "export_passes",
    "list_closed",
    "list_passes",
    "list_trainings",
    "open_time",
    "remove_holder",
    "remove_pass",
    "show_training",
]

EACH = 30
TERMS = ("valid", "over")


def read_term_filter(request: Request) -> dict[str, str]:
    """What the address of a list of passes or trainings asks for."""
    words, state = (request.GET.get(name, "").strip()[:80] for name in ("q", "state"))
    return {"words": words, "state": state if state in TERMS else ""}


def draw_list(request: Request, rows: QuerySet[Any]) -> dict[str, Any]:
    """Return a page of such a list, with what it is narrowed to."""
    words = [_("Valid"), _("No longer valid")]
    found = {"page": page_of(rows, request.GET.get("page"), each=EACH), "asked": read_term_filter(request)}
    return found | {"query": request.GET.urlencode(), "states": list(zip(TERMS, words, strict=True))}


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def list_trainings(request: Request) -> HttpResponse:
    """List the trainings that the organisation gives, and add one."""
    form = TrainingKindForm(request.POST or None)
    if done := attempt_filled(form, create_training_kind, actor=request.actor):
        messages.success(request, _("The training is added. Choose it at the machines that ask for it."))
        return redirect("booking:training", done.row.pk)
    rows = visible(TrainingKind, to=request.actor).filter(organization=request.actor.organisation_id)
    context = {"form": form, "page": page_of(rows, request.GET.get("page"), each=EACH)}
    return render(request, "booking/trainings.html", context, status=422 if form.errors else 200)


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("training", rate="120/h")
@once
def show_training(request: Request, pk: int) -> HttpResponse:
    """List who holds a training, and put another on record."""
    kind = find_kind(request, pk)
    form = HolderForm(request.POST or None, initial={"held_on": timezone.localdate()})
    if attempt_filled(form, record_training, actor=request.actor, kind=kind):
        words = _("It is on record. If the e-mail has an account it is notified; else who registers with it holds it.")
        messages.success(request, words)
        return redirect("booking:training", pk)
    rows = queries.list_trained(request.actor, kind, **read_term_filter(request))
    context = {"kind": kind, "form": form, **draw_list(request, rows)}
    return render(request, "booking/training.html", context, status=422 if form.errors else 200)


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit_training(request: Request, pk: int) -> HttpResponse:
    """Change a training: its name, for how long it holds from now on, and how it is got."""
    kind = find_kind(request, pk)
    start = {name: getattr(kind, name) for name in TrainingKindForm.base_fields}
    form = TrainingKindForm(request.POST or None, initial=start)
    if attempt_filled(form, update_training_kind, actor=request.actor, kind=kind):
        messages.success(request, _("Saved."))
        return redirect("booking:training", pk)
    return render(
        request, "booking/training_form.html", {"kind": kind, "form": form}, status=422 if form.errors else 200
    )


@page(permission=may_keep_venues)
@require_GET
def export_holders(request: Request, pk: int) -> HttpResponse:
    """The same list as a workbook."""
    rows = list(queries.list_trained(request.actor, find_kind(request, pk), **read_term_filter(request))[:MOST])
    head = [_("E-mail of the person's account"), _("Training held on"), _("Valid until")]
    record(request.actor, "export", kind="booking.training", data={"rows": len(rows)})
    lines = [[row.email, row.held_on, row.ends_on] for row in rows]
    return as_workbook("holders", _("Who holds the training"), head, lines)


def find_kind(request: Request, pk: int) -> TrainingKind:
    """Return a training of the actor's organisation, or 404; 403 where it is another's."""
    kind = get_object_or_404(visible(TrainingKind, to=request.actor), pk=pk)
    permit(may_keep_venues, actor=request.actor, row=kind)
    return kind


@page(permission=may_keep_venues)
@post_only("booking:training", "pk")
@once
def remove_holder(request: Request, pk: int, holder: int) -> HttpResponse:
    """Take a training of a person off the record."""
    kind = find_kind(request, pk)
    rows = visible(Training, to=request.actor).filter(kind=kind)
    withdraw_training(actor=request.actor, training=get_object_or_404(rows, pk=holder))
    messages.success(request, _("Taken off the record."))
    return redirect("booking:training", pk)


def admit_by_code(*, actor: Actor, venue: Venue, code: str, ends_on: date | None) -> AccessPass:
    """Admit the organisation of a code."""
    return admit_organization(actor=actor, venue=venue, organization=find_organization(code), ends_on=ends_on)


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("pass", rate="120/h")
@once
def list_passes(request: Request, pk: int) -> HttpResponse:
    """List who may book what is open to tenants, and admit an organisation."""
    venue, form = find_own(request, pk), PassForm(request.POST or None)
    if attempt_filled(form, admit_by_code, actor=request.actor, venue=venue):
        messages.success(request, _("The organisation is admitted."))
        return redirect("booking:passes", pk)
    rows = queries.list_admitted(request.actor, venue, **read_term_filter(request))
    context = {"venue": venue, "form": form, **draw_list(request, rows)}
    return render(request, "booking/passes.html", context, status=422 if form.errors else 200)


@page(permission=may_keep_venues)
@require_GET
def export_passes(request: Request, pk: int) -> HttpResponse:
    """The same list as a workbook."""
    rows = list(queries.list_admitted(request.actor, find_own(request, pk), **read_term_filter(request))[:MOST])
    head = [_("For whom"), _("Resource"), _("From"), _("Valid until")]
    record(request.actor, "export", kind="booking.accesspass", data={"rows": len(rows)})
    lines = [
        [str(row.for_organization or row.person or ""), str(row.resource or ""), row.begins_on, row.ends_on]
        for row in rows
    ]
    return as_workbook("passes", _("Who may book"), head, lines)


@page(permission=may_keep_venues)
@post_only("booking:passes", "pk")
@once
def remove_pass(request: Request, pk: int, access: int) -> HttpResponse:
    """End a pass."""
    rows = visible(AccessPass, to=request.actor).filter(venue=find_own(request, pk))
    withdraw_pass(actor=request.actor, access_pass=get_object_or_404(rows, pk=access))
    messages.success(request, _("The pass is ended."))
    return redirect("booking:passes", pk)


@page(permission=may_keep_venues)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def list_closed(request: Request, pk: int) -> HttpResponse:
    """List the times that are closed off, and close more off; what is in the way is shown first."""
    venue = find_own(request, pk)
    form, found = CloseOffForm(request.POST or None, actor=request.actor, venue=venue), {}
    if form.is_valid():
        span = form.span(venue.clock)
        chosen = [row.pk for row in form.cleaned_data["resources"]]
        said = {"resources": chosen, "span": (span["starts"], span["ends"]), "reason": form.cleaned_data["reason"]}
        sure = "confirm" in request.POST
        if done := attempt(form, close_off, actor=request.actor, venue=venue, confirmed=sure, **said):
            words = _("Closed off. %(n)d bookings are called off, and their people are notified.")
            messages.success(request, words % {"n": done.row[1]})
            return redirect("booking:closed", pk)
        if span["starts"] < span["ends"]:
            found = {"clashes": list_clashes(chosen, **span), "overlaps": list_overlaps(chosen, **span)}
    rows = Busy.objects.filter(resource__venue=venue, period__endswith__gt=timezone.now()).select_related("resource")
    closed = page_of(rows.order_by("period", "pk"), request.GET.get("page"), each=EACH)
    context = {"venue": venue, "form": form, "page": closed, **found}
    return render(request, "booking/closed.html", context, status=422 if form.errors else 200)


@page(permission=may_keep_venues)
@post_only("booking:closed", "pk")
@once
def open_time(request: Request, pk: int, busy: int) -> HttpResponse:
    """Let a resource be booked again in a time that was closed off."""
    row = get_object_or_404(Busy.objects.filter(resource__venue=find_own(request, pk)), pk=busy)
    open_again(actor=request.actor, busy=row)
    words = _("It can be booked again. Bookings that were called off for it stay so: their people book again.")
    messages.success(request, words)
    return redirect("booking:closed", pk)
