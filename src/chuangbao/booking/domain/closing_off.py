"""Closing off (停用时段): many resources at once for a time, once each.

What is booked then is listed first, then called off; what is closed off in part is listed first, then made one with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from chuangbao.booking.domain.bookings import call_off
from chuangbao.booking.domain.limits import refuse_beyond
from chuangbao.booking.domain.locks import lock_resources
from chuangbao.booking.domain.venues import lock_open
from chuangbao.booking.domain.waiting import offer_free_time
from chuangbao.booking.enums import PENDING
from chuangbao.booking.models import FOREIGN, Booking, Busy, Resource
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from chuangbao.booking.domain.schedules import Span
    from chuangbao.booking.models import Venue
    from chuangbao.core.access.actors import Actor

__all__ = ["LONGEST_REASON", "close_off", "list_clashes", "list_overlaps", "open_again"]

BETWEEN = re.compile("[;；]")
LONGEST_REASON = 120
"""How many characters the reason of a time has."""


def list_clashes(resources: Collection[int], starts: datetime, ends: datetime) -> list[Booking]:
    """List what is asked for or booked of some resources and touches a time."""
    rows = unscoped(Booking, because="what the operator's act would end").filter(resource__in=resources)
    rows = rows.filter(stage__in=PENDING, blocked__overlap=DateTimeTZRange(starts, ends))
    return list(rows.select_related("resource__venue", "person", "for_organization").order_by("starts", "pk"))


def list_overlaps(resources: Collection[int], starts: datetime, ends: datetime) -> list[Busy]:
    """List what of some resources is closed off already and meets a time; not what an imported calendar says."""
    rows = Busy.objects.filter(resource__in=resources, period__overlap=DateTimeTZRange(starts, ends))
    return list(rows.exclude(reason=FOREIGN).select_related("resource").order_by("period", "pk"))


@transaction.atomic
def close_off(
    *, actor: Actor, venue: Venue, resources: Collection[int], span: Span, reason: str, confirmed: bool = False
) -> tuple[list[Busy], int]:
    """Close resources of a venue off for a time; the rows made, and how many bookings were called off.

    What is closed off all that time already stays as it is; what is so in part becomes one with it, with both reasons.
    Raises Forbidden; Refused: venue_closed, ends_before_start (ends), too_far (last_day), reason_needed (reason),
    no_resources (resources), closed_already (resources), too_many_reasons (reason), gone; where ``confirmed`` does not
    say that they were seen: clashes where something is booked then, overlaps where some of it is closed off.
    """
    lock_resources(*resources)
    row, (starts, ends) = lock_open(venue, actor), span
    if ends <= starts:
        raise Refused("ends_before_start", _("It must end after it begins."), field="ends")
    refuse_beyond(ends.astimezone(row.clock).date(), "last_day")
    if not reason.strip():
        raise Refused("reason_needed", _("Please fill this in."), field="reason")
    own = unscoped(Resource, because="of the operator's venue").filter(venue=row, pk__in=resources, retired_at=None)
    chosen = list(own.order_by("pk"))
    if not chosen:
        raise Refused("no_resources", _("Choose at least one resource."), field="resources")
    chosen = leave_out_closed(chosen, span)
    clashes = list_clashes([one.pk for one in chosen], starts, ends)
    overlaps = list_overlaps([one.pk for one in chosen], starts, ends)
    if not confirmed:
        refuse_unseen(len(clashes), len(overlaps))
    for clash in clashes:
        call_off(clash, actor, reason.strip())
    made = [merge_times(one, span, reason.strip(), overlaps) for one in chosen]
    Busy.objects.filter(pk__in=[one.pk for one in overlaps]).delete()
    Busy.objects.bulk_create(made)
    data = {"resources": len(made), "bookings": len(clashes), "merged": len(overlaps)}
    record(actor, "booking.close_off", row, reason=reason.strip(), data=data)
    return made, len(clashes)


def refuse_unseen(clashes: int, overlaps: int) -> None:
    """Let through where nothing is in the way. Raises Refused: clashes, overlaps."""
    if clashes:
        words = _("%(n)d bookings are in this time. Look at them, then confirm.") % {"n": clashes}
        raise Refused("clashes", words)
    if overlaps:
        words = _("%(n)d times that are closed off meet this one. Look at them, then confirm: they become one.")
        raise Refused("overlaps", words % {"n": overlaps})


def leave_out_closed(chosen: list[Resource], span: Span) -> list[Resource]:
    """Return those that are not closed off all that time. Raises Refused: closed_already (resources) for none."""
    rows = Busy.objects.filter(resource__in=chosen, period__contains=DateTimeTZRange(*span))
    closed = set(rows.values_list("resource", flat=True))
    left = [one for one in chosen if one.pk not in closed]
    if not left:
        words = _("This is closed off for all that time already. Look at the list below.")
        raise Refused("closed_already", words, field="resources")
    return left


def merge_times(resource: Resource, span: Span, reason: str, overlaps: list[Busy]) -> Busy:
    """Make one time of a resource of a new one and those that it meets, with the reasons of all.

    Raises Refused: too_many_reasons (reason), where they are too long together.
    """
    met = [one for one in overlaps if one.resource_id == resource.pk]
    lower = min([span[0], *(one.period.lower for one in met)])
    upper = max([span[1], *(one.period.upper for one in met)])
    said = [*(one.reason for one in met), reason]
    words = _("; ").join(dict.fromkeys(part.strip() for whole in said for part in BETWEEN.split(whole)))
    if len(words) > LONGEST_REASON:
        message = _("Together with the reasons below it is too long. Write it in fewer words, or remove those first.")
        raise Refused("too_many_reasons", message, field="reason")
    return Busy(resource=resource, period=DateTimeTZRange(lower, upper), reason=words)


@transaction.atomic
def open_again(*, actor: Actor, busy: Busy) -> None:
    """Let a resource be booked again in a time that was closed off, first by those who wait for it.

    Raises Forbidden; Refused: venue_closed, gone.
    """
    lock_resources(busy.resource_id)
    row = lock_open(busy.resource.venue, actor)
    resource = busy.resource_id
    lock_row(busy).delete()
    record(actor, "booking.open_again", row)
    offer_free_time(resource)
