"""A verdict in the words that are true of it: what an eligible person reads follows from how the measure is granted.

可享受 · 可申领 · 可申报 · 可参评 · 由部门决定 stand for eligible; 暂不符合 and 待定 are the same for every measure.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from chuangbao.core.localization.formatting import day_words, quantity, text
from chuangbao.rules.grants import Grant
from chuangbao.rules.kinds import Sort, sort_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from decimal import Decimal

    from chuangbao.rules.model import Text
    from chuangbao.rules.windows import Opening

__all__ = ["count_grants", "first_words", "gain_words", "grant_words", "kind_words", "opening_words", "verdict_words"]


def grant_words(grant: str) -> str:
    """What who meets the conditions may do."""
    return {
        Grant.RIGHT: gettext("You qualify"),  # 可享受
        Grant.CLAIM: gettext("You can claim it"),  # 可申领
        Grant.APPLY: gettext("You can apply"),  # 可申报
        Grant.COMPETE: gettext("You can compete for it"),  # 可参评
        Grant.DISCRETION: gettext("The department decides"),  # 由部门决定
    }[Grant(grant)]


def first_words(steps: Iterable[Text], grant: str) -> str:
    """What has to be got first, and what may be done then (先办执照，再申报); empty where nothing has to be."""
    named = gettext(", ").join(text(step) for step in steps)
    if not named:
        return ""
    return {
        Grant.RIGHT: gettext("First %(steps)s, then it is yours"),
        Grant.CLAIM: gettext("First %(steps)s, then claim it"),
        Grant.APPLY: gettext("First %(steps)s, then apply"),
        Grant.COMPETE: gettext("First %(steps)s, then compete for it"),
        Grant.DISCRETION: gettext("First %(steps)s, then the department decides"),
    }[Grant(grant)] % {"steps": named}


def verdict_words(status: str, grant: str = Grant.RIGHT) -> str:
    """The verdict as people say it; ``manual`` and ``near`` are shown like verdicts.

    Raises KeyError for an unknown status, ValueError for an unknown grant.
    """
    if status == "eligible":
        return grant_words(grant)
    return {
        "not_eligible": gettext("Not at present"),
        "undetermined": gettext("Undecided"),
        "manual": gettext("Decided by an officer"),
        "near": gettext("Almost there"),
        "not_yet": gettext("Not yet"),  # 还没到时候
    }[status]


def count_grants(grants: Iterable[Grant]) -> list[tuple[str, int]]:
    """How many of each word, the surest first: 可享受 2, 可申报 1."""
    found = Counter(grants)
    return [(grant_words(grant), found[grant]) for grant in Grant if found[grant]]


def kind_words(kind: str) -> str:
    """What kind of benefit a sum is of."""
    return {
        "tax": gettext("Tax saved"),
        "subsidy": gettext("Subsidies"),
        "deduction": gettext("Deducted from income"),  # 扣除额，不是省下的税
        "deferral": gettext("Payment put off"),  # 缓缴额，以后还要缴
        "loan": gettext("Loan ceiling"),
        "right": gettext("Value of rights"),
        "procurement": gettext("Advantage in tenders"),
    }.get(kind, gettext("Other benefits"))


def gain_words(
    kind: str,
    unit: str,
    amount: Decimal | None,
    payable: Decimal | None = None,
    at_most: Decimal | None = None,
    *,
    write: Callable[[Decimal, str], str] = quantity,
) -> str:
    """An amount in words that say what it is: only money is money, and it says what a ceiling leaves of it.

    ``payable`` is None where it is not known; ``at_most`` bounds it then. ``write`` puts a figure in words.
    """
    if amount is None or unit == "none":
        return ""
    figure = write(amount, unit)
    said = {
        Sort.DEDUCTION: gettext("%(amount)s taken from the income that is taxed, not from the tax"),
        Sort.DEFERRAL: gettext("%(amount)s paid later, not less"),
        Sort.LOAN: gettext("a loan of up to %(amount)s"),
    }.get(sort_of(kind), "%(amount)s") % {"amount": figure}
    if payable is None and at_most is not None:
        return gettext("%(said)s; at most %(most)s under a ceiling that is not decided yet") % {
            "said": said,
            "most": write(at_most, unit),
        }
    if payable is not None and payable != amount and kind == "tax":
        return gettext("%(said)s; never more than the tax that is due: %(paid)s") % {
            "said": said,
            "paid": write(payable, unit),
        }
    if payable is not None and payable != amount:
        return gettext("%(said)s; %(paid)s under the ceiling") % {"said": said, "paid": write(payable, unit)}
    return said


def opening_words(opening: Opening | None) -> str:
    """When one may apply: open until a day, opens on a day, over since a day; empty where nothing is known."""
    if opening is None or opening.opens is None or opening.closes is None:
        return ""
    days = {"opens": day_words(opening.opens), "closes": day_words(opening.closes)}
    return {
        "open": gettext("Applications are open until %(closes)s.") % days,
        "opens": gettext("Applications open on %(opens)s, until %(closes)s.") % days,
        "missed": gettext("Applications closed on %(closes)s.") % days,
    }[opening.state]
