"""Prices of groups (分组价格) and what is free each month (每月免费时长): set from a day on, ended, never changed.

Bookings that were made keep what they were priced at.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.booking.domain.locks import lock_allowances
from chuangbao.booking.domain.venues import lock_open
from chuangbao.booking.enums import HolderGroup, RateDays, ResourceKind
from chuangbao.booking.models import Allowance, Rate
from chuangbao.booking.models.hours import DAY
from chuangbao.core.audit.log import record
from chuangbao.core.localization.money import yuan
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row

if TYPE_CHECKING:
    from chuangbao.booking.models import Resource, Venue
    from chuangbao.core.access.actors import Actor

__all__ = ["MOST_MINUTES", "end_allowance", "end_rate", "hold_on", "set_allowance", "set_rate"]

A_DAY = timedelta(days=1)
DEAREST, MOST_MINUTES = Decimal(1_000_000), 44_640
"""The dearest hour in yuan, and the minutes of the longest month."""


def hold_on(day: date) -> Q:
    """Rates that hold on a day."""
    return Q(first__lte=day) & (Q(last=None) | Q(last__gte=day))


@transaction.atomic
def set_rate(*, actor: Actor, venue: Venue, price: Decimal, first: date, **asked: Any) -> Rate:
    """Ask a price by the hour from a day on; what was asked for the same until then ends the day before.

    ``asked`` holds resource or kind, group, days, and opens and closes in minutes since midnight; empty is all.
    Raises Forbidden; Refused: venue_closed, gone, out_of_range (price), no_kind (kind), no_group (group), odd_times
    (closes), no_resource (resource), one_of_both (kind), said_already (first).
    """
    row = lock_open(venue, actor)
    if not 0 <= price <= DEAREST:
        raise Refused("out_of_range", _("Give a price from 0 to 1,000,000 yuan."), field="price")
    same = check_target(row, asked) | {"group": asked.get("group", ""), "days": asked.get("days", RateDays.EVERY)}
    if same["group"] not in {"", *HolderGroup.values} or same["days"] not in RateDays.values:
        raise Refused("no_group", _("Choose for whom it is."), field="group")
    opens, closes = asked.get("opens") or 0, DAY if asked.get("closes") is None else asked["closes"]
    if not 0 <= opens < closes <= DAY:
        raise Refused("odd_times", _("It must end after it begins."), field="closes")
    same |= {"opens": opens, "closes": closes}
    Rate.objects.filter(hold_on(first), venue=row, first__lt=first, **same).update(last=first - A_DAY)
    made = Rate(venue=row, price_per_hour=yuan(price), first=first, **same)
    keep_once(made)
    record(actor, "booking.set_rate", made, data={"venue": row.pk, "price": str(made.price_per_hour)})
    return made


def check_target(venue: Venue, asked: dict[str, Any]) -> dict[str, Any]:
    """Return what a price is for. Raises Refused: no_kind, one_of_both (kind), no_resource (resource)."""
    resource: Resource | None = asked.get("resource")
    kind = asked.get("kind", "")
    if kind not in {"", *ResourceKind.values}:
        raise Refused("no_kind", _("Choose what kind of resource it is."), field="kind")
    if resource is not None and resource.venue_id != venue.pk:
        raise Refused("no_resource", _("Choose a resource of this venue."), field="resource")
    if resource is not None and kind:
        raise Refused("one_of_both", _("Choose a kind or one resource, not both."), field="kind")
    return {"resource": resource, "kind": kind}


def keep_once(made: Rate | Allowance) -> None:
    """Save what holds from a day on. Raises Refused: said_already (first)."""
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as clash:
        words = _("The same is said already for this day or a later one. Choose a later day, or end that first.")
        raise Refused("said_already", words, field="first") from clash


@transaction.atomic
def end_rate(*, actor: Actor, rate: Rate, last: date) -> Rate:
    """Let a price hold until a day, that day included; bookings that were made keep it.

    Raises Forbidden; Refused: venue_closed, gone, before_start (last).
    """
    lock_open(rate.venue, actor)  # first, as who asks a new price does, which ends this one
    row = lock_row(rate)
    if last < row.first or (row.last is not None and last > row.last):
        raise Refused("before_start", _("Choose a day on which this price holds."), field="last")
    row.last = last
    row.save(update_fields=["last"])
    record(actor, "booking.end_rate", row)
    return row


def month_of(day: date) -> date:
    """Return the first day of the month of a day."""
    return day.replace(day=1)


@transaction.atomic
def set_allowance(*, actor: Actor, venue: Venue, group: str, minutes: int, first: date, kind: str = "") -> Allowance:
    """Let so many minutes be free each month for each holder of a group, from the month of a day on.

    What was free for the same before ends with the month before. Raises Forbidden; Refused: venue_closed, gone,
    out_of_range (minutes), no_kind (kind), no_group (group), month_over (first), said_already (first).
    """
    row = lock_open(venue, actor)
    if not 1 <= minutes <= MOST_MINUTES:
        words = _("Give a number from %(least)d to %(most)d.") % {"least": 1, "most": MOST_MINUTES}
        raise Refused("out_of_range", words, field="minutes")
    check_target(row, {"kind": kind})
    if group not in HolderGroup.values:
        raise Refused("no_group", _("Choose for whom it is."), field="group")
    month, this = month_of(first), month_of(timezone.localdate())
    if month < this:
        raise Refused("month_over", _("This month is over. Choose this month or a later one."), field="first")
    lock_allowances(row.pk)
    before = Allowance.objects.filter(hold_on(month), venue=row, group=group, kind=kind, first__lt=month)
    before.update(last=month_of(month - A_DAY))
    made = Allowance(venue=row, group=group, kind=kind, minutes=minutes, first=month)
    keep_once(made)
    record(actor, "booking.set_allowance", made, data={"venue": row.pk, "minutes": minutes})
    return made


@transaction.atomic
def end_allowance(*, actor: Actor, allowance: Allowance, last: date) -> Allowance:
    """Let minutes be free until a month, that month included; what bookings have used of later months stays theirs.

    Raises Forbidden; Refused: venue_closed, gone, before_start (last).
    """
    lock_open(allowance.venue, actor)
    row = lock_row(allowance)
    month = month_of(last)
    if month < row.first or (row.last is not None and month > row.last):
        raise Refused("before_start", _("Choose a month in which this holds."), field="last")
    row.last = month
    row.save(update_fields=["last"])
    record(actor, "booking.end_allowance", row)
    return row
