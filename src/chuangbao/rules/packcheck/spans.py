"""A month is a month, a year a year (计算周期): a formula over monthly figures does not give a sum of the year.

The period of a figure is what its fact says (``per``), its unit, or else how its Chinese label begins; the period of a
formula follows from its parts: a month twelve times is a year, a year divided by twelve a month, and a month times a
count of months is a sum over all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chuangbao.rules import tree
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.model import Fact, Pack, Parameter, Version
    from chuangbao.rules.packcheck.source import Source
    from chuangbao.rules.runtime import Number

__all__ = ["check", "period_of"]

TOTAL = "total"
SPANS = {"MONTHS_SINCE": "month", "YEARS_SINCE": "year"}
MONTHS = ("month", "quarter", "year")
STEPS: dict[tuple[str, Number], str] = {("month", 12): "year", ("month", 3): "quarter", ("quarter", 4): "year"}
LABELS = (
    ("month", re.compile(r"^月(?!数|份)|每月|月均|按月|月销售|月工资|月租")),
    ("quarter", re.compile(r"^季(?!数|度平均)|季度销售")),
    ("year", re.compile(r"^年(?!数|龄|限|份)|每年|全年|年度(?!数)|年销售|年应|上年")),
)


def check(source: Source, pack: Pack) -> Iterator[Finding]:
    """Formulas whose period is another one than their unit says, or that add up figures of different periods."""
    spots = {v.say("version"): v for m in source.entries("measures") for v in m.each("versions")}
    for name, (_, version) in pack.versions.items():
        place = spots[name].get("benefit", "amount") or spots[name]
        spans = Spans(pack, version)
        found = spans.amount(version)
        for message in dict.fromkeys(spans.mixed):
            yield place.finding("period", message, "bring them to one period: a month * 12 is a year")
        wanted = version.benefit.per
        if found in MONTHS and wanted and wanted != found and (wanted in MONTHS or found != "year"):
            message = f"the formula gives a sum of a {found}, the unit says {said(wanted)}"
            yield place.finding("period", message, f"write unit: CNY/{found}, or bring the formula to {said(wanted)}")


def said(per: str) -> str:
    """A period in words."""
    return per if per == "once" else f"a {per}"


def period_of(figure: Fact | Parameter) -> str:
    """The period that a sum of money is counted in; empty where nothing says it."""
    if figure.type is not FactType.MONEY:
        return ""
    per = getattr(figure, "per", "") or figure.unit.removeprefix("CNY/")
    return per if per in MONTHS else next((name for name, words in LABELS if words.search(figure.label.zh)), "")


@dataclass
class Spans:
    """Works out the periods of one version's expressions."""

    pack: Pack
    version: Version
    lines: dict[str, str] = field(default_factory=dict)
    mixed: list[str] = field(default_factory=list)

    def amount(self, version: Version) -> str:
        """The period of the amount."""
        for line in version.benefit.lines:
            self.lines[line.id] = self.of(line.value)
        return self.of(version.benefit.amount) if version.benefit.amount is not None else ""

    def of(self, node: tree.Node) -> str:  # noqa: PLR0911 - one line a kind of node
        """The period of any expression, empty where it has none."""
        match node:
            case tree.Name(name=name):
                return self.named(name)
            case tree.Arith(op="*"):
                return self.product(node.left, node.right) or self.product(node.right, node.left)
            case tree.Arith(op="/"):
                return self.quotient(node)
            case tree.Arith():
                return self.common([node.left, node.right])
            case tree.Case():
                return self.common([*(value for _, value in node.arms), node.default])
            case tree.Func(name="LEAST" | "GREATEST" | "COALESCE"):
                return self.common(node.args)
            case tree.Func(args=args) if args:
                return self.of(args[0])
            case tree.Neg():
                return self.of(node.operand)
        return ""

    def named(self, name: str) -> str:
        """A line of the working, a parameter, a fact or what it is worked out from."""
        if name in self.lines:
            return self.lines[name]
        held: Mapping[str, Fact | Parameter] = self.version.parameters
        figure = held.get(name) or self.pack.facts[name]
        found = period_of(figure)
        value = getattr(figure, "value", None)
        return found or (self.of(value) if isinstance(value, tree.Node) else "")

    def product(self, sum_: tree.Node, factor: tree.Node) -> str:
        """A sum so many times: twelve months are a year; a count of months makes a sum over all of them."""
        period = self.of(sum_)
        if period not in MONTHS:
            return period
        if self.of(factor):
            return ""
        if isinstance(factor, tree.Num):
            return STEPS.get((period, factor.value), period)
        counted = self.units(factor)
        return TOTAL if period in counted or (period == "quarter" and "month" in counted) else period

    def units(self, node: tree.Node) -> set[str]:
        """The units of what is counted in an expression."""
        found = (self.pack.facts.get(name) for name in tree.names(node))
        spans = {SPANS[p.name] for p in tree.walk(node) if isinstance(p, tree.Func) and p.name in SPANS}
        return {fact.unit for fact in found if fact is not None} | spans

    def quotient(self, node: tree.Arith) -> str:
        """A year divided by twelve is a month."""
        period = self.of(node.left)
        if isinstance(node.right, tree.Num):
            return next((less for (less, n), more in STEPS.items() if (more, n) == (period, node.right.value)), period)
        return "" if self.of(node.right) else period

    def common(self, parts: Iterable[tree.Node]) -> str:
        """The one period of parts that are added or compared; two of them are reported."""
        found = list(dict.fromkeys(p for p in map(self.of, parts) if p in MONTHS))
        if len(found) > 1:
            self.mixed.append(f"figures of a {found[0]} and of a {found[1]} stand together")
        return found[0] if found else ""
