"""Not yet, but soon (还差什么、到哪天): a refusal that time or deeds would turn, the first day, and the fewest deeds.

Facts stay as they are, counters grow by full months (from the day that they count from, where it is known), and what
the subject can do counts as done at once. It looks 36 months ahead and no further than the version lives. It is a
forecast beside the verdict: learning more may change it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, product
from math import floor
from typing import TYPE_CHECKING, cast

from chuangbao.rules import tree
from chuangbao.rules.answers import Status
from chuangbao.rules.interp import Interp
from chuangbao.rules.model import FactType
from chuangbao.rules.questions import samples
from chuangbao.rules.runtime import ABSENT, add_months, cents, exact, months_since

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.model import Condition, Fact
    from chuangbao.rules.runtime import Number, Value

__all__ = ["AHEAD", "Deed", "NotYet", "Outlook", "amount_ahead", "forecast", "may_turn"]

AHEAD = 36  # months
FACTS, TOGETHER, TRIED = 6, 3, 2_000  # deeds that can be chosen, chosen together, and ways tried
TIMES = {"MONTHS_SINCE", "YEARS_SINCE"}
COUNTERS = {"month": 1, "year": 12}
LATE = 28  # from this day on months differ in length
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to do: the fact that changes, and what it has to become."""

    fact: str
    value: Value


@dataclass(frozen=True, slots=True)
class NotYet:
    """The first day on which all conditions would hold, once the deeds are done."""

    day: date
    deeds: tuple[Deed, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The JSON form."""
        deeds = [{"fact": deed.fact, "value": plain(deed.value)} for deed in self.deeds]
        return {"day": self.day.isoformat(), "deeds": deeds}


def plain(value: Value) -> object:
    """A value for JSON."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value) if isinstance(value, Fraction) else value


def forecast(answer: Answer) -> NotYet | None:
    """When a refusal would turn; None for what is no refusal, is open, or fails by something that never changes."""
    if any(triple[0] is None for triple in answer.triples) or not answer.can_turn:
        return None
    return Outlook(answer).first(failing_of(answer))


def amount_ahead(answer: Answer, not_yet: NotYet) -> Decimal | None:
    """What a measure brings on the first day of a forecast, to the cent; None while a figure is unknown.

    What is still to be paid or worked for is unknown: the least figure that meets a condition is not what will be.
    """
    benefit, outlook = answer.plan.version.benefit, Outlook(answer)
    if benefit.amount is None or outlook.is_made_up(not_yet):
        return None
    value = outlook.on_the_day(not_yet).value(benefit.amount)
    return cents(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None


def may_turn(answer: Answer) -> bool:
    """Whether a refusal hangs on nothing but what time or a deed can change, whatever else is still unknown."""
    if answer.status is not Status.NOT_ELIGIBLE or not answer.decidable:
        return False
    outlook = Outlook(answer)
    return all(outlook.can_change(condition) for condition in failing_of(answer))


def failing_of(answer: Answer) -> list[Condition]:
    """The conditions that stand in the way."""
    pairs = zip(answer.plan.version.conditions, answer.triples, strict=True)
    return [condition for condition, triple in pairs if triple[0] is False]


@dataclass
class Outlook:
    """One subject before one version on days to come."""

    answer: Answer
    read: dict[str, frozenset[str]] = field(default_factory=dict)  # given facts by the text of a condition

    def __post_init__(self) -> None:
        """Nothing is looked at yet."""
        self.board, self.version = self.answer.board, self.answer.plan.version
        self.profile, self.facts = self.board.profile, self.board.facts
        self.line = self.board.engine.docket(self.profile.as_of, self.profile.region).line
        self.own = frozenset(self.version.parameters)

    # ---- what an expression hangs on

    def nodes(self, node: tree.Node) -> Iterator[tree.Node]:
        """Every part of an expression, by way of facts that are worked out."""
        for part in tree.walk(node):
            yield part
            fact = self.derived(part.name) if isinstance(part, tree.Name) else None
            if fact is not None and fact.value is not None:
                yield from self.nodes(fact.value)

    def derived(self, name: str) -> Fact | None:
        """A fact that is worked out from others for this subject."""
        fact = self.facts.get(name) if name not in self.own else None
        return fact if fact is not None and fact.derived and name not in self.profile.given else None

    def names(self, condition: Condition) -> frozenset[str]:
        """The given facts that a condition hangs on."""
        if condition.text not in self.read:
            parts = self.nodes(condition.when)
            found = {p.name for p in parts if isinstance(p, tree.Name) and p.name not in self.own}
            self.read[condition.text] = frozenset(n for n in found if n in self.facts and self.derived(n) is None)
        return self.read[condition.text]

    def is_timely(self, condition: Condition) -> bool:
        """Whether a condition can turn by time alone."""
        if any(self.counts(name) for name in self.names(condition)):
            return True
        dated = any(len(p.values) > 1 for n, p in self.version.parameters.items() if n in tree.names(condition.when))
        parts = self.nodes(condition.when)
        return dated or any(isinstance(p, tree.AsOf) or (isinstance(p, tree.Func) and p.name in TIMES) for p in parts)

    def counts(self, name: str) -> bool:
        """Whether a fact is a counter that grows with time."""
        fact = self.facts[name]
        return fact.by == "time" and fact.type.numeric and fact.unit in COUNTERS

    def can_do(self, name: str) -> bool:
        """Whether a fact is a deed still to be done; what has passed is not done again, nor ``once`` undone."""
        fact, now = self.facts[name], self.board.value(name)
        if fact.by == "once":
            return now is not True
        return fact.by == "deed" and not (isinstance(now, date) and now < self.profile.as_of)

    def can_change(self, condition: Condition) -> bool:
        """Whether a condition may come to hold: on some day to come, with all that can be done left open.

        What one is (a group, a way of being) keeps refusing whatever else the condition reads.
        """
        undone: dict[str, Value] = {name: None for name in self.names(condition) if self.can_do(name)}
        start, last = self.start(), self.last()
        if start > last:
            return False
        if not self.is_timely(condition):
            return bool(undone) and self.truth(condition, start, undone) is not False
        days = self.days([condition], start, last, undone)
        return any(self.truth(condition, day, undone) is not False for day in days)

    # ---- a day to come

    def holds(self, conditions: Iterable[Condition], day: date, changed: Mapping[str, Value]) -> bool:
        """Whether all of some conditions hold on a day, once some facts have changed."""
        interp = self.on(day, changed)
        return all(interp.truth(condition.when) is True for condition in conditions)

    def truth(self, condition: Condition, day: date, changed: Mapping[str, Value]) -> bool | None:
        """Whether one condition holds on a day; None while that is open."""
        return self.on(day, changed).truth(condition.when)

    def on(self, day: date, changed: Mapping[str, Value]) -> Interp:
        """The reference engine over the subject on a day, once some facts have changed."""
        figures = self.board.engine.figures(self.version, day, self.line)
        known: dict[str, Value] = {}

        def lookup(name: str) -> Value:
            if name in figures:
                return figures[name]
            if name not in known:
                known[name] = changed[name] if name in changed else worked_out(name)
            return known[name]

        def worked_out(name: str) -> Value:
            fact = self.derived(name)
            return interp.value(cast("tree.Node", fact.value)) if fact is not None else self.grown(name, day)

        interp = Interp(lookup, day, self.profile.rows.get)
        return interp

    def on_the_day(self, not_yet: NotYet) -> Interp:
        """The reference engine on the day of a forecast, over the lines of the working too."""
        changed = {deed.fact: deed.value for deed in not_yet.deeds}
        for line in self.version.benefit.lines:
            changed[line.id] = self.on(not_yet.day, changed).value(line.value)
        return self.on(not_yet.day, changed)

    def is_made_up(self, not_yet: NotYet) -> bool:
        """Whether the sum hangs on a figure that a deed has yet to make, other than a count of things."""
        benefit = self.version.benefit
        roots = [*(line.value for line in benefit.lines), *([benefit.amount] if benefit.amount else [])]
        read = {part.name for root in roots for part in self.nodes(root) if isinstance(part, tree.Name)}
        kinds = {FactType.MONEY, FactType.DECIMAL}
        return any(deed.fact in read and self.facts[deed.fact].type in kinds for deed in not_yet.deeds)

    def grown(self, name: str, day: date) -> Value:
        """A given fact on a day: a counter grows by full months, or by full years where it counts whole years."""
        value = self.board.value(name)
        if not self.counts(name) or isinstance(value, bool) or not isinstance(value, int | Fraction):
            return value
        fact = self.facts[name]
        begin = self.begin(name) or self.profile.as_of
        then, now = (Fraction(months_since(begin, at), COUNTERS[fact.unit]) for at in (day, self.profile.as_of))
        grown = value + (floor(then) - floor(now) if fact.type is FactType.INTEGER else then - now)
        return exact(grown if fact.maximum is None else max(min(grown, fact.maximum), value))

    def begin(self, name: str) -> date | None:
        """The day that a counter counts from, where that is known and the counter says the same."""
        fact, value = self.facts[name], self.board.value(name)
        start = self.board.value(fact.since) if fact.since else None
        if not isinstance(start, date) or start > self.profile.as_of:
            return None
        months = months_since(start, self.profile.as_of)
        per = COUNTERS[fact.unit]
        return start if value in {Fraction(months, per), months // per} else None

    # ---- the search

    def first(self, failing: Sequence[Condition]) -> NotYet | None:
        """The fewest deeds, the first of the catalogue among as many, and with them the earliest day."""
        last = self.last()
        start = self.start()
        timely = [c for c in self.version.conditions if self.is_timely(c)]
        still = [c for c in self.version.conditions if c not in timely]
        deeds = self.deeds(failing)
        needed = [name for name in deeds if name in self.find_needed(failing)]
        free = [name for name in deeds if name not in needed]
        ways = 0
        for size in range(min(len(free), TOGETHER) + 1):
            for more in combinations(free, size):
                names = [name for name in deeds if name in needed or name in more]
                found: list[NotYet] = []
                for values in product(*(deeds[name] for name in names)):
                    ways += 1
                    if ways > TRIED:
                        return min(found, key=lambda one: one.day, default=None)
                    changed = dict(zip(names, values, strict=True))
                    if self.holds(still, start, changed):
                        day = self.earliest(timely, start, last, changed)
                        found += [NotYet(day, tuple(map(Deed, changed, changed.values())))] if day else []
                if found:
                    return min(found, key=lambda one: one.day)
        return None

    def find_needed(self, failing: Sequence[Condition]) -> set[str]:
        """The deeds without which a condition keeps failing, whatever else is done: the only ones that it hangs on."""
        doable = ({name for name in self.names(c) if self.can_do(name)} for c in failing if not self.is_timely(c))
        return {name for names in doable if len(names) == 1 for name in names}

    def start(self) -> date:
        """The first day that is looked at."""
        return max(self.profile.as_of, self.version.valid_from or date.min)

    def last(self) -> date:
        """The last day that is looked at."""
        ahead = cast("date | None", add_months(self.profile.as_of, AHEAD)) or date.max
        return min(ahead, self.version.valid_to) if self.version.valid_to else ahead

    def deeds(self, failing: Sequence[Condition]) -> dict[str, list[Value]]:
        """What can be done about the failing conditions, in the order of the catalogue, and what it may become."""
        names = {n for c in failing for n in self.names(c) if self.can_do(n)}
        trees = [part for c in self.version.conditions for part in self.nodes(c.when)]
        roots = [c.when for c in self.version.conditions]
        roots += [
            fact.value
            for part in trees
            if isinstance(part, tree.Name)
            if (fact := self.derived(part.name)) is not None and fact.value is not None
        ]
        if len(names - self.find_needed(failing)) > FACTS:
            return {}
        return {name: self.values(name, roots) for name in list(self.facts) if name in names}

    def values(self, name: str, roots: Sequence[tree.Node]) -> list[Value]:
        """What a fact may become: each value at which something turns, the nearest to what it is now first."""
        now = self.board.value(name)
        pack = self.board.engine.pack
        found = [admitted(pack.facts[name], value) for value in samples(pack, roots, name)]
        found += self.figures_beside(name, roots)
        if self.facts[name].type is FactType.DATE:
            found = [self.profile.as_of]  # done today
        others = [value for value in dict.fromkeys(found) if value != now]
        return sorted(others, key=lambda value: gap(value, now))

    def figures_beside(self, name: str, roots: Sequence[tree.Node]) -> list[Value]:
        """The version's own figures that a number is compared with, and one step beyond."""
        fact = self.facts[name]
        if not fact.type.numeric:
            return []
        beside = {n for root in roots if name in tree.names(root) for n in tree.names(root) if n in self.own}
        figures = self.board.engine.figures(self.version, self.profile.as_of, self.line)
        held = [cast("Number", figures[n]) for n in sorted(beside) if isinstance(figures[n], int | Fraction)]
        step = 1 if fact.type is FactType.INTEGER else Fraction(1, 100)
        low, high = fact.minimum, fact.maximum
        near = [exact(value + d) for value in held for d in (-step, 0, step)]
        return [v for v in near if (low is None or v >= low) and (high is None or v <= high)]

    def earliest(
        self, timely: Sequence[Condition], start: date, last: date, changed: Mapping[str, Value]
    ) -> date | None:
        """The first day on which the timely conditions hold too."""
        if start > last:
            return None
        if not timely:
            return start
        return next((day for day in self.days(timely, start, last, changed) if self.holds(timely, day, changed)), None)

    def days(self, timely: Sequence[Condition], start: date, last: date, changed: Mapping[str, Value]) -> list[date]:
        """The days on which something can turn: those of dates in play in every month, and the first of the month."""
        bases = {self.profile.as_of, *self.dates(timely, changed)}
        numbers = {1, *(d.day for d in bases), *((28, 29, 30, 31) if any(d.day >= LATE for d in bases) else ())}
        found = {start, *(d for base in bases for d in (base, base + ONE) if base < date.max)}
        month = start.replace(day=1)
        while month <= last:
            following = cast("date | None", add_months(month, 1)) or date.max
            length = (following - month).days
            ends = {month + ONE * (min(n, length) - 1) for n in numbers}
            found |= ends | {day + ONE for day in ends}
            month = following
        return sorted(day for day in found if start <= day <= last)

    def dates(self, timely: Sequence[Condition], changed: Mapping[str, Value]) -> Iterator[date]:
        """The days that conditions, figures, facts and rows speak of."""
        for condition in timely:
            for part in self.nodes(condition.when):
                if isinstance(part, tree.Day):
                    yield part.value
                if isinstance(part, tree.Aggregate):
                    rows = self.profile.rows.get(part.rows) or ()
                    yield from (v for row in rows for v in row.values() if isinstance(v, date))
            values = [changed.get(name, self.board.value(name)) for name in self.names(condition)]
            yield from (value for value in values if isinstance(value, date))
            counters = (name for name in self.names(condition) if self.counts(name) and name not in changed)
            yield from (begin for name in counters if (begin := self.begin(name)) is not None)
        for figure in self.version.parameters.values():
            yield from (value.start for value in figure.values)
            yield from (value.value for value in figure.values if isinstance(value.value, date))


def gap(value: Value, now: Value) -> Number:
    """How far a number lies from what it is now; nothing for what is no number."""
    numbers = all(isinstance(v, int | Fraction) and not isinstance(v, bool) for v in (value, now))
    return abs(cast("int", value) - cast("int", now)) if numbers else 0


def admitted(fact: Fact, value: object) -> Value:
    """A sample as the engine holds it."""
    if value is None:
        return ABSENT
    if isinstance(value, list):
        return frozenset(value)
    if fact.type.numeric:
        return exact(cast("int", value))
    return cast("Value", value)
