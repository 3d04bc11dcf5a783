"""Venues (场所) that go on: under another operator, or after they were closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from chuangbao.booking.domain.venues import permit_keeping, save_named
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.transitions import lock_row

if TYPE_CHECKING:
    from chuangbao.accounts.models import Organisation
    from chuangbao.booking.models import Venue
    from chuangbao.core.access.actors import Actor

__all__ = ["hand_on_venue", "reopen_venue"]


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
    row.is_open, row.closed_at, row.name = True, None, name
    save_named(row, name)
    record(actor, "booking.update_venue", row, data={"open": True})
    return row
