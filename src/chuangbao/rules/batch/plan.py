"""What is judged on one day in one place, made ready for columns: names settled, equal parts shared."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from chuangbao.rules import tree
from chuangbao.rules.batch.vector import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuangbao.rules.engine import Engine
    from chuangbao.rules.engine import Plan as Compiled
    from chuangbao.rules.model import Pack
    from chuangbao.rules.runtime import Value

__all__ = ["Planner", "Task", "names_read"]

Names = dict[str, tree.Node]


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
        self.made: dict[tuple[str, tuple[Value, ...]], Task] = {}

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
        return tuple(self.task(p, docket.parameters[p.place : p.place + len(p.version.parameters)]) for p in plans)

    def task(self, plan: Compiled, parameters: tuple[Value, ...]) -> Task:
        """A version under some values of its parameters; made once."""
        key = (plan.version.version, parameters)
        if key not in self.made:
            self.made[key] = self.fresh(plan, parameters)
        return self.made[key]

    def fresh(self, plan: Compiled, parameters: tuple[Value, ...]) -> Task:
        """See ``task``."""
        rule = plan.version
        names: Names = {n: constant(v) for n, v in zip(rule.parameters, parameters, strict=True)}
        conditions = tuple(self.settled(c.when, names) for c in rule.conditions)
        for line in rule.benefit.lines:
            names = names | {line.id: self.settled(line.value, names)}
        amount = None if rule.benefit.amount is None else self.settled(rule.benefit.amount, names)
        ids = tuple(c.id for c in rule.conditions)
        manual = rule.manual is not None
        return Task(plan.measure.id, rule.version, plan.measure.subject, manual, ids, conditions, amount)

    def settled(self, node: tree.Node, names: Mapping[str, tree.Node]) -> tree.Node:
        """The same tree with parameters and lines put in, out of shared parts."""
        return settle(node, names, self.pool, self.pack)


def names_read(planner: Planner, tasks: Iterable[Task]) -> set[str]:
    """The facts and rows that tasks may look at, by way of derivations too."""
    waiting = [n for t in tasks for n in (*t.conditions, t.amount) if n is not None]
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
