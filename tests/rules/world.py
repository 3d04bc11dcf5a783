"""A world made in Python: one fact of each kind and one kind of rows, with measures from bare expressions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from chuangbao.rules import Engine, Measure, Pack, Text, Version
from chuangbao.rules.check import Scope, kind_of_fact
from chuangbao.rules.model import Benefit, Code, CodeList, Condition, Fact, FactType, Parameter, ParameterValue, RowKind
from chuangbao.rules.regions import RegionTree

DAY = date(2016, 2, 29)
CODES = {
    "colour": CodeList("colour", Text("颜色"), tuple(Code(c, Text(c)) for c in ("red", "green", "blue"))),
    "shape": CodeList("shape", Text("形状"), (Code("round", Text("圆")),)),
}


def fact(name: str, kind: FactType, **more: object) -> Fact:
    return Fact(name, "enterprise", kind, Text(name), **more)


FACTS = {
    f.name: f
    for f in (
        fact("staff", FactType.INTEGER),
        fact("weight", FactType.DECIMAL),
        fact("people", FactType.INTEGER, unit="person", minimum=Fraction(1)),
        fact("income", FactType.MONEY, unit="CNY"),
        fact("share", FactType.RATIO, minimum=Fraction(0), maximum=Fraction(1)),
        fact("floor", FactType.AREA, unit="m2"),
        fact("open", FactType.BOOLEAN),
        fact("insured", FactType.BOOLEAN),
        fact("trade", FactType.TEXT),
        fact("colour", FactType.CODE, codes="colour"),
        fact("shape", FactType.CODE, codes="shape"),
        fact("colours", FactType.CODES, codes="colour"),
        fact("founded", FactType.DATE),
        fact("left_on", FactType.DATE),
        fact("debt", FactType.INTEGER, may_be_absent=True),
    )
}
COLUMNS = {"hours": fact("hours", FactType.INTEGER), "full": fact("full", FactType.BOOLEAN)}
ROWS = {"hires": RowKind("hires", "enterprise", Text("招用人员"), COLUMNS)}
SCOPE = Scope(
    {n: kind_of_fact(f) for n, f in FACTS.items()},
    CODES,
    {"hires": {n: kind_of_fact(f) for n, f in COLUMNS.items()}},
)


def parameter(name: str, *values: tuple[date, object, str]) -> Parameter:
    return Parameter(name, FactType.INTEGER, "", Text(name), tuple(ParameterValue(*v) for v in values))


def version(name: str, *conditions: str, amount: str = "", **more: object) -> Version:
    """A version of bare expressions."""
    listed = tuple(Condition(f"c{i}", Text(text), text) for i, text in enumerate(conditions))
    benefit = Benefit("subsidy", "CNY" if amount else "none", amount)
    return Version(name, Text(name), None, None, benefit, conditions=listed, **more)


def pack(*versions: Version) -> Pack:
    """Each version is a measure of its own."""
    measures = {v.version: Measure(v.version, Text(v.version), "enterprise", "", (v,)) for v in versions}
    return Pack("w", Text("w"), "", "", FACTS, CODES, ROWS, (), RegionTree({}), {}, measures)


def engine(*versions: Version) -> Engine:
    return Engine(pack(*versions))


def deriving(pack: Pack, name: str, value: str) -> Pack:
    """The same pack with one more fact, a boolean that follows from others."""
    return replace(pack, facts={**pack.facts, name: fact(name, FactType.BOOLEAN, value_text=value)})
