"""What people are notified of in booking, and the words of what was done on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Membership
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import Kind, name_kinds, name_verbs
from chuangbao.core.messaging.notifications import Event, register, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["tell_booker", "tell_front_desk"]

register(
    Event(
        "booking.request", _("A booking waits for you: %(resource)s"), _("%(start)s. Approve or decline it."), "tasks"
    ),
    Event("booking.confirm", _("Your booking is approved: %(resource)s"), _("It begins %(start)s."), "booking"),
    Event(
        "booking.decline",
        _("Your booking was not approved: %(resource)s"),
        _("It would have begun %(start)s. Why: %(reason)s"),
        "booking",
    ),
    Event(
        "booking.call_off",
        _("The venue has called your booking off: %(resource)s"),
        _("It would have begun %(start)s. Why: %(reason)s"),
        "booking",
    ),
    Event(
        "booking.release",
        _("Your booking was released: %(resource)s"),
        _("It began %(start)s, and nobody checked in."),
        "booking",
    ),
)
register(
    Event("booking.training", _("A training is on record for you: %(name)s"), _("Valid until: %(until)s."), "booking")
)
name_verbs(
    booking__create_venue=_("Registered a venue"),
    booking__update_venue=_("Changed a venue"),
    booking__close_venue=_("Closed a venue"),
    booking__create_resource=_("Added a resource"),
    booking__update_resource=_("Changed a resource"),
    booking__retire_resource=_("Took a resource out of use"),
    booking__set_hours=_("Set opening hours"),
    booking__add_exception=_("Added days with other hours"),
    booking__remove_exception=_("Removed days with other hours"),
    booking__close_off=_("Closed resources off"),
    booking__open_again=_("Opened a resource again"),
    booking__create_training_kind=_("Added a training"),
    booking__record_training=_("Put a training on record"),
    booking__withdraw_training=_("Took a training off the record"),
    booking__admit=_("Admitted an organisation to a venue"),
    booking__withdraw_pass=_("Ended a pass"),
    booking__make_address=_("Made an address of a calendar"),
    booking__take_calendar=_("Took a foreign calendar in"),
    booking__book=_("Booked"),
    booking__book_series=_("Booked a series"),
    booking__reschedule=_("Moved a booking in time"),
)
name_verbs(
    "booking.booking",
    confirm=_("Approved a booking"),
    decline=_("Declined a booking"),
    check_in=_("Checked in"),
    leave=_("Left early"),
    cancel=_("Cancelled a booking"),
    call_off=_("Called a booking off"),
    release=_("Released what nobody came to"),
    finish=_("Finished what was over"),
)
name_kinds(
    booking__venue=Kind(_("Venue"), ("name",)),
    booking__resource=Kind(_("Resource"), ("name",)),
    booking__trainingkind=Kind(_("Safety training"), ("name",)),
    booking__booking=Kind(_("Booking")),
    booking__training=Kind(_("Training that a person holds")),
    booking__accesspass=Kind(_("Pass to a venue")),
    booking__feed=Kind(_("Address of a calendar")),
    booking__series=Kind(_("Series of bookings")),
)


def describe(row: Any) -> dict[str, object]:
    """Return what the words of a notice take; the moment in the venue's time."""
    local = row.starts.astimezone(row.resource.venue.clock)
    return {"resource": str(row.resource), "start": f"{local:%Y-%m-%d %H:%M}"}


def tell_booker(verb: str) -> Callable[[Any, Actor, Mapping[str, Any]], None]:
    """Make what tells the person who booked that another did something to the booking."""

    def tell_one(row: Any, actor: Actor, given: Mapping[str, Any]) -> None:
        if row.person_id not in {None, actor.person_id}:
            data = describe(row) | {"reason": str(given.get("reason", ""))}
            tell(f"booking.{verb}", to=[row.person_id], data=data, url=f"/booking/bookings/{row.pk}/")

    return tell_one


def tell_front_desk(row: Any) -> None:
    """Tell the managers of the venue that a booking waits for approval."""
    rows = unscoped(Membership, because="who is told that a booking waits").filter(
        organisation=row.organization_id, ended_at=None, role__in=["owner", "manager"]
    )
    people = set(rows.values_list("person", flat=True)) - {row.person_id}
    tell("booking.request", to=people, data=describe(row), url=f"/booking/bookings/{row.pk}/")
