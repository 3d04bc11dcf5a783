"""Figures of measures as officers type them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from chuangbao.facts.domain.values import typed_figure
from chuangbao.rules import tree
from chuangbao.rules.unparse import number

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["TEN_THOUSAND", "figure_from"]

TEN_THOUSAND = 10_000


def figure_from(text: str, unit: str, percent: Decimal | None = None) -> str:
    """A figure in its unit: 20 with 万元 is 200000; 20万 says its unit itself; 3 and 3% of a percentage are one.

    Raises ValueError with words for the person who typed it.
    """
    figure = typed_figure(text, percent)
    if figure is None and percent is not None:
        raise ValueError(gettext("Write a percentage, such as 3 or 3%, or the name of a parameter."))
    if figure is None:
        raise ValueError(gettext("Write a figure, such as 200000 or 200k, or the name of a parameter."))
    says_its_unit = text.strip()[-1:].lower() in {"万", "亿", "元", *"kmwnd"}
    scale = Fraction(unit) if unit == str(TEN_THOUSAND) and not says_its_unit else Fraction(1)
    return number(tree.Num(Fraction(figure) * scale))
