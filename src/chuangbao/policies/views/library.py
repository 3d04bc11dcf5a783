"""The list of the library: everything in it, narrowed by words and facets, on screen or as a workbook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chuangbao.accounts.directory import find_offices
from chuangbao.core.access.permissions import public
from chuangbao.core.engine.citations import clause_words
from chuangbao.core.engine.current import current_pack
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.search_sources import find_by_name
from chuangbao.policies.domain.meanings import known_meanings
from chuangbao.policies.domain.places import find_place
from chuangbao.policies.domain.words import hinted_words, says_something
from chuangbao.policies.forms import words
from chuangbao.policies.models import LoadedPack
from chuangbao.policies.search import COUNTED, LISTED, NARROWED, Counted, Facet, Search
from chuangbao.ui.presentation.conditions import join_words

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.http import HttpRequest, HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.policies.models import Entry
    from chuangbao.rules.model import Pack

__all__ = ["export", "library"]

PAGE = 20
BY_COUNT = {"theme", "department"}
FEW_OFFICES = 4


def search_of(request: HttpRequest) -> Search:
    """What the address asks for."""
    chosen = {name: request.GET.get(name, "")[:40] for name in NARROWED}
    text = request.GET.get("q", "")[:200]
    return Search(text, chosen, timezone.localdate(), known_meanings() if text.strip() else {})


def look(search: Search) -> tuple[Search, Counted]:
    """Return a search with what it counts; where nothing matches, the one for what comes nearest.

    A place that was named says where, and the rest of the words what; without any, all that holds there is meant.
    """
    if not search.text.strip():
        return search, counts_of(search)
    place = find_place(current_pack(), search.text, search.day)
    if place is None:
        return look_for(search)
    there = replace(search, text="", place=place)
    if says_something(place.rest, search.meanings):
        for wanted in (replace(there, text=place.rest), search, replace(there, text=place.rest, nearest=True)):
            counted = wanted.counted()
            if counted.total:
                return wanted, counted
    return there, there.counted()


def look_for(search: Search) -> tuple[Search, Counted]:
    """Return a search for words that name no place, or where nothing matches the one for what comes nearest."""
    counted = search.counted()
    if not search.is_chance(counted.total):
        return search, counted
    nearest = replace(search, nearest=True)
    return nearest, nearest.counted()


@dataclass(frozen=True, slots=True)
class Row:
    """What the list says of an entry: what a measure gives, to whom, until when."""

    entry: Entry
    who: str
    gives: str
    until: date | None
    has_ended: bool


def row_of(pack: Pack, entry: Entry, day: date) -> Row:
    """Return an entry with what the pack says of it on a day."""
    who = join_words(words(each.label) for each in pack.audiences if each.id in entry.audience)
    ended = entry.valid_to is not None and entry.valid_to < day
    return Row(entry, who, words_of_gain(pack, entry, day), entry.valid_to, ended)


def words_of_gain(pack: Pack, entry: Entry, day: date) -> str:
    """Say what a measure gives on a day: how much in words, else the title of its version where that says more."""
    measure = pack.measures.get(entry.ref)
    if measure is None:
        return ""
    version = measure.version_at(day) or measure.versions[-1]
    title = words(version.title)
    return words(version.benefit.in_words) or (title if title != words(measure.title) else "")


@public
@require_safe
def library(request: Request) -> HttpResponse:
    """政策库: browse and search."""
    pack = current_pack()
    asked = search_of(request)
    search, counted = look(asked)
    paginator = Paginator(search.listed(), PAGE)
    paginator.count = min(counted.total, LISTED)  # known already: no further query
    page = paginator.get_page(request.GET.get("page"))
    facets = [
        {"name": name, "title": facet_title(name), "values": list_values(pack, request, name, values)}
        for name, values in counted.facets.items()
    ]
    context = {
        "total": min(counted.total, COUNTED), "more": counted.more, "page": page,
        "rows": [row_of(pack, entry, search.day) for entry in page], "facets": facets, "text": asked.text,
        "hints": [words(pack.hints[word]) for word in hinted_words(asked.text, asked.meanings, pack.hints)[:1]],
        "chosen": search.chosen, "marks": search.marks(), "query": request.GET.urlencode(), "nearest": search.nearest,
    }  # fmt: skip
    page_number = request.GET.get("page", "1")
    is_plain = page_number == "1" and not any(search.chosen.values())
    context["elsewhere"] = find_by_name(request.actor, asked.text) if is_plain else []
    if search.place is not None and is_plain:
        context |= describe_place(pack, search.place.code)
    return render(request, "policies/library.html", context)


def describe_place(pack: Pack, code: str) -> dict[str, object]:
    """A place that was named, with the first of its offices: where to go comes before what there is."""
    unit = pack.regions.latest(code)
    offices = list(find_offices(region=code)[:FEW_OFFICES])
    return {"place": {"code": code, "name": words(unit.name) if unit else code}, "offices": offices}


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
    head = [gettext("What it is"), gettext("Title"), gettext("How much"), gettext("Number"), gettext("Level")]
    head += [gettext("In force from"), gettext("Until"), gettext("Clauses"), gettext("Confirmed")]
    search = look(search_of(request))[0]
    rows = (row(current_pack(), entry, search.day) for entry in search.listed())
    return as_workbook("policies", gettext("Policies"), head, rows)


def row(pack: Pack, entry: Entry, day: date) -> list[object]:
    """One entry as a row."""
    level = pack.regions.latest(entry.region)
    return [
        entry.get_kind_display(),
        entry.title,
        words_of_gain(pack, entry, day),
        entry.number,
        words(level.name) if level else entry.region,
        entry.valid_from,
        entry.valid_to,
        "、".join(map(clause_words, entry.clauses)),
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


FIXED = {"kind": ("measure", "document", "clause"), "state": ("in_force", "future", "ended")}
"""The values that have an order of their own."""


def list_values(pack: Pack, request: HttpRequest, name: str, values: list[Facet]) -> list[dict[str, object]]:
    """The values of a facet in the order in which people look for them; codes that the pack no longer has are left out.

    Kinds and states have an order of their own, audiences that of the pack, places go from the widest down; of themes
    and departments the fullest comes first.
    """
    listed = pack.codes.get(name)
    known = [v for v in values if name not in BY_COUNT or v.chosen or (listed and v.value in listed.by_code)]
    audiences = [each.id for each in pack.audiences]
    order = {value: place for place, value in enumerate(FIXED.get(name, audiences))}
    if name in BY_COUNT:
        known.sort(key=lambda v: (-v.count, facet_words(pack, name, v.value)))
    elif name != "region":  # a code of a place begins with that of what it lies in
        known.sort(key=lambda v: order.get(v.value, len(order)))
    return [named(pack, request, name, value) for value in known]


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
