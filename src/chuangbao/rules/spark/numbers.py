"""Exact numbers in SQL: a decimal over a whole constant, with every digit accounted for before anything runs.

Spark cuts digits off silently where a result would need more than 38; here such an expression is refused instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["MOST", "NotSqlError", "Number", "add", "compare", "extreme", "literal", "quotient", "rounded", "times"]

MOST = 38  # digits that a decimal of Spark can have
LONG = 18  # digits that a whole number of 64 bits surely has


class NotSqlError(ValueError):
    """This part of an expression is judged by the engine of one machine, on the workers."""


@dataclass(frozen=True, slots=True)
class Number:
    """``text / over``: SQL text of type DECIMAL(whole + scale, scale), NULL while unknown.

    ``plain`` is a column of doubles of which ``text`` is the decimal form; ``value`` is known of a literal.
    """

    text: str
    whole: int
    scale: int = 0
    over: int = 1
    plain: str = ""
    value: Fraction | None = None

    def cast(self, whole: int, scale: int) -> str:
        """The same number with more digits."""
        if (whole, scale) == (self.whole, self.scale):
            return self.text
        return f"CAST({self.text} AS DECIMAL({checked(whole, scale)}, {scale}))"


def checked(whole: int, scale: int) -> int:
    """The precision, if Spark has so many digits."""
    if whole + scale > MOST:
        raise NotSqlError(f"{whole + scale} digits")
    return whole + scale


def literal(value: int | Fraction) -> Number:
    """A number of the text; where its decimals do not end it is a quotient."""
    number = Fraction(value)
    over, scale = number.denominator, 0
    while over % 2 == 0 or over % 5 == 0:
        scale += 1
        over //= math.gcd(over, 10)
    digits = number * over * 10**scale
    return constant(digits.numerator, scale, over, number)


def constant(digits: int, scale: int, over: int, value: Fraction) -> Number:
    """A literal from its digits."""
    whole = max(len(str(abs(digits))) - scale, 1)
    shown = str(abs(digits)).rjust(scale + 1, "0")
    point = f"{shown[: len(shown) - scale]}.{shown[len(shown) - scale :]}" if scale else shown
    sign = "-" if digits < 0 else ""
    text = f"CAST('{sign}{point}' AS DECIMAL({checked(whole, scale)}, {scale}))"
    return Number(text, whole, scale, over, value=value)


def times(left: Number, right: Number) -> Number:
    """A product."""
    whole, scale = left.whole + right.whole + 1, left.scale + right.scale
    checked(whole, scale)
    return Number(f"({left.text} * {right.text})", whole, scale, left.over * right.over)


def stretched(number: Number, factor: int) -> Number:
    """The same number over a multiple of its denominator."""
    if factor == 1:
        return number
    more = times(number, literal(factor))
    return Number(more.text, more.whole, more.scale, number.over * factor)


def common(left: Number, right: Number) -> tuple[Number, Number]:
    """Both over one denominator."""
    over = math.lcm(left.over, right.over)
    return stretched(left, over // left.over), stretched(right, over // right.over)


def add(op: str, left: Number, right: Number) -> Number:
    """A sum or a difference."""
    left, right = common(left, right)
    whole, scale = max(left.whole, right.whole) + 1, max(left.scale, right.scale)
    checked(whole, scale)
    return Number(f"({left.text} {op} {right.text})", whole, scale, left.over)


def quotient(left: Number, right: Number) -> Number:
    """A quotient by a literal; by zero unknown."""
    if right.value is None:
        raise NotSqlError("a quotient of two columns")
    if right.value == 0:
        return Number("CAST(NULL AS DECIMAL(1, 0))", 1)
    return times(left, literal(1 / right.value))


def compare(op: str, left: Number, right: Number) -> str:
    """A comparison: of doubles where both are as they came, else of decimals."""
    native = natively(op, left, right)
    if native:
        return native
    left, right = common(left, right)
    checked(max(left.whole, right.whole), max(left.scale, right.scale))
    return f"({left.text} {op} {right.text})"


def natively(op: str, left: Number, right: Number) -> str:
    """Columns of doubles compared as doubles, where that is the same.

    A column of doubles means the shortest decimals of its doubles; rounding to a double keeps the order, so with a
    threshold that is itself such a decimal the doubles compare as the decimals do.
    """
    sides = [side.plain or near(side) for side in (left, right)]
    return f"({sides[0]} {op} {sides[1]})" if all(sides) and (left.plain or right.plain) else ""


def near(number: Number) -> str:
    """The double of a literal that is the shortest decimal of its double."""
    if number.value is None or abs(number.value) > 10**LONG:
        return ""
    double = float(number.value)
    return f"CAST('{double!r}' AS DOUBLE)" if Fraction(repr(double)) == number.value else ""


def extreme(name: str, numbers: list[Number]) -> Number:
    """LEAST or GREATEST: unknown as soon as one argument is, which SQL would skip."""
    over = math.lcm(*(n.over for n in numbers))
    same = [stretched(n, over // n.over) for n in numbers]
    whole, scale = max(n.whole for n in same), max(n.scale for n in same)
    texts = [n.cast(whole, scale) for n in same]
    there = " AND ".join(f"{n.text} IS NOT NULL" for n in same if n.value is None)
    pick = f"{name.lower()}({', '.join(texts)})"
    return Number(f"CASE WHEN {there} THEN {pick} END" if there else pick, whole, scale, over)


def rounded(number: Number, digits: int) -> Number:
    """ROUND, half away from zero."""
    if number.over == 1:
        if number.scale <= digits:
            return Number(number.text, number.whole, number.scale, value=number.value)
        whole = checked(number.whole + 1, digits) - digits
        return Number(f"CAST(round({number.text}, {digits}) AS DECIMAL({whole + digits}, {digits}))", whole, digits)
    return rounded_quotient(number, digits)


def rounded_quotient(number: Number, digits: int) -> Number:
    """The same of a quotient, in whole numbers: (2 n + d) div 2 d without the sign, and the sign."""
    if number.whole + digits > LONG - 1:
        raise NotSqlError("a rounded quotient beyond 64 bits")
    top = times(Number(f"abs({number.text})", number.whole, number.scale), literal(2 * 10**digits))
    size = f"({add('+', top, literal(number.over)).text} div {literal(2 * number.over).text})"
    signed = f"CASE WHEN {number.text} < 0 THEN - {size} ELSE {size} END"
    whole = number.whole + 1
    cents = f"CAST({signed} AS DECIMAL({whole + digits}, 0))"
    text = f"CAST({cents} * {literal(Fraction(1, 10**digits)).text} AS DECIMAL({whole + digits}, {digits}))"
    return Number(text, whole, digits)
