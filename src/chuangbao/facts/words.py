"""Facts in the words of a reader: values, voices, groups."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import figure_words, text, value_words
from chuangbao.facts.domain.standing import SEALED
from chuangbao.facts.models import Source

if TYPE_CHECKING:
    from chuangbao.facts.models import Fact as FactRow
    from chuangbao.rules.model import Fact

__all__ = ["benefit_words", "fact_value", "label", "measure_words", "row_day", "voice"]


def label(name: str) -> str:
    """A fact by its plain name; one that the catalogue no longer has by its id."""
    fact = current_pack().facts.get(name)
    return text(fact.label) if fact else name


def benefit_words(kind: str) -> str:
    """A kind of benefit as people say it."""
    return {
        "tax": _("Tax relief"), "subsidy": _("Subsidy or award"), "loan": _("Loan"),
        "deduction": _("Deduction from income"), "deferral": _("Payment put off"), "right": _("A right"),
        "recognition": _("Recognition"), "procurement": _("Public procurement"), "process": _("A procedure"),
    }[kind]  # fmt: skip


def measure_words(measure: str) -> str:
    """A measure by its title; one that the pack no longer has by its id."""
    found = current_pack().measures.get(measure)
    return text(found.title) if found else measure


def fact_value(fact: Fact, value: object) -> str:
    """A value as people read it: a code by its label, money in yuan."""
    if value is SEALED:
        return _("Sealed")
    if value is None:
        return _("There is none")
    if isinstance(value, list | tuple | frozenset):
        return _(", ").join(code_label(fact, str(part)) for part in value) or _("None of them")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return value_words(value)
    return code_label(fact, value) if isinstance(value, str) else figure_words(fact, value)


def code_label(fact: Fact, code: str) -> str:
    """A code by its label."""
    listed = current_pack().codes.get(fact.codes)
    found = listed.by_code.get(code) if listed else None
    return text(found.label) if found else code


def row_day(row: FactRow) -> str:
    """The day or the period that a row is about."""
    return value_words(row.as_of) if row.as_of else f"{row.period.lower:%Y-%m-%d} – {row.period.upper:%Y-%m-%d}"


def voice(row: FactRow) -> str:
    """Who says so."""
    said = str(row.get_source_display())
    return f"{said}: {row.register}" if row.source == Source.REGISTER else said
