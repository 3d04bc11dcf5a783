"""Title, period and benefit of a version as plain fields, read from the text and put back into it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from chuangbao.rules import RuleError
from chuangbao.rules.parse import parse
from chuangbao.rules.writing import put_period, put_value, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["basics_of", "put_basics"]

FIELDS = ("title", "title_en", "from", "to", "kind", "unit", "amount")


def basics_of(content: str) -> dict[str, str]:
    """The fields as the text has them.

    Raises ValueError where the text has no version to read them from.
    """
    title, valid, benefit = (mapping(value_of(content, key)) for key in ("title", "valid", "benefit"))
    return {
        "title": said(title, "zh"), "title_en": said(title, "en"), "from": said(valid, "from"), "to": said(valid, "to"),
        "kind": said(benefit, "kind"), "unit": said(benefit, "unit") or "none", "amount": said(benefit, "amount"),
    }  # fmt: skip


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
    return {**basics, "content": content}, {}


def changed(before: Mapping[str, str], after: Mapping[str, str], *names: str) -> bool:
    """Whether one of some fields was changed."""
    return any(before[name] != after[name] for name in names)


def day(text: str) -> date | None:
    """A day or nothing."""
    return date.fromisoformat(text) if text else None


def wrong(basics: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each field."""
    errors = {} if basics["title"] else {"b-title": gettext("Please fill this in.")}
    for name in ("from", "to"):
        try:
            day(basics[name])
        except ValueError:
            errors[f"b-{name}"] = gettext("Write a day, such as 2026-01-31.")
    if basics["amount"]:
        try:
            parse(basics["amount"])
        except RuleError:
            errors["b-amount"] = gettext("This formula cannot be read. Write it like reward_cash * 0.5")
    return errors
