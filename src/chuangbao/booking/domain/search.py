"""Free first (先看空闲): what is free for a need and a time, over all venues in sight; near times where it is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from chuangbao.booking.domain.rules import ask_for_usage, check_rules, draw_usages, earliest_start
from chuangbao.booking.domain.schedules import ask_for_hours, day_kind
from chuangbao.booking.domain.timetables import AROUND, draw_openings, find_near_times, read_timetables
from chuangbao.booking.enums import HOLDING, Audience
from chuangbao.booking.models import AccessPass, Booking, Busy, DayKind, OpeningHours, Resource
from chuangbao.booking.models.hours import DAY
from chuangbao.booking.scopes import ids_of, own_venues
from chuangbao.core.access.actors import Actor, Capacity
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.engine.regions import covered_regions
from chuangbao.core.kept_queries import KeptQuery, ask_together, bare_actor, is_one_of
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from chuangbao.booking.domain.rules import Usage
    from chuangbao.booking.domain.schedules import Span

__all__ = ["Found", "Need", "find_free", "find_open_hour", "list_bookable"]

MOST, MOST_NEAR, HOUR = 20, 5, 60
WINDOW, FIRST, BATCH, ROUNDS, LOOKED_AT = 150, 45, 30, 4, 15
"""Of how many it is asked whether they are free, of how many of those first, how many free ones are looked at, how
often, and how many are looked at for times near a wish."""
WHY = "only that a time is taken is read"


@dataclass(frozen=True, slots=True)
class Need:
    """What is looked for, and when."""

    starts: datetime
    ends: datetime
    kind: str = ""
    people: int = 1
    region: str = ""
    features: tuple[str, ...] = ()
    venue: int | None = None


@dataclass(slots=True)
class Found:
    """What is free, smallest first, and of what is not the nearest free times."""

    free: list[Resource] = field(default_factory=list)
    near: list[tuple[Resource, list[Span]]] = field(default_factory=list)
    onward: tuple[int, int] | None = None
    """Capacity and id after which the search goes on; None where nothing is left."""


def list_bookable(actor: Actor, today: date | None = None) -> QuerySet[Resource]:
    """List what the actor may book by its audience; the training is asked for when it is booked."""
    today = today or timezone.localdate()
    own = Q(person=actor.person_id) if actor.signed_in else Q(pk__in=[])
    if actor.capacity is Capacity.MEMBER:
        own |= Q(for_organization=actor.organisation_id)
    passes = unscoped(AccessPass, because="the actor's own").filter(own, begins_on__lte=today)
    passes = passes.filter(Q(ends_on=None) | Q(ends_on__gte=today))
    tenants = Q(audience=Audience.TENANTS, venue__in=passes.values("venue"))
    listed = Q(audience=Audience.LISTED, pk__in=passes.filter(resource__isnull=False).values("resource"))
    open_to_actor = Q(audience=Audience.PUBLIC) | tenants | listed | own_venues(actor, "venue__")
    return visible(Resource, to=actor).filter(open_to_actor, retired_at=None, venue__is_open=True)


def ask_for(actor: Actor, need: Need) -> dict[str, Any]:
    """Return what fits a need, as values of ``list_fitting``."""
    asked: dict[str, Any] = {"people": need.people, "kind": need.kind, "venue": need.venue}
    areas = (sorted(covered_regions(need.region)) or [need.region]) if need.region else []
    asked |= {"features": list(need.features)} | ({"areas": areas} if len(areas) != 1 else {"area": areas[0]})
    return {name: value for name, value in asked.items() if value} | ids_of(actor) | {"today": timezone.localdate()}


def list_fitting(capacity: Capacity, *, people: int, today: date, **asked: Any) -> QuerySet[Any, tuple[Any, ...]]:
    """Write the query of the next ones that fit a need, free or not, as capacity and id: the smallest comes first.

    ``person`` and ``organisation`` are the actor's; ``after`` and ``after_pk`` the last one that is known.
    """
    actor = bare_actor(capacity, asked.get("person"), asked.get("organisation"))
    rows = list_bookable(actor, today).filter(capacity__gte=people)
    if "kind" in asked:
        rows = rows.filter(kind=asked["kind"])
    if "areas" in asked:
        rows = rows.filter(is_one_of("area", asked["areas"]))
    if "area" in asked:  # one alone is an index's first column, and rows come in their order
        rows = rows.filter(area=asked["area"])
    if "features" in asked:
        wanted = Value(asked["features"], output_field=Resource._meta.get_field("features"))
        rows = rows.filter(features__contains=wanted)
    if "venue" in asked:
        rows = rows.filter(venue=asked["venue"])
    if "after" in asked:
        rows = rows.filter(capacity__gte=asked["after"]).exclude(capacity=asked["after"], pk__lte=asked["after_pk"])
    return rows.order_by("capacity", "pk").values_list("capacity", "pk")[:WINDOW]


FITTING = KeptQuery(list_fitting)


def minutes(name: str) -> Func:
    """So many minutes of the resource outside, as a length of time."""
    return Func(OuterRef(name), template="make_interval(mins => %(expressions)s)", output_field=DurationField())


def keep_free(rows: QuerySet[Resource], starts: datetime, ends: datetime) -> QuerySet[Resource]:
    """Keep those of which a place is free all the time, with their own buffers."""
    low: Any = ExpressionWrapper(Value(starts) - minutes("buffer_before"), DateTimeField())
    high: Any = ExpressionWrapper(Value(ends) + minutes("buffer_after"), DateTimeField())
    wish = Func(low, high, function="tstzrange", output_field=DateTimeRangeField())
    held = unscoped(Booking, because=WHY).filter(resource=OuterRef("pk"), stage__in=HOLDING, blocked__overlap=wish)
    taken = held.order_by().values("resource").annotate(n=Count("place", distinct=True)).values("n")
    busy = Busy.objects.filter(resource=OuterRef("pk"), period__overlap=wish)
    rows = rows.alias(taken=Coalesce(Subquery(taken, output_field=IntegerField()), 0))
    return rows.filter(~Exists(busy), taken__lt=F("places"))


def find_free(actor: Actor, need: Need, after: tuple[int, int] | None = None) -> Found:
    """Find what is free for a need; where nothing is, the nearest free times of what fits it.

    ``after`` is where the search goes on, from what was found before (``Found.onward``).
    """
    found, fitting, is_first = Found(), ask_for(actor, need), after is None
    is_open_then = False
    smallest: list[tuple[int, int]] = []
    for _round in range(ROUNDS):
        window = list_window(actor, fitting, after)
        smallest = smallest or window[:LOOKED_AT]
        batch = list_free([pk for _capacity, pk in window], need)
        hours = ask_for_hours({row.venue_id for row in batch})
        usage = ask_for_usage(actor.person_id, batch, (need.starts, need.ends))
        weeks, exceptions, used = ask_together(*hours, usage)
        tables = draw_openings(batch, need.starts, need.ends, weeks, exceptions)  # what is held was asked before
        usages = draw_usages(batch, used)
        found.free += [
            row
            for row in batch
            if tables[row.pk].is_open(need.starts, need.ends) and suits(actor, row, need, usages[row.pk])
        ]
        is_open_then = is_open_then or any(table.is_open(need.starts, need.ends) for table in tables.values())
        is_cut = len(batch) == BATCH
        after = (batch[-1].capacity, batch[-1].pk) if is_cut else window[-1] if len(window) == WINDOW else None
        if len(found.free) > MOST or after is None or not is_open_then:
            break  # at night the next thousand are closed as well
    if found.free:
        last = found.free[:MOST][-1]
        found.onward = (last.capacity, last.pk) if len(found.free) > MOST else after
    found.free = found.free[:MOST]
    if not found.free and is_first:
        found.near = list_near(actor, RESOURCES.models(pks=[pk for _capacity, pk in smallest]), need)
    return found


def find_open_hour(now: datetime) -> datetime:
    """Return the next full hour but one, or after it the first of two at which a venue is open, within a week.

    Venues that are open day and night say nothing of when others meet: they count where there are no others.

    Venues that have said nothing are always open; where none has hours it is that hour, or nine of the next day where
    the two hours would pass midnight.
    """
    at = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    for n in range(8):
        midnight = at.replace(hour=0) + timedelta(days=n)
        rows = OpeningHours.objects.filter(resource=None).exclude(opens=0, closes=DAY).order_by()
        kind = day_kind(midnight.date())
        kinds = [kind, DayKind.MONDAY] if kind is DayKind.EXCHANGED else [kind]
        hours = rows.filter(day__in=kinds).aggregate(opens=Min("opens"), closes=Max("closes"))
        if hours["opens"] is None:
            continue
        first = max(at, midnight + timedelta(hours=-(-hours["opens"] // HOUR)))
        if first + timedelta(hours=2) <= midnight + timedelta(minutes=hours["closes"]):
            return first
    passes_midnight = at + timedelta(hours=2) > at.replace(hour=0) + timedelta(days=1)
    return at.replace(hour=9) + timedelta(days=1) if passes_midnight else at


def list_window(actor: Actor, fitting: dict[str, Any], after: tuple[int, int] | None) -> list[tuple[int, int]]:
    """List the next ones that fit, as capacity and id: only of so many it is asked whether they are free.

    PostgreSQL would else ask it of all that fit before it sorts them, which are hundreds of thousands in a country.
    """
    onward = {"after": after[0], "after_pk": after[1]} if after else {}
    return [(capacity, pk) for capacity, pk in FITTING.rows(actor.capacity, **fitting, **onward)]


def list_free(pks: list[int], need: Need) -> list[Resource]:
    """List the first ones of a window that are free; mostly they are among the first that are asked."""
    found: list[Resource] = []
    for some in (pks[:FIRST], pks[FIRST:]):
        if some and len(found) < BATCH:
            found += FREE.models(pks=some, starts=need.starts, ends=need.ends)
    return found[:BATCH]


def read_resources(pks: list[int]) -> QuerySet[Resource]:
    """Write the query of the resources of a window in its order, without what pages of a search do not show.

    Whose they are was asked before: to ask again would cost PostgreSQL and Django as much as all the rest.
    """
    rows = unscoped(Resource, because="they are among what the actor may book")
    rows = rows.filter(is_one_of("pk", pks)).order_by("capacity", "pk")
    return rows.select_related("venue", "training").defer("parts", "venue__parts")


def read_free(pks: list[int], starts: datetime, ends: datetime) -> QuerySet[Resource]:
    """Write the query of the first of them that are free."""
    return keep_free(read_resources(pks), starts, ends)[:BATCH]


RESOURCES, FREE = KeptQuery(read_resources), KeptQuery(read_free)


def suits(actor: Actor, row: Resource, need: Need, usage: Usage) -> bool:
    """Whether the rules of a resource let the actor book it for the need."""
    try:
        check_rules(actor, row, need.starts, need.ends, need.people, usage=usage)
    except Refused:
        return False
    return True


def list_near(actor: Actor, rows: list[Resource], need: Need) -> list[tuple[Resource, list[Span]]]:
    """List the nearest free times of some resources, nearest first; those without any are left out."""
    tables = read_timetables(rows, need.starts - AROUND, need.ends + AROUND)
    length, found = need.ends - need.starts, []
    for row in rows:
        if row.max_minutes and length > timedelta(minutes=row.max_minutes):
            continue
        near = find_near_times(tables[row.pk], need.starts, need.ends, earliest=earliest_start(actor, row))
        if near:
            found.append((row, near))
    found.sort(key=lambda pair: min(abs(span[0] - need.starts) for span in pair[1]))
    return found[:MOST_NEAR]
