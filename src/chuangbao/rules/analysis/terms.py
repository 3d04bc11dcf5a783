"""Terms: a value of the rule language as z3 sees it, with when it is known and when it is known absence.

Truth values of Python stand for themselves, so that what is certain never reaches the solver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import z3

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "Members",
    "Moment",
    "Term",
    "Truth",
    "all_of",
    "any_of",
    "choose",
    "equal",
    "less",
    "moment",
    "no",
    "number",
    "real",
    "same_term",
]

Truth = Any  # bool or z3.BoolRef: z3's own classes carry no useful types
MONTHS, DAYS = 12, 31


@dataclass(frozen=True, slots=True)
class Moment:
    """A calendar day as (months since year 0, day of the month): the language moves dates by months only."""

    months: Any
    day: Any

    @property
    def key(self) -> Any:
        """One number with the order of the calendar."""
        return self.months * DAYS + self.day


Members = Mapping[str, Truth]  # a set of codes: each code, and whether it is in


@dataclass(frozen=True, slots=True)
class Term:
    """A number, text (as its number in the table), truth, day or set.

    ``value`` is None for plain NULL, and for a figure of which the pack has no value at all.
    """

    value: Any
    known: Truth = True
    absent: Truth = False

    @property
    def holds(self) -> Truth:
        """Known and true."""
        return False if self.value is None else all_of(self.known, self.value)

    @property
    def fails(self) -> Truth:
        """Known and false."""
        return False if self.value is None else all_of(self.known, no(self.value))


def all_of(*parts: Truth) -> Truth:
    """AND."""
    left = [p for p in parts if p is not True]
    if any(p is False for p in left):
        return False
    return made(z3.Z3_mk_and, left) if len(left) > 1 else left[0] if left else True


def any_of(*parts: Truth) -> Truth:
    """OR."""
    return no(all_of(*(no(p) for p in parts))) if any(isinstance(p, bool) for p in parts) else junction(parts)


def junction(parts: tuple[Truth, ...]) -> Truth:
    """OR of what only the solver knows."""
    return made(z3.Z3_mk_or, parts) if len(parts) > 1 else parts[0] if parts else False


def made(junctor: Any, parts: Sequence[Truth]) -> Truth:
    """AND or OR of truths of the solver, without its search for numbers among them: half of all time went there."""
    context = z3.main_ctx()
    held = (z3.Ast * len(parts))(*(part.as_ast() for part in parts))
    return z3.BoolRef(junctor(context.ref(), len(parts), held), context)


def no(part: Truth) -> Truth:
    """NOT."""
    if isinstance(part, bool):
        return not part
    context = z3.main_ctx()
    return z3.BoolRef(z3.Z3_mk_not(context.ref(), part.as_ast()), context)


def number(value: int | Fraction) -> Any:
    """An exact constant."""
    if isinstance(value, Fraction) and value.denominator > 1:
        return z3.Q(value.numerator, value.denominator)
    return z3.IntVal(int(value))


def real(value: Any) -> Any:
    """The same number as a rational."""
    return z3.ToReal(value) if z3.is_int(value) else value


def moment(day: date) -> Moment:
    """A given day."""
    return Moment(z3.IntVal(day.year * MONTHS + day.month - 1), z3.IntVal(day.day))


def either(condition: Truth, left: Any, right: Any) -> Any:
    """``left`` or ``right``, values of one kind."""
    if left is right:
        return left
    if left is None or right is None:
        return right if left is None else left
    if isinstance(left, Moment):
        return Moment(either(condition, left.months, right.months), either(condition, left.day, right.day))
    if isinstance(left, Mapping):
        names = dict.fromkeys((*left, *right))
        return {n: either(condition, left.get(n, False), right.get(n, False)) for n in names}
    if isinstance(left, bool) or z3.is_bool(left):
        return any_of(all_of(condition, left), all_of(no(condition), right))
    left, right = (left, right) if left.sort() == right.sort() else (real(left), real(right))
    return z3.If(condition, left, right)


def choose(condition: Truth, left: Term, right: Term) -> Term:
    """``left`` where the condition holds, else ``right``."""
    if isinstance(condition, bool):
        return left if condition else right
    return Term(
        either(condition, left.value, right.value),
        either(condition, left.known, right.known),
        either(condition, left.absent, right.absent),
    )


def equal(left: Any, right: Any) -> Truth:
    """Equality of two values of one kind."""
    if isinstance(left, Moment):
        return all_of(left.months == right.months, left.day == right.day)
    if isinstance(left, Mapping):
        return all_of(*(equal(left.get(n, False), right.get(n, False)) for n in {**left, **right}))
    if isinstance(left, bool) or isinstance(right, bool):
        truth, other = (left, right) if isinstance(left, bool) else (right, left)
        return other if truth else no(other)
    return cast("Truth", left == right)


def less(left: Any, right: Any) -> Truth:
    """Order of two numbers, texts, days or truths."""
    if isinstance(left, Moment):
        return left.key < right.key
    if isinstance(left, bool) or z3.is_bool(left):
        return all_of(no(left), right)
    return left < right


def same_term(left: Term, right: Term) -> Truth:
    """Both known, and both absent or both the same value."""
    present = all_of(no(left.absent), no(right.absent))
    alike = False if left.value is None or right.value is None else equal(left.value, right.value)
    return all_of(left.known, right.known, any_of(all_of(left.absent, right.absent), all_of(present, alike)))
