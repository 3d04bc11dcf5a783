"""Comparing spaces (空间对比): a table of lines, one column for each space; contexts above add lines of their own.

The page asks once for all the spaces that it shows (``compare_spaces``): a line costs the same for two as for four.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.booking.domain.free_now import count_free
from chuangbao.booking.domain.hours import times_words
from chuangbao.booking.domain.schedules import read_schedules
from chuangbao.booking.enums import ResourceKind
from chuangbao.core.access.row_access import visible
from chuangbao.core.onward import Way
from chuangbao.spaces.enums import OfferKind
from chuangbao.spaces.models import Offer, Space
from chuangbao.spaces.opening import say_hours
from chuangbao.spaces.queries import with_area, with_card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from chuangbao.booking.domain.free_now import FreeCount
    from chuangbao.booking.models import Venue
    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Site

__all__ = ["MOST_COMPARED", "Line", "add_lines", "compare_spaces", "measure_km", "read_spaces", "say_free"]

MOST_COMPARED = 4
EARTH_KM = 6371.0
DESKS = (ResourceKind.FIXED_DESK, ResourceKind.HOT_DESK)
Cell = tuple[list[str], list[Way]]
SERVICES = (OfferKind.BASIC, OfferKind.DEEP)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what it is about, and what is said of each space, in the order of the spaces.

    A cell has sentences, one below the other, and links; one without either is said to be unknown.
    """

    label: str
    cells: list[Cell]


ADDERS: list[Callable[[Actor, Sequence[Any]], Iterable[Line]]] = []


def add_lines(function: Callable[[Actor, Sequence[Any]], Iterable[Line]]) -> Callable[..., Iterable[Line]]:
    """Register a function of an actor and spaces that gives lines of a context above."""
    if function not in ADDERS:
        ADDERS.append(function)
    return function


def read_spaces(actor: Actor, wanted: Sequence[int]) -> list[Any]:
    """Return the spaces of some ids in that order, with what the table needs; those that are not there are left out."""
    offers = visible(Offer, to=actor).order_by("kind", "name")
    rows = with_card(with_area(visible(Space, to=actor).filter(pk__in=wanted)), actor)
    found: dict[int, Any] = {row.pk: row for row in rows.prefetch_related(Prefetch("offers", offers))}
    sites = [site for row in found.values() for site in row.in_use]
    prefetch_related_objects(sites, "venue")
    return [found[pk] for pk in wanted if pk in found]


def compare_spaces(actor: Actor, spaces: Sequence[Any]) -> list[Line]:
    """Return the lines of the table for spaces that ``read_spaces`` gave."""
    venues = {row.pk: [site.venue for site in row.in_use if site.venue] for row in spaces}
    hours = say_hours(spaces)
    own = [
        Line(label, [(list(say(row)), []) for row in spaces])
        for label, say in (
            (_("Kind of space"), say_kind),
            (_("Filed or recognised"), say_held),
            (_("Region and address"), say_place),
            (_("How to get there"), say_route),
            (_("Area in use, in all"), say_area),
            (_("Opening hours"), lambda row: hours[row.pk]),
        )
    ]
    return [
        *own,
        say_distances(spaces),
        *count_places(actor, spaces, venues),
        Line(_("Space to work and meet"), [(list(say_offers(row, services=False)), []) for row in spaces]),
        Line(_("Services offered"), [(list(say_offers(row, services=True)), []) for row in spaces]),
        *(line for function in ADDERS for line in function(actor, spaces)),
    ]


def say_kind(row: Space) -> Iterator[str]:
    """Say the kind of a space and its stage in the chain."""
    yield str(row.get_kind_display())
    if row.chain:
        yield str(row.get_chain_display())


def say_held(row: Any) -> Iterator[str]:
    """Say what was filed or recognised and holds today."""
    for held in row.held:
        yield f"{held.get_act_display()} · {held.get_level_display()}"
    if not row.held:
        yield _("Neither filed nor recognised. A space needs neither to run.")


def say_place(row: Any) -> Iterator[str]:
    """Say where a space is."""
    if not row.in_use:
        yield str(row.region)
    yield from (site.full_address for site in row.in_use)


def say_route(row: Any) -> Iterator[str]:
    """Say how one gets there."""
    yield from (site.route for site in row.in_use if site.route)


def say_area(row: Any) -> Iterator[str]:
    """Say how large it is."""
    if row.area:
        yield f"{row.area.normalize():f} m²"


def say_offers(row: Space, *, services: bool) -> Iterator[str]:
    """Say what a space offers, with its price: the services or all else."""
    for offer in row.offers.all():
        if (offer.kind in SERVICES) is services:
            online = _("Can be had online") if offer.is_online else ""
            yield " · ".join(filter(None, (offer.name, offer.price, online)))


def say_distances(spaces: Sequence[Any]) -> Line:
    """Say how far each space is from the first, as the crow flies."""
    points = [next((site for site in row.in_use if site.point), None) for row in spaces]
    first, cells = points[0], []
    for number, point in enumerate(points):
        said: list[str] = []
        if number and first is not None and point is not None:
            said = [_("%s km in a straight line") % f"{measure_km(first, point):.1f}"]
        ways = [Way(_("Open in the map of the phone"), f"geo:{point.point}", "map-pin")] if point else []
        cells.append((said, ways))
    return Line(_("Distance from the first"), cells)


def measure_km(one: Site, other: Site) -> float:
    """Return how many kilometres are between two sites whose points are known, along a great circle."""
    north, east = radians(float(one.latitude)), radians(float(one.longitude))
    north_2, east_2 = radians(float(other.latitude)), radians(float(other.longitude))
    half = sin((north_2 - north) / 2) ** 2 + cos(north) * cos(north_2) * sin((east_2 - east) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def count_places(actor: Actor, spaces: Sequence[Any], venues: dict[int, list[Venue]]) -> Iterator[Line]:
    """Give the lines about desks, about today's hours and about what is free at this moment."""
    now = timezone.now()
    every = [venue for rows in venues.values() for venue in rows if venue.is_open]
    counts, schedules = count_free(actor, [venue.pk for venue in every], now), read_schedules(every)
    desks: list[Cell] = []
    today: list[Cell] = []
    free: list[Cell] = []
    for row in spaces:
        own = [venue for venue in venues[row.pk] if venue.is_open]
        found = [count for venue in own for count in counts.get(venue.pk, [])]
        seats = sum(count.whole for count in found if count.kind in DESKS)
        desks.append(([_("%d desks") % seats] if seats else [], []))
        hours = [
            times_words(schedules[venue.pk].times_of(timezone.localdate(now))) or _("Not open today") for venue in own
        ]
        today.append((hours if found else [], []))
        free.append((list(say_free(found)), [Way(_("What is free"), way_of(venue), "calendar") for venue in own]))
    yield Line(_("Desks that can be booked"), desks)
    yield Line(_("Open for bookings today"), today)
    yield Line(_("Free at this moment"), free)


def say_free(counts: Iterable[FreeCount]) -> Iterator[str]:
    """Say how much of each kind is free."""
    for count in counts:
        said = {"kind": count.kind.label, "free": count.free, "whole": count.whole}
        words = _("%(kind)s: %(free)d of %(whole)d") if count.is_open else _("%(kind)s: %(whole)d, not open now")
        yield words % said


def way_of(venue: Venue) -> str:
    """Return the page of a venue."""
    return reverse("booking:venue", args=[venue.pk])
