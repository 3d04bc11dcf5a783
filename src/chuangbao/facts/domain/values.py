"""Between a value and its row (取值): typed columns, and values as people write them in cells and forms."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _

from chuangbao.core.refusals import Refused
from chuangbao.core.wording import number as figure_words
from chuangbao.core.wording import text as words
from chuangbao.rules import FactError
from chuangbao.rules.model import FactType
from chuangbao.rules.profile import coerce

if TYPE_CHECKING:
    from chuangbao.facts.models import Fact as FactRow
    from chuangbao.rules.model import Fact, Pack

__all__ = ["NONE", "accepted", "columns", "expected", "figure", "is_closed", "read", "value_of"]

NUMBER = re.compile(r"^\s*¥?\s*(-?[\d,，]*\.?\d+)\s*(%|万元|万|亿元|亿|元)?\s*$")
WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
SCALE = {
    "%": Decimal("0.01"),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "亿": Decimal(10**8),
    "亿元": Decimal(10**8),
}
PLACES, LARGEST = Decimal("0.00000001"), Decimal(10**15)
YES, NO = {"是", "有", "yes", "true", "1"}, {"否", "no", "false", "0"}
NONE = {"无", "没有", "none"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
OPEN = ("number", "text", "day_value", "flag", "codes")
SPLIT = re.compile(r"[,，、;；]")


def figure(text: str) -> Decimal | None:
    """A figure as people write it: 200000, 20万, 1,200, 70%; None where it is none."""
    found = NUMBER.match(text.translate(WIDE))
    if found is None:
        return None
    try:
        plain = Decimal(found[1].replace(",", "").replace("，", ""))
    except InvalidOperation:  # pragma: no cover - the pattern lets only figures through
        return None
    return plain * SCALE.get(found[2] or "", Decimal(1))


def expected(pack: Pack, fact: Fact) -> str:
    """What can be written for a fact, in one sentence."""
    if fact.type is FactType.BOOLEAN:
        return _("Write yes or no.")
    if fact.type in {FactType.CODE, FactType.CODES}:
        known = _(", ").join(words(code.label) for code in pack.codes[fact.codes].codes[:8])
        return _("Choose from: %(known)s.") % {"known": known}
    if fact.type is FactType.DATE:
        return _("Write a day, such as 2015-06-08.")
    if fact.type.numeric:
        return number_expected(fact)
    return _("Write a text that does not begin like a formula.")


def number_expected(fact: Fact) -> str:
    """A figure, whole where it counts, and its limits."""
    start = (
        _("Write a whole number, such as 12.")
        if fact.type is FactType.INTEGER
        else _("Write a figure, such as 200000 or 20万; or leave it empty if you do not know.")
    )
    if fact.minimum is not None:
        start += _(" At least %(n)s.") % {"n": figure_words(decimal(fact.minimum))}
    if fact.maximum is not None:
        start += _(" At most %(n)s.") % {"n": figure_words(decimal(fact.maximum))}
    return start


def accepted(pack: Pack, fact: Fact, value: object) -> object:
    """The value where the catalogue lets it in; Refused(unfit) with what can be written instead."""
    try:
        coerce(pack, fact, value)
    except FactError:
        raise Refused("unfit", expected(pack, fact), field=fact.name) from None
    if fact.type.numeric and value is not None:
        exact = decimal(value)
        if abs(exact) >= LARGEST or exact != exact.quantize(PLACES):
            raise Refused("unfit", _("Write at most 15 digits before and 8 after the point."), field=fact.name)
    return value


def decimal(value: object) -> Decimal:
    """A figure as the database keeps it."""
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(str(value))


def columns(pack: Pack, fact: Fact, value: object) -> dict[str, object]:
    """The one column that holds the value; a sensitive one is sealed, whatever its type."""
    accepted(pack, fact, value)
    if value is None:
        return {"absent": True}
    name, plain = column(pack, fact, value)
    if fact.sensitive:
        return {"secret": json.dumps({name: plain}, default=str, ensure_ascii=False)}
    return {name: plain}


def column(pack: Pack, fact: Fact, value: object) -> tuple[str, object]:
    """A column and what stands in it."""
    if fact.type is FactType.BOOLEAN:
        return "flag", value
    if fact.type.numeric:
        return "number", decimal(value)
    if fact.type is FactType.DATE:
        return "day_value", value if isinstance(value, date) else date.fromisoformat(str(value))
    if fact.type is FactType.CODES:
        return "codes", sorted(cast("frozenset[str]", coerce(pack, fact, value)))
    return "text", coerce(pack, fact, value)


def is_closed(row: FactRow) -> bool:
    """Whether the value of a row is sealed."""
    return not row.absent and all(getattr(row, name) is None for name in OPEN)


def value_of(row: FactRow, secret: str | None = None) -> object:
    """The value of a row in the engine's shape; of a sealed one only where its ``secret`` was opened."""
    if row.absent:
        return None
    if secret is not None:
        name, plain = next(iter(json.loads(secret).items()))
        return {"number": whole, "day_value": date.fromisoformat}.get(name, lambda kept: kept)(plain)
    if row.number is not None:
        return whole(row.number)
    return next(v for v in (row.text, row.day_value, row.flag, row.codes) if v is not None)


def whole(kept: Decimal | str) -> int | Decimal:
    """A figure without the zeros that the database adds."""
    exact = Decimal(kept)
    return int(exact) if exact == exact.to_integral_value() else exact.normalize()


def read(pack: Pack, fact: Fact, text: str) -> object:
    """A value out of the text of a cell of a workbook or a CSV file.

    Raises Refused(formula, unfit) with what can be written instead.
    """
    if text.startswith(FORMULA) and not NUMBER.match(text.translate(WIDE)):
        raise Refused("formula", _("This is a formula or begins like one. Write the value itself."), field=fact.name)
    if fact.may_be_absent and text.lower() in NONE:
        return None
    return accepted(pack, fact, converted(fact, text))


def converted(fact: Fact, text: str) -> object:
    """The text in the type of the fact, as far as it can be read."""
    if fact.type is FactType.BOOLEAN:
        return True if text.lower() in YES else False if text.lower() in NO else text
    if fact.type.numeric:
        found = figure(text)
        return text if found is None else whole(found)
    if fact.type is FactType.DATE:
        return text.replace("/", "-").replace(".", "-")
    if fact.type is FactType.CODES:
        return [part.strip() for part in SPLIT.split(text) if part.strip()]
    return text
