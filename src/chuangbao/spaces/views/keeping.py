"""What an operator does with its spaces: registering, keeping the entry, sites, offers and what is new."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.localization.formatting import plain_number
from chuangbao.core.workflow.refusals import Refused
from chuangbao.spaces.domain.catalogue import drop_offer, keep_new_tags, keep_offer
from chuangbao.spaces.domain.registering import FIELDS, register_space, update_space
from chuangbao.spaces.domain.sites import SITE_FIELDS, add_site, end_site, update_site
from chuangbao.spaces.forms import NewTagsForm, OfferForm, RegisterForm, SiteForm, SpaceForm
from chuangbao.spaces.models import NewTagEvidence, Offer, Site, Space, Transfer
from chuangbao.spaces.opening import say_hours
from chuangbao.spaces.permissions import may_change_space, may_end_space, may_register_space
from chuangbao.spaces.queries import with_card

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = [
    "edit",
    "edit_new_tags",
    "edit_site",
    "give_up_site",
    "list_offers",
    "list_own",
    "new_site",
    "register",
    "remove_offer",
]

EACH = 20


def find_own_space(request: Request, pk: int) -> Space:
    """Return a space that the actor may change, or 404. Raises Forbidden."""
    row = get_object_or_404(visible(Space, to=request.actor).select_related("operator", "region"), pk=pk)
    permit(may_change_space, actor=request.actor, row=row)
    return row


def find_own_site(request: Request, pk: int, site: int) -> Site:
    """Return a site in use of such a space, or 404. Raises Forbidden."""
    space = find_own_space(request, pk)
    rows = visible(Site, to=request.actor).filter(space=space, until=None)
    return get_object_or_404(rows.select_related("space"), pk=site)


@page(permission=may_register_space)
@rate_limit("space", rate="30/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def register(request: Request) -> HttpResponse:
    """Register a space: it is public as soon as the form is sent."""
    form = RegisterForm(request.POST or None)
    done = None
    if form.is_valid():
        given = dict(form.cleaned_data)
        site = {"address": given.pop("address")}
        done = attempt(form, register_space, actor=request.actor, site=site, **given)
    if done:
        messages.success(request, _("Registered. Everybody can find it now; add sites, areas and offers."))
        return redirect("spaces:space", done.row.pk)
    return render(request, "spaces/register.html", {"form": form}, status=422 if form.errors else 200)


@page(permission=may_register_space)
@require_safe
def list_own(request: Request) -> HttpResponse:
    """The spaces of one's organisation, and what is offered to it."""
    rows = (
        visible(Space, to=request.actor).filter(operator=request.actor.organisation_id).order_by("stage", "name", "pk")
    )
    offered = visible(Transfer, to=request.actor).filter(receiver=request.actor.organisation_id, stage="offered")
    page = page_of(with_card(rows, request.actor), request.GET.get("page"), each=EACH)
    context = {
        "page": page,
        "hours": say_hours(page.object_list),
        "looked_at": "",
        "offered": offered.select_related("space", "giver"),
    }
    return render(request, "spaces/mine.html", context)


@page(permission=may_change_space)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what the register says of a space."""
    row = find_own_space(request, pk)
    start = {name: getattr(row, "region_id" if name == "region" else name) for name in FIELDS}
    form = SpaceForm(request.POST or None, initial=start | {"seen": row.revision})
    if attempt_filled(form, update_space, space=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("spaces:space", pk)
    return render(request, "spaces/edit.html", {"form": form, "space": row}, status=422 if form.errors else 200)


@page(permission=may_change_space)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_site(request: Request, pk: int) -> HttpResponse:
    """Add a site."""
    row = find_own_space(request, pk)
    form = SiteForm(request.POST or None, initial={"region": row.region_id})
    done = None
    if form.is_valid():
        done = attempt(form, add_site, space=row, actor=request.actor, **said_of_site(form))
    if done:
        messages.success(request, _("Site added."))
        return redirect("spaces:space", pk)
    context = {"form": form, "space": row, "site": None}
    return render(request, "spaces/site.html", context, status=422 if form.errors else 200)


def said_of_site(form: SiteForm) -> dict[str, Any]:
    """Return what an operator wrote of a site."""
    return {name: form.cleaned_data[name] for name in SITE_FIELDS}


def start_of_site(row: Site) -> dict[str, Any]:
    """Return what the form of a site begins with: areas and degrees without zeros that say nothing."""
    said = {name: getattr(row, "region_id" if name == "region" else name) for name in SITE_FIELDS}
    return {name: plain_number(value) if isinstance(value, Decimal) else value for name, value in said.items()}


@page(permission=may_change_space)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit_site(request: Request, pk: int, site: int) -> HttpResponse:
    """Change a site."""
    row = find_own_site(request, pk, site)
    start = start_of_site(row)
    form = SiteForm(request.POST or None, initial=start | {"seen": row.revision})
    if attempt_filled(form, update_site, site=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("spaces:space", pk)
    context = {"form": form, "space": row.space, "site": row}
    return render(request, "spaces/site.html", context, status=422 if form.errors else 200)


@page(permission=may_end_space)
@post_only("spaces:site", "pk", "site")
@once
def give_up_site(request: Request, pk: int, site: int) -> HttpResponse:
    """Give a site up; where that is refused, the page of the site says why."""
    row = find_own_site(request, pk, site)
    try:
        end_site(site=row, actor=request.actor)
    except Refused as refusal:
        start = start_of_site(row)
        context = {
            "form": SiteForm(initial=start | {"seen": row.revision}),
            "space": row.space,
            "site": row,
            "refusal": str(refusal),
        }
        return render(request, "spaces/site.html", context, status=422)
    messages.success(request, _("The site is given up as of today."))
    return redirect("spaces:space", pk)


@page(permission=may_change_space)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def list_offers(request: Request, pk: int) -> HttpResponse:
    """What a space offers, with a form that adds to it."""
    row = find_own_space(request, pk)
    form = OfferForm(request.POST or None)
    if attempt_filled(form, keep_offer, space=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("spaces:offers", pk)
    context = {"form": form, "space": row, "offers": visible(Offer, to=request.actor).filter(space=row)}
    return render(request, "spaces/offers.html", context, status=422 if form.errors else 200)


@page(permission=may_change_space)
@post_only("spaces:offers", "pk")
@once
def remove_offer(request: Request, pk: int, offer: int) -> HttpResponse:
    """Take something out of what a space offers."""
    space = find_own_space(request, pk)
    row = get_object_or_404(visible(Offer, to=request.actor).filter(space=space).select_related("space"), pk=offer)
    drop_offer(offer=row, actor=request.actor)
    messages.success(request, _("Taken out."))
    return redirect("spaces:offers", pk)


@page(permission=may_change_space)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit_new_tags(request: Request, pk: int) -> HttpResponse:
    """Say what is new in a space, with what shows it."""
    row = find_own_space(request, pk)
    said = dict(visible(NewTagEvidence, to=request.actor).filter(space=row).values_list("tag", "evidence"))
    form = NewTagsForm(request.POST or None, initial=said)
    if attempt_filled(form, keep_new_tags, space=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("spaces:space", pk)
    return render(request, "spaces/new_tags.html", {"form": form, "space": row}, status=422 if form.errors else 200)
