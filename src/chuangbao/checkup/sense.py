"""One line of sense over a result: what can be had now, and what later (一句话说清)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from chuangbao.core.localization.formatting import day_words, money_a, plain_money, plain_quantity, text
from chuangbao.rules.kinds import Sort, sort_of
from chuangbao.ui.presentation.conditions import join_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from chuangbao.checkup.domain.result import Found, Result
    from chuangbao.rules.bundle import Sum

__all__ = ["add_whose", "sense_of"]


def sense_of(result: Result) -> str:
    """Say in one line what can be had now and what later; never that nothing fits before anything was asked."""
    said = (now_words(result), first_step_words(result), loan_words(result), later_words(result))
    parts = [part for part in said if part]
    if not parts and not result.closes_next:
        return nothing_words(result)
    if not names_figures(result) and (best := find_best(result)):
        parts.append(look_words(best))
    if result.by_office:
        parts.append(office_words(result))
    if result.closes_next:
        parts.append(say_closing(result.closes_next))
    return gettext("; ").join(parts) + gettext(".")


def say_closing(found: Found) -> str:
    """What can be applied for on few days more, and until when."""
    last = day_words(found.closes_on) if found.closes_on else ""
    return gettext("“%(title)s” closes on %(day)s") % {"title": text(found.measure.title), "day": last}


def nothing_words(result: Result) -> str:
    """Why there is nothing to be had: it is not decided, a department decides, or nothing fits."""
    if not result.asked:
        return gettext("Nothing is decided yet: every answer below tells more.")
    if result.by_office:
        best = look_words(result.by_office[0])
        return gettext("; ").join([office_words(result), best, gettext("nothing else is settled yet")]) + gettext(".")
    if result.open:
        return gettext("Nothing is decided by these answers yet: the rows below say which figures are still missing.")
    return gettext("By these answers nothing fits for now: the reasons are below.")


def office_words(result: Result) -> str:
    """How many things a department decides."""
    count = len(result.by_office)
    words = ngettext(
        "%(n)s measure is decided by its department", "%(n)s measures are decided by their department", count
    )
    return words % {"n": count}


def names_figures(result: Result) -> bool:
    """Whether the line names any sum."""
    sums = (*result.at_once, *result.after, *result.ahead)
    return bool(money_words(sums) or team_words(result) or loan_words(result))


def find_best(result: Result) -> Found | None:
    """The first row of the list; None where it is empty."""
    return next(iter((*result.due, *result.open_to, *result.after_first, *result.later)), None)


def look_words(found: Found) -> str:
    """Which row to look at first, where no sum says it."""
    return gettext("look first at “%(title)s”") % {"title": text(found.measure.title)}


def now_words(result: Result) -> str:
    """The money that is sure, tax that is less by itself apart from it; else how many things there are to do now."""
    claimed = money_words(s for s in result.at_once if s.kind != "tax")
    by_itself = money_words(s for s in result.at_once if s.kind == "tax")
    parts = [gettext("Now: about %(figures)s") % {"figures": claimed}] if claimed else []
    parts += [gettext("As you file your taxes: about %(figures)s") % {"figures": by_itself}] if by_itself else []
    count = len(result.due) + len(result.open_to)
    if parts or not count:
        return gettext("; ").join(parts)
    words = ngettext("Now: %(n)s measure is open to you", "Now: %(n)s measures are open to you", count) % {"n": count}
    return words + team_words(result)


def first_step_words(result: Result) -> str:
    """How many things there are to do once something else is got, what that is, and the money they bring."""
    found = result.after_first
    if not found:
        return ""
    steps = dict.fromkeys(text(step) for row in found for step in row.answer.first_steps)
    words = ngettext("%(n)s after a first step: %(steps)s", "%(n)s after a first step: %(steps)s", len(found))
    said = words % {"n": len(found), "steps": join_words(steps)}
    figures = money_words(result.after)
    return said + gettext(", about %(figures)s more") % {"figures": figures} if figures else said


def team_words(result: Result) -> str:
    """The sums that belong to a whole team, with whose they are: no money of one person, and not left unsaid."""
    sums = [each for each in result.sums if each["whose"] and each["sure"]]
    figures = join_words(add_whose(plain_quantity(s["amount"], s["unit"]), text(s["whose"])) for s in sums)
    return gettext(", among them %(figures)s") % {"figures": figures} if figures else ""


def add_whose(amount: str, whose: str) -> str:
    """A sum, and whose it is where it is not one person's."""
    return gettext("%(amount)s, %(whose)s") % {"amount": amount, "whose": whose} if amount and whose else amount


def money_words(sums: Iterable[Sum]) -> str:
    """The money of some sums that is sure; empty where there is none."""
    money = [s for s in sums if s.sure and sort_of(s.kind) is Sort.MONEY and s.amount > 0]
    return gettext(" plus ").join(sum_words(s.kind, s.per, s.amount) for s in money)


def sum_words(kind: str, per: str, amount: Decimal) -> str:
    """One sum in words."""
    figure = plain_money(amount if amount < 1 else amount.quantize(1))
    words = {"tax": gettext("%(figure)s less tax"), "subsidy": gettext("%(figure)s of subsidies")}.get(kind)
    figure = words % {"figure": figure} if words else figure
    return figure if per == "once" else money_a(per, figure)


def loan_words(result: Result) -> str:
    """The largest loan that one may apply for; several are not added up."""
    loans = {f.answer.amount: f for f in result.eligible if f.answer.kind == "loan" and f.answer.amount}
    if not loans:
        return ""
    most = max(loans)
    words = (
        gettext("after that a loan of up to %(figure)s") if loans[most].first else gettext("a loan of up to %(figure)s")
    )
    return words % {"figure": plain_money(most)}


def later_words(result: Result) -> str:
    """How many more things come once time has passed or something is done, from when, and what they bring."""
    days = [f.not_yet.day for f in result.later if f.not_yet]
    if not days:
        return ""
    figures = money_words(result.ahead)
    valued = sum(found.measure.id in result.ahead_taken for found in result.later)
    if not figures:
        return when_words(result, days)
    if valued == len(days):
        return when_words(result, days) + gettext(", about %(figures)s more") % {"figures": figures}
    words = ngettext(", %(n)s of them about %(figures)s more", ", %(n)s of them about %(figures)s more", valued)
    return when_words(result, days) + words % {"n": valued, "figures": figures}


def when_words(result: Result, days: Sequence[date]) -> str:
    """How many more things come, and from when."""
    if min(days) <= result.profile.as_of:
        words = ngettext(
            "%(n)s more once you meet its condition", "%(n)s more once you meet their conditions", len(days)
        )
        return words % {"n": len(days)}
    words = ngettext("%(n)s more from %(day)s", "%(n)s more, the first from %(day)s", len(days))
    return words % {"n": len(days), "day": day_words(min(days))}
