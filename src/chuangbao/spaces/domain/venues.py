"""The venue (场所) of each site, where its desks, rooms and machines can be booked: it goes along with the site.

The system keeps it, whoever wrote the site: a clerk who registers a space may not keep venues alone.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from chuangbao.booking.domain.handing import announce_last_day, hand_on_venue, reopen_venue
from chuangbao.booking.domain.hours import read_spoken_week, set_hours
from chuangbao.booking.domain.venues import close_venue, create_venue, update_venue
from chuangbao.booking.enums import PENDING
from chuangbao.booking.models import Booking, Resource, Venue
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.spaces.models import Site

if TYPE_CHECKING:
    from chuangbao.accounts.models import Organisation
    from chuangbao.spaces.models import Space

__all__ = ["carry_venues", "count_late_bookings", "count_resources", "count_upcoming_bookings", "follow_site"]

WHY = "the venues of a space, which go along with its sites"
LONGEST = 120


def name_venue(site: Site, organisation: int) -> str:
    """Return the name of a site's venue: that of the space and of the site, with a number where it is taken."""
    name = " · ".join(filter(None, (site.space.name, site.name)))[: LONGEST - 12]
    others = unscoped(Venue, because=WHY).filter(organization=organisation, name=name, is_open=True)
    return f"{name} {site.pk}" if others.exclude(pk=site.venue_id or 0).exists() else name


def follow_site(site: Site) -> None:
    """Make the venue of a site, or bring it up to what the site says; close it where the site was given up."""
    space = site.space
    if site.venue is not None and not site.venue.is_open:
        return  # its keepers have closed it: what the site says is no longer theirs to follow
    said = {"region": site.region_id, "address": site.address, "directions": site.route}
    if site.venue is None:
        name = name_venue(site, space.operator_id)
        site.venue = create_venue(actor=SYSTEM, organization=space.operator, name=name, **said)
        site.save(update_fields=["venue"])
        set_typed_hours(site)
    elif site.until is not None:
        close_venue(actor=SYSTEM, venue=site.venue)
    else:
        update_venue(actor=SYSTEM, venue=site.venue, name=name_venue(site, space.operator_id), **said)
    if site.until is None:
        say_last_day(site)


def set_typed_hours(site: Site) -> None:
    """Let the hours that were typed of a space bind at the venue of its first site, where they can be read."""
    others = unscoped(Site, because=WHY).filter(space=site.space, venue__isnull=False).exclude(pk=site.pk)
    week = read_spoken_week(site.space.hours)
    if week and site.venue is not None and not others.exists():
        set_hours(actor=SYSTEM, venue=site.venue, week=week)


def say_last_day(site: Site) -> None:
    """Let the open venue of a site know the announced last day of its space, or that there is none."""
    if site.venue is not None and site.venue.is_open and site.venue.last_day != site.space.closes_on:
        announce_last_day(actor=SYSTEM, venue=site.venue, last_day=site.space.closes_on)


def carry_venues(space: Space, verb: str) -> None:
    """Let the venues of a space follow when its last day is said, it closes, opens again or changes hands.

    Merged sites keep theirs.
    """
    for site in unscoped(Site, because=WHY).filter(space=space, until=None).select_related("venue", "space__operator"):
        if site.venue is None:
            continue
        if verb == "close" and site.venue.is_open:
            close_venue(actor=SYSTEM, venue=site.venue)
        elif verb == "reopen" and not site.venue.is_open:
            reopen_venue(actor=SYSTEM, venue=site.venue, name=name_venue(site, space.operator_id))
        elif verb == "handed_on":
            hand_on(site, space.operator)
        elif verb == "announce":
            say_last_day(site)


def hand_on(site: Site, to: Organisation) -> None:
    """Give the venue of a site to the new operator of its space."""
    if site.venue is not None:
        hand_on_venue(actor=SYSTEM, venue=site.venue, to=to, name=name_venue(site, to.pk))


def count_upcoming_bookings(space: Space) -> int:
    """Return how many bookings of a space are still to come; closing it calls them off."""
    rows = unscoped(Booking, because=WHY).filter(stage__in=PENDING, starts__gt=timezone.now())
    return rows.filter(resource__venue__site__space=space, resource__venue__site__until=None).count()


def count_late_bookings(space: Space) -> int:
    """Return how many bookings of a space end after its announced last day; closing it calls them off."""
    if space.closes_on is None:
        return 0
    closing = timezone.make_aware(datetime.combine(space.closes_on + timedelta(days=1), time()))
    rows = unscoped(Booking, because=WHY).filter(stage__in=PENDING, ends__gt=closing)
    return rows.filter(resource__venue__site__space=space, resource__venue__site__until=None).count()


def count_resources(space: Space) -> int:
    """Return how many desks, rooms and machines of a space can be booked."""
    rows = unscoped(Resource, because=WHY).filter(retired_at=None, venue__is_open=True)
    return rows.filter(venue__site__space=space, venue__site__until=None).count()
