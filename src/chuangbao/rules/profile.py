"""Facts of one subject at one day: checked at the door, matched to their lists, derived where no one answered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from chuangbao.rules import awards
from chuangbao.rules.diagnostics import FactError, FactProblem, nearest
from chuangbao.rules.model import FactType
from chuangbao.rules.runtime import ABSENT, Value, exact

if TYPE_CHECKING:
    from chuangbao.rules.interp import Row
    from chuangbao.rules.model import Fact, Pack

__all__ = ["Profile", "admit", "coerce"]

AWARDS = '[{"measure": "jl-init", "granted_on": "2023-05-01", "amount": 5000}]'

LONGEST = 400
"""Digits of a number; more than any amount and any float has."""


PERCENT = re.compile(r"\s*(-?\d{1,15}(?:\.\d{1,15})?)\s*[%％]\s*")


@dataclass(frozen=True)
class Profile:
    """What is known of a subject on ``as_of``: ``values`` has one slot per fact of the pack, None while unknown.

    ``given`` holds the facts that were said (not derived); ``conflicts`` those of them that contradict
    their derivation.
    """

    raw: Mapping[str, object]
    as_of: date
    region: str
    values: Sequence[Value]
    rows: Mapping[str, tuple[Row, ...]]
    given: frozenset[str]
    conflicts: tuple[str, ...] = ()


def admit(pack: Pack, raw: Mapping[str, object], as_of: date) -> tuple[dict[str, Value], dict[str, tuple[Row, ...]]]:
    """Values by fact, and rows.

    Raises FactError with one problem per unusable name or value.
    """
    problems: list[FactProblem] = []
    values: dict[str, Value] = {}
    rows: dict[str, tuple[Row, ...]] = {}
    if pack.asked_awards or awards.ROWS in raw:
        rows[awards.ROWS] = admit_awards(pack, raw, as_of, problems)
    for said, given in raw.items():
        name = pack.fact_aliases.get(said, said)
        if name == awards.ROWS:
            continue
        if name != said and name in raw:
            problems.append(FactProblem(said, f"it is the former name of '{name}', which is given too", "keep one"))
        elif name in pack.rows:
            rows[name] = admit_rows(pack, name, given, problems)
        elif name in pack.facts:
            values[name] = admit_fact(pack, pack.facts[name], given, as_of, problems)
        else:
            guess = nearest(name, [*pack.facts, *pack.rows])
            problems.append(FactProblem(name, "no such fact", f"did you mean {guess}?" if guess else ""))
    if problems:
        raise FactError(problems)
    return values, rows


def admit_rows(pack: Pack, name: str, given: object, problems: list[FactProblem]) -> tuple[Row, ...]:
    """A list of objects with the declared columns; a column not given is unknown."""
    columns = awards.row_kind().columns if name == awards.ROWS else pack.rows[name].columns
    if not isinstance(given, Sequence) or isinstance(given, str) or not all(isinstance(r, Mapping) for r in given):
        problems.append(FactProblem(name, "rows are a list of objects", f'[{{"{next(iter(columns))}": …}}]'))
        return ()
    rows: list[Row] = []
    for index, row in enumerate(given):
        values: dict[str, Value] = dict.fromkeys(columns)
        for key, value in row.items():
            if key in columns:
                values[key] = attempt(pack, columns[key], value, f"{name}[{index}].{key}", problems)
            else:
                problems.append(FactProblem(f"{name}[{index}].{key}", "no such column", nearest(str(key), columns)))
        rows.append(values)
    return tuple(rows)


def admit_awards(pack: Pack, raw: Mapping[str, object], as_of: date, problems: list[FactProblem]) -> tuple[Row, ...]:
    """What was granted before: the record, and what was said of what is not on record."""
    given = raw.get(awards.ROWS)
    if given is not None and not is_record(given):
        problems.append(FactProblem(awards.ROWS, "awards are a list of objects, or such a list by measure", AWARDS))
        return ()
    if isinstance(given, Sequence) and any(awards.UNTIL in row for row in given):
        found = list(given)  # made ready by a run
    else:
        said = {m: raw[name] for m, name in pack.asked_awards.items() if name in raw}
        answers = {
            m: None if text is None else str(text) for m, text in said.items() if text is None or can_be_read(text)
        }
        try:
            found = awards.award_rows(pack.asked_awards, given, answers, as_of)
        except ValueError as error:
            problems.append(FactProblem(awards.ROWS, f"'{error}' is no award", awards.FORM))
            return ()
    return admit_rows(pack, awards.ROWS, found, problems)


def can_be_read(text: object) -> bool:
    """Whether an answer says what was had before; where it does not, its own name tells."""
    try:
        return isinstance(text, str) and awards.read_answer(text) is not None
    except ValueError:
        return False


def is_record(given: object) -> bool:
    """Whether something is a list of rows, or has one for each measure."""
    if isinstance(given, Mapping):
        return all(isinstance(held, awards.Record) or is_rows(held) for held in given.values())
    return is_rows(given)


def is_rows(given: object) -> bool:
    """Whether something is a list of objects."""
    return isinstance(given, Sequence) and not isinstance(given, str) and all(isinstance(r, Mapping) for r in given)


def admit_fact(pack: Pack, fact: Fact, given: object, as_of: date, problems: list[FactProblem]) -> Value:
    """One value; a periodic fact may come keyed by period, of which the day picks one."""
    if fact.per and isinstance(given, Mapping):
        values = {str(k): attempt(pack, fact, v, f"{fact.name}[{k}]", problems) for k, v in given.items()}
        return values.get(period(fact, as_of))
    return attempt(pack, fact, given, fact.name, problems)


def attempt(pack: Pack, fact: Fact, given: object, where: str, problems: list[FactProblem]) -> Value:
    """A value, or a problem beside its name."""
    try:
        return coerce(pack, fact, given)
    except FactError as error:
        problems += [FactProblem(where, p.message, p.suggestion) for p in error.problems]
        return None


def period(fact: Fact, as_of: date) -> str:
    """The key of the period of the day, or of the last one closed by that day."""
    months = {"year": 12, "quarter": 3, "month": 1}[fact.per]
    day = as_of + timedelta(days=1) if fact.use == "last_closed" else as_of
    index = (day.year * 12 + day.month - 1) // months - (fact.use == "last_closed")
    year, month = divmod(index * months, 12)
    return {"year": f"{year}", "quarter": f"{year}-Q{month // 3 + 1}", "month": f"{year}-{month + 1:02d}"}[fact.per]


def wrong(fact: Fact, message: str, suggestion: str = "") -> FactError:
    """One problem."""
    return FactError([FactProblem(fact.name, message, suggestion)])


def coerce(pack: Pack, fact: Fact, given: object) -> Value:
    """A value of the fact's type, exact and in range.

    Raises FactError with what is wrong and the nearest right form.
    """
    if given is None:
        if not fact.may_be_absent:
            raise wrong(fact, "may not be null: it is always there", "leave it out if it is not known")
        return ABSENT
    if fact.type is FactType.BOOLEAN:
        if not isinstance(given, bool):
            raise wrong(fact, f"true or false is expected, not {given!r}", "true or false, without quotes")
        return given
    if fact.type.numeric:
        return number(fact, given)
    if fact.type is FactType.DATE:
        return calendar_day(fact, given)
    if fact.type is FactType.CODES:
        if isinstance(given, str) or not isinstance(given, Sequence | frozenset | set):
            raise wrong(fact, f"a list is expected, not {given!r}", '["…"]')
        return frozenset(code(pack, fact, item) for item in given)
    return code(pack, fact, given) if fact.type is FactType.CODE else plain(fact, given)


def plain(fact: Fact, given: object) -> str:
    """A text."""
    if not isinstance(given, str):
        raise wrong(fact, f"a text is expected, not {given!r}")
    if fact.award:
        try:
            awards.read_answer(given)
        except ValueError as error:
            raise wrong(fact, f"'{error}' is no award", awards.FORM) from None
    return given


def number(fact: Fact, given: object) -> int | Fraction:
    """An exact number in the fact's range; whole where the fact counts."""
    if isinstance(given, str):
        given = percentage(fact, given)
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal | Fraction):
        raise wrong(fact, f"a number is expected, not {given!r}", "123 or 123.45, without quotes or commas")
    if given != given or given in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN is what differs from itself
        raise wrong(fact, "a finite number is expected")
    if is_endless(given):
        raise wrong(fact, f"a number of at most {LONGEST} digits is expected")
    value = exact(given)
    if fact.type is FactType.INTEGER and not isinstance(value, int):
        raise wrong(fact, f"a whole number is expected, not {given}")
    if fact.minimum is not None and value < fact.minimum:
        raise wrong(fact, f"{given} is below the least possible {exact(fact.minimum)}")
    if fact.maximum is not None and value > fact.maximum:
        raise wrong(fact, f"{given} is above the most possible {exact(fact.maximum)}")
    return value


def is_endless(given: float | Decimal | Fraction) -> bool:
    """Whether making a number exact would take longer than any figure is worth."""
    if isinstance(given, Decimal):
        return len(given.as_tuple().digits) > LONGEST or abs(given.adjusted()) > LONGEST
    return isinstance(given, int) and given.bit_length() > 4 * LONGEST


def percentage(fact: Fact, given: str) -> object:
    """The figure of a text such as "3%": 0.03 of a share, 3 of a fact counted in percent; else the text itself."""
    share, counted = fact.type is FactType.RATIO, fact.unit in {"%", "percent"}
    found = PERCENT.fullmatch(given) if share or counted else None
    if found is None:
        return given
    return Fraction(found[1]) / 100 if share else Fraction(found[1])


def calendar_day(fact: Fact, given: object) -> date:
    """A day, given as a date or as ISO text."""
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given if isinstance(given, str) else "")
    except ValueError:
        raise wrong(fact, f"a day is expected, not {given!r}", '"2015-06-08"') from None


def code(pack: Pack, fact: Fact, given: object) -> str:
    """A code of the fact's list; its label in either language serves as well."""
    listed = pack.codes[fact.codes]
    if isinstance(given, str):
        if given in listed.by_code:
            return given
        if given in listed.by_label:
            return listed.by_label[given].code
    guess = nearest(str(given), [*listed.by_code, *listed.by_label])
    hint = f"did you mean {guess}?" if guess else f"one of {', '.join(list(listed.by_code)[:8])}"
    raise wrong(fact, f"{given!r} is not in the list {fact.codes}", hint)
