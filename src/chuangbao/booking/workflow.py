"""How the states of a booking change, as data."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangbao.booking.enums import BookingStage
from chuangbao.booking.events import tell_booker, tell_waiting
from chuangbao.booking.models import Booking, Waiting
from chuangbao.booking.permissions import is_system, may_serve, may_tend
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import Life, Move, attach_life
from chuangbao.core.workflow.waiting import line_moves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["BOOKING_LIFE", "EARLY", "IN_TIME", "WAITING_LIFE", "in_time_to_cancel"]

EARLY = timedelta(minutes=15)
"""How long before its start people may check in."""
PENDING = BookingStage.REQUESTED.or_(BookingStage.CONFIRMED)
ANY_PENDING = BookingStage.REQUESTED.or_(BookingStage.CONFIRMED, BookingStage.OFFERED)


def in_time_to_cancel(row: Booking, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Let a cancellation through before its term. Raises Refused: too_late."""
    ahead = row.resource.cancel_minutes
    if timezone.now() > row.starts - timedelta(minutes=ahead):
        words = gettext("This could be cancelled until %(n)d minutes before its start. Call the venue.") % {"n": ahead}
        raise Refused("too_late", words)


def is_check_in_time(row: Booking) -> bool:
    """Whether it is later than a quarter of an hour before the start of a booking, and not over."""
    return row.starts - EARLY <= timezone.now() < row.ends


def is_grace_over(row: Booking) -> bool:
    """Whether the minutes that the resource waits for people are over; some resources wait for ever.

    Of a time that had begun when it was booked they run from then on.
    """
    minutes, since = row.resource.no_show_minutes, max(row.starts, row.created_at)
    return minutes is not None and timezone.now() >= since + timedelta(minutes=minutes)


def is_over(row: Booking) -> bool:
    """Whether a booking has ended."""
    return timezone.now() >= row.ends


def may_still_accept(row: Booking) -> bool:
    """Whether the term of an offer runs."""
    place = getattr(row, "place_in_line", None)
    until = place.offer_until if place else None
    return until is not None and timezone.now() < until


def is_accepted_at_once(row: Booking) -> bool:
    """Whether an offer is booked by accepting it."""
    return may_still_accept(row) and not row.resource.needs_approval


def is_accepted_asking(row: Booking) -> bool:
    """Whether an offer that is accepted waits for approval."""
    return may_still_accept(row) and row.resource.needs_approval


IN_TIME = {
    "accept": is_accepted_at_once,
    "accept_asking": is_accepted_asking,
    "lapse": lambda row: not may_still_accept(row),
    "check_in": is_check_in_time,
    "release": is_grace_over,
    "finish": is_over,
}
"""The verbs that have a time of their own: a page offers them in it alone."""


def while_it_lasts(row: Booking, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Let people check in while it is time for it. Raises Refused: not_now."""
    if not is_check_in_time(row):
        raise Refused("not_now", gettext("Check in from 15 minutes before the start until the end."))


def after_grace(row: Booking, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Let a booking without check-in be released after the minutes of its resource. Raises Refused: too_early."""
    if not is_grace_over(row):
        raise Refused("too_early", gettext("People may still come."))


def while_offered(row: Booking, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Let an offer be accepted in its term. Raises Refused: offer_over."""
    if not may_still_accept(row):
        raise Refused("offer_over", gettext("The time to accept this is over. It goes to the next in line."))


def as_resource_asks(row: Booking, actor: Actor, _given: Mapping[str, Any]) -> None:
    """Let an offer be booked at once only where no approval is needed. Raises Refused: approval_needed."""
    if row.resource.needs_approval and not may_serve.test(actor, row):
        raise Refused("approval_needed", gettext("This waits for the approval of the venue. Ask for it."))


def after_offer(row: Booking, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Let an offer lapse after its term. Raises Refused: too_early."""
    if may_still_accept(row):
        raise Refused("too_early", gettext("It can still be accepted."))


def after_end(row: Booking, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Let what is over be finished. Raises Refused: too_early."""
    if not is_over(row):
        raise Refused("too_early", gettext("It is not over yet."))


BOOKING_LIFE = attach_life(
    Booking,
    Life(
        Move(
            "confirm",
            BookingStage.REQUESTED >> BookingStage.CONFIRMED,
            who=may_serve,
            label=_("Approve the booking"),
            tells=tell_booker("confirm"),
        ),
        Move(
            "decline",
            BookingStage.REQUESTED >> BookingStage.DECLINED,
            who=may_serve,
            label=_("Decline the booking"),
            needs=("reason",),
            tells=tell_booker("decline"),
        ),
        Move(
            "check_in",
            BookingStage.CONFIRMED >> BookingStage.IN_USE,
            who=may_tend | may_serve,
            label=_("Check in"),
            guard=while_it_lasts,
        ),
        Move("leave", BookingStage.IN_USE >> BookingStage.LEFT, who=may_tend | may_serve, label=_("Leave and free it")),
        Move(
            "cancel",
            PENDING >> BookingStage.CANCELLED,
            who=may_tend,
            label=_("Cancel the booking"),
            guard=in_time_to_cancel,
        ),
        Move(
            "call_off",
            ANY_PENDING >> BookingStage.CANCELLED,
            who=may_serve | is_system,
            label=_("Call it off"),
            needs=("reason",),
            tells=tell_booker("call_off"),
        ),
        Move(
            "release",
            BookingStage.CONFIRMED >> BookingStage.NO_SHOW,
            who=is_system,
            label=_("Release what nobody came to"),
            guard=after_grace,
            tells=tell_booker("release"),
        ),
        Move(
            "accept",
            BookingStage.OFFERED >> BookingStage.CONFIRMED,
            who=may_tend,
            label=_("Accept the offer"),
            guard=(while_offered, as_resource_asks),
        ),
        Move(
            "accept_asking",
            BookingStage.OFFERED >> BookingStage.REQUESTED,
            who=may_tend,
            label=_("Accept it and ask for approval"),
            guard=while_offered,
        ),
        Move(
            "turn_down",
            BookingStage.OFFERED >> BookingStage.NOT_TAKEN,
            who=may_tend,
            label=_("Turn the offer down"),
        ),
        Move(
            "lapse",
            BookingStage.OFFERED >> BookingStage.NOT_TAKEN,
            who=is_system,
            label=_("Let a term pass"),
            guard=after_offer,
        ),
        Move(
            "finish",
            BookingStage.CONFIRMED.or_(BookingStage.IN_USE) >> BookingStage.DONE,
            who=is_system,
            label=_("Finish what is over"),
            guard=after_end,
        ),
    ),
)
WAITING_LIFE = attach_life(Waiting, line_moves(own=may_tend, system=is_system, tells=tell_waiting))
