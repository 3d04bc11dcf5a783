"""The condition builder as a form (条件搭建): rows from the text, rows from what was posted, and back to the text.

Everything here is plain strings as a browser posts them, so that a row with a mistake is shown again as typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext

from chuangbao.core.http.requests import read_number
from chuangbao.facts.domain.values import share_scale
from chuangbao.policies.figures import TEN_THOUSAND, figure_from
from chuangbao.rules import RuleError, tree
from chuangbao.rules.builder import COMPARISONS, Hand, Row, Sheet, Value, expression, sheet_of
from chuangbao.rules.model import FactType
from chuangbao.rules.unparse import number
from chuangbao.ui.presentation.conditions import op_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.http import QueryDict

    from chuangbao.rules.model import Fact, Pack

__all__ = ["Card", "Line", "cards_of", "conditions_of", "posted_cards", "shown_cards", "without_sign"]

NAME = re.compile(r"[a-z_][a-z0-9_]*")
HUNDRED = 100
MOST = 60  # conditions, and rows in one of them
SHARED = ("is_absent", "is_present")


@dataclass(frozen=True)
class Line:
    """One row as the form has it; ``hand`` holds what was written by hand."""

    fact: str = ""
    op: str = ""
    values: tuple[str, ...] = ()
    unit: str = ""
    hand: str = ""


@dataclass(frozen=True)
class Card:
    """One condition as the form has it."""

    id: str = ""
    zh: str = ""
    en: str = ""
    join: str = "all"
    lines: tuple[Line, ...] = ()
    other: tuple[tuple[str, Any], ...] = field(default=(), compare=False)


def ops_for(fact: Fact | None) -> tuple[str, ...]:
    """The comparisons that go with a fact's type."""
    if fact is None:
        return (*COMPARISONS, "between")
    extra = SHARED if fact.may_be_absent else ()
    if fact.type.numeric or fact.type is FactType.DATE:
        return (*COMPARISONS, "between", *extra)
    return {
        FactType.BOOLEAN: ("is_true", "is_false"),
        FactType.CODES: ("contains",),
        FactType.CODE: ("in", "not_in", "like"),
    }.get(fact.type, ("=", "<>", "like")) + extra


def cards_of(conditions: Iterable[Mapping[str, Any]], pack: Pack) -> tuple[Card, ...]:
    """The cards of a text's conditions; what cannot be read stays as written by hand."""
    return tuple(card_of(condition, pack) for condition in conditions if isinstance(condition, dict))


def card_of(condition: Mapping[str, Any], pack: Pack) -> Card:
    """One condition."""
    when = str(condition.get("when", ""))
    try:
        sheet = sheet_of(when)
    except RuleError:
        sheet = Sheet((Hand(when),))
    other = tuple((k, v) for k, v in condition.items() if k not in {"id", "zh", "en"})
    lines = tuple(line_of(row, pack) for row in sheet.rows)
    name, zh, en = (str(condition.get(key, "")) for key in ("id", "zh", "en"))
    return Card(name, zh, en, sheet.join, lines, other)


def line_of(row: Row | Hand, pack: Pack) -> Line:
    """One row, its figures in the unit that reads best."""
    if isinstance(row, Hand):
        return Line(hand=row.text)
    fact = pack.facts.get(row.fact)
    unit = best_unit(fact, row.values)
    op = {"=": "in", "<>": "not_in"}.get(row.op, row.op) if fact and fact.type is FactType.CODE else row.op
    return Line(row.fact, op, tuple(in_unit(value, unit) for value in row.values), unit)


def units_of(fact: Fact | None) -> tuple[tuple[str, str], ...]:
    """The units that a figure can be given in."""
    if fact is None:
        return ()
    if fact.type is FactType.MONEY:
        return (("1", gettext("yuan")), (str(TEN_THOUSAND), gettext("10 000 yuan")))
    percent = share_scale(fact)
    return () if percent is None else ((str(percent), "%"),)


def best_unit(fact: Fact | None, values: Sequence[Value]) -> str:
    """万元 where every figure is a whole number of them, % for a share."""
    figures = [Fraction(v.text) for v in values if v.kind == "number"]
    units = [unit for unit, _words in units_of(fact)]
    if len(units) == 1 or not units:
        return next(iter(units), "")
    whole = figures and all(f % TEN_THOUSAND == 0 and f for f in figures)
    return str(TEN_THOUSAND) if whole else "1"


def in_unit(value: Value, unit: str) -> str:
    """A value as one types it."""
    if value.kind != "number" or not unit:
        return value.text
    figure = Fraction(value.text) / Fraction(unit)
    return number(tree.Num(figure))


def posted_cards(data: QueryDict) -> tuple[Card, ...]:
    """The cards of a posted form."""
    return tuple(posted_card(data, f"c{i}") for i in range(count(data, "cards")))


def count(data: QueryDict, name: str) -> int:
    """How many there are, within reason."""
    return min(read_number(data.get(name, "0")), MOST)


def posted_card(data: QueryDict, at: str) -> Card:
    """One condition of a posted form."""
    lines = tuple(posted_line(data, f"{at}-r{i}") for i in range(count(data, f"{at}-rows")))
    name, zh, en = (data.get(f"{at}-{key}", "").strip() for key in ("id", "zh", "en"))
    return Card(name, zh, en, "any" if data.get(f"{at}-join") == "any" else "all", lines)


def posted_line(data: QueryDict, at: str) -> Line:
    """One row of a posted form."""
    hand = data.get(f"{at}-hand", "")
    if hand:
        return Line(hand=hand.replace("\r\n", "\n"))
    values = tuple(v.strip() for v in data.getlist(f"{at}-value") if v.strip())
    op = data.get(f"{at}-op", "")
    op = op if op in KNOWN else ""
    values = values if op == "between" or op in {"in", "not_in", "contains"} else values[:1]
    return Line(data.get(f"{at}-fact", ""), op, () if op.startswith("is_") else values, data.get(f"{at}-unit", ""))


def row_from(line: Line, pack: Pack) -> Row | Hand:
    """The row of a line.

    Raises ValueError with words for the person who typed it.
    """
    if line.hand:
        return Hand(line.hand)
    fact = pack.facts.get(line.fact)
    if not line.op or not NAME.fullmatch(line.fact):
        raise ValueError(gettext("Choose what is compared, and how."))
    if line.op.startswith("is_"):
        return Row(line.fact, line.op)
    values = tuple(value_from(text, fact, line.unit) for text in line.values)
    wanted = 2 if line.op == "between" else 1
    if len(values) < wanted:
        raise ValueError(gettext("Give both ends.") if wanted > 1 else gettext("Give a value to compare with."))
    if fact is not None and fact.type is FactType.CODE and len(values) == 1 and line.op in {"in", "not_in"}:
        return Row(line.fact, "=" if line.op == "in" else "<>", values)
    return Row(line.fact, line.op, values)


def without_sign(line: Line, pack: Pack) -> Line:
    """A row about a percentage with its figures as they are shown: the sign is beside the box."""
    fact = pack.facts.get(line.fact)
    if fact is None or share_scale(fact) is None:
        return line
    return replace(line, values=tuple(value.rstrip("%％ ") for value in line.values))


def value_from(text: str, fact: Fact | None, unit: str) -> Value:
    """Return what was typed, in the shape that the fact's type has.

    Raises ValueError where a day, or a figure of the unit, cannot be read.
    """
    if fact is not None and not fact.type.numeric and fact.type is not FactType.DATE:
        return Value("text", text)
    if NAME.fullmatch(text):
        return Value("name", text)
    if fact is not None and fact.type is FactType.DATE:
        try:
            return Value("day", date.fromisoformat(text).isoformat())
        except ValueError:
            raise ValueError(gettext("Write a day, such as 2026-01-31.")) from None
    return Value("number", figure_from(text, unit, share_scale(fact) if fact is not None else None))


def conditions_of(
    cards: Sequence[Card], pack: Pack, before: Sequence[Mapping[str, Any]] = ()
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The conditions that the cards say, and what is wrong by the place of the row (``c0-r1``).

    An expression that means the same keeps the words it was written in.
    """
    stood = {str(c.get("id", "")): c for c in before if isinstance(c, dict)}
    found, errors = [], {}
    used = {card.id for card in cards}
    for place, card in enumerate(cards):
        rows = []
        for index, line in enumerate(card.lines):
            try:
                rows.append(row_from(line, pack))
            except ValueError as error:
                errors[f"c{place}-r{index}"] = str(error)
        if not card.zh:
            errors[f"c{place}-zh"] = gettext("Say in plain words what has to hold.")
        name = card.id or free_id(used)
        used.add(name)
        sheet = Sheet(tuple(rows), card.join if len(rows) > 1 else "all")
        found.append(condition_from(name, card, sheet, stood.get(card.id, {})))
    return found, errors


def free_id(used: set[str]) -> str:
    """An id that no condition has."""
    return next(name for name in (f"c{i}" for i in range(1, MOST * 2)) if name not in used)


def condition_from(name: str, card: Card, sheet: Sheet, stood: Mapping[str, Any]) -> dict[str, Any]:
    """One condition as the text keeps it; keys that the form does not know stay."""
    said = str(stood.get("when", ""))
    try:
        same = bool(said) and sheet_of(said) == sheet
    except RuleError:
        same = sheet == Sheet((Hand(said),))
    when = said if same else expression_or_hand(sheet)
    return {**stood, "id": name, "zh": card.zh, **({"en": card.en} if card.en else {}), "when": when}


def expression_or_hand(sheet: Sheet) -> str:
    """The text of a sheet; what was written by hand may not be readable yet."""
    try:
        return expression(sheet)
    except RuleError:
        return " AND ".join(f"({r.text})" if isinstance(r, Hand) else expression(Sheet((r,))) for r in sheet.rows)


def shown_cards(cards: Sequence[Card], pack: Pack, errors: Mapping[str, str]) -> list[dict[str, Any]]:
    """The cards as the template shows them."""
    return [
        {
            "at": f"c{i}", "index": i, "card": card, "error": errors.get(f"c{i}-zh", ""),
            "lines": [shown_line(line, pack, f"c{i}-r{j}", f"{i}:{j}", errors) for j, line in enumerate(card.lines)],
        }
        for i, card in enumerate(cards)
    ]  # fmt: skip


def shown_line(line: Line, pack: Pack, at: str, place: str, errors: Mapping[str, str]) -> dict[str, Any]:
    """One row as the template shows it."""
    fact = pack.facts.get(line.fact)
    kind = kind_of(fact)
    ops = ops_for(fact)
    ops = ops if line.op in ops or not line.op else (*ops, line.op)
    values = [*line.values, "", ""]
    listed = pack.codes.get(fact.codes) if fact and kind == "codes" else None
    return {
        "at": at, "place": place, "line": line, "kind": kind, "error": errors.get(at, ""),
        "label": words(fact.label) if fact else line.fact, "unit_words": fact.unit if fact else "",
        "ops": [(op, op_words(op), op == line.op) for op in ops if op in KNOWN],
        "first": values[0], "second": values[1],
        "units": [(unit, label, unit == line.unit) for unit, label in units_of(fact)],
        "codes": [(c.code, words(c.label), c.code in line.values) for c in (listed.codes if listed else ())],
    }  # fmt: skip


KNOWN = frozenset({*COMPARISONS, "between", "in", "not_in", "like", "contains", "is_true", "is_false", *SHARED})


def kind_of(fact: Fact | None) -> str:
    """Which field a value is typed into: number, day, codes, text or none."""
    if fact is None or fact.type.numeric:
        return "number"
    if fact.type is FactType.DATE:
        return "day"
    if fact.type is FactType.BOOLEAN:
        return "none"
    return "codes" if fact.codes else "text"


def words(content: Any) -> str:
    """A bilingual text in the reader's language."""
    return str(content.get(get_language() or "zh-hans"))


def dropped(cards: Sequence[Card], card: int, line: int | None = None) -> tuple[Card, ...]:
    """The cards without one of them, or without one of its rows."""
    if line is None:
        return tuple(c for i, c in enumerate(cards) if i != card)
    kept = tuple(row for j, row in enumerate(cards[card].lines) if j != line)
    return tuple(replace(c, lines=kept) if i == card else c for i, c in enumerate(cards))


def with_line(cards: Sequence[Card], card: int, fact: Fact) -> tuple[Card, ...]:
    """The cards with an empty row about a fact in one of them."""
    line = Line(fact.name, ops_for(fact)[0], (), best_unit(fact, ()))
    return tuple(replace(c, lines=(*c.lines, line)) if i == card else c for i, c in enumerate(cards))
