"""What was answered, in words: for the list of answers, and for what a shared copy leaves out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from chuangbao.checkup.domain import sharing
from chuangbao.checkup.domain.checkups import read_answers
from chuangbao.checkup.domain.life import is_life, name_of
from chuangbao.checkup.domain.moves import count_decided
from chuangbao.checkup.domain.own import Answers
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.lifeform import list_rows
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.core.localization.formatting import figure_words, plain_quantity, text
from chuangbao.rules.judgement import as_shown
from chuangbao.rules.model import FactType
from chuangbao.rules.units import unit_in
from chuangbao.ui.presentation.conditions import code_label, join_words

if TYPE_CHECKING:
    from chuangbao.checkup.domain.result import Result
    from chuangbao.checkup.models import CheckUp
    from chuangbao.rules.model import Pack

__all__ = ["answer_words", "list_assumed", "list_figures", "list_private", "shown_words"]

CENT = Decimal("0.01")


def answer_words(pack: Pack, name: str, value: object) -> str:
    """An answer as people read and say it: a code by its label, money as 30万元."""
    fact = pack.facts[name]
    if isinstance(value, list | tuple):
        return join_words(code_label(name, str(part)) for part in value)
    if isinstance(value, str):
        return code_label(name, value)
    if fact.type is FactType.MONEY and isinstance(value, int | Decimal):
        return plain_quantity(Decimal(value).quantize(CENT), unit_in(fact) or "CNY")
    return figure_words(fact, value) if value is not None else ""


def name_figure(name: str, value: object) -> dict[str, str]:
    """A fact with its value in one line, money as people say it: 申请贷款金额：30万元."""
    pack = current_pack()
    fact = pack.facts[name]
    said = answer_words(pack, name, value)
    return {"name": name, "words": gettext("%(fact)s: %(value)s") % {"fact": text(fact.label), "value": said}}


def list_assumed(result: Result) -> list[dict[str, str]]:
    """List each figure that a result assumes without an answer, with its value in words."""
    slots, values = current_engine().slots, result.profile.values
    return [name_figure(name, as_shown(values[slots[name]])) for name in result.assumptions]


def list_figures(result: Result) -> list[dict[str, str]]:
    """The visitor's figures that a row hangs on; of one worked out from the figures of a year, that it was."""
    slots, values, worked_out = current_engine().slots, result.profile.values, result.lived.worked_out
    named = dict.fromkeys(name for found in (*result.eligible, *result.later) for name in found.figures)
    figures = [
        name_figure(name, as_shown(values[slots[name]]) if name in worked_out else result.profile.raw[name])
        for name in named
    ]
    for figure in figures:
        if figure["name"] in worked_out:
            words = gettext("%(words)s (worked out from what you said of the year)") % {"words": figure["words"]}
            figure["words"] = words
    return figures


def list_private(checkup: CheckUp, result: Result) -> list[tuple[str, str, str]]:
    """What a shared copy leaves out unless it is ticked: the name of each answer, its question, and what was said."""
    pack = current_pack()
    labels = {name_of(q.name): text(q.label) for q in (pack.interview.questions if pack.interview else ())}
    labels |= {name: text(fact.label) for name, fact in pack.facts.items()}
    lived = list_rows(result.lived, result.spoken, checkup.who)
    words = {name_of(row.question.name): row.sensitive_words for row in lived}
    words |= {row.fact: answer_words(pack, row.fact, result.profile.raw.get(row.fact)) for row in result.given}
    rows = sharing.list_private_answers(checkup.who, pack, [*result.given, *result.spoken])
    who = next((text(a.label) for a in pack.audiences if a.id == checkup.who and a.sensitive), "")
    found = [(row.fact, labels[row.fact], words.get(row.fact, "")) for row in rows if row.fact in labels]
    return [*([(sharing.WHO, gettext("Who you are"), who)] if who else []), *found]


def shown_words(checkup: CheckUp, result: Result) -> str:
    """How much of the list a copy shows to others with nothing ticked; empty where there is no list yet."""
    pack = current_pack()
    copy, rows = sharing.draft_copy(checkup=checkup, pack=pack, every=[*result.given, *result.spoken])
    given, life = [row for row in rows if row.fact in pack.facts], tuple(row for row in rows if is_life(row))
    marks = frozenset(row.fact for row in rows) - {row.fact for row in (*given, *life)}
    there = result_of(copy, Answers(given, read_answers(pack, given), life=life, marks=marks))
    count, shown = count_decided(result, there)
    if not count:
        return ""
    words = gettext("With nothing ticked others see %(shown)s of the %(count)s measures of your list.")
    if not shown:
        words = gettext("With nothing ticked others see no result: none of the %(count)s measures is decided there.")
    return words % {"shown": shown, "count": count}
