"""Numbers, money, dates and distances in the words a founder reads, in Chinese and English.

Pure functions over the active language. An amount is never rounded to look nice: where a short form
would lose a cent, the exact form is written.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from chuangbao.rules.units import unit_in

if TYPE_CHECKING:
    from chuangbao.rules.model import Fact, Parameter

__all__ = [
    "DASH", "day_words", "figure_words", "money", "money_a", "number", "percent", "plain_money", "plain_number",
    "plain_quantity", "quantity", "text", "unit_words", "value_words",
]  # fmt: skip

TEN_THOUSAND = Decimal(10_000)
HUNDREDTH, MILLIONTH = Decimal("0.01"), Decimal("0.000001")
DASH = "—"


def text(content: object) -> str:
    """Pick the reader's language of a bilingual content text; plain strings pass unchanged."""
    if content is None:
        return ""
    pick = getattr(content, "get", None)
    return str(pick(get_language() or "zh-hans")) if callable(pick) else str(content)


def number(value: Decimal) -> str:
    """A number with thousands marks and no trailing zeros: 1200 → 1,200 and 0.500 → 0.5."""
    shown = f"{value:,f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def plain_number(value: Decimal) -> str:
    """A number as a field for one takes it: without marks of thousands and trailing zeros."""
    return number(value).replace(",", "")


def money(value: Decimal) -> str:
    """Yuan with cents: ¥30,000.00; a minus sign comes before the currency."""
    sign = "−" if value < 0 else ""
    if value == value.quantize(Decimal("0.01")):
        return f"{sign}¥{abs(value):,.2f}"
    return f"{sign}¥{number(abs(value))}"


def plain_money(value: Decimal) -> str:
    """Yuan as people say it: 3万元, 500元; English keeps the figure without empty cents."""
    whole = value == value.to_integral_value()
    if not (get_language() or "").startswith("zh"):
        return money(value).removesuffix(".00") if whole else money(value)
    if abs(value) >= TEN_THOUSAND and value % 100 == 0:
        return f"{number(value / TEN_THOUSAND)}万元"
    return f"{number(value)}元" if whole else f"{value:,.2f}元"


def percent(value: Decimal) -> str:
    """A ratio as a percentage: 0.7 → 70%."""
    return f"{number(value * 100)}%"


def count_words(value: Decimal, unit: str) -> str | None:
    """A number with a unit that is counted; None when the unit is not one of them."""
    count = 1 if value == 1 else 2
    shown = {"n": number(value)}
    words = {
        "person": ngettext("%(n)s person", "%(n)s people", count),
        "day": ngettext("%(n)s day", "%(n)s days", count),
        "month": ngettext("%(n)s month", "%(n)s months", count),
        "year": ngettext("%(n)s year", "%(n)s years", count),
        "working_day": ngettext("%(n)s working day", "%(n)s working days", count),
        "enterprise": ngettext("%(n)s company", "%(n)s companies", count),
        "project": ngettext("%(n)s project", "%(n)s projects", count),
        "time": ngettext("%(n)s time", "%(n)s times", count),
        "score": ngettext("%(n)s point", "%(n)s points", count),
        "desk": ngettext("%(n)s desk", "%(n)s desks", count),
        "item": ngettext("%(n)s item", "%(n)s items", count),
        "company": ngettext("%(n)s company", "%(n)s companies", count),
        "point": ngettext("%(n)s point", "%(n)s points", count),
        "mu": ngettext("%(n)s mu", "%(n)s mu", count),
        "hour": ngettext("%(n)s hour", "%(n)s hours", count),
    }
    return words[unit] % shown if unit in words else None


def money_a(period: str, figure: str) -> str:
    """Money that comes again: a month is a month, a year a year."""
    patterns = {
        "year": gettext("%(amount)s a year"),
        "quarter": gettext("%(amount)s a quarter"),
        "month": gettext("%(amount)s a month"),
    }
    return patterns[period] % {"amount": figure}


def quantity(value: Decimal, unit: str | None) -> str:
    """A number with its unit in words: 2 人, 3 年, ¥5,000.00, 70%, 500 平方米."""
    unit = unit or ""
    if unit == "CNY":
        return money(value)
    if unit.startswith("CNY/"):
        return money_a(unit.removeprefix("CNY/"), money(value))
    if unit == "calendar_year":
        return f"{value:f}"
    if unit in {"percent", "%"}:
        return f"{number(value)}%"
    if unit == "ratio":
        return percent(value)
    if value != value.quantize(MILLIONTH):  # a quotient, of no amount: 3.17 years
        value = value.quantize(HUNDREDTH)
    if unit == "m2":
        return gettext("%(n)s m²") % {"n": number(value)}
    return count_words(value, unit) or (f"{number(value)} {unit}".strip() if unit != "none" else number(value))


def plain_quantity(value: Decimal, unit: str) -> str:
    """A number with its unit, money as people say it: 每年4万元; cents only where there are any."""
    if not unit.startswith("CNY"):
        return quantity(value, unit)
    figure = plain_money(value)
    return figure if unit == "CNY" else money_a(unit.removeprefix("CNY/"), figure)


def unit_words(unit: str) -> str:
    """What a figure is counted in, for the head or a cell of a table: 元, 元/年, 人; nothing where it is no figure."""
    known = {
        "CNY": gettext("yuan"), "CNY/year": gettext("yuan a year"), "ratio": gettext("share"), "percent": "%",
        "m2": gettext("m²"), "none": "", "calendar_year": gettext("year"),
    }  # fmt: skip
    if unit in known:
        return known[unit]
    words = count_words(Decimal(2), unit)
    return words.removeprefix("2").strip() if words else unit


def day_words(value: date) -> str:
    """A date as the language writes it: 2015年6月8日, 8 June 2015; of a moment the day in the province."""
    value = timezone.localdate(value) if isinstance(value, datetime) else value
    chinese = (get_language() or "").startswith("zh")
    return f"{value.year}年{value.month}月{value.day}日" if chinese else date_format(value, "j F Y")


def value_words(value: object, unit: str | None = None) -> str:
    """Any value of a fact or threshold in words; unknown is a dash."""
    if value is None:
        return DASH
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, Fraction):
        return quantity(Decimal(value.numerator) / value.denominator, unit)
    if isinstance(value, int | Decimal):
        return quantity(Decimal(value), unit)
    if isinstance(value, tuple | list | set | frozenset):
        return "、".join(value_words(part) for part in value) or DASH
    return text(value)


def figure_words(kind: Fact | Parameter | None, value: object) -> str:
    """The value of a fact or a parameter with its unit: a share kept as 0.03 is 3%; codes stay as they are."""
    return value_words(value, unit_in(kind) if kind is not None else None)
