"""The engine for one subject: compiled once, it judges every measure and can explain each condition.

Every verdict says which version of which rule it was judged under; the same facts and day give the same answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, cast

from chuangbao.rules.answers import Status
from chuangbao.rules.ceilings import Ceiling, Payable, ceilings_of, cut, limit_of, payable_of, range_of
from chuangbao.rules.interp import Interp
from chuangbao.rules.judgement import Answer, Triple
from chuangbao.rules.model import tree_of
from chuangbao.rules.profile import Profile, admit
from chuangbao.rules.program import CHUNK, Program, build
from chuangbao.rules.runtime import (
    ABSENT,
    Value,
    add_months,
    between,
    divide,
    exact,
    months_since,
    rounded,
    years_since,
)
from chuangbao.rules.store import kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from decimal import Decimal
    from pathlib import Path

    from chuangbao.rules import tree
    from chuangbao.rules.ceilings import Range
    from chuangbao.rules.model import Fact, Group, Measure, Pack, ParameterValue, Version

__all__ = ["Board", "Engine", "Plan"]

PATTERNS = 100_000  # remembered at most
DAYS = 64  # days and places for which the choice of versions is remembered
NAMES: dict[str, object] = {
    "_ABSENT": ABSENT,
    "_UNSET": object(),
    "_rounded": rounded,
    "_floor": math.floor,
    "_ceil": math.ceil,
    "_add_months": add_months,
    "_months_since": months_since,
    "_years_since": years_since,
    "_divide": divide,
    "_between": between,
    "_parse": tree_of,
    "_Fraction": Fraction,
    "_date": date,
}


class Verdict(dict[tuple[bool | None, ...], Status]):
    """From the verdicts of a version's conditions to its own; remembered, since a few patterns return all the time."""

    def __init__(self, best: Status) -> None:
        """``best`` is what comes out when every condition holds."""
        super().__init__()
        self.best = best

    def __missing__(self, verdicts: tuple[bool | None, ...]) -> Status:
        """No when one condition fails, open while one is unknown."""
        if len(self) > PATTERNS:
            self.clear()
        found = Status.NOT_ELIGIBLE if False in verdicts else Status.UNDETERMINED if None in verdicts else self.best
        self[verdicts] = found
        return found


DECIDABLE, MANUAL = Verdict(Status.ELIGIBLE), Verdict(Status.UNDETERMINED)
"""人工判断, and a version without a condition that asks something of the subject, are never more than open."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A version ready to be judged: the numbers of its conditions, and the code of its amount.

    ``pick`` takes its verdicts out of those of all conditions; ``place`` is where its parameters begin.
    """

    measure: Measure
    version: Version
    conditions: tuple[int, ...]
    pick: Callable[[Sequence[bool | None]], tuple[bool | None, ...]]
    verdict: Verdict
    amounts: Callable[..., tuple[Value, ...]]
    place: int


@dataclass(frozen=True, slots=True)
class Docket:
    """What is judged on one day in one place: the versions in force there, and every parameter's value.

    ``figures`` are facts that the pack knows of the day and the place by itself; one without a value is left out.
    """

    plans: tuple[Plan, ...]
    parameters: tuple[Value, ...]
    ceilings: tuple[Ceiling, ...]
    line: tuple[str, ...]
    figures: Mapping[str, Value]


class Engine:
    """All measures of a pack, compiled."""

    def __init__(self, pack: Pack, cache: Path | None = None) -> None:
        """Compile every derivation, condition and formula of the pack, or read them from the folder ``cache``."""
        self.pack = pack
        self.places = {name: place for place, name in enumerate(pack.measures)}
        self.slots = {name: index for index, name in enumerate(pack.facts)}
        program = Program.loads(kept(cache, f"program-{pack.digest}", lambda: build(pack).dumps()))
        self.derived = program.derived
        self.namespace = dict(NAMES)
        exec(program.code, self.namespace)  # noqa: S102 - our own generated code
        self.chunks = [self.function(f"k{i}") for i in range(program.chunks)]
        self.plans = self.planned(program)
        self.docket = lru_cache(maxsize=DAYS)(self.made_docket)

    def planned(self, program: Program) -> dict[str, Plan]:
        """A plan for every version."""
        found, place = {}, 0
        for index, (name, (measure, version)) in enumerate(self.pack.versions.items()):
            numbers = program.conditions[name]
            decidable = version.manual is None and version.decidable
            found[name] = Plan(
                measure, version, numbers, picker(numbers), DECIDABLE if decidable else MANUAL,
                self.function(f"a{index}"), place,
            )  # fmt: skip
            place += len(version.parameters)
        return found

    def function(self, name: str) -> Callable[..., tuple[Value, ...]]:
        """A compiled function."""
        return cast("Callable[..., tuple[Value, ...]]", self.namespace[name])

    def profile(self, raw: Mapping[str, object], *, as_of: date, region: str = "") -> Profile:
        """The facts of one subject on a day, derived facts included.

        Raises FactError with one problem per unusable name or value.
        """
        given, rows = admit(self.pack, raw, as_of)
        values: list[Value] = [given.get(name) for name in self.pack.facts]
        where = region or str(given.get("region") or "")
        for name, figure in self.docket(as_of, where).figures.items():
            if name not in given:
                values[self.slots[name]] = figure
        conflicts: list[str] = []
        fold = self.fold(values, rows, as_of)
        for name in self.derived:
            value = self.function(f"d_{name}")(values, as_of, fold)
            if name not in given:
                values[self.slots[name]] = cast("Value", value)
            elif value is not None and value != given[name]:
                conflicts.append(name)
        return Profile(dict(raw), as_of, where, values, rows, frozenset(given), tuple(conflicts))

    def fold(
        self, values: list[Value], rows: Mapping[str, tuple[Mapping[str, Value], ...]], as_of: date
    ) -> Callable[..., Value]:
        """What compiled code calls for an aggregate; ``own`` are the figures and lines of the version."""

        def folded(node: tree.Node, own: Mapping[str, Value]) -> Value:
            return Interp(lambda n: own[n] if n in own else values[self.slots[n]], as_of, rows.get).value(node)

        return folded

    def judge(self, profile: Profile, measure_or_version: str) -> Answer:
        """One measure as of the profile's day, or one version whatever the day.

        Raises KeyError for an unknown id, LookupError where no version is in force on the day.
        """
        measure, version = self.pack.find(measure_or_version, profile.as_of)
        if version is None:
            raise LookupError(measure.id)
        return self.board(profile).answer(self.plans[version.version])

    def judge_all(self, profile: Profile, measures: Iterable[str] | None = None) -> list[Answer]:
        """Every measure in force on the day for the subject's region and the regions above it."""
        board = self.board(profile)
        verdicts = board.verdicts()
        plans = self.in_force(profile, measures)
        return [Answer(plan, board, plan.verdict[plan.pick(verdicts)]) for plan in plans]

    def judge_ended(self, profile: Profile, since: date) -> list[Answer]:
        """The last version of every measure of the subject's place that ended on or after a day and before its own."""
        board, line = self.board(profile), self.docket(profile.as_of, profile.region).line
        measures = [m for m in self.pack.measures.values() if m.region in line or not m.region]
        last = [max(m.versions, key=lambda v: v.valid_to or date.max) for m in measures]
        over = [v for v in last if v.valid_to is not None and since <= v.valid_to < profile.as_of]
        return [board.answer(self.plans[version.version]) for version in over]

    def statuses(self, profile: Profile) -> list[Status]:
        """Only the verdicts of all measures in force, in the order of ``judge_all``: the shortest way to them."""
        verdicts = self.board(profile).verdicts()
        return [plan.verdict[plan.pick(verdicts)] for plan in self.in_force(profile, None)]

    def verdicts(
        self, profile: Profile, measures: Iterable[str] | None = None
    ) -> list[tuple[str, Status, Decimal | None]]:
        """The same as (version, status, amount)."""
        return [(a.version, a.status, a.amount) for a in self.judge_all(profile, measures)]

    def in_force(self, profile: Profile, measures: Iterable[str] | None) -> Iterable[Plan]:
        """The plans to judge: the wanted measures, or all that reach the subject's region."""
        if measures is None:
            return self.docket(profile.as_of, profile.region).plans
        chosen = [self.pack.measures[name].version_at(profile.as_of) for name in measures]
        return [self.plans[version.version] for version in chosen if version is not None]

    def made_docket(self, as_of: date, region: str) -> Docket:
        """Choose the versions of a day and a place; the choice is the same for everybody there."""
        line = self.pack.regions.line(region or self.pack.region, as_of) or (region or self.pack.region,)
        plans = []
        for measure in self.pack.measures.values():
            version = measure.version_at(as_of)
            if version is not None and (measure.region in line or not measure.region):
                plans.append(self.plans[version.version])
        values = [
            dated_value(parameter.values, parameter_day(version, as_of), (*line, ""))
            for _, version in self.pack.versions.values()
            for parameter in version.parameters.values()
        ]
        facts = self.pack.facts.values()
        known = {f.name: dated_value(f.figures, as_of, (*line, "")) for f in facts if f.figures}
        figures = {name: value for name, value in known.items() if value is not None}
        return Docket(tuple(plans), tuple(values), self.ceilings(plans, as_of, line), line, figures)

    def figures(self, version: Version, day: date, line: tuple[str, ...]) -> dict[str, Value]:
        """A version's own figures on a day."""
        on = parameter_day(version, day)
        return {name: dated_value(p.values, on, (*line, "")) for name, p in version.parameters.items()}

    def stand_in(self, docket: Docket, plan: Plan) -> tuple[Plan, ...]:
        """The versions of a docket with another one in the place of that of its measure."""
        others = [p for p in docket.plans if p.measure is not plan.measure]
        return tuple(sorted([*others, plan], key=lambda p: self.places[p.measure.id]))

    def ceilings(self, plans: Iterable[Plan], as_of: date, line: tuple[str, ...]) -> tuple[Ceiling, ...]:
        """The ceilings over some versions, with their figures on a day in a place."""
        members = [(p.measure, p.version) for p in plans if p.version.benefit.text]

        def figures(group: Group, version: Version) -> dict[str, Value]:
            if group is version.group and group.name not in self.pack.groups:
                # a family that is said in a version reads the figures of that version, by the day that they go by
                return {n: v for n, v in self.figures(version, as_of, line).items() if n in group.parameters}
            return {name: dated_value(p.values, as_of, (*line, "")) for name, p in group.parameters.items()}

        return ceilings_of(members, self.pack.groups, figures)

    def board(self, profile: Profile) -> Board:
        """What the subject answers to every condition."""
        return Board(self, profile)


class Board:
    """One subject's answers to the numbered conditions, worked out a chunk at a time and kept."""

    def __init__(self, engine: Engine, profile: Profile) -> None:
        """Nothing is judged yet."""
        self.engine, self.profile = engine, profile
        values = cast("list[Value]", profile.values)
        self.own = engine.docket(profile.as_of, profile.region).parameters
        self.arguments = (values, self.own, profile.as_of, engine.fold(values, profile.rows, profile.as_of))
        self.judged: list[tuple[Triple, ...] | None] = [None] * len(engine.chunks)
        self.gaps: dict[int, tuple[str, ...]] = {}
        self.cuts: dict[str, Payable] | None = None

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The catalogue."""
        return self.engine.pack.facts

    def value(self, name: str) -> Value:
        """The value of a fact."""
        return self.profile.values[self.engine.slots[name]]

    def parameters(self, plan: Plan) -> tuple[Value, ...]:
        """A version's own figures."""
        return self.own[plan.place : plan.place + len(plan.version.parameters)]

    def payable(self, plan: Plan) -> Payable | None:
        """What is left of a version's amount under the ceilings it is under; None where it is under none.

        A version that is asked for out of its time stands in the place of the one in force.
        """
        if not (plan.version.benefit.tax or (plan.version.group and plan.version.group.rule == "cap")):
            return None
        docket = self.engine.docket(self.profile.as_of, self.profile.region)
        if plan in docket.plans:
            if self.cuts is None:
                self.cuts = self.worked_out(docket.ceilings)
            return self.cuts.get(plan.version.version)
        return self.worked_out(self.ceilings(self.engine.stand_in(docket, plan))).get(plan.version.version)

    def ceilings(self, plans: Iterable[Plan]) -> tuple[Ceiling, ...]:
        """The ceilings over some versions on the subject's day in its place."""
        line = self.engine.docket(self.profile.as_of, self.profile.region).line
        return self.engine.ceilings(plans, self.profile.as_of, line)

    def worked_out(self, ceilings: tuple[Ceiling, ...]) -> dict[str, Payable]:
        """What every member of some ceilings is paid."""
        names = dict.fromkeys(name for held in ceilings for name in held.members)
        answers = {name: self.answer(self.engine.plans[name]) for name in names}
        ranges = {name: range_of(a.status, a.amount) for name, a in answers.items()}
        by: dict[str, tuple[str, ...]] = {}
        for held in ceilings:
            cut(held, self.limit(held), ranges, by)
        return {n: payable_of(a.status, ranges[n], by.get(n, ())) for n, a in answers.items()}

    def limit(self, held: Ceiling) -> Range:
        """A ceiling for the subject, in cents."""
        return limit_of(held, self.value, self.profile.as_of, self.profile.rows.get)

    def answer(self, plan: Plan) -> Answer:
        """One version judged."""
        return Answer(plan, self, plan.verdict[plan.pick(self.verdicts_of(plan.conditions))])

    def chunk(self, index: int) -> tuple[Triple, ...]:
        """All conditions of one chunk."""
        found = self.judged[index]
        if found is None:
            found = cast("tuple[Triple, ...]", self.engine.chunks[index](*self.arguments))
            self.judged[index] = found
        return found

    def triples(self, numbers: Iterable[int]) -> tuple[Triple, ...]:
        """Verdict, value and threshold of some conditions."""
        return tuple(self.chunk(number // CHUNK)[number % CHUNK] for number in numbers)

    def verdicts(self) -> list[bool | None]:
        """The verdicts of all conditions, by number."""
        return [judged[0] for index in range(len(self.judged)) for judged in self.chunk(index)]

    def verdicts_of(self, numbers: Iterable[int]) -> list[bool | None]:
        """The same list, filled only where it will be looked at."""
        found: list[bool | None] = [None] * (CHUNK * len(self.judged))
        for number in numbers:
            found[number] = self.chunk(number // CHUNK)[number % CHUNK][0]
        return found


def picker(numbers: tuple[int, ...]) -> Callable[[Sequence[bool | None]], tuple[bool | None, ...]]:
    """Takes some places out of a list."""
    if not numbers:
        return lambda _: ()
    # an itemgetter of one place gives no tuple; the same place twice does, and a verdict does not count its parts
    return itemgetter(*numbers) if len(numbers) > 1 else itemgetter(numbers[0], numbers[0])


def parameter_day(version: Version, as_of: date) -> date:
    """A version judged outside its period is judged by the figures of its own nearest day."""
    day = max(as_of, version.valid_from) if version.valid_from else as_of
    return min(day, version.valid_to) if version.valid_to else day


def dated_value(values: Sequence[ParameterValue], day: date, line: tuple[str, ...]) -> Value:
    """The newest value not after the day, for the most specific region that has one."""
    for region in line:
        dated = [v for v in values if v.region == region and v.start <= day]
        if dated:
            value = dated[-1].value
            number = isinstance(value, int | Fraction) and not isinstance(value, bool)
            return exact(cast("Fraction", value)) if number else cast("Value", value)
    return None
