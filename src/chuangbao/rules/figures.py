"""Figures as people type them (数字的写法): bounded by their text before a number is made of it.

A short text can name an endless number (``1e999999999``); the bound is therefore on what is written.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from chuangbao.rules.runtime import exact

if TYPE_CHECKING:
    from chuangbao.rules.tree import Number

__all__ = ["BOUNDS", "LONGEST_FIGURE", "decimal_of", "is_long_figure"]

LONGEST_FIGURE: Final = 50
"""Characters; 30 digits with sign, point, exponent and separators."""
MOST: Final = 10**30
FINEST: Final = 10**18
BOUNDS: Final = "at most 30 digits, 18 of them decimals"
_DECIMAL: Final = re.compile(r"[+-]?(?:\d++(?:\.\d*+)?+|\.\d++)(?:[eE][+-]?\d{1,2})?+")
_FIGURE: Final = re.compile(r"[+-]?[.\d][\dA-Fa-f_.:xoeE+-]*+")


def decimal_of(text: str) -> Number:
    """The exact number of a decimal, such as ``1200``, ``0.05`` or ``1.5e3``.

    Raises:
        ValueError: it is none, or has more than 30 digits or 18 decimals.

    """
    if len(text) > LONGEST_FIGURE or not _DECIMAL.fullmatch(text):
        raise ValueError(text[:LONGEST_FIGURE])
    number = exact(Fraction(text))
    bounded = Fraction(number)
    if abs(bounded) > MOST or bounded.denominator > FINEST:
        raise ValueError(text)
    return number


def is_long_figure(text: str) -> bool:
    """Whether an unquoted word looks like a number and is longer than any that is meant."""
    return len(text) > LONGEST_FIGURE and _FIGURE.fullmatch(text) is not None
