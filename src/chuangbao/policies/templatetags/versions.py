"""Words of the officers' desk: what a version changes, what a row says, what happened."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext

from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization import formatting
from chuangbao.policies.moved import moved_words
from chuangbao.policies.standing import standing_kind, standing_words
from chuangbao.rules.builder import Hand, Row, Value, sheet_of
from chuangbao.ui.presentation.conditions import code_label, fact_label, join_words, op_words
from chuangbao.ui.presentation.formula import amount_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.safestring import SafeString

    from chuangbao.rules.changes import Change
    from chuangbao.rules.model import Condition

register = template.Library()


@register.simple_tag
def change_words(change: Change) -> str:
    """One difference in one sentence."""
    return WORDS[change.kind](change)


def condition_changed(change: Change) -> str:
    """A condition that asks something else: threshold from a to b, or both texts."""
    label = formatting.text(change.what)
    if change.detail:
        moved = join_words(threshold(part) for part in change.detail)
        return gettext("Condition “%(label)s”: %(moved)s") % {"label": label, "moved": moved}
    old, new = both(change)
    return gettext("Condition “%(label)s”: before: %(old)s; now: %(new)s") % {
        "label": label, "old": condition_words(old), "new": condition_words(new),
    }  # fmt: skip


def both(change: Change) -> tuple[Any, Any]:
    """Before and after."""
    return change.before, change.after


def threshold(change: Change) -> str:
    """从业人数 不超过 50人 → 80人."""
    old, new = both(change)
    return gettext("%(fact)s %(op)s %(old)s → %(new)s") % {
        "fact": fact_label(old.fact), "op": op_words(old.op), "old": values_words(old), "new": values_words(new),
    }  # fmt: skip


def condition_words(condition: Condition) -> str:
    """A condition's rows as a sentence."""
    sheet = sheet_of(condition.text)
    join = gettext(" and ") if sheet.join == "all" else gettext(" or ")
    return join.join(row_words(row) for row in sheet.rows)


def row_words(row: Row | Hand) -> str:
    """One row: 从业人数 不超过 50人."""
    if isinstance(row, Hand):
        return row.text
    return " ".join(part for part in (fact_label(row.fact), op_words(row.op), values_words(row)) if part)


def values_words(row: Row) -> str:
    """The values of a row, with the unit of its fact."""
    return join_words(value_words(row.fact, value) for value in row.values)


def value_words(fact_name: str, value: Value) -> str:
    """A value as people say it."""
    from chuangbao.core.engine.current import current_pack

    fact = current_pack().facts.get(fact_name)
    if value.kind == "number":
        return formatting.figure_words(fact, Fraction(value.text))
    return fact_label(value.text) if value.kind == "name" else code_label(fact_name, value.text)


def period_words(period: Any) -> str:
    """From when to when."""
    return " – ".join(formatting.day_words(day) if day else formatting.DASH for day in period)


def formula_words(change: Change) -> str:
    """How much, before and now."""
    old, new = both(change)
    return gettext("Amount: before: %(old)s; now: %(new)s") % {
        "old": amount_words(old) or formatting.DASH, "new": amount_words(new) or formatting.DASH,
    }  # fmt: skip


def parameter_words(change: Change) -> str:
    """A figure that moved."""
    return gettext("Figure “%(label)s”") % {"label": formatting.text(change.what)} + moved_words(*both(change))


def manual_words(change: Change) -> str:
    """Whether an officer or the rule decides."""
    return (
        gettext("An officer decides now.") if change.after else gettext("The rule decides now, no longer an officer.")
    )


def named(pattern: str) -> Any:
    """A sentence with the label in it."""
    return lambda change: gettext(pattern) % {"label": formatting.text(change.what)}


def _(text: str) -> str:
    """Mark for the translators; translated when it is said."""
    return text


WORDS: Mapping[str, Any] = {
    "condition_added": named(_("New condition: %(label)s")),
    "condition_removed": named(_("Condition gone: %(label)s")),
    "condition_changed": condition_changed,
    "threshold": threshold,
    "formula": formula_words,
    "kind": lambda change: (
        gettext("It gives another kind of thing: %(old)s → %(new)s")
        % {"old": kind_words(change.before), "new": kind_words(change.after)}
    ),
    "parameter_added": named(_("New figure: %(label)s")),
    "parameter_removed": named(_("Figure gone: %(label)s")),
    "parameter": parameter_words,
    "period": lambda change: (
        gettext("In force: %(old)s → %(new)s") % {"old": period_words(change.before), "new": period_words(change.after)}
    ),
    "manual": manual_words,
    "paper_added": named(_("To bring now: %(label)s")),
    "paper_removed": named(_("No longer to bring: %(label)s")),
}


def kind_words(pair: Any) -> str:
    """Kind and unit of a benefit."""
    from chuangbao.facts.words import benefit_words

    return benefit_words(pair[0])


@register.simple_tag
def expected_amount(value: Fraction | None) -> str:
    """The amount that a worked case expects."""
    return formatting.DASH if value is None else formatting.number(Decimal(value.numerator) / value.denominator)


@register.simple_tag
def unit_name(unit: str) -> str:
    """The unit that a figure is counted in, by itself."""
    return {
        "CNY": gettext("yuan"), "CNY/year": gettext("yuan a year"), "person": gettext("people"),
        "year": gettext("years"), "month": gettext("months"), "day": gettext("days"), "m2": gettext("m²"),
        "desk": gettext("desks"), "calendar_year": gettext("a year"), "none": "",
    }.get(unit, unit)  # fmt: skip


@register.simple_tag
def field_error(errors: Mapping[str, str], name: str) -> str:
    """What is wrong with one field."""
    return errors.get(name, "")


@register.simple_tag
def known_unit(unit: str, units: Iterable[tuple[str, str]]) -> bool:
    """Whether a unit is one of those offered."""
    return unit in {value for value, _label in units}


@register.simple_tag
def stage_badge(row: Any) -> SafeString:
    """The state of a text today, as a badge: a draft, in force until a day, ended, retired."""
    given = row.stage, row.valid_from, row.valid_to, timezone.localdate()
    return format_html('<span class="cb-badge is-{}">{}</span>', standing_kind(*given), standing_words(*given))


@register.filter
def department_words(department: str) -> str:
    """A department as people call it; one that the pack does not list as it is written."""
    listed = current_pack().codes.get("department")
    found = listed.by_code.get(department) if listed else None
    return formatting.text(found.label) if found else department


@register.filter
def at_key(values: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping has under a key; nothing where it has none."""
    return values.get(key, ())


@register.filter
def day_input_type(typed: str) -> str:
    """``date`` for what a browser's calendar can show, ``text`` for what would vanish in it."""
    try:
        date.fromisoformat(typed or "2000-01-01")
    except ValueError:
        return "text"
    return "date"
