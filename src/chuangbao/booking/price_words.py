"""What a booking costs and why, in a sentence (计价说明)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangbao.booking.domain.pricing import Holder, PartPrice, PriceQuote
from chuangbao.booking.enums import HolderGroup
from chuangbao.core.localization.formatting import money, plain_money

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
    from zoneinfo import ZoneInfo

    from chuangbao.booking.domain.free_minutes import FreeMinutes
    from chuangbao.booking.models import Booking

__all__ = ["free_words", "length_words", "price_words", "quote_words", "read_quote", "total_words"]

HOUR = 60


def length_words(minutes: int) -> str:
    """Put a length into words: whole hours as such, anything else in minutes."""
    if minutes and minutes % HOUR == 0:
        hours = minutes // HOUR
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def free_words(free: FreeMinutes) -> str:
    """Put what is left of an allowance into words."""
    said = {"left": length_words(free.balance), "granted": length_words(free.allowance.minutes)}
    return _("%(left)s left of %(granted)s a month") % said if free.balance else _("all %(granted)s used") % said


def rate_words(price: Decimal) -> str:
    """Put a price by the hour into words."""
    return _("%(price)s an hour") % {"price": plain_money(price)} if price else _("free of charge")


def parts_words(parts: Iterable[PartPrice], zone: ZoneInfo) -> str:
    """Put what is paid by the hour into words, with its times where there is more than one price."""
    paid = [part for part in parts if part.minutes > part.free]
    if len({part.price for part in paid}) <= 1:
        return rate_words(paid[0].price) if paid else ""
    words = _("from %(at)s on %(rate)s")
    said = []
    for part in paid:
        at = (part.starts + timedelta(minutes=part.free)).astimezone(zone)
        said.append(words % {"at": f"{at:%m-%d %H:%M}", "rate": rate_words(part.price)})
    return _("; ").join(said)


def quote_words(quote: PriceQuote, zone: ZoneInfo) -> str:
    """Say why a booking costs what it costs: what is free for whom, then what an hour costs."""
    group, rates = str(HolderGroup(quote.group).label), parts_words(quote.parts, zone)
    if not quote.free_minutes:
        return _("%(group)s: %(rates)s") % {"group": group, "rates": rates}
    said: dict[str, Any] = {"n": quote.free_minutes, "group": group, "rates": rates}
    said |= {"granted": length_words(quote.granted), "left": length_words(quote.left)}
    if not rates:
        return _("All %(n)d minutes are free (%(group)s: %(granted)s a month, %(left)s left)") % said
    words = _("The first %(n)d minutes are free (%(group)s: %(granted)s a month, %(left)s left), then %(rates)s")
    return words % said


def total_words(quote: PriceQuote, zone: ZoneInfo) -> str:
    """Say what a booking costs, and why."""
    return _("It costs %(sum)s. %(why)s.") % {"sum": money(quote.price), "why": quote_words(quote, zone)}


def price_words(quote: PriceQuote | None, zone: ZoneInfo) -> str:
    """Say in a few words what a time costs its holder; nothing charged is free."""
    if quote is None or not quote.price:
        return _("free of charge")
    return _("%(sum)s (%(why)s)") % {"sum": money(quote.price), "why": quote_words(quote, zone)}


def read_quote(booking: Booking) -> PriceQuote | None:
    """Return how a booking was priced, as it is kept with it; None where nothing is."""
    row = getattr(booking, "quote", None)
    if row is None:
        return None
    parts = tuple(
        PartPrice(part.starts, part.minutes, part.price_per_hour, part.rate_id, part.free, part.amount)
        for part in row.parts.all()
    )
    month = booking.starts.astimezone(booking.resource.venue.clock).date().replace(day=1)
    holder = Holder(booking.person_id, booking.for_organization_id)
    return PriceQuote(holder, row.group, month, parts, row.use_id, row.granted, row.left)
