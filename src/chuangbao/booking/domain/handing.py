"""Venues (场所) that go on: until an announced day, under another operator, or after they were closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from chuangbao.booking.domain.venues import lock_open, permit_keeping, save_named
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.transitions import lock_row

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.accounts.models import Organisation
    from chuangbao.booking.models import Venue
    from chuangbao.core.access.actors import Actor

__all__ = ["announce_last_day", "hand_on_venue", "reopen_venue"]


@transaction.atomic
def announce_last_day(*, actor: Actor, venue: Venue, last_day: date | None) -> Venue:
    """Announce after which day an open venue is closed for good, so that no time after it is given; None takes it back.

    What is booked after it stays until the venue is closed. Raises Forbidden; Refused: venue_closed, gone.
    """
    row = lock_open(venue, actor)
    row.last_day = last_day
    row.save(update_fields=["last_day"])
    record(actor, "booking.update_venue", row, data={"last_day": str(last_day or "")})
    return row


@transaction.atomic
def hand_on_venue(*, actor: Actor, venue: Venue, to: Organisation, name: str) -> Venue:
    """Give a venue to another organisation, with all that is booked there, under a name that is free with it.

    Raises Forbidden; Refused: name_taken (name), gone.
    """
    row = lock_row(venue)
    permit_keeping(actor, row)
    row.organization, row.name = to, name
    save_named(row, name)
    record(actor, "booking.update_venue", row, data={"to": to.pk})
    return row


@transaction.atomic
def reopen_venue(*, actor: Actor, venue: Venue, name: str) -> Venue:
    """Open a closed venue again under a name that is free; what was called off stays called off.

    Raises Forbidden; Refused: name_taken (name), gone.
    """
    row = lock_row(venue)
    permit_keeping(actor, row)
    row.is_open, row.closed_at, row.last_day, row.name = True, None, None, name
    save_named(row, name)
    record(actor, "booking.update_venue", row, data={"open": True})
    return row
