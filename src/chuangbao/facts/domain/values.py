"""Between a value and its row (取值): typed columns, and values as people write them in cells and forms."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _

from chuangbao.core.localization.formatting import number as figure_words
from chuangbao.core.localization.formatting import text as words
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.figures import is_share, read_figure
from chuangbao.rules import FactError
from chuangbao.rules.awards import FORM
from chuangbao.rules.model import FactType
from chuangbao.rules.profile import coerce

if TYPE_CHECKING:
    from chuangbao.facts.models import Fact as FactRow
    from chuangbao.rules.model import Fact, Pack, Parameter

__all__ = [
    "NONE",
    "check_value",
    "columns",
    "describe_expected",
    "figure",
    "figure_expected",
    "figure_in_unit",
    "is_closed",
    "read",
    "share_scale",
    "share_text",
    "typed_figure",
    "unit_of_figure",
    "value_of",
]

FIGURE = re.compile(r"\s*+(?:¥\s*+)?+(-?[\d,，]*+(?:\.\d++)?+)(?<=\d)\s*+(%|万元|万|亿元|亿|元)?\s*+")
MOST_DIGITS, LONGEST_FIGURE, LONGEST = 30, 60, 400
"""Digits of a figure; its characters with separators, spaces and a unit; characters of a cell."""
WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
SCALE = {
    "%": Decimal("0.01"),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "亿": Decimal(10**8),
    "亿元": Decimal(10**8),
}
EXAMPLES = {"month": "6", "year": "3", "calendar_year": "2025", "m2": "1200", "point": "8"}
PERCENT = {"%", "percent"}  # units of facts that are counted in percent
PLACES, LARGEST = Decimal("0.00000001"), Decimal(10**15)
YES, NO = {"是", "有", "yes", "true", "1"}, {"否", "no", "false", "0"}
NONE = {"无", "没有", "none"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
OPEN = ("number", "text", "day_value", "flag", "codes")
SPLIT = re.compile(r"[,，、;；]")


def figure_in_unit(text: str) -> tuple[Decimal, str] | None:
    """A figure as people write it with the unit behind it; None where it is none or has more than 30 digits."""
    found = FIGURE.fullmatch(text.translate(WIDE))
    plain = found[1].replace(",", "").replace("，", "") if found else ""
    if found is None or sum(map(str.isdigit, plain)) > MOST_DIGITS:
        return None
    return Decimal(plain), found[2] or ""


def figure(text: str) -> Decimal | None:
    """A figure as people write it: 200000, 20万, 1,200, 70%; None where it is none."""
    if len(text) > LONGEST_FIGURE:
        return None
    found = figure_in_unit(text)
    if found is None:
        return read_figure(text)
    with localcontext(prec=2 * MOST_DIGITS):  # no digit of what was typed is rounded away
        return found[0] * SCALE.get(found[1], Decimal(1))


def share_scale(kind: Fact | Parameter) -> Decimal | None:
    """What one percent (百分之一) is kept as: 0.01 of a share, 1 of a figure counted in percent; else None."""
    if kind.type is FactType.RATIO:
        return Decimal("0.01")
    return Decimal(1) if kind.type.numeric and kind.unit in PERCENT else None


def typed_figure(text: str, percent: Decimal | None = None) -> Decimal | None:
    """A figure as it is kept, from what was typed; None where it is none.

    With ``percent`` (see ``share_scale``) 3 and 3% mean the same, three percent; without it there is no %.
    """
    plain = text.translate(WIDE).strip()
    if is_share(plain):  # 百分之十, 5‰: its own sign says what it is
        share = read_figure(plain)
        return None if share is None or percent is None else share * 100 * percent
    if percent is None:
        return None if plain.endswith("%") else figure(plain)
    bare = plain.removesuffix("%").rstrip()
    value = None if bare[-1:] in {"%", "万", "亿", "元"} or bare.startswith("¥") else figure(bare)
    return None if value is None else value * percent


def share_text(value: object, percent: Decimal) -> str:
    """A kept figure as it is typed, in percent and without the sign: 0.03 of a share is 3."""
    shown = decimal(value) / percent
    return f"{shown:f}".rstrip("0").rstrip(".") if "." in f"{shown:f}" else f"{shown:f}"


def describe_expected(pack: Pack, fact: Fact) -> str:
    """What can be written for a fact, in one sentence."""
    if fact.award:
        return _("Write day, amount and months, several with ;, such as %(form)s; or that there is none.") % {
            "form": FORM
        }
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
    percent = share_scale(fact)
    start = figure_expected(unit_of_figure(fact), percent, is_whole=fact.type is FactType.INTEGER)
    if fact.minimum is not None:
        start += _(" At least %(n)s.") % {"n": limit_words(fact.minimum, percent)}
    if fact.maximum is not None:
        start += _(" At most %(n)s.") % {"n": limit_words(fact.maximum, percent)}
    return start


def unit_of_figure(fact: Fact) -> str:
    """What the figures of a fact are counted in; money in yuan."""
    return "CNY" if fact.type is FactType.MONEY else fact.unit


def figure_expected(unit: str, percent: Decimal | None = None, *, is_whole: bool = False) -> str:
    """How a figure in a unit is written, with an example that fits it."""
    if percent is not None:
        return _("Write a percentage, such as 3 or 3%.")
    if not unit or unit.startswith("CNY"):
        return _("Write a figure, such as 200000 or 200k.")
    example = EXAMPLES.get(unit, "12")
    if is_whole:
        return _("Write a whole number, such as %(example)s.") % {"example": example}
    return _("Write a number, such as %(example)s.") % {"example": example}


def limit_words(limit: Fraction, percent: Decimal | None) -> str:
    """A limit as it is typed, with % where it is a percentage."""
    return figure_words(decimal(limit)) if percent is None else f"{share_text(limit, percent)}%"


def check_value(pack: Pack, fact: Fact, value: object) -> object:
    """Return the value if the catalogue lets it in.

    Raises Refused: unfit (field: the fact's name), with what can be written instead.
    """
    try:
        coerce(pack, fact, value)
    except FactError:
        raise Refused("unfit", describe_expected(pack, fact), field=fact.name) from None
    if fact.type.numeric and value is not None:
        exact = decimal(value)
        if abs(exact) >= LARGEST or exact != exact.quantize(PLACES):
            raise Refused("unfit", _("Write at most 15 digits before and 8 after the point."), field=fact.name)
    return value


def decimal(value: object) -> Decimal:
    """A figure as the database keeps it."""
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(value) if isinstance(value, int) else Decimal(str(value))


def columns(pack: Pack, fact: Fact, value: object) -> dict[str, object]:
    """The one column that holds the value; a sensitive one is sealed, whatever its type."""
    check_value(pack, fact, value)
    if value is None:
        return {"absent": True}
    name, plain = column(pack, fact, value)
    if fact.sensitive:
        return {"secret": json.dumps({name: plain}, default=str, ensure_ascii=False)}
    return {name: plain}


def column(pack: Pack, fact: Fact, value: object) -> tuple[str, object]:
    """Return a column and its value."""
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

    Raises Refused(long, formula, unfit) with what can be written instead.
    """
    if len(text) > LONGEST:
        raise Refused("long", _("Write at most %(n)d characters.") % {"n": LONGEST}, field=fact.name)
    if text.startswith(FORMULA) and figure(text) is None:
        raise Refused("formula", _("This is a formula or begins like one. Write the value itself."), field=fact.name)
    if fact.may_be_absent and text.lower() in NONE:
        return None
    value = convert_text(fact, text)
    if fact.type is FactType.RATIO and isinstance(value, int | Decimal) and not text.translate(WIDE).endswith("%"):
        refuse_unclear(fact, text, value)
    return check_value(pack, fact, value)


def refuse_unclear(fact: Fact, text: str, value: int | Decimal) -> None:
    """Refuse a bare 0.7 in a file: it was a share of 70% in older files, and is 0.7% as typed.

    Raises Refused: unclear (field: the fact's name).
    """
    typed = decimal(value) * 100
    if 0 < typed <= 1:
        small, large = (f"{share_text(one, Decimal(1))}%" for one in (typed, typed * 100))
        question = _("Is %(typed)s meant as %(small)s or %(large)s? Write it with the sign.")
        raise Refused("unclear", question % {"typed": text, "small": small, "large": large}, field=fact.name)


def convert_text(fact: Fact, text: str) -> object:
    """The text in the type of the fact, as far as it can be read."""
    if fact.type is FactType.BOOLEAN:
        return True if text.lower() in YES else False if text.lower() in NO else text
    if fact.type.numeric:
        found = typed_figure(text, share_scale(fact))
        return text if found is None else whole(found)
    if fact.type is FactType.DATE:
        return text.replace("/", "-").replace(".", "-")
    if fact.type is FactType.CODES:
        return [part.strip() for part in SPLIT.split(text) if part.strip()]
    return text
