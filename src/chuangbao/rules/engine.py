"""The engine for one subject: compiled once, it judges every measure and explains each condition.

Every verdict says which version of which rule it was judged under; the same facts and day give the same answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from chuangbao.rules import tree
from chuangbao.rules.answers import AmountLine, Answer, ConditionAnswer, Shown, Status
from chuangbao.rules.check import FLIPPED
from chuangbao.rules.emit import Emitter
from chuangbao.rules.interp import Interp
from chuangbao.rules.profile import Profile, admit
from chuangbao.rules.runtime import (
    ABSENT,
    Absent,
    Value,
    add_months,
    cents,
    exact,
    months_since,
    rounded,
    shown,
    years_since,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chuangbao.rules.model import Condition, Fact, Measure, Pack, Parameter, Version

__all__ = ["Engine"]

Triple = tuple[bool | None, Value, Value]
UNSET = object()


@dataclass(frozen=True, slots=True)
class Plan:
    """A version ready to be judged: verdicts with both sides, and the lines of the amount (the amount last)."""

    measure: Measure
    version: Version
    verdicts: Callable[..., tuple[Triple, ...]]
    amounts: Callable[..., tuple[Value, ...]]


class Engine:
    """All measures of a pack, compiled."""

    def __init__(self, pack: Pack, cache: object = None) -> None:
        """Compile every derivation, condition and formula of the pack."""
        self.pack = pack
        self.cache = cache
        self.slots = {name: index for index, name in enumerate(pack.facts)}
        self.derived = tuple(derived_in_order(pack.facts))
        names, source = Source(self).build()
        self.namespace: dict[str, object] = names
        exec(compile(source, f"<rules {pack.id}>", "exec"), self.namespace)  # noqa: S102 - our own generated code
        self.plans = {
            v.version: Plan(
                m, v, cast("Callable[..., tuple[Triple, ...]]", self.function(f"c{i}")), self.function(f"a{i}")
            )
            for i, (m, v) in enumerate(pack.versions.values())
        }

    def function(self, name: str) -> Callable[..., tuple[Value, ...]]:
        """A compiled function."""
        return cast("Callable[..., tuple[Value, ...]]", self.namespace[name])

    def profile(self, raw: Mapping[str, object], *, as_of: date, region: str = "") -> Profile:
        """The facts of one subject on a day, derived facts included.

        Raises FactError with one problem per unusable name or value.
        """
        given, rows = admit(self.pack, raw, as_of)
        values: list[Value] = [given.get(name) for name in self.pack.facts]
        conflicts: list[str] = []
        fold = self.fold(values, rows, as_of)
        for name in self.derived:
            value = self.function(f"d_{name}")(values, as_of, fold)
            if name not in given:
                values[self.slots[name]] = cast("Value", value)
            elif value is not None and value != given[name]:
                conflicts.append(name)
        where = region or str(given.get("region") or "")
        return Profile(dict(raw), as_of, where, values, rows, frozenset(given), tuple(conflicts))

    def fold(self, values: list[Value], rows: Mapping[str, tuple[Mapping[str, Value], ...]], as_of: date) -> object:
        """What compiled code calls for an aggregate."""
        interp = Interp(lambda name: values[self.slots[name]], as_of, rows.get)
        return interp.value

    def judge(self, profile: Profile, measure_or_version: str) -> Answer:
        """One measure as of the profile's day, or one version whatever the day.

        Raises KeyError for an unknown id, LookupError where no version is in force on the day.
        """
        measure, version = self.pack.find(measure_or_version, profile.as_of)
        if version is None:
            raise LookupError(measure.id)
        return self.answer(self.plans[version.version], profile)

    def judge_all(self, profile: Profile, measures: Iterable[str] | None = None) -> list[Answer]:
        """Every measure in force on the day for the subject's region and the regions above it."""
        return [self.answer(plan, profile) for plan in self.in_force(profile, measures)]

    def verdicts(
        self, profile: Profile, measures: Iterable[str] | None = None
    ) -> list[tuple[str, Status, Decimal | None]]:
        """The same as (version, status, amount), without the reasons."""
        judged = (Judgement(self, plan, profile) for plan in self.in_force(profile, measures))
        return [(j.version.version, *j.verdict()) for j in judged]

    def in_force(self, profile: Profile, measures: Iterable[str] | None) -> list[Plan]:
        """The plans to judge: the wanted measures, or all that reach the subject's region."""
        chosen = self.pack.measures.values() if measures is None else [self.pack.measures[m] for m in measures]
        home = profile.region or self.pack.region
        line = self.pack.regions.line(home, profile.as_of) or (home,)
        found = []
        for measure in chosen:
            version = measure.version_at(profile.as_of)
            if version is not None and (measures is not None or measure.region in line or not measure.region):
                found.append(self.plans[version.version])
        return found

    def parameters(self, version: Version, profile: Profile) -> tuple[Value, ...]:
        """The parameters' values on the day, for the most specific region; None where there is none."""
        home = profile.region or self.pack.region
        line = (*self.pack.regions.line(home, profile.as_of), "")
        day = parameter_day(version, profile.as_of)
        return tuple(parameter_value(p, day, line) for p in version.parameters.values())

    def answer(self, plan: Plan, profile: Profile) -> Answer:
        """One version judged and explained."""
        return Judgement(self, plan, profile).answer()


def parameter_day(version: Version, as_of: date) -> date:
    """A version judged outside its period is judged by the figures of its own nearest day."""
    day = max(as_of, version.valid_from) if version.valid_from else as_of
    return min(day, version.valid_to) if version.valid_to else day


def parameter_value(parameter: Parameter, day: date, line: tuple[str, ...]) -> Value:
    """The newest value not after the day, for the most specific region that has one."""
    for region in line:
        dated = [v for v in parameter.values if v.region == region and v.start <= day]
        if dated:
            value = dated[-1].value
            return (
                exact(value)
                if isinstance(value, int | Fraction) and not isinstance(value, bool)
                else cast("Value", value)
            )
    return None


def derived_in_order(facts: Mapping[str, Fact]) -> list[str]:
    """Derived facts, each after those it needs."""
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        fact = facts.get(name)
        if fact is None or fact.value is None or name in order:
            return
        for needed in tree.names(fact.value):
            visit(needed)
        order[name] = None

    for name in facts:
        visit(name)
    return list(order)


class Source:
    """Writes the module of a pack: ``d_<fact>`` derives, ``c<i>`` judges, ``a<i>`` works out the amount."""

    def __init__(self, engine: Engine) -> None:
        """Constants are shared by all functions."""
        self.engine = engine
        self.constants: list[object] = []
        self.parts: list[str] = []

    def build(self) -> tuple[dict[str, object], str]:
        """The namespace and the source text."""
        for name in self.engine.derived:
            fact = self.engine.pack.facts[name]
            out = self.emitter(())
            out.load(tree.names(cast("tree.Node", fact.value)))
            out.write(f"return {out.value(cast('tree.Node', fact.value))}")
            self.parts.append("\n".join([f"def d_{name}(F, T, R):", *out.lines]))
        for index, (_, version) in enumerate(self.engine.pack.versions.values()):
            self.verdicts(f"c{index}", version)
            self.amounts(f"a{index}", version)
        names: dict[str, object] = {f"_C{i}": value for i, value in enumerate(self.constants)}
        names |= {"_ABSENT": ABSENT, "_UNSET": UNSET, "_rounded": rounded, "_floor": math.floor, "_ceil": math.ceil}
        names |= {"_add_months": add_months, "_months_since": months_since, "_years_since": years_since}
        names |= {"_divide": divide, "_between": between}
        return names, "\n\n".join(self.parts)

    def emitter(self, parameters: Iterable[str]) -> Emitter:
        """A function body that reads facts from F and parameters from P."""
        names = {name: f"F[{slot}]" for name, slot in self.engine.slots.items()}
        names |= {name: f"P[{i}]" for i, name in enumerate(parameters)}
        return Emitter(names, self.constants)

    def verdicts(self, name: str, version: Version) -> None:
        """A function that gives (verdict, left, right) of every condition."""
        out = self.emitter(version.parameters)
        triples = []
        for condition in version.conditions:
            out.load(tree.names(condition.when))
            triples.append(triple(out, condition.when))
        out.write(f"return ({''.join(t + ', ' for t in triples)})")
        self.parts.append("\n".join([f"def {name}(F, P, T, R):", *out.lines]))

    def amounts(self, name: str, version: Version) -> None:
        """A function that gives every line of the working, and the amount last."""
        out = self.emitter(version.parameters)
        atoms = []
        lines = {line.id for line in version.benefit.lines}
        for line in version.benefit.lines:
            out.load(tuple(n for n in tree.names(line.value) if n not in lines))
            atoms.append(out.value(line.value))
            out.define(line.id, atoms[-1])
        if version.benefit.amount is not None:
            out.load(tuple(n for n in tree.names(version.benefit.amount) if n not in lines))
            atoms.append(out.value(version.benefit.amount))
        out.write(f"return ({''.join(a + ', ' for a in atoms)})")
        self.parts.append("\n".join([f"def {name}(F, P, T, R):", *out.lines]))


def triple(out: Emitter, node: tree.Node) -> str:
    """Verdict and both sides of a condition, as source text."""
    if isinstance(node, tree.Compare):
        left, right = out.value(node.left), out.value(node.right)
        target = out.fresh()
        op = {"=": "==", "<>": "!="}.get(node.op, node.op)
        out.guarded(target, [left, right], f"{left} {op} {right}")
        return f"({target}, {left}, {right})"
    atom = out.value(node)
    inner = node.operand if isinstance(node, tree.Not) else node
    subject = getattr(inner, "operand", inner)
    value = out.loaded.get(subject.name, "None") if isinstance(subject, tree.Name) else "None"
    return f"({atom}, {value}, None)"


def divide(left: int | Fraction, right: int | Fraction) -> int | Fraction | None:
    """An exact quotient; by zero unknown."""
    return None if right == 0 else exact(Fraction(left) / right)


def between(value: Value, low: Value, high: Value) -> bool | None:
    """Kleene's AND of the two ends of a BETWEEN whose ends can be unknown."""
    number, least, most = cast("int", value), cast("int", low), cast("int", high)
    above = None if value is None or low is None else number >= least
    under = None if value is None or high is None else number <= most
    if above is False or under is False:
        return False
    return None if above is None or under is None else True


class Judgement:
    """One version and one profile: from verdicts to an answer."""

    def __init__(self, engine: Engine, plan: Plan, profile: Profile) -> None:
        """Run the compiled code."""
        self.engine, self.plan, self.profile = engine, plan, profile
        self.version = plan.version
        values = cast("list[Value]", profile.values)
        fold = engine.fold(values, profile.rows, profile.as_of)
        self.parameters = dict(zip(self.version.parameters, engine.parameters(self.version, profile), strict=True))
        arguments = (values, tuple(self.parameters.values()), profile.as_of, fold)
        self.triples = plan.verdicts(*arguments)
        self.amounts = plan.amounts(*arguments)
        self.lines: dict[str, Value] = {}
        self.interp = Interp(self.lookup, profile.as_of, profile.rows.get)

    def lookup(self, name: str) -> Value:
        """A line, a parameter or a fact."""
        if name in self.lines:
            return self.lines[name]
        if name in self.parameters:
            return self.parameters[name]
        return self.profile.values[self.engine.slots[name]]

    def verdict(self) -> tuple[Status, Decimal | None]:
        """Status and amount; no amount for who is not eligible."""
        status = self.status()
        return status, self.amount() if status is not Status.NOT_ELIGIBLE else None

    def answer(self) -> Answer:
        """Status, conditions, working and what is missing."""
        version, plan = self.version, self.plan
        status, amount = self.verdict()
        conditions = tuple(self.condition(c, t) for c, t in zip(version.conditions, self.triples, strict=True))
        lines = self.working()
        missing = [m for c in conditions if c.verdict is None for m in c.missing]
        if status is not Status.NOT_ELIGIBLE:
            missing += self.missing_for_amount()
        verdicts = [t[0] for t in self.triples]
        return Answer(
            measure=plan.measure.id,
            version=version.version,
            status=status,
            amount=amount,
            unit=version.benefit.unit,
            kind=version.benefit.kind,
            conditions=conditions,
            lines=lines,
            missing=tuple(dict.fromkeys(missing)) if status is not Status.NOT_ELIGIBLE else (),
            checks=version.checks,
            manual=version.manual,
            near=verdicts.count(False) == 1 and None not in verdicts,
            confirmed=version.confirmed,
            rule_hash=version.hash,
        )

    def status(self) -> Status:
        """No when one condition fails, open while one is unknown or only a person can judge."""
        verdicts = [t[0] for t in self.triples]
        if False in verdicts:
            return Status.NOT_ELIGIBLE
        if None in verdicts or self.version.manual is not None:
            return Status.UNDETERMINED
        return Status.ELIGIBLE

    def amount(self) -> Decimal | None:
        """The amount to the cent, rounded once."""
        value = self.amounts[-1] if self.version.benefit.amount is not None else None
        return cents(cast("int", value)) if isinstance(value, int | Fraction) else None

    def working(self) -> tuple[AmountLine, ...]:
        """Every line of the working with its value."""
        result = []
        for line, value in zip(self.version.benefit.lines, self.amounts, strict=False):
            self.lines[line.id] = value
            figure = shown(cast("int", value)) if isinstance(value, int | Fraction) else None
            result.append(AmountLine(line.id, line.label, figure, line.text))
        return tuple(result)

    def missing_for_amount(self) -> list[str]:
        """The plain facts that the amount waits for."""
        benefit = self.version.benefit
        if benefit.amount is None or self.amounts[-1] is not None:
            return []
        nodes = [*(line.value for line in benefit.lines), benefit.amount]
        return [m for node in nodes for m in self.missing(node)]

    def missing(self, node: tree.Node) -> tuple[str, ...]:
        """Unknown plain facts behind an unknown value: a derived fact stands for those it waits for."""
        found: dict[str, None] = {}
        for name in self.interp.missing(node):
            if name not in self.parameters and name not in self.lines:
                found |= dict.fromkeys(self.plain(name))
        return tuple(found)

    def plain(self, name: str) -> tuple[str, ...]:
        """The facts to ask for ``name``: itself, or those its derivation waits for."""
        fact = self.engine.pack.facts.get(name)
        if fact is None or fact.value is None:
            return (name,)
        parts = [self.plain(n) for n in self.interp.missing(fact.value)]
        return tuple(dict.fromkeys(n for part in parts for n in part)) or (name,)

    def condition(self, condition: Condition, judged: Triple) -> ConditionAnswer:
        """One condition for people: both sides, the distance, and what it waits for."""
        verdict, left, right = judged
        node = condition.when
        op, fact = None, self.fact_of(node)
        if isinstance(node, tree.Compare):
            op = node.op
            if not isinstance(node.left, tree.Name) and isinstance(node.right, tree.Name):
                op, left, right = FLIPPED[op], right, left
        missing = self.missing(node) if verdict is None else ()
        return ConditionAnswer(
            id=condition.id,
            label=condition.label,
            verdict=verdict,
            value=as_shown(left),
            threshold=as_shown(right),
            op=op,
            distance=distance(left, right),
            unit=fact.unit or None if fact else None,
            fact=fact.name if fact else None,
            clause=condition.clause or None,
            missing=missing,
            reason=self.reason(node) if verdict is None else None,
        )

    def fact_of(self, node: tree.Node) -> Fact | None:
        """The first fact that a condition reads."""
        facts = self.engine.pack.facts
        return next((facts[n] for n in tree.names(node) if n in facts), None)

    def reason(self, node: tree.Node) -> str | None:
        """Why a condition cannot be judged where no fact is to blame."""
        empty = [n for n in tree.names(node) if n in self.parameters and self.parameters[n] is None]
        return f"parameter {empty[0]} has no value on {self.profile.as_of}" if empty else None


def as_shown(value: Value) -> Shown:
    """A value for people and JSON."""
    if value is None or isinstance(value, bool | str | date):
        return value
    if isinstance(value, Absent):
        return None
    if isinstance(value, frozenset):
        return tuple(sorted(value))
    return shown(value)


def distance(left: Value, right: Value) -> Decimal | None:
    """How far the two sides lie apart: numbers in their unit, days in days."""
    if isinstance(left, date) and isinstance(right, date):
        return Decimal(abs((left - right).days))
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
        return shown(abs(Fraction(left) - Fraction(right)))
    return None
