"""The map of the province: what can be had where, and what each prefecture was asked to build."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import public
from chuangbao.core.contexts import list_map_figures
from chuangbao.core.engine.citations import short_words
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.outlines import read_outlines
from chuangbao.core.localization.formatting import text
from chuangbao.portal.figures import Place, places, prefectures

__all__ = ["county_shapes", "data", "region_map", "shapes"]


def found_places() -> list[Place]:
    """Every prefecture of the pack's region, with its measures and orders."""
    pack = current_pack()
    return places(pack, prefectures(pack, timezone.localdate()))


@public
@require_safe
def region_map(request: HttpRequest) -> HttpResponse:
    """The map with its table; the table is the page, the map is drawn beside it."""
    found = found_places()
    kinds = {clause.id: clause for place in found for clause in place.orders}
    orders = [
        {"clause": clause, "places": [place for place in found if clause in place.orders]}
        for _id, clause in sorted(kinds.items())
    ]
    figures = list_map_figures()
    columns = [figure.count(timezone.localdate()) for figure in figures]
    context = {
        "rows": [{"place": place, "figures": [column.get(place.code, 0) for column in columns]} for place in found],
        "heads": [figure.label for figure in figures],
        "orders": orders,
    }
    return render(request, "portal/map.html", context)


@public
@require_safe
@cache_control(public=True, max_age=86_400)
def shapes(_request: HttpRequest) -> HttpResponse:
    """The outlines of prefectures as GeoJSON; each is named by its region code."""
    return HttpResponse(read_outlines(current_pack().region, "prefecture"), content_type="application/geo+json")


@public
@require_safe
@cache_control(public=True, max_age=86_400)
def county_shapes(_request: HttpRequest) -> HttpResponse:
    """The outlines of counties, for a map on which a point is chosen."""
    return HttpResponse(read_outlines(current_pack().region, "county"), content_type="application/geo+json")


@public
@require_safe
def data(_request: HttpRequest) -> JsonResponse:
    """What the map colours: per prefecture its label, its measures and the clause that binds it."""
    return JsonResponse(
        {
            "words": {"measures": gettext("Measures that apply"), "none": gettext("No order of its own")},
            "places": [
                {
                    "code": place.code,
                    "name": text(place.label),
                    "total": place.total,
                    "own": place.own,
                    "orders": [
                        {"clause": clause.id, "mark": short_words(clause), "summary": text(clause.summary)}
                        for clause in place.orders
                    ],
                }
                for place in found_places()
            ],
        }
    )
