"""A judged condition in words: what was required, what was given, and by how much it holds or fails.

Serves every page that explains a verdict (依据): the check-up, the calculator, the worked examples.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext

from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import day_words, figure_words, quantity, text, value_words
from chuangbao.rules.judgement import as_shown
from chuangbao.rules.runtime import Absent

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chuangbao.rules.answers import ConditionAnswer
    from chuangbao.rules.forecast import Deed, NotYet

__all__ = ["ConditionWords", "deed_words", "describe", "first_day_words", "gap_words", "op_words", "outlook_words"]


NEAR_DAYS = 90


@dataclass(frozen=True, slots=True)
class ConditionWords:
    """What a condition row shows; every part is a finished sentence piece, or empty."""

    state: str
    verdict: str
    label: str
    given: str
    required: str
    distance: str
    missing: tuple[str, ...]
    reason: str
    clause: str


def describe(condition: ConditionAnswer) -> ConditionWords:
    """Put a judged condition into words of the active language."""
    return ConditionWords(
        state={True: "met", False: "unmet", None: "unknown"}[condition.verdict],
        verdict=verdict_words(condition),
        label=text(condition.label),
        given=given_words(condition),
        required=required_words(condition),
        distance=distance_words(condition),
        missing=tuple(fact_label(name) for name in condition.missing),
        reason=gettext("This figure of the decree is not known here yet: ask the office.") if condition.reason else "",
        clause=condition.clause or "",
    )


def gap_words(condition: ConditionAnswer) -> str:
    """Say what is still missing, in one line: 招用人数不少于 3 人，还差 2 人."""
    words = describe(condition)
    return join_words(part for part in (words.label, words.distance) if part)


def verdict_words(condition: ConditionAnswer) -> str:
    """Whether it is met; of one that is for others, that it does not concern this one (不涉及)."""
    if condition.beside:
        return gettext("Does not concern you")
    return {True: gettext("Met"), False: gettext("Not met"), None: gettext("Not known yet")}[condition.verdict]


def given_words(condition: ConditionAnswer) -> str:
    """What was given; of a condition that holds by something's being not so, that it is named (小规模纳税人：否)."""
    if condition.value is None or condition.beside:
        return ""
    value = shown_value(condition, condition.value)
    turned = isinstance(condition.value, bool) and condition.op is None and condition.value is not condition.verdict
    if not turned or condition.fact is None:
        return value
    return gettext("%(fact)s: %(value)s") % {"fact": fact_label(condition.fact), "value": value}


def required_words(condition: ConditionAnswer) -> str:
    """The threshold with its direction: 不超过 ¥200,000.00."""
    if condition.threshold is None or condition.op is None or condition.beside:
        return ""
    patterns = {
        "<=": gettext("at most %(value)s"),
        "<": gettext("less than %(value)s"),
        ">=": gettext("at least %(value)s"),
        ">": gettext("more than %(value)s"),
        "=": gettext("exactly %(value)s"),
        "<>": gettext("other than %(value)s"),
        "in": gettext("one of: %(value)s"),
    }
    pattern = patterns.get(condition.op.lower(), "%(value)s")
    if isinstance(condition.threshold, bool):
        pattern = "%(value)s"
    return pattern % {"value": shown_value(condition, condition.threshold)}


def distance_words(condition: ConditionAnswer) -> str:
    """The margin or the shortfall: 还差 2 人, 超出 ¥0.01, 还有 ¥50,000.00 的余地."""
    if condition.distance is None or condition.verdict is None or condition.op not in {"<=", "<", ">=", ">"}:
        return ""
    if condition.unit == "calendar_year" or (condition.verdict and not is_near(condition)):
        return ""
    if condition.distance == 0 and condition.verdict and not (condition.unit or "").startswith("CNY"):
        return ""  # 12 of 12 months, which a tick may say: met is all there is to say
    if condition.distance == 0:
        return gettext("exactly at the limit")
    wants_more = condition.op in {">=", ">"}
    patterns = {
        (True, True): gettext("%(value)s more than needed"),
        (True, False): gettext("%(value)s to spare"),
        (False, True): gettext("%(value)s short"),
        (False, False): gettext("%(value)s over"),
    }
    pattern = patterns[condition.verdict, wants_more]
    return pattern % {"value": quantity(condition.distance, span_unit(condition))}


def is_near(condition: ConditionAnswer) -> bool:
    """Whether a met condition is near its limit, so that it is worth watching: within as much again, or 90 days.

    No figure is near a limit of zero (高于¥0), and one at twice the limit is as far from it as zero is.
    """
    distance, threshold = condition.distance, condition.threshold
    if condition.beside or distance is None:
        return False
    if isinstance(threshold, Decimal):
        return threshold != 0 and distance < abs(threshold)
    return distance <= NEAR_DAYS


def span_unit(condition: ConditionAnswer) -> str | None:
    """A difference between dates is counted in days; other differences keep the unit."""
    dated = not isinstance(condition.value, Decimal | int) and condition.unit in {None, "", "date"}
    return "day" if dated else condition.unit


def shown_value(condition: ConditionAnswer, value: object) -> str:
    """A value in words; a code is shown by its label (工业, not industrial)."""
    if isinstance(value, str):
        return code_label(condition.fact, value)
    if isinstance(value, tuple):
        return join_words(code_label(condition.fact, str(part)) for part in value)
    return value_words(value, condition.unit)


def join_words(parts: Iterable[str]) -> str:
    """A list as the language writes it."""
    return gettext(", ").join(parts)


def outlook_words(not_yet: NotYet, *, named: bool = True) -> str:
    """When a refusal would turn, and what has to be done for it (还差什么); unnamed where the conditions follow."""
    if not_yet.deeds and not named and not_yet.day <= timezone.localdate():
        return gettext("Once what follows is done, all conditions are met:")
    if not_yet.deeds and not named:
        return gettext("From %(day)s, once what follows is met:") % {"day": first_day_words(not_yet.day)}
    deeds = join_words(deed_words(deed) for deed in not_yet.deeds)
    day = {"day": first_day_words(not_yet.day), "deeds": deeds}
    if not deeds:
        return gettext("On %(day)s all conditions would be met, if the rest stays as it is.") % day
    return gettext("From %(day)s, once this is done: %(deeds)s.") % day


def first_day_words(day: date) -> str:
    """The day from which a refusal turns: 今天, or its date."""
    return gettext("today") if day == timezone.localdate() else day_words(day)


def deed_words(deed: Deed) -> str:
    """One thing to do: a fact, and what it has to become."""
    fact = current_pack().facts.get(deed.fact)
    if isinstance(deed.value, Absent):
        value = gettext("There is none")
    elif isinstance(deed.value, str):
        value = code_label(deed.fact, deed.value)
    elif isinstance(deed.value, frozenset):
        value = join_words(code_label(deed.fact, code) for code in sorted(deed.value)) or gettext("There is none")
    else:
        value = figure_words(fact, as_shown(deed.value))
    return gettext("%(fact)s: %(value)s") % {"fact": fact_label(deed.fact), "value": value}


def fact_label(name: str) -> str:
    """The plain name of a fact, or the name itself where the pack has none."""
    fact = current_pack().facts.get(name)
    return text(fact.label) if fact else name


def code_label(fact_name: str | None, code: str) -> str:
    """The label of a code in the list that the fact uses."""
    pack = current_pack()
    fact = pack.facts.get(fact_name or "")
    listed = pack.codes.get(fact.codes) if fact and fact.codes else None
    return next((text(entry.label) for entry in listed.codes if entry.code == code), code) if listed else code


def op_words(op: str) -> str:
    """A comparison as people say it."""
    return {
        "=": gettext("is"),
        "<>": gettext("is not"),
        "<": gettext("is less than"),
        "<=": gettext("is at most"),
        ">": gettext("is more than"),
        ">=": gettext("is at least"),
        "between": gettext("is from … to …"),
        "in": gettext("is one of"),
        "not_in": gettext("is none of"),
        "like": gettext("begins with"),
        "contains": gettext("has one of"),
        "is_true": gettext("holds"),
        "is_false": gettext("does not hold"),
        "is_absent": gettext("is known not to exist"),
        "is_present": gettext("exists"),
    }[op]
