"""Sums over rows read figures, lines of the working and facts of the subject beside them, alike in every engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import expressions
import pytest
import world
from ceilingworld import capped, measure
from hypothesis import given, settings
from hypothesis import strategies as st
from minipack import build
from population import batch, frame, interactive, judge
from test_batch import people

from chuangbao.rules import Engine, PackError, Status, load_pack, tree
from chuangbao.rules.model import Benefit, FactType, Group, Line, Parameter, ParameterValue, Text
from chuangbao.rules.parse import parse
from chuangbao.rules.unparse import unparse

DAY = world.DAY
HIRES = {"hires": [{"hours": 10, "full": True}, {"hours": 30, "full": True}, {"hours": 20, "full": False}]}
LATER = date(2016, 1, 1)


def figure(name: str, early: int, late: int | None = None) -> dict[str, Parameter]:
    """A figure of the version, with another value from 2016 on."""
    values = [(date(2015, 1, 1), early, ""), *([] if late is None else [(LATER, late, "")])]
    return {name: world.parameter(name, *values)}


def alike(engine: Engine, *subjects: dict[str, object], day: date = DAY) -> list[tuple]:
    """What the interactive engine says, having been compared with the columns."""
    expected = interactive(engine, subjects, day)
    assert batch(judge(engine, day), frame(engine.pack, subjects)) == expected
    return list(expected.values())


def test_a_figure_of_the_version_is_read_inside_of_rows():
    text = "(SELECT COUNT(*) FROM hires WHERE hours >= least) >= 2"
    one = world.version("one", text, parameters=figure("least", 20, 30))
    other = world.version("other", text, parameters=figure("least", 15))
    bare = world.version(
        "bare", text, parameters=figure("least", 20) | {"least": replace(figure("least", 1)["least"], values=())}
    )
    engine = world.engine(one, other, bare)
    found = [status for status, *_ in alike(engine, HIRES)]
    assert found == [Status.NOT_ELIGIBLE, Status.ELIGIBLE, Status.UNDETERMINED]
    assert next(s for s, *_ in alike(engine, HIRES, day=date(2015, 12, 31))) is Status.ELIGIBLE


def test_a_line_of_the_working_is_read_inside_of_rows():
    lines = (
        Line("rate", Text("每小时"), "base * 2"),
        Line("paid", Text("合计"), "(SELECT SUM(hours * rate) FROM hires WHERE full)"),
    )
    one = world.version("one", "open", parameters=figure("base", 3))
    one = replace(one, benefit=Benefit("subsidy", "CNY", "paid + base", lines))
    (told,) = alike(world.engine(one), HIRES | {"open": True})
    assert told[1] == Decimal(243)


def test_a_derivation_reads_another_one_inside_of_rows():
    facts = {
        "many": world.fact(
            "many", FactType.BOOLEAN, value_text="(SELECT COUNT(*) FROM hires WHERE hours > lowest) >= 2"
        ),
        "lowest": world.fact("lowest", FactType.INTEGER, value_text="staff * 2"),
    }
    pack = world.pack(world.version("v", "many"))
    engine = Engine(replace(pack, facts=facts | dict(pack.facts)))
    assert [s for s, *_ in alike(engine, HIRES | {"staff": 6}, HIRES | {"staff": 10})] == [
        Status.ELIGIBLE, Status.NOT_ELIGIBLE,
    ]  # fmt: skip


def test_an_absent_fact_and_a_known_one_of_the_place_are_read_inside_of_rows():
    values = (ParameterValue(date(2015, 1, 1), 20),)
    facts = world.FACTS | {"prime": world.fact("prime", FactType.INTEGER, figures=values)}
    one = world.version("one", "(SELECT COUNT(*) FROM hires WHERE hours > prime) = 1")
    other = world.version("other", "(SELECT COUNT(*) FROM hires WHERE COALESCE(debt, 5) > 3) = 3")
    engine = Engine(replace(world.pack(one, other), facts=facts))
    told = alike(engine, HIRES | {"debt": None}, HIRES | {"prime": 5, "debt": 1}, HIRES)
    assert [s for s, *_ in told] == [
        Status.ELIGIBLE, Status.ELIGIBLE, Status.NOT_ELIGIBLE, Status.NOT_ELIGIBLE, Status.ELIGIBLE, Status.UNDETERMINED,
    ]  # fmt: skip


def test_what_is_missing_is_the_fact_beside_given_rows():
    engine = world.engine(world.version("v", "(SELECT COUNT(*) FROM hires WHERE hours > staff) = 1"))
    missing = [
        engine.judge(engine.profile(f, as_of=DAY), "v").missing
        for f in ({}, HIRES, {"hires": [{"full": True}]}, {"hires": [{}], "staff": 1})
    ]
    assert missing == [("hires",), ("staff",), ("staff",), ("hires",)]


def test_columns_of_rows_are_no_names_of_the_subject():
    node = parse("(SELECT SUM(hours * staff) FROM hires WHERE full AND hours > least) > weight")
    assert tree.outer_names(node, world.pack().columns) == ("staff", "least", "weight")
    assert tree.outer_names(tree.Aggregate("SUM", "others", tree.Name("hours"), None), world.pack().columns) == (
        "hours",
    )


def test_a_circle_through_rows_is_found(tmp_path):
    facts = '- {name: many, subject: enterprise, type: boolean, zh: 多, en: Many, value: "(SELECT COUNT(*) FROM hires WHERE many) > 1"}\n'
    rows = "- {rows: hires, subject: enterprise, zh: 人, en: Hires, columns: [{name: hours, type: integer, zh: 时, en: Hours}]}\n"
    build(tmp_path)
    (tmp_path / "facts/rows.yaml").write_text(facts, encoding="utf-8")
    (tmp_path / "rows.yaml").write_text(rows, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load_pack(tmp_path)
    assert [f.code for f in caught.value.findings] == ["circle"]


# ---- ceilings


def test_a_ceiling_said_in_a_version_reads_its_figures_and_those_of_the_pack():
    values = (ParameterValue(date(2015, 1, 1), 7), ParameterValue(LATER, 9))
    facts = world.FACTS | {"prime": world.fact("prime", FactType.INTEGER, figures=values)}
    inline = Group("own", "cap", text="most * prime", parameters=figure("most", 0))
    one = measure("a", "open", "200", group=inline)
    one = replace(one, versions=(replace(one.versions[0], parameters=figure("most", 10, 20)),))
    engine = Engine(replace(capped(one), facts=facts))
    told = [alike(engine, {"open": True}, {"open": True, "prime": 2}, day=d) for d in (date(2015, 12, 31), DAY)]
    assert [[payable for *_, payable in found] for found in told] == [[70, 20], [180, 40]]


def test_a_family_said_twice_is_bound_by_the_lowest_with_each_ones_figures():
    members = []
    for name, most in (("a", 90), ("b", 60)):
        held = Group("own", "cap", text="most", parameters=figure("most", 0))
        one = measure(name, "open", "80", group=held)
        members.append(replace(one, versions=(replace(one.versions[0], parameters=figure("most", most)),)))
    assert [payable for *_, payable in alike(Engine(capped(*members)), {"open": True})] == [60, 0]


def test_a_ceiling_in_a_pack_reads_the_figures_of_its_version(tmp_path):
    sub = "measures/subsidy.yaml"
    edits = (
        (
            sub,
            "    excludes: [1.1-tax]",
            "    group: {name: own, rule: cap, cap: limit * 2}\n    parameters: {limit: {type: money, values: [{from: 2015-01-01, value: 30}]}}",
        ),
    )
    engine = Engine(load_pack(build(tmp_path, *edits)))
    facts = {"taxable_income": 1000, "employees": 5, "insured": True, "industry_kind": "other"}
    profile = engine.profile(facts, as_of=date(2015, 6, 30))
    assert engine.judge(profile, "1.2-subsidy").payable == Decimal(60)


@st.composite
def families(draw: st.DrawFn) -> Engine:
    """Two to four measures under ceilings that are drawn."""
    rate = Parameter("rate", FactType.DECIMAL, "", Text("率"), (ParameterValue(date(2015, 1, 1), Fraction(1, 4)),))
    drawn = [unparse(draw(expressions.numbers(2))) for _ in range(2)]
    groups = {
        f"g{i}": Group(f"g{i}", "cap", text=f"({text}) * rate", parameters={"rate": rate})
        for i, text in enumerate(drawn)
    }
    found = [
        measure(name, unparse(draw(expressions.truths(1))), unparse(draw(expressions.numbers(2))),
                group=groups[draw(st.sampled_from(sorted(groups)))])
        for name in "abcd"[: draw(st.integers(2, 4))]
    ]  # fmt: skip
    return Engine(capped(*found, groups=groups))


@settings(max_examples=30, deadline=None)
@given(families(), st.lists(people(), min_size=1, max_size=8))
def test_drawn_ceilings_leave_the_same_cent(engine: Engine, subjects: list[dict]) -> None:
    assert batch(judge(engine, DAY), frame(engine.pack, subjects)) == interactive(engine, subjects, DAY)
