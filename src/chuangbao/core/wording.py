"""Numbers, money, dates and distances in the words a founder reads, in Chinese and English.

Pure functions over the active language. An amount is never rounded to look nice: where a short form
would lose a cent, the exact form is written.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

__all__ = ["DASH", "day_words", "money", "number", "percent", "plain_money", "quantity", "text", "value_words"]

TEN_THOUSAND = Decimal(10_000)
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


def money(value: Decimal) -> str:
    """Yuan with cents: ¥30,000.00; a minus sign stands before the currency."""
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


def counted(value: Decimal, unit: str) -> str | None:
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
        "hour": ngettext("%(n)s hour", "%(n)s hours", count),
    }
    return words[unit] % shown if unit in words else None


def quantity(value: Decimal, unit: str | None) -> str:
    """A number with its unit in words: 2 人, 3 年, ¥5,000.00, 70%, 500 平方米."""
    unit = unit or ""
    if unit == "CNY":
        return money(value)
    if unit == "CNY/year":
        return gettext("%(amount)s a year") % {"amount": money(value)}
    if unit == "calendar_year":
        return f"{value:f}"
    if unit == "percent":
        return f"{number(value)}%"
    if unit == "ratio":
        return percent(value)
    if unit == "m2":
        return gettext("%(n)s m²") % {"n": number(value)}
    return counted(value, unit) or (f"{number(value)} {unit}".strip() if unit != "none" else number(value))


def day_words(value: date) -> str:
    """A date as the language writes it: 2015年6月8日, 8 June 2015."""
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
    if isinstance(value, int | Decimal):
        return quantity(Decimal(value), unit)
    if isinstance(value, tuple | list | set | frozenset):
        return "、".join(value_words(part) for part in value) or DASH
    return text(value)
