"""The public directory of spaces (众创空间名录): list, map, a page for each, and open data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import page, public
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import region_name
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.onward import find_ways, list_steps
from chuangbao.spaces.comparison import MOST_COMPARED
from chuangbao.spaces.domain.following import follow_space, is_following, unfollow_space
from chuangbao.spaces.domain.venues import count_late_bookings
from chuangbao.spaces.enums import MemberStage, OfferKind, ProjectStage, SpaceStage
from chuangbao.spaces.flags import work_out_flags
from chuangbao.spaces.forms import SearchForm
from chuangbao.spaces.models import (
    NewTagEvidence,
    Offer,
    Operatorship,
    ProjectMember,
    Recognition,
    Site,
    Space,
    Transfer,
)
from chuangbao.spaces.nearby import begin_region, keep_region, list_wider
from chuangbao.spaces.opening import say_hours, say_weeks
from chuangbao.spaces.permissions import (
    may_change_space,
    may_end_space,
    may_follow_space,
    may_oversee_spaces,
    may_recognise_space,
    may_register_space,
)
from chuangbao.spaces.queries import find_spaces, list_shown_pictures, with_area, with_card
from chuangbao.spaces.views.comparing import read_chosen
from chuangbao.spaces.views.embedding import write_snippet
from chuangbao.spaces.views.open_data import LICENCE, write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.http import HttpResponse, QueryDict

    from chuangbao.core.http.requests import Request

__all__ = ["follow", "give_csv", "give_json", "give_points", "list_spaces", "show_space"]

EACH, MOST = 20, 10_000
COLUMNS = (
    "id",
    "name",
    "kind",
    "chain",
    "operator",
    "region_code",
    "region",
    "address",
    "latitude",
    "longitude",
    "area_m2",
    "opened_on",
    "phone",
    "website",
    "recognitions",
    "is_demo",
)


def read_filter(request: Request, asked: QueryDict | None = None) -> tuple[SearchForm, QuerySet[Space]]:
    """Return the filter and the running spaces that it asks for; all where nothing that could be read is asked.

    The filter is that of the address, where no other is ``asked``.
    """
    form = SearchForm((request.GET if asked is None else asked) or None)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return form, find_spaces(request.actor, given).filter(stage=SpaceStage.OPEN)


def read_place(request: Request) -> QueryDict:
    """Return what the address asks for; with the region to begin with, where it narrows the list by nothing."""
    given = request.GET.copy()
    if "region" in given:
        keep_region(request, str(given["region"]))
    elif not given.keys() & SearchForm.base_fields.keys() and (region := begin_region(request)):
        given["region"] = region
    return given


@public
@rate_limit("spaces", rate="600/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def list_spaces(request: Request) -> HttpResponse:
    """The directory: whom it lists, with a map beside it."""
    given = read_place(request)
    form, rows = read_filter(request, given)
    region = given.get("region", "")
    cards = with_card(rows.order_by("name", "pk"), request.actor)
    shown = page_of(cards, request.GET.get("page"), each=EACH)
    chosen = read_chosen(request)[:MOST_COMPARED]
    context = {
        "form": form,
        "page": shown,
        "hours": say_hours(shown.object_list),
        "looked_at": region or current_pack().region,
        "place": region_name(region),
        "wider": list_wider(region, given),
        "query": given.urlencode(),
        "chosen": chosen,
        "chosen_elsewhere": [key for key in chosen if key not in {row.pk for row in shown.object_list}],
        "most": MOST_COMPARED,
        "may_register": may_register_space.test(request.actor),
        "may_oversee": may_oversee_spaces.test(request.actor),
        "licence": LICENCE,
    }
    return render(request, "spaces/list.html", context)


@public
@require_safe
def show_space(request: Request, pk: int) -> HttpResponse:
    """One space: where, when, what it offers, what was decided of it, and what can be done now."""
    row = get_object_or_404(visible(Space, to=request.actor).select_related("region", "operator", "merged_into"), pk=pk)
    return render(request, "spaces/space.html", describe_space(request, row))


def describe_space(request: Request, row: Space) -> dict[str, Any]:
    """Return what the page of a space shows to an actor."""
    actor = request.actor
    offers = list(visible(Offer, to=actor).filter(space=row))
    sites = list(visible(Site, to=actor).filter(space=row, until=None).select_related("region", "venue"))
    is_operator = may_change_space.test(actor, row)
    is_officer = may_oversee_spaces.test(actor) and actor.covers(row.region_id)
    steps = list_steps(actor, "spaces.space", row) if is_operator and row.is_open else []
    return {
        "space": row,
        "sites": sites,
        "pictures": list_shown_pictures(actor).filter(space=row),
        "weeks": say_weeks(site.venue_id for site in sites if site.venue_id),
        "onward": find_ways(actor, "booking.venue", [site.venue for site in sites if site.venue]),
        "area": sum(site.total_area or 0 for site in sites),
        "offers": [
            (kind.label, [o for o in offers if o.kind == kind])
            for kind in OfferKind
            if any(o.kind == kind for o in offers)
        ],
        "new_tags": visible(NewTagEvidence, to=actor).filter(space=row),
        "flags": work_out_flags(row, actor),
        "projects": visible(ProjectMember, to=actor)
        .filter(space=row, stage=MemberStage.MEMBER)
        .exclude(project__stage=ProjectStage.ENDED)
        .select_related("project"),
        "recognitions": visible(Recognition, to=actor).filter(space=row),
        "operators": Operatorship.objects.filter(space=row).select_related("organisation").order_by("-since", "-pk"),
        "is_operator": is_operator and row.is_open,
        "keeps_pictures": is_operator,
        "snippet": write_snippet(request.build_absolute_uri(reverse("spaces:embed", args=[row.pk])), row.name),
        "steps": steps,
        "is_being_set_up": not all(step.is_done for step in steps),
        "ways": find_ways(actor, "spaces.space", [row]).get(row.pk, []),
        "may_end": may_end_space.test(actor, row),
        "may_recognise": may_recognise_space.test(actor, row),
        "may_follow": may_follow_space.test(actor),
        "late_bookings": count_late_bookings(row) if is_operator and row.is_closing else 0,
        "is_following": is_following(space=row, actor=actor),
        "transfers": visible(Transfer, to=actor).filter(space=row, stage="offered").select_related("receiver", "giver"),
        "history": history_of(row)[:10] if is_operator or is_officer else [],
    }


@page(permission=may_follow_space)
@post_only("spaces:space", "pk")
@once
def follow(request: Request, pk: int) -> HttpResponse:
    """Follow a space, or stop following it."""
    row = get_object_or_404(visible(Space, to=request.actor), pk=pk)
    if request.POST.get("stop"):
        unfollow_space(space=row, actor=request.actor)
        messages.success(request, _("You do not follow it any more."))
    else:
        follow_space(space=row, actor=request.actor)
        messages.success(request, _("You hear when it closes, moves or changes hands."))
    return redirect("spaces:space", pk)


# ---- open data


def open_rows(request: Request) -> Iterator[dict[str, Any]]:
    """Yield the spaces that a filter asks for as open data have them: what everybody can read, and no more."""
    rows = with_area(read_filter(request)[1]).order_by("pk")[:MOST]
    cards: Any = with_card(rows, request.actor)
    for row in cards:
        main = row.in_use[0] if row.in_use else None
        values = (
            row.pk,
            row.name,
            row.get_kind_display(),
            row.get_chain_display(),
            row.operator.name,
            row.region_id,
            row.region.name_zh,
            main.full_address if main else "",
            main.latitude if main else None,
            main.longitude if main else None,
            row.area,
            row.opened_on,
            row.phone,
            row.website,
            [f"{held.scheme_words} {held.number}" for held in row.held],
            row.is_demo,
        )
        yield dict(zip(COLUMNS, values, strict=True))


@public
@rate_limit("spaces-data", rate="60/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def give_csv(request: Request) -> HttpResponse:
    """The directory as CSV; its licence is in the last line and in the head of the answer."""
    return write_csv("spaces", COLUMNS, open_rows(request))


@public
@rate_limit("spaces-data", rate="60/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def give_json(request: Request) -> JsonResponse:
    """The directory as JSON with its licence and day."""
    data = {"licence": LICENCE, "day": timezone.localdate(), "spaces": list(open_rows(request))}
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False})


@public
@rate_limit("spaces", rate="600/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def give_points(request: Request) -> JsonResponse:
    """What the map draws: a point for each site of the spaces that a filter asks for, where one is known."""
    _form, rows = read_filter(request)
    sites = visible(Site, to=request.actor).filter(space__in=rows, until=None, latitude__isnull=False)
    found: Any = sites.order_by("pk").values_list("space", "space__name", "longitude", "latitude")[:MOST]
    points = [
        {"name": name, "at": [float(longitude), float(latitude)], "url": f"/spaces/{pk}/"}
        for pk, name, longitude, latitude in found
    ]
    return JsonResponse({"points": points})
