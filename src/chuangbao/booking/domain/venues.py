"""Venues (场所): registering, changing and closing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.booking.domain.bookings import call_off_upcoming
from chuangbao.booking.domain.locks import lock_resources
from chuangbao.booking.domain.waiting import end_line, list_ended
from chuangbao.booking.models import Resource, Venue
from chuangbao.booking.permissions import may_keep_venues
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.regions import local_places
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row

if TYPE_CHECKING:
    from chuangbao.accounts.models import Organisation
    from chuangbao.core.access.actors import Actor
    from chuangbao.core.models import Region

__all__ = ["OFFER_MINUTES", "close_venue", "create_venue", "permit_keeping", "update_venue"]

CHANGES = frozenset({"name", "region", "address", "directions", "offer_minutes"})
OFFER_MINUTES = (5, 10080)
"""What of a venue can be changed."""


def permit_keeping(actor: Actor, row: Any) -> None:
    """Let the system through, and managers of the organisation of a venue or resource.

    Raises Forbidden for everybody else.
    """
    if actor.capacity is not Capacity.SYSTEM:
        permit(may_keep_venues, actor=actor, row=row)


def check_place(region: Region | str) -> str:
    """Return the code of a region of this installation. Raises Refused: no_place (region)."""
    code = region if isinstance(region, str) else region.pk
    if code not in {unit.code for unit in local_places()}:
        raise Refused("no_place", _("Choose the place where the venue is."), field="region")
    return code


def check_term(minutes: int) -> int:
    """Return for how long an offer is held. Raises Refused: out_of_range (offer_minutes)."""
    least, most = OFFER_MINUTES
    if not least <= minutes <= most:
        words = _("Give a number from %(least)d to %(most)d.") % {"least": least, "most": most}
        raise Refused("out_of_range", words, field="offer_minutes")
    return minutes


def check_texts(**texts: str) -> dict[str, str]:
    """Return texts without blanks around them. Raises Refused: <name>_needed (name) for the first empty one."""
    cut = {name: text.strip() for name, text in texts.items()}
    for name, text in cut.items():
        if not text:
            raise Refused(f"{name}_needed", _("Please fill this in."), field=name)
    return cut


def save_named(row: Any, message: str) -> None:
    """Save a row whose name is unique among its neighbours. Raises Refused: name_taken (name)."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as collision:
        if "named_once" not in str(collision):
            raise
        raise Refused("name_taken", message, field="name") from collision


@transaction.atomic
def create_venue(
    *,
    actor: Actor,
    organization: Organisation,
    name: str,
    region: Region | str,
    address: str,
    directions: str = "",
) -> Venue:
    """Register a venue (场所) of an organisation, open at once.

    Raises Forbidden where the actor does not manage the organisation; Refused: name_needed (name), address_needed
    (address), no_place (region), name_taken (name).
    """
    row = Venue(organization=organization, directions=directions.strip())
    permit_keeping(actor, row)
    texts = check_texts(name=name, address=address)
    row.name, row.address, row.region_id = texts["name"], texts["address"], check_place(region)
    save_named(row, _("There is an open venue of this name already. Choose another name."))
    record(actor, "booking.create_venue", row)
    return row


@transaction.atomic
def update_venue(*, actor: Actor, venue: Venue, **changes: Any) -> Venue:
    """Change name, region, address, directions or the term of offers of an open venue.

    Raises Forbidden, TypeError for another field, and Refused as ``create_venue`` does, further out_of_range
    (offer_minutes), venue_closed, gone.
    """
    if unknown := set(changes) - CHANGES:
        raise TypeError(f"a venue has no {', '.join(sorted(unknown))} to change")
    row = lock_open(venue, actor)
    required = check_texts(**{name: changes[name] for name in ("name", "address") if name in changes})
    for name, text in required.items():
        setattr(row, name, text)
    if "region" in changes:
        row.region_id = check_place(changes["region"])
    if "directions" in changes:
        row.directions = changes["directions"].strip()
    if "offer_minutes" in changes:
        row.offer_minutes = check_term(changes["offer_minutes"])
    save_named(row, _("There is an open venue of this name already. Choose another name."))
    if "region" in changes:
        unscoped(Resource, because="they go along with their venue").filter(venue=row).update(area=row.region_id)
    record(actor, "booking.update_venue", row)
    return row


def lock_open(venue: Venue, actor: Actor) -> Venue:
    """Lock an open venue for its operator. Raises Forbidden; Refused: venue_closed, gone."""
    row = lock_row(venue)
    permit_keeping(actor, row)
    if not row.is_open:
        raise Refused("venue_closed", _("This venue is closed. Nothing of it can be changed any more."))
    return row


@transaction.atomic
def close_venue(*, actor: Actor, venue: Venue) -> Venue:
    """Close a venue: nothing of it can be booked from now on; what was is called off, and people are noticed.

    Raises Forbidden; Refused: venue_closed, gone.
    """
    resources = list(unscoped(Resource, because="all of the venue").filter(venue=venue).values_list("pk", flat=True))
    lock_resources(*resources)
    row = lock_open(venue, actor)
    call_off_upcoming(actor=actor, resources=resources, reason=_("The venue is closed."))
    row.is_open, row.closed_at = False, timezone.now()
    row.save(update_fields=["is_open", "closed_at"])
    end_line(list_ended(venue=row))
    record(actor, "booking.close_venue", row)
    return row
