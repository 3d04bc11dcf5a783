"""What people are notified of in booking, and the words of what was done on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Membership
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import Kind, name_kinds, name_verbs
from chuangbao.core.messaging.notifications import Event, register, settle, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["settle_booking", "tell_booker", "tell_front_desk", "tell_waiting"]

ANSWERS = frozenset({"accept", "accept_asking", "turn_down", "lapse"})
DECISIONS = frozenset({"confirm", "decline"})

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
        "booking.keep",
        _("The venue has other opening hours, your booking stays: %(resource)s"),
        _("It begins %(start)s, outside the new hours. Ask the venue how you get in."),
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
    Event(
        "booking.offer",
        _("It is your turn: %(resource)s"),
        _("%(start)s is held for you until %(until)s. Accept it or turn it down."),
        "booking",
    ),
    Event(
        "booking.offer_over",
        _("You no longer wait in line: %(resource)s"),
        _("%(start)s: the term is over, or it can no longer be booked. You may wait in line again."),
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
    booking__update_training_kind=_("Changed a training"),
    booking__record_training=_("Put a training on record"),
    booking__withdraw_training=_("Took a training off the record"),
    booking__admit=_("Admitted an organisation to a venue"),
    booking__withdraw_pass=_("Ended a pass"),
    booking__make_address=_("Made an address of a calendar"),
    booking__take_calendar=_("Took a foreign calendar in"),
    booking__set_rate=_("Set a price by the hour"),
    booking__end_rate=_("Ended a price by the hour"),
    booking__set_allowance=_("Set what is free each month"),
    booking__end_allowance=_("Ended what is free each month"),
    booking__create_material=_("Added a material"),
    booking__update_material=_("Changed a material"),
    booking__retire_material=_("Offers a material no longer"),
    booking__receive_stock=_("Put material into stock"),
    booking__take_material=_("Took material"),
    booking__give_back_material=_("Gave material back"),
    booking__count_stock=_("Counted the stock"),
    booking__book=_("Booked"),
    booking__book_series=_("Booked a series"),
    booking__reschedule=_("Moved a booking in time"),
    booking__join_line=_("Joined the line"),
    booking__hold_for=_("Held a time for the next in line"),
    booking__advance_place=_("Put a place ahead in line"),
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
    accept=_("Accepted an offer"),
    accept_asking=_("Accepted an offer and asked for approval"),
    turn_down=_("Turned an offer down"),
    lapse=_("Let an offer lapse"),
)
name_verbs(
    "booking.waiting",
    offer=_("Offered to the next in line"),
    accept=_("Accepted an offer"),
    turn_down=_("Turned an offer down"),
    leave=_("Left the line"),
    lapse=_("Let a place in line lapse"),
    **{"return": _("Put back into line")},
)
name_kinds(
    booking__venue=Kind(_("Venue"), ("name",)),
    booking__resource=Kind(_("Resource"), ("name",)),
    booking__trainingkind=Kind(_("Safety training"), ("name",)),
    booking__booking=Kind(_("Booking")),
    booking__training=Kind(_("Training that a person holds")),
    booking__accesspass=Kind(_("Pass to a venue")),
    booking__feed=Kind(_("Address of a calendar")),
    booking__material=Kind(_("Material"), ("name",)),
    booking__stockentry=Kind(_("Movement of a material")),
    booking__rate=Kind(_("Price by the hour")),
    booking__allowance=Kind(_("Free minutes each month")),
    booking__series=Kind(_("Series of bookings")),
    booking__waiting=Kind(_("Place in line")),
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


def tell_waiting(verb: str) -> Callable[[Any, Actor, Mapping[str, Any]], None]:
    """Make what tells a person in line that it is their turn, or that their place has ended."""

    def tell_one(row: Any, _actor: Actor, _given: Mapping[str, Any]) -> None:
        clock = row.venue.clock
        what = row.booking.resource if row.booking else row.resource or row.get_kind_display()
        starts = row.booking.starts if row.booking else row.window.lower
        data = {"resource": str(what), "start": f"{starts.astimezone(clock):%Y-%m-%d %H:%M}"}
        if verb == "offer":
            data["until"] = f"{row.offer_until.astimezone(clock):%Y-%m-%d %H:%M}"
            tell("booking.offer", to=[row.person_id], data=data, url=f"/booking/bookings/{row.booking_id}/")
        else:
            tell("booking.offer_over", to=[row.person_id], data=data, url="/booking/mine/")

    return tell_one


def list_managers(row: Any) -> set[int]:
    """List the people, by their ids, who decide about the bookings of a venue."""
    rows = unscoped(Membership, because="who is told that a booking waits").filter(
        organisation=row.organization_id, ended_at=None, role__in=["owner", "manager"]
    )
    return set(rows.values_list("person", flat=True))


def tell_front_desk(row: Any) -> None:
    """Tell the managers of the venue that a booking waits for approval."""
    people = list_managers(row) - {row.person_id}
    tell("booking.request", to=people, data=describe(row), url=f"/booking/bookings/{row.pk}/")


def settle_booking(row: Any, verb: str) -> None:
    """Let what asked for a verb be read once it was done: an offer for its person, a request for the managers."""
    url = f"/booking/bookings/{row.pk}/"
    if verb in ANSWERS and row.person_id is not None:
        settle("booking.offer", to=[row.person_id], url=url)
    if verb in DECISIONS:
        settle("booking.request", to=list_managers(row), url=url)
