"""Worked cases (算例): each is run and compared to the cent, and each threshold has cases at it and beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from chuangbao.rules import tree
from chuangbao.rules.check import FLIPPED
from chuangbao.rules.diagnostics import FactError
from chuangbao.rules.engine import Engine
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.model import Condition, Example, Measure, Pack, Version
    from chuangbao.rules.packcheck.source import Source, Spot

__all__ = ["check"]

# how near beside a threshold a case must lie
STEP = {
    FactType.INTEGER: Fraction(1),
    FactType.MONEY: Fraction(1),
    FactType.AREA: Fraction(1),
    FactType.DECIMAL: Fraction(1),
    FactType.RATIO: Fraction(1, 100),
}
# where a comparison turns: from 3 on, 3 and 2 tell it from all others; up to 3, 3 and 4 do
SIDES = {
    ">=": ("below",),
    "<": ("below",),
    "<=": ("above",),
    ">": ("above",),
    "=": ("below", "above"),
    "<>": ("below", "above"),
}


def check(source: Source, pack: Pack) -> Iterator[Finding]:
    """Run every case of every version."""
    engine = Engine(pack)
    spots = {v.say("version"): v for m in source.entries("measures") for v in m.each("versions")}
    for measure in pack.measures.values():
        for version in measure.versions:
            spot = spots[version.version]
            for example, place in zip(version.examples, spot.each("examples"), strict=True):
                yield from run(engine, measure, version, example, place)
            if not version.examples and version.manual is None:
                message = f"{version.version} has no worked example"
                yield spot.finding("no_example", message, "examples: [{facts: {…}, expect: {…}}]", severity="warning")
            conditions = {c.say("id"): c for c in spot.each("conditions")}
            for condition in version.conditions:
                yield from beside(pack, version, condition, conditions[condition.id])


def run(engine: Engine, measure: Measure, version: Version, example: Example, place: Spot) -> Iterator[Finding]:
    """One case against the engine."""
    day = example.as_of or version.valid_from or version.valid_to or date(2015, 12, 31)
    region = example.region or engine.pack.home(measure, day)
    try:
        profile = engine.profile(example.facts, as_of=day, region=region)
    except FactError as error:
        for problem in error.problems:
            message = f"in example '{example.name}': {problem.fact}: {problem.message}"
            yield place.finding("example_fact", message, problem.suggestion)
        return
    answer = engine.judge(profile, version.version)
    name = example.name or "unnamed"
    if str(answer.status) != example.status:
        message = f"example '{name}' of {version.version} expects {example.status} but the rule says {answer.status}"
        yield place.finding("example_status", message, because(answer), clause=version.clause)
    elif example.has_amount and not same(answer.amount, example.amount):
        shown = "none" if answer.amount is None else f"{answer.amount:.2f}"
        wanted = "none" if example.amount is None else plain(example.amount)
        message = f"example '{name}' of {version.version} expects {wanted} but the rule gives {shown}"
        working = ", ".join(f"{line.id} = {line.value}" for line in answer.lines)
        hint = f"expect: {{status: {answer.status}, amount: {shown}}}" + (f"; working: {working}" if working else "")
        yield place.finding("example_amount", message, hint, clause=version.clause)


def same(given: Decimal | None, wanted: Fraction | None) -> bool:
    """Equal to the cent."""
    if given is None or wanted is None:
        return given is None and wanted is None
    return Fraction(given) == wanted


def because(answer: Answer) -> str:
    """Why the rule answers as it does."""
    false = [c.id for c in answer.conditions if c.verdict is False]
    if false:
        return f"not met: {', '.join(false)}"
    if answer.missing:
        return f"missing: {', '.join(answer.missing)}"
    return f"every condition holds: expect: {{status: {answer.status}}}"


def beside(pack: Pack, version: Version, condition: Condition, place: Spot) -> Iterator[Finding]:
    """The figures of a condition at which no case stands, or beside which none stands where the verdict turns."""
    for name, figure, sides in thresholds(pack, version, condition.when):
        step = STEP[pack.facts[name].type]
        given = [Fraction(str(v)) for e in version.examples if is_number(v := e.facts.get(name))]
        lacking = []
        if figure not in given:
            lacking.append(figure)
        if "below" in sides and not any(figure - step <= value < figure for value in given):
            lacking.append(figure - step)
        if "above" in sides and not any(figure < value <= figure + step for value in given):
            lacking.append(figure + step)
        lacking = [value for value in lacking if possible(pack, name, value)]
        if lacking:
            values = ", ".join(plain(value) for value in lacking)
            message = f"condition '{condition.id}' turns at {name} = {plain(figure)}; no example has {values}"
            hint = f"- {{facts: {{{name}: {plain(lacking[0])}, …}}, expect: {{status: …}}}}"
            yield place.finding("threshold_example", message, hint, severity="warning", clause=condition.clause)


def thresholds(pack: Pack, version: Version, node: tree.Node) -> Iterator[tuple[str, Fraction, set[str]]]:
    """Numeric facts compared with a figure or a parameter, each figure, and the sides on which the verdict turns."""
    seen: dict[tuple[str, Fraction], set[str]] = {}
    for found in tree.walk(node):
        parts: list[tuple[tree.Node, str, tree.Node]] = []
        if isinstance(found, tree.Compare):
            parts = [(found.left, found.op, found.right), (found.right, FLIPPED[found.op], found.left)]
        elif isinstance(found, tree.Between):
            parts = [(found.operand, ">=", found.low), (found.operand, "<=", found.high)]
        for side, op, other in parts:
            fact = pack.facts.get(side.name) if isinstance(side, tree.Name) else None
            if fact is not None and fact.type in STEP and not fact.derived:
                for figure in figures(version, other):
                    seen.setdefault((fact.name, figure), set()).update(SIDES[op])
    yield from ((name, figure, sides) for (name, figure), sides in sorted(seen.items()))


def figures(version: Version, node: tree.Node) -> Iterator[Fraction]:
    """The figures that an expression can stand for: a number, a parameter's values, the arms of a CASE."""
    if isinstance(node, tree.Num):
        yield Fraction(node.value)
    elif isinstance(node, tree.Name) and node.name in version.parameters:
        for value in version.parameters[node.name].values:
            yield Fraction(str(value.value))
    branches = [*(then for _, then in node.arms), node.default] if isinstance(node, tree.Case) else []
    for branch in branches:
        yield from figures(version, branch)


def is_number(value: object) -> bool:
    """A number, and not a truth value."""
    return isinstance(value, int | float | Decimal | Fraction) and not isinstance(value, bool)


def possible(pack: Pack, name: str, value: Fraction) -> bool:
    """Whether the fact can have the value at all."""
    low, high = pack.facts[name].minimum, pack.facts[name].maximum
    return (low is None or low <= value) and (high is None or value <= high)


def plain(value: Fraction) -> str:
    """A figure as people write it."""
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
