"""By which rules a resource is booked (预约规则): each refusal says which rule it was and what to do."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.booking.contacts import find_phone
from chuangbao.booking.domain.holders import claim_trainings
from chuangbao.booking.enums import HOLDING, Audience, Barrier, ResourceKind
from chuangbao.booking.models import AccessPass, Booking, Training
from chuangbao.booking.permissions import may_serve
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.kept_queries import NOTHING, KeptQuery, ask_together, is_one_of
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from zoneinfo import ZoneInfo

    from django.db.models import QuerySet

    from chuangbao.booking.domain.schedules import Span
    from chuangbao.booking.models import Resource
    from chuangbao.core.access.actors import Actor
    from chuangbao.core.kept_queries import Question

__all__ = [
    "Usage",
    "ask_for_usage",
    "check_quota",
    "check_rules",
    "check_time",
    "check_who",
    "draw_usages",
    "earliest_start",
    "first_start",
    "has_pass",
    "name_barrier",
    "read_usage",
    "span_words",
]

A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=8)  # of one that an hour of the clock makes longer
HOUR, DAY = 60, 1440  # minutes
WHY = "whether the actor may book"


def span_words(starts: datetime, ends: datetime, resource: Resource) -> str:
    """Put a time into words, in the venue's time zone."""
    zone = resource.venue.clock
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    until = f"{last:%H:%M}" if last.date() == first.date() else f"{day_words(last.date())} {last:%H:%M}"
    return f"{day_words(first.date())} {first:%H:%M}–{until}"


def spans_words(spans: list[Span], resource: Resource) -> str:
    """Put several times into words."""
    return _("; ").join(span_words(*span, resource) for span in spans)


def earliest_start(actor: Actor, resource: Resource) -> datetime:
    """Return the first moment at which a booking made now may begin."""
    ahead = 0 if may_serve.test(actor, resource) else resource.notice_minutes
    return timezone.now() + timedelta(minutes=ahead)


def first_start(resource: Resource) -> datetime:
    """Return from when on a booking made now may begin: after the notice, or without one with the step that runs."""
    if resource.notice_minutes:
        return timezone.now() + timedelta(minutes=resource.notice_minutes)
    return timezone.now() - timedelta(minutes=resource.slot_minutes) + timedelta.resolution


def has_pass(actor: Actor, resource: Resource) -> bool:
    """Whether the actor is a tenant of the venue or, for what is open to a list, on it."""
    asked = {"person": actor.person_id, "resource": resource.pk if resource.audience == Audience.LISTED else None}
    asked["organisation"] = actor.organisation_id if actor.capacity is Capacity.MEMBER else None
    given: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    return bool(PASSES.rows(venue=resource.venue_id, today=timezone.localdate(), **given))


def write_own_pass(
    venue: int, today: date, person: int | None = None, resource: int | None = None, organisation: int | None = None
) -> QuerySet[AccessPass, tuple[Any, ...]]:
    """Write the query of whether a person, or an organisation, has a pass to a venue, or to one resource."""
    rows = unscoped(AccessPass, because=WHY).filter(venue=venue)
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=today), begins_on__lte=today)
    rows = rows.filter(resource=resource) if resource is not None else rows
    own = Q(person=person) if person is not None else Q(pk__in=[])
    own |= Q(for_organization=organisation) if organisation is not None else Q(pk__in=[])
    return rows.filter(own).order_by().values_list("pk")[:1]


PASSES = KeptQuery(write_own_pass)


def check_who(actor: Actor, resource: Resource, person: int | None = None) -> None:
    """Let those through to whom the resource is open, with the training that it needs.

    ``person`` is who uses it, where that is not who acts. Raises Refused: closed, not_for_you, training_needed.
    """
    if resource.retired_at is not None or not resource.venue.is_open:
        raise Refused("closed", _("This can no longer be booked. Search for another one."))
    if may_serve.test(actor, resource):
        return
    if resource.audience != Audience.PUBLIC and not has_pass(actor, resource):
        raise Refused("not_for_you", not_for_you_words(resource))
    check_training(person or actor.person_id, resource)


def check_training(person: int | None, resource: Resource) -> None:
    """Let a person through who holds the training today. Raises Refused: training_needed."""
    kind = resource.training
    if kind is None:
        return
    rows = unscoped(Training, because=WHY).filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()), kind=kind)
    own = rows.filter(person=person)
    if person is None or not (own.exists() or (claim_trainings(person) and own.exists())):
        raise Refused("training_needed", training_words(resource))


def name_barrier(barrier: Barrier, resource: Resource) -> str:
    """Say what keeps an actor from booking a resource, and what to do."""
    return training_words(resource) if barrier is Barrier.TRAINING else not_for_you_words(resource)


def not_for_you_words(resource: Resource) -> str:
    """Say that a resource is for tenants or a list, and whom to ask."""
    words = _("Only tenants, or those on its list, book this. Ask the venue to admit you.")
    return words + phone_words(resource)


def training_words(resource: Resource) -> str:
    """Say which training a resource asks for, and how it is got."""
    kind = resource.training
    how = (kind.how if kind else "") or _("Ask the venue when it is held next.") + phone_words(resource)
    words = _("You need the training “%(name)s” that is valid today before you use this. %(how)s")
    return words % {"name": kind.name if kind else "", "how": how}


def phone_words(resource: Resource) -> str:
    """Say under which number the venue is asked; nothing where none is known."""
    phone = find_phone(resource.venue_id)
    return _(" Telephone: %(phone)s.") % {"phone": phone} if phone else ""


@dataclass
class Usage:
    """When a person has a resource, for its minutes of a week; what is granted on the way counts for what follows."""

    zone: ZoneInfo
    spans: list[Span] = field(default_factory=list)
    by_week: dict[date, timedelta] = field(default_factory=lambda: defaultdict(timedelta), init=False)
    """How long the times are that begin in a week, by its Monday."""

    def __post_init__(self) -> None:
        """Count what is given."""
        for starts, ends in self.spans:
            self.by_week[self.week_of(starts)] += ends - starts

    def hold(self, starts: datetime, ends: datetime) -> None:
        """Count a time from now on."""
        self.spans.append((starts, ends))
        self.by_week[self.week_of(starts)] += ends - starts

    def week_of(self, moment: datetime) -> date:
        """Return the Monday of a moment."""
        day = moment.astimezone(self.zone).date()
        return day - timedelta(days=day.weekday())

    def used_in_week(self, moment: datetime) -> timedelta:
        """Return how long the times are that begin in the week of a moment, Monday to Sunday."""
        return self.by_week.get(self.week_of(moment), timedelta())


def read_usage(person: int | None, resource: Resource, window: Span, *, without: Collection[int] = ()) -> Usage:
    """Read what a person has of a resource in the weeks of a window, without some bookings (by their ids); one query.

    None at all where the resource has no minutes of a week.
    """
    asked = ask_for_usage(person, [resource], window, without=without)
    return draw_usages([resource], *ask_together(asked))[resource.pk]


def ask_for_usage(
    person: int | None, resources: Iterable[Resource], window: Span, *, without: Collection[int] = ()
) -> Question:
    """Return what is asked for what a person has of some resources in the weeks of a window.

    No more than these weeks are read: who has booked for years is judged as fast as who books for the first time.
    """
    limited = [row.pk for row in resources if row.weekly_minutes]
    if not limited or person is None:
        return NOTHING
    less = {"without": sorted(without)} if without else {}
    since, until = window[0] - A_WEEK, window[1] + A_WEEK
    return USED.want_rows(resources=limited, person=person, since=since, until=until, **less)


def draw_usages(resources: Iterable[Resource], held: list[tuple[int, datetime, datetime]]) -> dict[int, Usage]:
    """Return the same from the answer to ``ask_for_usage``."""
    found = {row.pk: Usage(row.venue.clock) for row in resources}
    for pk, starts, ends in held:
        found[pk].hold(starts, ends)
    return found


def list_used(
    resources: list[int], person: int, since: datetime, until: datetime, without: list[int] | None = None
) -> QuerySet[Booking, tuple[Any, ...]]:
    """Write the query of what a person has of some resources between two moments, without some bookings."""
    rows = unscoped(Booking, because=WHY).filter(is_one_of("resource", resources), person=person, stage__in=HOLDING)
    rows = rows.filter(starts__gte=since, starts__lt=until)
    rows = rows.exclude(is_one_of("pk", without)) if without else rows
    return rows.order_by("starts").values_list("resource", "starts", "ends")


USED = KeptQuery(list_used)


def check_rules(
    actor: Actor, resource: Resource, starts: datetime, ends: datetime, people: int = 1, *, usage: Usage | None = None
) -> None:
    """Hold a wish against the rules of its resource; the front desk is free of notice, length, horizon and quota.

    The one place for single bookings, series, moves and offers: these give what their person has beside the wish as
    ``usage`` (``read_usage``); without it that of the actor is read. Who judges many times asks once whether the
    actor serves there, then ``check_time`` and ``check_quota``. Raises Refused as these two do.
    """
    serves = may_serve.test(actor, resource)
    check_time(resource, starts, ends, people, serves=serves)
    if resource.weekly_minutes and not serves:
        check_quota(usage or read_usage(actor.person_id, resource, (starts, ends)), resource, starts, ends)


def check_time(resource: Resource, starts: datetime, ends: datetime, people: int = 1, *, serves: bool) -> None:
    """Hold a wish against all rules but the quota, of which nothing need be read.

    Raises Refused: ends_before_start (ends), past (starts), after_last_day (starts or ends), odd_times (starts),
    too_many_people (people) and, where the actor does not serve there, what ``check_limits`` does.
    """
    if ends <= starts:
        raise Refused("ends_before_start", _("It must end after it begins."), field="ends")
    if ends <= timezone.now():
        raise Refused("past", _("This time is over. Choose one to come."), field="starts")
    check_last_day(resource, starts, ends)
    check_steps(resource, starts, ends)
    if resource.kind == ResourceKind.ROOM and people > resource.capacity:
        words = _("This room takes %(n)d people. Choose a larger one.") % {"n": resource.capacity}
        raise Refused("too_many_people", words, field="people")
    if not serves:
        check_limits(resource, starts, ends)


def check_last_day(resource: Resource, starts: datetime, ends: datetime) -> None:
    """Let times through that end by the announced last day of the venue. Raises Refused: after_last_day."""
    venue = resource.venue
    if venue.last_day is None:
        return
    closing = datetime.combine(venue.last_day + A_DAY, time(), venue.clock)
    if ends > closing:
        words = _("The venue closes for good; its last day is %(day)s. Choose a time until then, or another venue.")
        message = words % {"day": day_words(venue.last_day)}
        raise Refused("after_last_day", message, field="starts" if starts >= closing else "ends")


def check_steps(resource: Resource, starts: datetime, ends: datetime) -> None:
    """Let times through that are on the steps of the resource. Raises Refused: odd_times (starts)."""
    step = timedelta(minutes=resource.slot_minutes)
    for moment in (starts, ends):
        local = moment.astimezone(resource.venue.clock)
        midnight = datetime.combine(local.date(), time(), resource.venue.clock)
        if (local - midnight) % step:
            raise Refused("odd_times", step_words(resource.slot_minutes), field="starts")


def step_words(minutes: int) -> str:
    """Say on which steps a resource is booked: whole days, whole hours, or minutes."""
    if minutes == DAY:
        return _("Book whole days: from 0:00 until 0:00 of a later day.")
    if minutes == HOUR:
        return _("Begin and end on the hour, such as 9:00 and 10:00.")
    return _("Begin and end on steps of %(n)d minutes.") % {"n": minutes}


def check_limits(resource: Resource, starts: datetime, ends: datetime) -> None:
    """Hold a wish of who does not serve there against notice, length and horizon.

    Where no notice is asked for, a step that has begun may still be booked by who walks in.
    Raises Refused: too_short_notice (starts), too_long (ends), too_far (starts or ends).
    """
    if starts < first_start(resource):
        words = _("This has begun already. Choose a time to come.")
        if resource.notice_minutes:
            words = _("Book this at least %(n)d minutes ahead.") % {"n": resource.notice_minutes}
        raise Refused("too_short_notice", words, field="starts")
    if resource.max_minutes and ends - starts > timedelta(minutes=resource.max_minutes):
        words = _("Book this for at most %(n)d minutes.") % {"n": resource.max_minutes}
        raise Refused("too_long", words, field="ends")
    last = timezone.now() + timedelta(days=resource.horizon_days)
    if starts > last or ends > last + A_DAY:
        words = _("Book this at most %(n)d days ahead.") % {"n": resource.horizon_days}
        raise Refused("too_far", words, field="starts" if starts > last else "ends")


def check_quota(usage: Usage, resource: Resource, starts: datetime, ends: datetime) -> None:
    """Keep a person within the minutes of a week, Monday to Sunday, where there are any. Raises Refused: quota."""
    used = usage.used_in_week(starts)
    if resource.weekly_minutes and used + (ends - starts) > timedelta(minutes=resource.weekly_minutes):
        words = _("You may use this %(n)d minutes a week, and %(used)d of them are booked.")
        raise Refused("quota", words % {"n": resource.weekly_minutes, "used": used // timedelta(minutes=1)})
