"""Lists of booking, each narrowed to an actor."""

from __future__ import annotations

from datetime import MAXYEAR, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from chuangbao.booking.domain.pricing import list_rates_of
from chuangbao.booking.domain.rates import hold_on
from chuangbao.booking.enums import HOLDING, UPCOMING, StockAct
from chuangbao.booking.models import (
    AccessPass,
    Allowance,
    Booking,
    Material,
    Rate,
    Resource,
    StockEntry,
    Training,
    Venue,
    Waiting,
)
from chuangbao.booking.scopes import ids_of, own_venues
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.http.paging import kept_page_of
from chuangbao.core.kept_queries import NOTHING, KeptQuery, ask_together, bare_actor, is_one_of
from chuangbao.core.localization.name_search import name_contains
from chuangbao.core.workflow.waiting import IN_LINE, stand_before

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.paginator import Page
    from django.db.models import QuerySet

    from chuangbao.booking.models import TrainingKind
    from chuangbao.core.access.actors import Actor, Capacity
    from chuangbao.core.kept_queries import Question

__all__ = [
    "ask_for_current_rates",
    "ask_for_own_times",
    "clock_of",
    "find_resource",
    "find_venue",
    "group_own_times",
    "list_admitted",
    "list_allowances",
    "list_current_rates",
    "list_entries",
    "list_front_desk",
    "list_line",
    "list_materials",
    "list_mine",
    "list_own_resources",
    "list_own_venues",
    "list_places",
    "list_rates",
    "list_taken",
    "list_trained",
    "page_day",
    "page_mine",
]

MOST_PLACES, HOUR = 50, 60
OF_RESOURCE = [
    f"resource__{name}" for name in ("name", "floor", "door", "venue__name", "venue__zone", "venue__last_day")
]
LINE = ["starts", "ends", "stage", "purpose", *OF_RESOURCE]
"""What a line of a booking shows."""

SORTS = {"name": ("name", "pk"), "newest": ("-created_at", "-pk")}


def list_own_venues(actor: Actor, *, words: str = "", state: str = "", sort: str = "name") -> QuerySet[Venue]:
    """List the venues of the actor's organisation, with how many resources each has in use."""
    rows = visible(Venue, to=actor).filter(own_venues(actor)).select_related("region")
    if words:
        rows = rows.filter(name_contains(words))
    if state in {"open", "closed"}:
        rows = rows.filter(is_open=state == "open")
    rows = rows.annotate(resource_count=Count("resources", filter=Q(resources__retired_at=None)))
    return rows.order_by(*SORTS.get(sort, SORTS["name"]))


def list_own_resources(
    actor: Actor, *, words: str = "", kind: str = "", venue: int = 0, state: str = "", sort: str = "name"
) -> QuerySet[Resource]:
    """List what the actor's organisation has to book; retired ones only where ``state`` asks for them."""
    rows = visible(Resource, to=actor).filter(own_venues(actor, "venue__")).select_related("venue", "training")
    if words:
        rows = rows.filter(name_contains(words))
    if kind:
        rows = rows.filter(kind=kind)
    if venue:
        rows = rows.filter(venue=venue)
    rows = rows.exclude(retired_at=None) if state == "retired" else rows.filter(retired_at=None)
    return rows.order_by(*SORTS.get(sort, SORTS["name"]))


def ask_for_own_times(actor: Actor, resources: Iterable[Resource], since: datetime, until: datetime) -> Question:
    """Return what is asked for when the actor's person has booked some resources between two moments."""
    if actor.person_id is None:
        return NOTHING
    asked = {"resources": [row.pk for row in resources], "since": since, "until": until}
    return OWN.want_rows(actor.capacity, **asked, **ids_of(actor))


def group_own_times(held: list[tuple[int, datetime, datetime, int]]) -> dict[int, list[tuple[datetime, datetime, int]]]:
    """Return start, end and number of what a person has, by resource, from the answer to ``ask_for_own_times``."""
    found: dict[int, list[tuple[datetime, datetime, int]]] = {}
    for resource, starts, ends, pk in held:
        found.setdefault(resource, []).append((starts, ends, pk))
    return found


def write_own_times(
    capacity: Capacity, resources: list[int], person: int, organisation: int | None = None, **window: datetime
) -> QuerySet[Any, Any]:
    """Write the query of when a person has booked some resources between ``since`` and ``until``."""
    rows = visible(Booking, to=bare_actor(capacity, person, organisation))
    rows = rows.filter(is_one_of("resource", resources), person=person, stage__in=HOLDING)
    rows = rows.filter(starts__lt=window["until"], ends__gt=window["since"])
    return rows.order_by("starts").values_list("resource", "starts", "ends", "pk")


OWN = KeptQuery(write_own_times)


def list_mine(actor: Actor, *, past: bool = False, now: datetime) -> QuerySet[Booking]:
    """List the actor's own bookings in this capacity: those to come, or what was, the newest first."""
    own = Q(person=actor.person_id, for_organization=actor.organisation_id)
    if actor.organisation_id:
        own = Q(for_organization=actor.organisation_id)
    rows = visible(Booking, to=actor).filter(own).select_related("resource__venue", "person")
    coming = Q(stage__in=UPCOMING, ends__gt=now)
    return rows.exclude(coming).order_by("-starts", "-pk") if past else rows.filter(coming).order_by("starts", "pk")


def page_mine(actor: Actor, asked: str | None, *, past: bool, now: datetime, each: int) -> Page[Any]:
    """Return a page of ``list_mine``, with what a line of a booking shows."""
    return kept_page_of(MINE, actor.capacity, "past" if past else "", asked=asked, each=each, now=now, **ids_of(actor))


def write_mine(
    capacity: Capacity, view: str, span: tuple[int, int], now: datetime, person: int, organisation: int | None = None
) -> QuerySet[Booking]:
    """Write the query of a page of an actor's own bookings."""
    rows = list_mine(bare_actor(capacity, person, organisation), past=view == "past", now=now)
    rows = rows.select_related(None).select_related("resource__venue").only(*LINE)
    return rows[span[0] : span[1]]


MINE = KeptQuery(write_mine)


def count_line(rows: QuerySet[Waiting]) -> QuerySet[Waiting]:
    """Number places in line: one more than those before each that would take the same resource at a time it meets."""
    same = Q(resource=OuterRef("resource")) | Q(resource=None)
    everybody = unscoped(Waiting, because="how many stand before it; nothing else of them is shown")
    rivals = everybody.filter(stand_before(), venue=OuterRef("venue"), kind=OuterRef("kind"))
    rivals = rivals.filter(window__overlap=OuterRef("window"))
    any_of_kind = Q(resource__isnull=True)
    before = Case(When(any_of_kind, then=count_rows(rivals)), default=count_rows(rivals.filter(same)))
    rows = rows.annotate(number=before + 1)
    return rows.select_related("venue", "resource", "booking__resource", "person", "for_organization")


def count_rows(rows: QuerySet[Waiting]) -> Coalesce:
    """How many rows an inner query has."""
    counted = rows.order_by().values("venue").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def list_places(actor: Actor) -> list[Waiting]:
    """List the actor's own places in line in this capacity."""
    if not PLACES.rows(actor.capacity, **ids_of(actor)):  # few have any, and to number them is much work to plan
        return []
    found: list[Waiting] = NUMBERED.models(actor.capacity, **ids_of(actor))
    return found


def find_places(capacity: Capacity, person: int, organisation: int | None = None) -> QuerySet[Waiting]:
    """Find a person's places in line."""
    own = Q(person=person, for_organization=organisation)
    return visible(Waiting, to=bare_actor(capacity, person, organisation)).filter(own, stage__in=IN_LINE)


def write_places(capacity: Capacity, **ids: int) -> QuerySet[Any, Any]:
    """Write the query of whether there are any."""
    return find_places(capacity, **ids).order_by().values_list("pk")[:1]


def write_numbered(capacity: Capacity, **ids: int) -> QuerySet[Waiting]:
    """Write the query of them with their numbers."""
    return count_line(find_places(capacity, **ids)).order_by("window", "pk")[:MOST_PLACES]


PLACES, NUMBERED = KeptQuery(write_places), KeptQuery(write_numbered)


def list_line(actor: Actor, venue: Venue, *, words: str = "", kind: str = "", stage: str = "") -> QuerySet[Waiting]:
    """List who waits for something in a venue, the next one first, and what is offered to whom.

    The number in line of each is that among all who wait, whatever the list is narrowed to.
    """
    rows = visible(Waiting, to=actor).filter(own_venues(actor, "venue__"), venue=venue, stage__in=IN_LINE)
    if words:
        whom = Q(for_organization__name__icontains=words) | Q(person__name__icontains=words)
        rows = rows.filter(whom | Q(resource__name__icontains=words) | Q(purpose__icontains=words))
    if kind:
        rows = rows.filter(kind=kind)
    if stage:
        rows = rows.filter(stage=stage)
    return count_line(rows).order_by("-priority", "joined_at", "pk")


DESK_SORTS = {"resource": ("resource__venue__name", "resource__name", "starts", "pk"), "latest": ("-starts", "-pk")}


def list_front_desk(
    actor: Actor, *, day: date | None = None, stage: str = "", venue: int = 0, words: str = "", sort: str = ""
) -> QuerySet[Booking]:
    """List the bookings of the operator's venues, of one day where it is given; by their time unless asked otherwise.

    Words are looked for in what is booked, for whom, and by whom.
    """
    rows = visible(Booking, to=actor).filter(own_venues(actor, "resource__venue__"))
    rows = rows.select_related("resource__venue", "person", "for_organization")
    if day and day.year < MAXYEAR:
        zone = Venue(zone="Asia/Shanghai").clock
        midnight = datetime.combine(day, time(), zone)
        rows = rows.filter(starts__lt=midnight + timedelta(days=1), ends__gt=midnight)
    if stage:
        rows = rows.filter(stage=stage)
    if venue:
        rows = rows.filter(resource__venue=venue)
    if words:
        whom = Q(for_organization__name__icontains=words) | Q(person__name__icontains=words)
        rows = rows.filter(whom | Q(resource__name__icontains=words))
    return rows.order_by(*DESK_SORTS.get(sort, ("starts", "pk")))


def list_admitted(actor: Actor, venue: Venue, *, words: str = "", state: str = "") -> QuerySet[AccessPass]:
    """List who may book what is open to tenants in a venue, the newest first; all, or whose pass holds or is over."""
    rows = visible(AccessPass, to=actor).filter(venue=venue)
    if words:
        whom = Q(for_organization__name__icontains=words) | Q(person__name__icontains=words)
        rows = rows.filter(whom | Q(resource__name__icontains=words))
    return narrow_to_term(rows, state).select_related("for_organization", "person", "resource").order_by("-pk")


def list_trained(actor: Actor, kind: TrainingKind, *, words: str = "", state: str = "") -> QuerySet[Training]:
    """List who holds a training, the latest first; all, or whose training is valid or is over."""
    rows = visible(Training, to=actor).filter(kind=kind)
    rows = rows.filter(email__icontains=words) if words else rows
    return narrow_to_term(rows, state).order_by("-held_on", "pk")


def narrow_to_term(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    """Keep of rows with a last day those that are valid today, or those that are over."""
    over = Q(ends_on__lt=timezone.localdate())
    return rows.filter(over) if state == "over" else rows.exclude(over) if state == "valid" else rows


def clock_of(minute: int) -> str:
    """Write minutes since midnight as a time of the day."""
    return f"{minute // HOUR}:{minute % HOUR:02}"


def list_rates(venue: Venue, *, past: bool = False) -> QuerySet[Rate]:
    """List the prices by the hour of a venue: those that hold or will, or those that are over."""
    over = Q(last__lt=timezone.localdate())
    rows = Rate.objects.filter(venue=venue).select_related("resource")
    rows = rows.filter(over) if past else rows.exclude(over)
    return rows.order_by("group", "kind", "resource", "days", "opens", "-first", "pk")


def list_allowances(venue: Venue, *, past: bool = False) -> QuerySet[Allowance]:
    """List what is free each month in a venue: what holds or will, or what is over."""
    over = Q(last__lt=timezone.localdate().replace(day=1))
    rows = Allowance.objects.filter(venue=venue)
    rows = rows.filter(over) if past else rows.exclude(over)
    return rows.order_by("group", "kind", "-first", "pk")


def list_current_rates(resource: Resource) -> list[Rate]:
    """List what an hour of a resource costs whom today."""
    found: list[Rate] = ask_together(ask_for_current_rates(resource))[0]
    return found


def ask_for_current_rates(resource: Resource) -> Question:
    """Return what is asked for ``list_current_rates``."""
    asked = {"resource": resource.pk, "kind": resource.kind, "venue": resource.venue_id}
    return CURRENT.want_models(today=timezone.localdate(), **asked)


def write_current_rates(today: date, **asked: Any) -> QuerySet[Rate]:
    """Write the query of the rates of a resource that hold on a day."""
    rows = list_rates_of(**asked).filter(hold_on(today)).select_related("resource")
    return rows.order_by("group", "days", "opens", "pk")


CURRENT = KeptQuery(write_current_rates)


def find_venue(actor: Actor, pk: int) -> Venue | None:
    """Find a venue in sight of the actor."""
    found: list[Venue] = VENUE.models(actor.capacity, pk=pk, **ids_of(actor))
    return found[0] if found else None


def write_venue(
    capacity: Capacity, pk: int, person: int | None = None, organisation: int | None = None
) -> QuerySet[Venue]:
    """Write the query of one venue in sight."""
    rows = visible(Venue, to=bare_actor(capacity, person, organisation))
    return rows.filter(pk=pk).order_by().defer("parts")


VENUE = KeptQuery(write_venue)


def page_day(actor: Actor, venue: Venue, asked: str | None, *, each: int) -> Page[Any]:
    """Return a page of what can be booked in a venue."""
    found = kept_page_of(BOOKABLE, actor.capacity, asked=asked, each=each, venue=venue.pk, **ids_of(actor))
    for row in found:
        row.venue = venue
    return found


def write_bookable(
    capacity: Capacity, span: tuple[int, int], venue: int, person: int | None = None, organisation: int | None = None
) -> QuerySet[Resource]:
    """Write the query of a page of what can be booked in a venue."""
    rows = visible(Resource, to=bare_actor(capacity, person, organisation))
    rows = rows.filter(venue=venue, retired_at=None).order_by("kind", "name", "pk").defer("parts")
    return rows[span[0] : span[1]]


BOOKABLE = KeptQuery(write_bookable)


def find_resource(actor: Actor, pk: int) -> Resource | None:
    """Find a resource in sight of the actor, with its venue, place and training."""
    found: list[Resource] = RESOURCE.models(actor.capacity, pk=pk, **ids_of(actor))
    return found[0] if found else None


def write_resource(
    capacity: Capacity, pk: int, person: int | None = None, organisation: int | None = None
) -> QuerySet[Resource]:
    """Write the query of one resource in sight."""
    rows = visible(Resource, to=bare_actor(capacity, person, organisation)).filter(pk=pk).order_by()
    return rows.select_related("venue", "venue__region", "training").defer("parts", "venue__parts")


RESOURCE = KeptQuery(write_resource)


def list_materials(
    actor: Actor, *, words: str = "", venue: int = 0, state: str = "", sort: str = "name"
) -> QuerySet[Material]:
    """List the materials of the operator's venues; those no longer offered only where ``state`` asks for them."""
    rows = visible(Material, to=actor).filter(own_venues(actor, "venue__")).select_related("venue")
    if words:
        rows = rows.filter(name_contains(words))
    if venue:
        rows = rows.filter(venue=venue)
    rows = rows.exclude(retired_at=None) if state == "retired" else rows.filter(retired_at=None)
    if state == "low":
        rows = rows.filter(stock__lte=F("low"))
    return rows.order_by(*(("stock", "name", "pk") if sort == "stock" else ("name", "pk")))


def list_entries(actor: Actor, material: Material) -> QuerySet[StockEntry]:
    """List every movement of a material, the latest first."""
    rows = visible(StockEntry, to=actor).filter(material=material)
    return rows.select_related("for_organization", "person", "reversed_by").order_by("-at", "-pk")


def list_taken(actor: Actor, booking: Booking) -> QuerySet[StockEntry]:
    """List what was taken with a booking."""
    rows = visible(StockEntry, to=actor).filter(booking=booking, act=StockAct.TAKE)
    return rows.select_related("material", "reversed_by").order_by("at", "pk")
