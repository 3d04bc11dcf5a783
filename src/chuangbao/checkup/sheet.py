"""What a result says on one sheet to hand over (交办单): the same for the PDF, the printed page and the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from chuangbao.accounts.directory import place_words
from chuangbao.checkup.domain.assumptions import find_facts
from chuangbao.checkup.models import KEPT
from chuangbao.checkup.said import list_assumed
from chuangbao.checkup.sense import add_whose, sense_of
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.verdicts import gain_words, grant_words, kind_words, opening_words, verdict_words
from chuangbao.core.exports.calendar import Event
from chuangbao.core.localization.formatting import plain_money, plain_quantity, text
from chuangbao.rules.kinds import Sort, sort_of
from chuangbao.ui.presentation.conditions import deed_words, fact_label, first_day_words, gap_words, join_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from chuangbao.checkup.domain.result import Found, Result
    from chuangbao.checkup.models import CheckUp
    from chuangbao.rules.forecast import Deed, NotYet
    from chuangbao.rules.judgement import Answer

__all__ = [
    "HandoverSheet",
    "Row",
    "Step",
    "Waiting",
    "days_of",
    "events_of",
    "has_days",
    "left_out_words",
    "sheet_of",
    "title_of",
    "unclear_words",
]

MOST_FACTS = 4
"""Answers that a measure waits for, as many as are named."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measure as a person carries it to an office."""

    title: str
    amount: str
    how: str
    until: str
    step: str
    papers: tuple[str, ...]
    beside: str
    """What it cannot be had together with, where it cannot."""


@dataclass(frozen=True, slots=True)
class Step:
    """A place on the road (路线图): from when, what, and what has to be done for it."""

    day: str
    """From when (2027年7月1日起), or once what is to be done is done (做到后)."""
    title: str
    amount: str
    deeds: str
    step: str
    until: str = ""
    """The last day to apply, where applications are open and close before it comes by itself."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is not decided: why, which is mostly the answers that it waits for, and whom to ask."""

    title: str
    why: str
    ask: str
    until: str = ""
    """The last day to apply, where applications are open."""


@dataclass(frozen=True)
class HandoverSheet:
    """Everything on the sheet, in words."""

    name: str
    who: str
    """Whom the answers make one, in the words of the first page; empty where a shared copy does not say it."""
    place: str
    judged_on: date
    printed_on: date
    sense: str
    totals: tuple[tuple[str, str], ...]
    loan: str
    sections: tuple[tuple[str, tuple[Row, ...]], ...]
    errands: tuple[Row, ...]
    """How to get things done (还要办的手续): nothing to be had, and yet a next step, such as a food licence."""
    road: tuple[Step, ...]
    open: tuple[Waiting, ...]
    left: tuple[tuple[str, str], ...]
    valid_until: date | None
    address: str
    """The address of a shared copy; empty where none was shared."""
    site: str = ""
    """Where anyone makes a check-up of their own."""
    assumed: str = ""
    """The figures that it assumes without an answer, each with its value; empty where there are none."""
    left_out: int = 0
    """How many answers a shared copy was made without."""

    @property
    def is_of_today(self) -> bool:
        """Whether it was judged for the day on which it is printed."""
        return self.judged_on == self.printed_on


def sheet_of(
    checkup: CheckUp,
    result: Result,
    *,
    address: str = "",
    site: str = "",
    left_out: int = 0,
    hidden: Collection[str] = (),
) -> HandoverSheet:
    """Put a result into the words of a sheet; of a copy ``hidden`` are the facts that it may have been made without."""
    today = timezone.localdate()
    lists = (
        (gettext("You qualify"), result.due),
        (gettext("You can apply"), result.open_to),
        (gettext("First get what is needed, then apply"), result.after_first),
        (gettext("The department decides"), result.by_office),
    )
    loans = [f.answer.amount for f in result.eligible if f.answer.kind == "loan" and f.answer.amount]
    return HandoverSheet(
        name=str(checkup.subject) if checkup.subject else "",
        who=next((text(a.label) for a in current_pack().audiences if a.id == checkup.who), ""),
        place=region_words(checkup),
        judged_on=checkup.as_of,
        printed_on=today,
        sense=sense_of(result),
        totals=tuple(total_words(each) for each in result.sums if sort_of(str(each["kind"])) is not Sort.LOAN),
        loan=plain_money(max(loans)) if loans else "",
        sections=tuple((title, tuple(write_row(f) for f in found)) for title, found in lists if found),
        errands=tuple(write_row(found) for found in result.errands),
        road=tuple(road_of(result)),
        open=(
            *(name_waiting(f, hidden if left_out else None) for f in result.open),
            *(Waiting(title_of(f), unclear_words(), ask_words(f), closing_words(f)) for f in result.unclear),
        ),
        left=tuple((text(left["title"]), text(left["because"])) for left in result.left),
        valid_until=last_day_of(result, today) if checkup.as_of == today else None,
        address=address,
        site=site,
        assumed=gettext("; ").join(one["words"] for one in list_assumed(result)),
        left_out=left_out,
    )


def left_out_words(count: int) -> str:
    """That a shared copy was made without some answers, and what that means; empty where it was made with all."""
    if not count:
        return ""
    words = ngettext(
        "What is sensitive in %(n)s answer was not taken along into this copy. What hangs on it is not decided here; "
        "it may be decided in the check-up that the copy was made from.",
        "What is sensitive in %(n)s answers was not taken along into this copy. What hangs on it is not decided here; "
        "it may be decided in the check-up that the copy was made from.",
        count,
    )
    return words % {"n": count}


def region_words(checkup: CheckUp) -> str:
    """The place with what it lies in below the nation, the widest first: 吉林省延边朝鲜族自治州敦化市."""
    regions = current_pack().regions
    line = [regions.latest(code) for code in reversed(regions.line(checkup.region, checkup.as_of))]
    return " ".join(text(region.name) for region in line[1:] or line if region)


def total_words(total: Mapping[str, Any]) -> tuple[str, str]:
    """A total by its kind; what is only had when chosen says so, and what is a team's whose it is."""
    kind = kind_words(str(total["kind"]))
    kind = kind if total["sure"] else f"{kind} {gettext('(if you are chosen)')}"
    return kind, add_whose(plain_quantity(total["amount"], total["unit"]), text(total["whose"]))


def title_of(found: Found) -> str:
    """The measure's name, with 待确认 where it is due."""
    name = text(found.measure.title)
    unconfirmed = gettext("To be confirmed")
    return name if found.answer.confirmed else f"{name} ({unconfirmed})"


def write_row(found: Found) -> Row:
    """One measure in the words of the sheet."""
    answer, version = found.answer, found.version
    how = verdict_words("manual") if version.manual else found.first or grant_words(version.grant)
    return Row(
        title=title_of(found),
        amount=add_whose(sum_words(answer), text(version.benefit.whose)) or text(version.benefit.in_words),
        how="" if found.is_errand else how,
        until="" if found.is_errand else found.until,
        step=step_words(found),
        papers=tuple(text(paper) for paper in found.papers),
        beside=found.beside,
    )


def sum_words(answer: Answer) -> str:
    """What an answer brings, money as people say it."""
    return gain_words(answer.kind, answer.unit, answer.amount, answer.payable, answer.at_most, write=plain_quantity)


def name_waiting(found: Found, hidden: Collection[str] | None) -> Waiting:
    """What is not decided, with the answers that it waits for and whom to ask about it.

    ``hidden`` are the facts that a copy may have been made without; None where it was made with all.
    """
    facts = [missing_words(name, hidden) for name in found.open_facts]
    said = join_words(facts[:MOST_FACTS]) + ("…" if len(facts) > MOST_FACTS else "")
    return Waiting(
        title_of(found), f"{gettext('Still missing:')} {said}" if said else "", ask_words(found), closing_words(found)
    )


def closing_words(found: Found) -> str:
    """Until when one may apply, where that is open; empty where no last day can be met."""
    return opening_words(found.answer.opening) if found.closes_on else ""


def missing_words(name: str, hidden: Collection[str] | None) -> str:
    """A fact that is missing; in a copy with whether it was left out or nobody knows it."""
    if hidden is None:
        return fact_label(name)
    return f"{fact_label(name)} {gettext('(not in this copy)') if name in hidden else gettext('(not known)')}"


def ask_words(found: Found) -> str:
    """Whom to ask about a measure; empty where no hot line knows of it."""
    line = found.place.hotline
    return gettext("hot line %(number)s") % {"number": line.number} if line else ""


def unclear_words() -> str:
    """Why a copy does not decide what an answer that it was made without may set aside."""
    return gettext("An answer that was not taken along into this copy may set it aside.")


def step_words(found: Found) -> str:
    """Where and how, which office, and whom to call."""
    parts = (text(found.version.channel), place_words(found.place))
    return gettext("; ").join(part.rstrip("。；.") for part in parts if part)


def road_of(result: Result) -> Iterator[Step]:
    """Yield what comes later, the first day first, with what has to be done."""
    for found in result.later:
        if not_yet := found.not_yet:
            deeds = gettext("; ").join(part for part in list_todo(found, not_yet) if part)
            day, amount = day_of_step(not_yet, deeds), amount_ahead(found)
            yield Step(day, title_of(found), amount, deeds, step_words(found), closing_words(found))


def list_todo(found: Found, not_yet: NotYet) -> list[str]:
    """What has to be done or waited for: what one becomes, deeds, conditions that no deed turns, what is first.

    Of a figure that is one of several ways to meet a condition the condition itself is said, with every way.
    """
    pack, deeds = current_pack(), {deed.fact: deed for deed in not_yet.deeds}
    whens = {condition.id: condition.when for condition in found.version.conditions}
    said = []
    for condition in found.failing:
        hangs_on = find_facts(pack, [whens[condition.id]])
        own = deeds.keys() & hangs_on
        if not own:
            said.append(condition)
        elif len(hangs_on) > len(own) and all(pack.facts[name].type.numeric for name in own):
            said.append(condition)
            deeds = {name: deed for name, deed in deeds.items() if name not in own}
    return [
        found.turn_words,
        *(todo_words(deed) for deed in deeds.values()),
        *(gap_words(condition) for condition in said),
        found.first,
    ]


def day_of_step(not_yet: NotYet, deeds: str) -> str:
    """From which day; where only something to be done is in the way, once that is done."""
    if deeds and not_yet.day <= timezone.localdate():
        return gettext("Once this is done")
    return gettext("From %(day)s") % {"day": first_day_words(not_yet.day)}


def amount_ahead(found: Found) -> str:
    """What it will bring; where no sum is known, what its text says of one (每年最高24,000元)."""
    benefit, answer = found.version.benefit, found.answer
    figure = gain_words(answer.kind, answer.unit, found.amount_then, write=plain_quantity) if found.amount_then else ""
    return add_whose(figure, text(benefit.whose)) or text(benefit.in_words)


def todo_words(deed: Deed) -> str:
    """One thing to do, so that nobody reads it as done: 个体工商户（现在还不是）."""
    if deed.value is True:
        return gettext("%(fact)s (not so yet)") % {"fact": fact_label(deed.fact)}
    if deed.value is False:
        return gettext("no longer: %(fact)s") % {"fact": fact_label(deed.fact)}
    return deed_words(deed)


def last_day_of(result: Result, today: date) -> date:
    """The last day on which the sheet can be relied on: until a window or a rule ends, at most thirty days."""
    ends = [found.version.valid_to for found in result.eligible]
    ends += [f.answer.opening.closes for f in result.eligible if f.answer.opening and f.answer.opening.state == "open"]
    return min([today + timedelta(days=KEPT.days), *(end for end in ends if end and end >= today)])


def events_of(checkup: CheckUp, result: Result, *, host: str) -> list[Event]:
    """The days ahead: windows that open and close, the first days of what is not yet so, the ends of rules."""
    owner = f"subject:{checkup.subject_id}" if checkup.subject_id else checkup.token_hash
    today = timezone.localdate()
    found = [
        Event(
            uid=f"{uuid5(NAMESPACE_URL, f'{owner}:{one.measure.id}:{kind}')}@chuangbao",
            day=day,
            title=f"{words}{gettext(': ')}{text(one.measure.title)}",
            text=gettext("; ").join(part for part in (one.first, step_words(one)) if part),
            address=host.rstrip("/") + reverse("policies:measure", args=[one.measure.id]),
            is_last=kind.startswith(("closes", "ends")),
        )
        for one, kind, words, day in days_of(result.with_days)
        if day >= today
    ]
    return sorted(found, key=lambda event: (event.day, event.title))


def has_days(result: Result) -> bool:
    """Whether a calendar of this result would hold any day."""
    today = timezone.localdate()
    return any(day >= today for _found, _kind, _words, day in days_of(result.with_days))


def days_of(every: Iterable[Found]) -> Iterator[tuple[Found, str, str, date]]:
    """Yield the days of measures: each with what it is and how it is called. A window is named by its year."""
    for found in every:
        opening, not_yet, ends = found.answer.opening, found.not_yet, found.version.valid_to
        if opening and opening.opens and opening.closes and opening.state != "missed":
            year = opening.opens.year
            if opening.state == "opens":
                yield found, f"opens:{year}", gettext("Applications open"), opening.opens
            if opening.state == "opens" or found.closes_on:
                yield found, f"closes:{year}", gettext("Last day to apply"), opening.closes
        opens = opening.opens if opening and opening.state == "opens" else None
        ahead = not_yet and (found.turn or not_yet.day > found.answer.board.profile.as_of)  # else but deeds
        if not_yet and ahead and not_yet.day != opens:
            yield found, "not-yet", gettext("From today you may have it, once the rest is done"), not_yet.day
        if ends and found.is_had:
            yield found, f"ends:{found.version.version}", gettext("Last day of the rule"), ends
