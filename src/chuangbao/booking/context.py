"""What the house must know of booking."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.booking.demo import load_demo_booking
from chuangbao.booking.workflow import BOOKING_LIFE, WAITING_LIFE
from chuangbao.core.contexts import Context, NavItem

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"booking/": "chuangbao.booking.urls"},
    registers=("events", "scopes", "personal", "desk", "searching"),
    navigation=(NavItem(_("Book"), "booking:search", "calendar-event", place=40),),
    workflows={"Booking 预约": BOOKING_LIFE, "Place in line 候补": WAITING_LIFE},
    notice_groups={"booking": _("Bookings")},
    load_demo=load_demo_booking,
)
