"""Arithmetic over columns: in whole numbers while 64 bits surely hold them, else in doubles with a proven bound.

Every step knows the least and the largest number it can meet, so an overflow is foreseen, never found. The bound of
a double grows by half a unit in the last place for each step (twice that is taken), and each sum of bounds is
widened by SLACK for its own rounding.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangbao.rules.batch.masks import Mask, both, either, inverse, packed, pick, spread, without
from chuangbao.rules.batch.values import BIG, Truth, Vec, room, widened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "add",
    "choose",
    "compare",
    "divide",
    "extreme",
    "floats",
    "literal",
    "negative",
    "rounded",
    "times",
    "whole",
]

ULP = 2.0**-52
SLACK = 1 + 2.0**-40
TINY = 2.0**-1060


def literal(value: int | Fraction) -> Vec:
    """One number for all rows."""
    number = Fraction(value)
    n, d = number.numerator, number.denominator
    if abs(n) < BIG and d < BIG:
        return Vec(n, d, n, n)
    try:
        near = float(number)
    except OverflowError:
        return Vec(math.inf if n > 0 else -math.inf, err=math.inf, doubt=True)
    return Vec(near, err=abs(near) * ULP + TINY)


def fits(*bounds: int) -> bool:
    """Whether 64 bits hold all of these."""
    return all(-BIG < b < BIG for b in bounds)


def scaled(x: Vec, d: int) -> Vec | None:
    """The same numbers over the denominator ``d``, a multiple of their own; None where they would not fit."""
    factor = d // x.d
    low, high = x.low * factor, x.high * factor
    if not fits(low, high, d):
        return None
    if factor == 1:
        return x
    n = widened(x.n, room(x.low, x.high, low, high, factor)) * factor
    return Vec(n, d, low, high, x.known, x.absent, x.doubt)


def common(x: Vec, y: Vec) -> tuple[Vec, Vec]:
    """Both over one denominator, or both in doubles."""
    if x.err is None and y.err is None:
        if x.d == y.d:
            return x, y
        d = math.lcm(x.d, y.d)
        left, right = scaled(x, d), scaled(y, d)
        if left is not None and right is not None:
            return left, right
    return floats(x), floats(y)


def floats(x: Vec) -> Vec:
    """In doubles: two conversions and a quotient, each rounded once."""
    if x.err is not None:
        return x
    f = np.asarray(x.n, np.float64) / float(x.d)
    return Vec(f, known=x.known, absent=x.absent, doubt=x.doubt, err=np.abs(f) * (2 * ULP))


def states(x: Vec, y: Vec) -> tuple[Mask, Mask]:
    """Known where both are, in doubt where one is."""
    return both(x.known, y.known), either(x.doubt, y.doubt)


def inexact(f: Any, err: Any, known: Mask, doubt: Mask) -> Vec:
    """A double that was rounded once more, with a bound of ``err`` before that."""
    return Vec(f, known=known, doubt=doubt, err=(err + np.abs(f) * ULP) * SLACK)


def negative(x: Vec) -> Vec:
    """Minus."""
    n = x.n if x.err is not None else widened(x.n, room(x.low, x.high, -x.low, -x.high))
    return Vec(-n, x.d, -x.high, -x.low, x.known, False, x.doubt, x.err)


def add(x: Vec, y: Vec) -> Vec:
    """A sum."""
    x, y = common(x, y)
    known, doubt = states(x, y)
    low, high = x.low + y.low, x.high + y.high
    if x.err is None and fits(low, high):
        kind = room(low, high, x.low, x.high, y.low, y.high)
        return Vec(widened(x.n, kind) + widened(y.n, kind), x.d, low, high, known, False, doubt)
    x, y = floats(x), floats(y)
    return inexact(x.n + y.n, x.err + y.err, known, doubt)


def times(x: Vec, y: Vec) -> Vec:
    """A product; a constant factor is first shortened against the other's denominator."""
    known, doubt = states(x, y)
    if x.err is None and y.err is None:
        (xn, xd), (yn, yd) = shortened(x, y)
        ends = [a * b for a in xn[:2] for b in yn[:2]]
        if fits(min(ends), max(ends), xd * yd):
            kind = room(*ends, *xn[:2], *yn[:2])
            n = widened(xn[2], kind) * widened(yn[2], kind)
            return Vec(n, xd * yd, min(ends), max(ends), known, False, doubt)
    x, y = floats(x), floats(y)
    err = np.abs(x.n) * y.err + np.abs(y.n) * x.err + x.err * y.err
    lost = np.where((x.n == 0) & (x.err == 0) | (y.n == 0) & (y.err == 0), 0.0, TINY)  # what underflow can hide
    return inexact(x.n * y.n, err + lost, known, doubt)


Ends = tuple[int, int, Any]


def shortened(x: Vec, y: Vec) -> tuple[tuple[Ends, int], tuple[Ends, int]]:
    """Least, largest and all numerators, and the denominator, of both sides of a product."""
    left, right = ((x.low, x.high, x.n), x.d), ((y.low, y.high, y.n), y.d)
    if isinstance(y.n, int) and (common_part := math.gcd(y.n, x.d)) > 1:
        n = y.n // common_part
        return (left[0], x.d // common_part), ((n, n, n), y.d)
    if isinstance(x.n, int) and (common_part := math.gcd(x.n, y.d)) > 1:
        n = x.n // common_part
        return ((n, n, n), x.d), (right[0], y.d // common_part)
    return left, right


def divide(x: Vec, y: Vec) -> Vec:
    """A quotient: by a constant a product, else in doubles; by zero unknown."""
    known, doubt = states(x, y)
    if y.err is None and isinstance(y.n, int):
        if y.n == 0:
            return Vec(0, known=False, doubt=doubt)
        return times(x, literal(Fraction(y.d, y.n)))
    zero = y.n == 0 if y.err is None else (y.n == 0) & (y.err == 0)
    known = both(known, inverse(packed(zero)))
    x, y = floats(x), floats(y)
    below = np.abs(y.n) - y.err
    open_ = both(known, inverse(packed(below > 0)))  # the divisor may be zero
    f = x.n / np.where(below > 0, y.n, 1.0)
    err = (x.err + np.abs(f) * y.err) / np.where(below > 0, below, 1.0)
    lost = np.where((x.n == 0) & (x.err == 0), 0.0, TINY)
    return inexact(f, err * SLACK + lost, known, either(doubt, open_))


ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def compare(op: str, x: Vec, y: Vec) -> Truth:
    """A comparison; doubles closer than their bounds are in doubt."""
    known, doubt = states(x, y)
    if x.err is None and y.err is None and isinstance(y.n, int):
        yes = both(known, packed(against(op, x.n, Fraction(y.n * x.d, y.d))))
        return Truth(yes, without(known, yes), doubt=doubt)
    x, y = common(x, y)
    if x.err is not None:
        bound = x.err + y.err
        far = (np.abs(x.n - y.n) * (1 - ULP) > bound * SLACK) | (bound == 0)
        doubt = either(doubt, both(known, inverse(packed(far))))
    yes = both(known, packed(ORDERS[op](x.n, y.n)))
    return Truth(yes, without(known, yes), doubt=doubt)


def against(op: str, n: Any, limit: Fraction) -> Any:
    """Whole numbers against any number: what lies between two of them is met by the nearer one."""
    if limit.denominator == 1:
        return ORDERS[op](n, limit.numerator)
    if op in {"=", "<>"}:
        return op == "<>"
    return n <= math.floor(limit) if op in {"<", "<="} else n >= math.ceil(limit)


def compare_quotient(op: str, x: Vec, y: Vec, z: Vec) -> Truth | None:
    """``x / y`` against ``z`` without dividing: ``x - y * z`` has its sign, or the opposite one where y is negative.

    None where whole numbers do not hold it.
    """
    product = times(y, z)
    gap = add(x, negative(product))
    if gap.err is not None:
        return None
    turned = Vec(widened(gap.n, np.int64) * np.sign(y.n), known=both(gap.known, packed(y.n != 0)), doubt=gap.doubt)
    return compare(op, turned, Vec(0))


def extreme(values: Sequence[Vec], *, least: bool) -> Vec:
    """LEAST or GREATEST: unknown as soon as one argument is."""
    found = values[0]
    pair, end = (np.minimum, min) if least else (np.maximum, max)
    for value in values[1:]:
        x, y = common(found, value)
        known, doubt = states(x, y)
        err = None if x.err is None else np.maximum(x.err, y.err)
        if err is None:
            kind = room(x.low, x.high, y.low, y.high)
            x, y = replace(x, n=widened(x.n, kind)), replace(y, n=widened(y.n, kind))
        n = end(x.n, y.n) if isinstance(x.n, int) and isinstance(y.n, int) else pair(x.n, y.n)
        found = Vec(n, x.d, end(x.low, y.low), end(x.high, y.high), known, False, doubt, err)
    return found


def absolute(x: Vec) -> Vec:
    """The size of a number."""
    low, high = (0, max(-x.low, x.high)) if x.low < 0 else (x.low, x.high)
    n = x.n if x.err is not None else widened(x.n, room(x.low, x.high, low, high))
    return Vec(abs(n), x.d, low, high, x.known, False, x.doubt, x.err)


def whole(x: Vec, *, up: bool) -> Vec:
    """FLOOR, or CEIL."""
    if x.err is not None:
        return settled(x, np.ceil(x.n) if up else np.floor(x.n), np.rint(x.n), 1)
    if x.d == 1:
        return x
    ends = [-(-x.low // x.d), -(-x.high // x.d)] if up else [x.low // x.d, x.high // x.d]
    n = widened(x.n, np.int64)
    return Vec(-(-n // x.d) if up else n // x.d, 1, ends[0], ends[1], x.known, False, x.doubt)


def rounded(x: Vec, digits: int) -> Vec:
    """ROUND, half away from zero."""
    scale = 10**digits
    if x.err is None:
        if scale % x.d == 0 and (same := scaled(x, scale)) is not None:
            return same
        if fits(2 * x.low * scale - x.d, 2 * x.high * scale + x.d, 2 * x.d):
            n = nearest(widened(x.n, np.int64), scale, x.d)
            return Vec(n, scale, nearest(x.low, scale, x.d), nearest(x.high, scale, x.d), x.known, False, x.doubt)
        x = floats(x)
    size = np.abs(x.n) * scale
    n = np.copysign(np.floor(size + 0.5), x.n)
    sized = Vec(size, known=x.known, doubt=x.doubt, err=(x.err * scale + size * (2 * ULP)) * SLACK)
    return settled(sized, n, np.floor(size) + 0.5, scale)


def nearest(n: Any, scale: int, d: int) -> Any:
    """``n * scale / d`` to the nearest whole number, half away from zero."""
    size = (2 * scale * abs(n) + d) // (2 * d)
    if isinstance(n, int):
        return size if n >= 0 else -size
    return np.where(n < 0, -size, size)


def settled(x: Vec, n: Any, border: Any, d: int) -> Vec:
    """Whole numbers out of doubles: in doubt near a border, and where doubles no longer count in ones."""
    sure = ((np.abs(x.n - border) > x.err) | (x.err == 0)) & (np.abs(n) < 2.0**51)
    numbers = np.where(sure, n, 0.0).astype(np.int64)
    doubt = either(x.doubt, both(x.known, inverse(packed(sure))))
    return Vec(numbers, d, -(1 << 51), 1 << 51, x.known, False, doubt)


def choose(mask: Mask, a: Vec, b: Vec, size: int) -> Vec:
    """Row by row the whole state of ``a`` where the mask holds, else that of ``b``."""
    x, y = common(a, b)
    held = spread(mask, size)
    low, high = min(x.low, y.low), max(x.high, y.high)
    kind = room(low, high) if x.err is None else np.float64
    return Vec(
        np.where(held, np.asarray(x.n, kind), np.asarray(y.n, kind)),
        x.d,
        low,
        high,
        pick(mask, x.known, y.known),
        pick(mask, x.absent, y.absent),
        pick(mask, x.doubt, y.doubt),
        None if x.err is None else np.where(held, x.err, y.err),
    )
