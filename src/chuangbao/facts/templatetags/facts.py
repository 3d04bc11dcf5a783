"""Facts in the words of a reader, for templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext, ngettext

from chuangbao.core.localization.formatting import money, plain_money
from chuangbao.facts import words

if TYPE_CHECKING:
    from decimal import Decimal

    from chuangbao.facts.domain.effects import Missing
    from chuangbao.facts.models import Fact as FactRow
    from chuangbao.rules.model import Fact

register = template.Library()


@register.inclusion_tag("facts/withheld.html")
def withheld_note() -> dict[str, object]:
    """Say that what registers state of an unverified organisation is not shown yet."""
    return {}


@register.simple_tag
def fact_value(fact: Fact, value: object) -> str:
    """A value as people read it."""
    return words.fact_value(fact, value)


@register.filter
def as_money(amount: Decimal) -> str:
    """A sum of yuan to the cent, as people read it."""
    return money(amount)


@register.simple_tag
def row_day(row: FactRow) -> str:
    """The day or the period that a statement is about."""
    return words.row_day(row)


@register.simple_tag
def voice(row: FactRow) -> str:
    """Who says so."""
    return words.voice(row)


@register.simple_tag
def worth(gap: Missing) -> str:
    """How many measures wait for a missing fact, and the money among them."""
    n = len(gap.measures)
    decides = ngettext("decides %(n)s measure", "decides %(n)s measures", n) % {"n": n}
    return decides + (gettext(", about %(money)s") % {"money": plain_money(gap.money)} if gap.money >= 1 else "")
