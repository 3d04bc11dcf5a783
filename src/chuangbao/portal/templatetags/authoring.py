"""Words of the officers' desk: what a version changes, what a row says, what happened."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext

from chuangbao.policies.building import op_words
from chuangbao.portal import wording
from chuangbao.portal.conditions import code_label, fact_label, joined
from chuangbao.portal.formula import amount_words
from chuangbao.rules.builder import Hand, Row, Value, sheet_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuangbao.rules.changes import Change
    from chuangbao.rules.model import Condition, Parameter

register = template.Library()


@register.simple_tag
def change_words(change: Change) -> str:
    """One difference in one sentence."""
    return WORDS[change.kind](change)


def condition_changed(change: Change) -> str:
    """A condition that asks something else: threshold from a to b, or both texts."""
    label = wording.text(change.what)
    if change.detail:
        moved = joined(threshold(part) for part in change.detail)
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
    return joined(value_words(row.fact, value) for value in row.values)


def value_words(fact_name: str, value: Value) -> str:
    """A value as people say it."""
    from chuangbao.policies.domain.registry import current_pack

    fact = current_pack().facts.get(fact_name)
    if value.kind == "number":
        figure = Fraction(value.text)
        unit = ("ratio" if str(fact.type) == "ratio" else fact.unit) if fact else ""
        return wording.quantity(Decimal(figure.numerator) / figure.denominator, unit)
    return fact_label(value.text) if value.kind == "name" else code_label(fact_name, value.text)


def figures(parameter: Parameter | None) -> str:
    """The newest figure of a parameter with its unit."""
    if parameter is None or not parameter.values:
        return wording.DASH
    value = parameter.values[-1].value
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        figure = Fraction(value)
        return wording.quantity(Decimal(figure.numerator) / figure.denominator, parameter.unit)
    return str(value)


def period_words(period: Any) -> str:
    """From when to when."""
    return " – ".join(wording.day_words(day) if day else wording.DASH for day in period)


def formula_words(change: Change) -> str:
    """How much, before and now."""
    old, new = both(change)
    return gettext("Amount: before: %(old)s; now: %(new)s") % {
        "old": amount_words(old) or wording.DASH, "new": amount_words(new) or wording.DASH,
    }  # fmt: skip


def parameter_words(change: Change) -> str:
    """A figure that moved."""
    old, new = both(change)
    return gettext("Figure “%(label)s”: %(old)s → %(new)s") % {
        "label": wording.text(change.what), "old": figures(old), "new": figures(new),
    }  # fmt: skip


def manual_words(change: Change) -> str:
    """Whether an officer or the rule decides."""
    return (
        gettext("An officer decides now.") if change.after else gettext("The rule decides now, no longer an officer.")
    )


def named(pattern: str) -> Any:
    """A sentence with the label in it."""
    return lambda change: gettext(pattern) % {"label": wording.text(change.what)}


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
    from chuangbao.policies.deskforms import benefit_words

    return benefit_words(pair[0])


@register.simple_tag
def expected_amount(value: Fraction | None) -> str:
    """The amount that a worked case expects."""
    return wording.DASH if value is None else wording.number(Decimal(value.numerator) / value.denominator)


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
def verb_words(verb: str) -> str:
    """What was done, as people say it."""
    return {
        "begin": gettext("Begun"), "bring": gettext("Brought in"), "save": gettext("Saved"),
        "submit": gettext("Submitted for review"), "return": gettext("Returned"), "withdraw": gettext("Taken back"),
        "discard": gettext("Discarded"), "publish": gettext("Published"), "retire": gettext("Retired"),
        "comment": gettext("Commented"), "edit": gettext("Head corrected"), "edit_clause": gettext("Clause corrected"),
        "add_clause": gettext("Clause added"), "merge_clause": gettext("Clause joined to the one before"),
        "remove_clause": gettext("Clause removed"),
    }.get(verb, verb)  # fmt: skip
