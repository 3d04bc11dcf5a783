"""What of booking waits on the workbench, and the ways to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.booking.enums import BookingStage
from chuangbao.booking.models import Booking, Material, OpeningHours, Resource, Venue, Waiting
from chuangbao.booking.permissions import may_book, may_keep_venues, may_serve
from chuangbao.booking.scopes import own_venues
from chuangbao.core.access.row_access import visible
from chuangbao.core.localization.formatting import number
from chuangbao.core.workbench import Heading, Mine, ToDo, mine, todo
from chuangbao.core.workflow.waiting import WaitingStage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []

MOST = 20


@todo("booking", gettext_lazy("Bookings that wait for approval"))
def list_requests(actor: Actor) -> Iterator[ToDo]:
    """List what was asked for and waits for the front desk, the nearest first."""
    if not may_serve.test(actor):
        return
    rows = visible(Booking, to=actor).filter(own_venues(actor, "resource__venue__"), stage=BookingStage.REQUESTED)
    for row in rows.select_related("resource__venue").order_by("starts", "pk")[:MOST]:
        day = row.starts.astimezone(row.resource.venue.clock).date()
        yield ToDo(_("Decide: %s") % row.resource, reverse("booking:booking", args=[row.pk]), row.created_at, day)


@todo("booking-hours", gettext_lazy("Venues without opening hours"))
def list_without_hours(actor: Actor) -> Iterator[ToDo]:
    """List the venues without hours, which can be booked day and night."""
    if not may_keep_venues.test(actor):
        return
    hours = OpeningHours.objects.filter(venue=OuterRef("pk"), resource=None).order_by()
    booked = visible(Resource, to=actor).filter(venue=OuterRef("pk"), retired_at=None).order_by()
    rows = visible(Venue, to=actor).filter(own_venues(actor), ~Exists(hours), Exists(booked), is_open=True)
    for row in rows.order_by("name", "pk")[:MOST]:
        words = _("Set the opening hours first: %s") % row.name
        yield ToDo(words, reverse("booking:hours", args=[row.pk]), None, None)


@todo("booking-offers", gettext_lazy("Held for you, to be accepted"))
def list_offers(actor: Actor) -> Iterator[ToDo]:
    """List what is held for the actor, who waited in line for it, and until when."""
    if not may_book.test(actor):
        return
    now = timezone.now()
    own = {"person": actor.person_id, "for_organization": actor.organisation_id}
    rows = visible(Waiting, to=actor).filter(**own, stage=WaitingStage.OFFERED, offer_until__gt=now)
    for row in rows.select_related("booking__resource__venue").order_by("offer_until", "pk")[:MOST]:
        booking = row.booking
        if booking is None or row.offer_until is None:
            continue
        until = row.offer_until.astimezone(booking.resource.venue.clock)
        note = _("until %(time)s") % {"time": f"{until:%H:%M}"}
        words = _("Accept or turn down: %s") % booking.resource
        yield ToDo(words, reverse("booking:booking", args=[booking.pk]), None, until.date(), note)


@todo("booking-stock", gettext_lazy("Materials to be ordered"))
def list_low_stock(actor: Actor) -> Iterator[ToDo]:
    """List the materials of which little is left, the least first."""
    if not may_serve.test(actor):
        return
    rows = visible(Material, to=actor).filter(own_venues(actor, "venue__"), retired_at=None, stock__lte=F("low"))
    for row in rows.order_by("stock", "pk")[:MOST]:
        said = {"name": row.name, "left": number(row.stock), "unit": row.unit}
        words = _("Order more: %(name)s, %(left)s %(unit)s left") % said
        yield ToDo(words, reverse("booking:material", args=[row.pk]), None, None)


@mine(Heading.SPACES)
def list_ways(actor: Actor) -> Iterator[Mine]:
    """List the ways to the actor's own bookings, and for a venue's operator to its venues and front desk."""
    if may_book.test(actor):
        yield Mine(_("My bookings"), reverse("booking:mine"), "calendar-event")
    if may_keep_venues.test(actor):
        yield Mine(_("Venues and what can be booked"), reverse("booking:venues"), "building")
    if may_serve.test(actor) and visible(Venue, to=actor).filter(own_venues(actor)).exists():
        yield Mine(_("Front desk: bookings of our venues"), reverse("booking:desk"), "list-check")
        yield Mine(_("Materials"), reverse("booking:materials"), "list-check")
