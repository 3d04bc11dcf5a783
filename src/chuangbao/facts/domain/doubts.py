"""Sums that are asked back about (您是说15万元还是15元？): a bare 15 where the example is 20万 is hardly 15 yuan."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext

from chuangbao.core.localization.formatting import number
from chuangbao.core.localization.width import narrow
from chuangbao.facts.domain.values import typed_figure
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from chuangbao.rules.model import Fact

__all__ = ["Reading", "list_readings"]

SMALL, SHARE_OF_USUAL, TEN_THOUSAND = Decimal(1000), Decimal("0.01"), 10_000
"""In yuan: below it, and below a hundredth of the example, a bare sum is asked back about."""
USUAL = Decimal(200_000)
"""In yuan: what is usual where a fact has no example."""


class Reading(NamedTuple):
    """One way to read a sum: as it is typed with its unit (15万元), and in the words of a button."""

    typed: str
    words: str


def list_readings(fact: Fact, typed: str, example: str) -> tuple[Reading, ...]:
    """List what a sum of money can mean; empty where there is no doubt.

    There is none where a unit was typed, where the sum is zero, and where it is not far below the ``example`` (20万).
    """
    bare = narrow(typed).strip().replace(",", "").replace("，", "")
    if fact.type is not FactType.MONEY or not (bare.isascii() and bare.replace(".", "", 1).isdecimal()):
        return ()
    figure, usual = Decimal(bare), typed_figure(example) or USUAL
    if not 0 < figure < min(SMALL, usual * SHARE_OF_USUAL):
        return ()
    small, large = number(figure), number(figure * TEN_THOUSAND)
    return (
        Reading(f"{small}万元", gettext("%(large)s yuan (%(small)s ten thousand)") % {"small": small, "large": large}),
        Reading(f"{small}元", gettext("%(small)s yuan") % {"small": small}),
    )
