"""Who may do what with plans: who keeps the venue draws its floors, everybody looks at them."""

from __future__ import annotations

from chuangbao.booking.permissions import may_keep_venues, may_serve

__all__ = ["may_draw", "may_see_who"]

may_draw = may_keep_venues
may_see_who = may_serve  # the front desk knows who has booked; nobody else is told
