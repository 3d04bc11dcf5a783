"""The list of the library: everything in it, narrowed by words and facets, on screen or as a workbook."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chuangbao.core.access import public
from chuangbao.core.workbook import as_workbook
from chuangbao.policies.domain.registry import current_pack
from chuangbao.policies.forms import words
from chuangbao.policies.models import LoadedPack
from chuangbao.policies.search import COUNTED, LISTED, NARROWED, Counted, Facet, Search

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.http import HttpRequest, HttpResponse

    from chuangbao.policies.models import Entry
    from chuangbao.rules.model import Pack

__all__ = ["export", "library"]

PAGE = 20


def search_of(request: HttpRequest) -> Search:
    """What the address asks for."""
    chosen = {name: request.GET.get(name, "")[:40] for name in NARROWED}
    return Search(request.GET.get("q", "")[:200], chosen, timezone.localdate(), current_pack().synonyms)


@public
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """政策库: browse and search."""
    pack, search = current_pack(), search_of(request)
    counted = counts_of(search)
    paginator = Paginator(search.listed(), PAGE)
    paginator.count = min(counted.total, LISTED)  # known already: no further query
    page = paginator.get_page(request.GET.get("page"))
    facets = [
        {"name": name, "title": facet_title(name), "values": [named(pack, request, name, f) for f in values]}
        for name, values in counted.facets.items()
    ]
    context = {
        "total": min(counted.total, COUNTED), "more": counted.more, "page": page, "facets": facets, "text": search.text,
        "chosen": search.chosen, "marks": search.marks(), "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "policies/library.html", context)


def counts_of(search: Search) -> Counted:
    """What a search counts; the whole library is counted once a day and load."""
    if search.text.strip() or any(search.chosen.values()):
        return search.counted()
    loaded = LoadedPack.objects.values_list("loaded_at", flat=True).order_by("-loaded_at").first()
    return whole(search.day, loaded)


@lru_cache(maxsize=4)
def whole(day: date, _loaded: datetime | None) -> Counted:
    """The counts of the whole library."""
    return Search("", {}, day).counted()


@public
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook, as long as a workbook is useful."""
    head = [gettext("What it is"), gettext("Title"), gettext("Number"), gettext("Level"), gettext("In force from")]
    head += [gettext("Until"), gettext("Clauses"), gettext("Confirmed")]
    rows = (row(current_pack(), entry) for entry in search_of(request).listed())
    return as_workbook("policies", gettext("Policies"), head, rows)


def row(pack: Pack, entry: Entry) -> list[object]:
    """One entry as a row."""
    level = pack.regions.latest(entry.region)
    return [
        entry.get_kind_display(),
        entry.title,
        entry.number,
        words(level.name) if level else entry.region,
        entry.valid_from,
        entry.valid_to,
        ", ".join(entry.clauses),
        gettext("Yes") if entry.confirmed else gettext("No"),
    ]


def facet_title(name: str) -> str:
    """What a facet narrows by."""
    return {
        "kind": gettext("What it is"),
        "audience": gettext("Who it is for"),
        "theme": gettext("Theme"),
        "department": gettext("Department"),
        "region": gettext("Level"),
        "state": gettext("Validity"),
    }[name]


def named(pack: Pack, request: HttpRequest, name: str, facet: Facet) -> dict[str, object]:
    """A facet value with its words and the address that sets or clears it."""
    query = request.GET.copy()
    query.pop("page", None)
    if facet.chosen:
        query.pop(name, None)
    else:
        query[name] = facet.value
    label = facet_words(pack, name, facet.value)
    return {"label": label, "count": facet.count, "chosen": facet.chosen, "url": f"?{query.urlencode()}"}


def facet_words(pack: Pack, name: str, value: str) -> str:
    """The words of a facet value."""
    if name in {"theme", "department"}:
        listed = pack.codes.get(name)
        return words(listed.by_code[value].label) if listed and value in listed.by_code else value
    if name == "audience":
        return next((words(a.label) for a in pack.audiences if a.id == value), value)
    if name == "region":
        region = pack.regions.latest(value)
        return words(region.name) if region else value
    return {
        "measure": gettext("Measures"),
        "document": gettext("Documents"),
        "clause": gettext("Clauses"),
        "in_force": gettext("In force"),
        "ended": gettext("Ended"),
        "future": gettext("Not yet in force"),
    }.get(value, value)
