"""The solver's reading of an expression is the interpreter's, and what it finds the engine confirms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import expressions
import pytest
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import DAY, FACTS, engine, pack, version

from chuangbao.rules import tree
from chuangbao.rules.analysis.examples import is_value
from chuangbao.rules.analysis.inquiry import Asked, Inquiry
from chuangbao.rules.analysis.terms import Term, all_of, choose, equal, moment
from chuangbao.rules.analysis.world import World
from chuangbao.rules.interp import Interp
from chuangbao.rules.model import Example, FactType
from chuangbao.rules.parse import parse
from chuangbao.rules.profile import admit
from chuangbao.rules.unparse import unparse

WHOLE = st.fixed_dictionaries(expressions.VALUES)
FEW = settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
KINDS = {
    FactType.DECIMAL: expressions.numbers(2),
    FactType.BOOLEAN: expressions.truths(2),
    FactType.DATE: expressions.dates(2),
}
EXPRESSION = st.sampled_from(sorted(KINDS)).flatmap(lambda kind: st.tuples(st.just(kind), KINDS[kind]))


def bound(asked: Asked, rule, facts, rows) -> list[object]:
    """The world is that of one subject on one day."""
    scene, world = asked.scene(rule), asked.world
    parts = [is_value(scene, scene.fact(name), value) for name, value in facts.items()]
    for slot, row in zip(world.slots("hires"), [*rows["hires"], None, None, None], strict=False):
        parts.append(slot.times == (row is not None))
        parts += [] if row is None else [equal(term.value, row_value(row[c])) for c, term in slot.columns.items()]
    return [*parts, equal(world.as_of, moment(DAY))]


def row_value(value: object) -> object:
    return value if isinstance(value, bool) else z3.IntVal(value)


def both(kind, node, raw) -> tuple[object, object]:
    """What the solver and the interpreter make of an expression for one subject."""
    rule = version("v", "open", examples=(Example("", None, raw, ""),))
    made = pack(rule)
    facts, rows = admit(made, raw, DAY)
    rule = replace(rule, benefit=replace(rule.benefit, text=unparse(node)))
    asked = Asked(World(made, [rule]))
    term = asked.scene(rule).reader.term(node)
    assert asked.check([all_of(*bound(asked, rule, facts, rows))]) == z3.sat
    return asked.reply().value(kind, term), Interp(facts.get, DAY, rows.get).value(node)


@FEW
@given(EXPRESSION, WHOLE)
def test_a_term_has_the_value_that_the_interpreter_gives(kind_and_node, raw):
    solved, expected = both(*kind_and_node, raw)
    assert solved == expected


SUBJECT = {
    "staff": 3, "weight": 2.5, "open": True, "insured": False, "trade": "6510", "colour": "red", "debt": None,
    "colours": ["red", "blue"], "founded": date(2012, 2, 29), "left_on": date(2015, 3, 31),
}  # fmt: skip
NONE, SAME = [], [{"hours": 4, "full": True}, {"hours": 4, "full": False}, {"hours": 9, "full": True}]
SELECT = "SELECT"
UNKNOWN = "staff / 0 > 1"
CORNERS = [
    *((f"({SELECT} {f}({d}hours) FROM hires WHERE {w}) = {n}", rows) for f in ("SUM", "AVG", "MIN", "MAX", "COUNT") for d in ("", "DISTINCT ") for w in ("full", "TRUE") for n in (13, 17) for rows in (NONE, SAME)),
    ("(SELECT MAX(full) FROM hires)", SAME), ("(SELECT MIN(full) FROM hires)", SAME),
    ("(SELECT COUNT(DISTINCT founded) FROM hires) = 1", SAME), ("(SELECT MIN(left_on) FROM hires) > founded", SAME),
    (f"CONTAINS(CASE WHEN {UNKNOWN} THEN colours ELSE colours END, 'red')", NONE),
    (f"CASE WHEN {UNKNOWN} THEN founded ELSE left_on END > AS_OF", NONE),
    (f"CASE WHEN {UNKNOWN} THEN open ELSE TRUE END", NONE),
    (f"COALESCE(CASE WHEN {UNKNOWN} THEN NULL ELSE debt END, 5) = 5", NONE),
    ("COALESCE(CASE WHEN open THEN NULL ELSE staff END, 5) = 5", NONE),
    ("COALESCE(CASE WHEN insured THEN staff ELSE NULL END, 5) = 5", NONE),
    ("FLOOR(staff) + CEIL(staff) + FLOOR(weight) + CEIL(weight) = 11", NONE),
    ("ADD_MONTHS(founded, weight) = DATE '2012-04-29' AND ADD_MONTHS(founded, staff) > founded", NONE),
    ("-staff < 0 AND staff / 2 > 1 AND ABS(-weight) = 2.5 AND ROUND(weight) = 3 AND ROUND(-weight, 1) = -2.5", NONE),
    ("LEAST(staff, weight) = 2.5 AND GREATEST(staff, weight, 1) = 3 AND weight * 2 - 1 + staff = 7", NONE),
    ("staff IN (1, 3) AND staff BETWEEN 3 AND 4 AND NOT staff > 3 AND staff >= 3 AND staff <= 3 AND staff <> 4", NONE),
    ("YEAR(founded) = 2012 AND MONTHS_SINCE(founded) = 48 AND YEARS_SINCE(left_on) = 0", NONE),
    ("trade LIKE '65%' AND trade <> 'x' AND debt IS NULL", NONE),
    ("open = TRUE AND insured = FALSE AND open <> insured AND colour = 'red'", NONE),
    ("CASE WHEN colour = 'red' THEN colour ELSE 'blue' END IN ('red', 'green')", NONE),
    ("CONTAINS(CASE WHEN staff > 5 THEN colours ELSE colours END, 'green')", NONE),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), CORNERS)
def test_a_corner_of_the_language_is_read_alike(text, rows):
    solved, expected = both(FactType.BOOLEAN, parse(text), {**SUBJECT, "hires": rows})
    assert solved == expected


@FEW
@given(expressions.truths(2), st.lists(WHOLE, min_size=5, max_size=5))
def test_what_can_hold_holds_for_the_witness_and_what_cannot_holds_for_nobody(node, subjects):
    rule = version("v", unparse(node))
    judge = engine(rule)
    inquiry = Inquiry(judge.pack, [rule])
    reply = inquiry.find(lambda asked: [asked.scene(rule).eligible])
    if reply is not None:
        facts = reply.facts()
        profile = judge.profile(facts, as_of=reply.as_of)
        assert judge.judge(profile, "v").status == "eligible", facts
    elif not inquiry.undecided:
        for raw in subjects:
            assert judge.judge(judge.profile(raw, as_of=DAY), "v").status != "eligible", raw


@FEW
@given(
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.integers(-40000, 40000),
)
def test_days_move_and_count_as_the_calendar_does(day, as_of, months):
    rule = version("v", "open")
    asked = Asked(World(pack(rule), [rule]))
    founded, scene = tree.Name("founded"), asked.scene(rule)
    nodes = {
        tree.Func("ADD_MONTHS", (founded, tree.Num(months))): FactType.DATE,
        tree.Func("YEAR", (founded,)): FactType.INTEGER,
        tree.Func("MONTHS_SINCE", (founded,)): FactType.INTEGER,
        tree.Func("YEARS_SINCE", (founded,)): FactType.INTEGER,
    }
    terms = {node: scene.reader.term(node) for node in nodes}
    here = [equal(asked.world.as_of, moment(as_of)), is_value(scene, scene.fact("founded"), day)]
    assert asked.check(here) == z3.sat
    reply, reference = asked.reply(), Interp({"founded": day}.get, as_of)
    assert {n: reply.value(nodes[n], t) for n, t in terms.items()} == {n: reference.value(n) for n in nodes}


def test_a_known_absence_is_a_value_of_its_own():
    rule = version("v", "debt IS NULL")
    asked = Asked(World(pack(rule), [rule]))
    term = asked.scene(rule).fact("debt")
    assert asked.check([asked.scene(rule).eligible]) == z3.sat
    reply = asked.reply()
    assert str(reply.value(FACTS["debt"].type, term)) == "ABSENT"
    assert reply.value(FactType.BOOLEAN, Term(True, known=False)) is None
    assert reply.facts() == {"debt": None}


def test_one_of_two_sets_is_chosen_code_by_code():
    here = z3.Bool("here")
    chosen = choose(here, Term({"red": True, "blue": False}), Term({"red": False, "green": True})).value
    assert z3.is_true(z3.simplify(z3.substitute(chosen["red"], (here, z3.BoolVal(True)))))
    assert z3.is_false(z3.simplify(z3.substitute(chosen["green"], (here, z3.BoolVal(True)))))
    assert chosen["blue"] is False or z3.is_false(z3.simplify(chosen["blue"]))
