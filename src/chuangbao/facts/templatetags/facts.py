"""Facts in the words of a reader, for templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext, ngettext

from chuangbao.core.history import VERBS
from chuangbao.core.wording import plain_money
from chuangbao.facts import words

if TYPE_CHECKING:
    from chuangbao.core.models import History
    from chuangbao.facts.domain.effects import Missing
    from chuangbao.facts.models import Fact as FactRow
    from chuangbao.rules.model import Fact

register = template.Library()


@register.simple_tag
def fact_value(fact: Fact, value: object) -> str:
    """A value as people read it."""
    return words.fact_value(fact, value)


@register.simple_tag
def row_day(row: FactRow) -> str:
    """The day or the period that a statement is about."""
    return words.row_day(row)


@register.simple_tag
def voice(row: FactRow) -> str:
    """Who says so."""
    return words.voice(row)


@register.simple_tag
def happened(entry: History) -> str:
    """What happened to a statement; other contexts call the same verbs by other words."""
    return {"verify": gettext("Verified"), "doubt": gettext("Verification withdrawn")}.get(
        entry.verb, str(VERBS.get(entry.verb, entry.verb))
    )


@register.simple_tag
def worth(gap: Missing) -> str:
    """How many measures wait for a missing fact, and the money among them."""
    n = len(gap.measures)
    decides = ngettext("decides %(n)s measure", "decides %(n)s measures", n) % {"n": n}
    return decides + (gettext(", about %(money)s") % {"money": plain_money(gap.money)} if gap.money >= 1 else "")
