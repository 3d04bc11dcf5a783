"""Title, period, benefit and window of a version as plain fields, read from the text and put back into it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from chuangbao.core.http.requests import read_number
from chuangbao.rules import RuleError
from chuangbao.rules.parse import parse
from chuangbao.rules.writing import drop_value, put_period, put_value, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SPANS", "basics_of", "put_basics", "tidy_days"]

WINDOW = ("window_from", "window_to", "window_count", "window_unit", "window_of")
SPANS = ("day", "month", "year")
TYPED_DAY = re.compile(r"([0-9]{1,2})\s*[-/.．－月]\s*([0-9]{1,2})\s*日?")
DAY_OF_YEAR = re.compile(r"[0-9]{2}-[0-9]{2}")
LEAP, MOST = 2000, 999


def basics_of(content: str) -> dict[str, str]:
    """The fields as the text has them.

    Raises ValueError where the text has no version to read them from.
    """
    title, valid, benefit, window = (mapping(value_of(content, key)) for key in ("title", "valid", "benefit", "window"))
    count, _sep, unit = said(window, "within").partition(" ")
    return {
        "title": said(title, "zh"), "title_en": said(title, "en"), "from": said(valid, "from"), "to": said(valid, "to"),
        "kind": said(benefit, "kind"), "unit": said(benefit, "unit") or "none", "amount": said(benefit, "amount"),
        "grant": said({"grant": value_of(content, "grant")}, "grant"),
        "window_from": said(window, "from"), "window_to": said(window, "to"), "window_count": count,
        "window_unit": unit.removesuffix("s") or SPANS[1], "window_of": said(window, "of"),
    }  # fmt: skip


def tidy_days(basics: Mapping[str, str]) -> dict[str, str]:
    """The fields with the days of the window as the text has them: 3-1, 3/1 and 3月1日 are 03-01."""
    found = dict(basics)
    for name in ("window_from", "window_to"):
        typed = TYPED_DAY.fullmatch(basics[name])
        if typed is not None:
            found[name] = f"{int(typed[1]):02}-{int(typed[2]):02}"
    return found


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping, empty where there is none."""
    return value if isinstance(value, dict) else {}


def said(values: Mapping[str, Any], key: str) -> str:
    """A word of a mapping; ``null`` is nothing."""
    text = str(values.get(key) or "")
    return "" if text in {"null", "~"} else text


def put_basics(content: str, basics: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The text with the fields in it under ``content``, and what is wrong by field (``b-amount``)."""
    before = basics_of(content)
    errors = wrong(basics)
    if errors:
        return dict(basics), errors
    if changed(before, basics, "title", "title_en"):
        content = put_value(content, "title", {"zh": basics["title"], "en": basics["title_en"] or basics["title"]})
    if changed(before, basics, "from", "to"):
        content = put_period(content, day(basics["from"]), day(basics["to"]))
    if changed(before, basics, "kind", "unit", "amount"):
        stood = mapping(value_of(content, "benefit"))
        new = {**stood, "kind": basics["kind"], "unit": basics["unit"]}
        new.pop("amount", None)
        content = put_value(content, "benefit", new | ({"amount": basics["amount"]} if basics["amount"] else {}))
    if changed(before, basics, "grant"):
        content = put_value(content, "grant", basics["grant"]) if basics["grant"] else drop_value(content, "grant")
    if changed(before, basics, *WINDOW):
        window = window_from(basics)
        content = put_value(content, "window", window) if window else drop_value(content, "window")
    return {**basics, "content": content}, {}


def window_from(basics: Mapping[str, str]) -> dict[str, str]:
    """The window that the fields say; empty where they say none."""
    if basics["window_from"]:
        return {"from": basics["window_from"], "to": basics["window_to"]}
    if basics["window_count"]:
        count, unit = basics["window_count"], basics["window_unit"]
        return {"within": f"{count} {unit}{'s' * (count != '1')}", "of": basics["window_of"]}
    return {}


def changed(before: Mapping[str, str], after: Mapping[str, str], *names: str) -> bool:
    """Whether one of some fields was changed."""
    return any(before[name] != after[name] for name in names)


def day(text: str) -> date | None:
    """A day or nothing."""
    return date.fromisoformat(text) if text else None


def wrong(basics: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each field."""
    errors = {}
    for name in ("from", "to"):
        try:
            day(basics[name])
        except ValueError:
            errors[f"b-{name}"] = gettext("Write a day, such as 2026-01-31.")
    start, end = (None, None) if errors else (day(basics["from"]), day(basics["to"]))
    if start is not None and end is not None and end < start:
        errors["b-to"] = gettext("The last day is before the first. Mend one of them.")
    if not basics["title"]:
        errors["b-title"] = gettext("Please fill this in.")
    if basics["amount"]:
        try:
            parse(basics["amount"])
        except RuleError:
            errors["b-amount"] = gettext("This formula cannot be read. Write it like reward_cash * 0.5")
    return errors | wrong_window(basics)


def wrong_window(basics: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the fields of the window: two days of the year, or a span after a day of the subject."""
    days, span = (basics["window_from"], basics["window_to"]), (basics["window_count"], basics["window_of"])
    if any(days) and any(span):
        return {"b-window_count": gettext("Give two days of the year, or a time after a day, not both.")}
    errors = {}
    if any(days) and not is_day_of_year(basics["window_from"]):
        errors["b-window_from"] = gettext("Write month and day of the first day, such as 03-01.")
    if any(days) and not is_day_of_year(basics["window_to"]):
        errors["b-window_to"] = gettext("Write month and day of the last day, such as 04-30.")
    if any(span) and not 0 < read_number(span[0], digits=3) <= MOST:
        errors["b-window_count"] = gettext("Write how many, from 1 to 999.")
    if any(span) and not span[1]:
        errors["b-window_of"] = gettext("Choose the day from which it is counted.")
    return errors


def is_day_of_year(text: str) -> bool:
    """Whether a text is a month and a day, such as 03-01; 29 February is one."""
    try:
        return bool(DAY_OF_YEAR.fullmatch(text)) and bool(date.fromisoformat(f"{LEAP}-{text}"))
    except ValueError:
        return False
