"""What is judged on one day in one place, made ready for columns: names settled, equal parts shared."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from chuangbao.rules import tree
from chuangbao.rules.answers import Status
from chuangbao.rules.batch.ceilings import Cover, Limit
from chuangbao.rules.batch.vector import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuangbao.rules.ceilings import Ceiling
    from chuangbao.rules.engine import Docket, Engine
    from chuangbao.rules.engine import Plan as Compiled
    from chuangbao.rules.model import Pack
    from chuangbao.rules.runtime import Value

__all__ = ["Planner", "Task", "names_read"]

Names = dict[str, tree.Node]
NO_FIGURES: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Task:
    """One version with the parameters of one place: conditions in order, and the amount to the cent."""

    measure: str
    version: str
    kind: str
    manual: bool
    ids: tuple[str, ...]
    conditions: tuple[tree.Node, ...]
    amount: tree.Node | None


class Planner:
    """Makes tasks; trees that say the same become one object, so that they are worked out once."""

    def __init__(self, engine: Engine, as_of: date, measures: Iterable[str] = (), kind: str = "") -> None:
        """``measures`` are ids of measures or versions, all in force where none is named.

        Raises KeyError for an unknown id, LookupError where a measure has no version in force on the day.
        """
        self.engine, self.pack, self.as_of = engine, engine.pack, as_of
        self.pool: dict[tree.Node, tree.Node] = {}
        self.facts = {n: shared(f, self.pool, self.pack) for n, f in self.pack.facts.items()}
        self.wanted = [self.compiled(name) for name in dict.fromkeys(measures)]
        self.kind = kind
        self.made: dict[tuple[object, ...], Task] = {}
        self.covered: dict[str, tuple[Cover, ...]] = {}

    def compiled(self, name: str) -> Compiled:
        """The version that an id names."""
        measure, version = self.pack.find(name, self.as_of)
        if version is None:
            raise LookupError(measure.id)
        return self.engine.plans[version.version]

    def tasks(self, region: str) -> tuple[Task, ...]:
        """Everything to judge in a region."""
        docket = self.engine.docket(self.as_of, region)
        plans = self.wanted or [p for p in docket.plans if self.kind in {"", p.measure.subject}]
        return tuple(self.task(p, self.parameters(docket, p), docket.figures) for p in plans)

    def covers(self, region: str) -> tuple[Cover, ...]:
        """The ceilings to look at in a region, with every version that takes of them.

        A version asked for out of its time stands in the place of the one in force.
        """
        if region not in self.covered:
            docket = self.engine.docket(self.as_of, region)
            wanted = self.wanted or docket.plans
            targets = frozenset(plan.version.version for plan in wanted)
            found = [self.cover(docket, docket.plans, docket.ceilings, targets)]
            for plan in self.wanted:
                if plan not in docket.plans:
                    plans = self.engine.stand_in(docket, plan)
                    held = self.engine.ceilings(plans, self.as_of, docket.line)
                    found.append(self.cover(docket, plans, held, frozenset({plan.version.version})))
            self.covered[region] = tuple(cover for cover in found if cover.limits)
        return self.covered[region]

    def cover(
        self, docket: Docket, plans: Iterable[Compiled], held: Iterable[Ceiling], targets: frozenset[str]
    ) -> Cover:
        """The ceilings that bear on some targets, by way of others too."""
        held, linked = list(held), set(targets)
        while more := {name for c in held if linked & set(c.members) for name in c.members} - linked:
            linked |= more
        kept = [c for c in held if linked & set(c.members)]
        names = {name for c in kept for name in c.members}
        limits = tuple(Limit(c.name, c.members, c.before, self.limits(c, docket.figures)) for c in kept)
        tasks = tuple(
            self.task(p, self.parameters(docket, p), docket.figures) for p in plans if p.version.version in names
        )
        return Cover(targets & names, limits, tasks)

    def limits(self, held: Ceiling, figures: Mapping[str, Value]) -> tuple[tree.Node, ...]:
        """The expressions of a ceiling with its own figures and the pack's put in."""
        known = figure_names(figures)
        found = ((node, known | {n: constant(v) for n, v in own.items()}) for node, own in held.limits)
        return tuple(self.settled(node, names) for node, names in found)

    def reads(self, region: str) -> set[str]:
        """The facts and rows that a judgement in a region may look at."""
        covers = self.covers(region)
        tasks = [*self.tasks(region), *(task for cover in covers for task in cover.tasks)]
        nodes = [node for cover in covers for limit in cover.limits for node in limit.nodes]
        return names_read(self, tasks, nodes)

    @staticmethod
    def parameters(docket: Docket, plan: Compiled) -> tuple[Value, ...]:
        """The figures of a version in a place."""
        return docket.parameters[plan.place : plan.place + len(plan.version.parameters)]

    def task(self, plan: Compiled, parameters: tuple[Value, ...], figures: Mapping[str, Value] = NO_FIGURES) -> Task:
        """A version under some values of its parameters and of the pack's own figures; made once."""
        key = (plan.version.version, parameters, *figures.items())
        if key not in self.made:
            self.made[key] = self.fresh(plan, parameters, figures)
        return self.made[key]

    def fresh(self, plan: Compiled, parameters: tuple[Value, ...], figures: Mapping[str, Value]) -> Task:
        """See ``task``."""
        rule = plan.version
        names = figure_names(figures)
        names |= {n: constant(v) for n, v in zip(rule.parameters, parameters, strict=True)}
        conditions = tuple(self.settled(c.when, names) for c in rule.conditions)
        for line in rule.benefit.lines:
            names = names | {line.id: self.settled(line.value, names)}
        amount = None if rule.benefit.amount is None else self.settled(rule.benefit.amount, names)
        ids = tuple(c.id for c in rule.conditions)
        manual = plan.verdict.best is not Status.ELIGIBLE
        return Task(plan.measure.id, rule.version, plan.measure.subject, manual, ids, conditions, amount)

    def settled(self, node: tree.Node, names: Mapping[str, tree.Node]) -> tree.Node:
        """The same tree with parameters and lines put in, out of shared parts."""
        return settle(node, names, self.pool, self.pack)


def figure_names(figures: Mapping[str, Value]) -> Names:
    """The facts that the pack knows by itself: what a subject says of them comes first."""
    return {name: tree.Given(tree.Name(name), constant(value)) for name, value in figures.items()}


def names_read(planner: Planner, tasks: Iterable[Task], nodes: Iterable[tree.Node] = ()) -> set[str]:
    """The facts and rows that tasks and other expressions may look at, by way of derivations too."""
    waiting = [*nodes, *(n for t in tasks for n in (*t.conditions, t.amount) if n is not None)]
    names: set[str] = set()
    while waiting:
        for part in tree.walk(waiting.pop()):
            name = part.name if isinstance(part, tree.Name) else part.rows if isinstance(part, tree.Aggregate) else ""
            if name and name not in names:
                names.add(name)
                fact = planner.facts.get(name)
                waiting += [fact.value] if fact is not None and fact.value is not None else []
    return names


def shared(fact: Any, pool: dict[tree.Node, tree.Node], pack: Pack) -> Derivation:
    """A fact whose derivation is one object from now on."""
    node = settle(fact.value, {}, pool, pack) if fact.derived else None
    return Derivation(fact.name, fact.type, node)


@dataclass(frozen=True, slots=True)
class Derivation:
    """What the judge must know of a fact."""

    name: str
    type: Any
    value: tree.Node | None


def constant(value: Value) -> tree.Node:
    """The value of a parameter as a literal."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return tree.Bool(value)
    if isinstance(value, int | Fraction):
        return tree.Num(value)
    return tree.Day(value) if isinstance(value, date) else tree.Str(cast("str", value))


def settle(node: tree.Node, names: Mapping[str, tree.Node], pool: dict[tree.Node, tree.Node], pack: Pack) -> tree.Node:
    """Put in what names stand for, and take every part from the pool where an equal one is there."""
    if isinstance(node, tree.Name):
        node = names.get(node.name, node)
    else:
        if isinstance(node, tree.Aggregate):  # the columns of rows come before all other names
            names = {n: v for n, v in names.items() if n not in pack.rows[node.rows].columns}
        parts = {f.name: inside(getattr(node, f.name), names, pool, pack) for f in fields(node) if f.name != "pos"}
        node = replace(node, **parts)
    return pool.setdefault(node, node)


def inside(part: Any, names: Mapping[str, tree.Node], pool: dict[tree.Node, tree.Node], pack: Pack) -> Any:
    """The same for what a field holds: a node, tuples of nodes to any depth, or plain data."""
    if isinstance(part, tree.Node):
        return settle(part, names, pool, pack)
    return tuple(inside(p, names, pool, pack) for p in part) if isinstance(part, tuple) else part
