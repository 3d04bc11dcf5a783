"""The solver's reading of an expression is the interpreter's, and what it finds the engine confirms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import expressions
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import DAY, FACTS, engine, pack, version

from chuangbao.rules import tree
from chuangbao.rules.analysis.examples import is_value
from chuangbao.rules.analysis.inquiry import Asked, Inquiry
from chuangbao.rules.analysis.terms import Term, all_of, equal, moment
from chuangbao.rules.analysis.world import World
from chuangbao.rules.interp import Interp
from chuangbao.rules.model import Example, FactType
from chuangbao.rules.profile import admit
from chuangbao.rules.unparse import unparse

WHOLE = st.fixed_dictionaries(expressions.VALUES)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
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


@FEW
@given(EXPRESSION, WHOLE)
def test_a_term_has_the_value_that_the_interpreter_gives(kind_and_node, raw):
    kind, node = kind_and_node
    rule = version("v", "open", examples=(Example("", None, raw, ""),))
    made = pack(rule)
    facts, rows = admit(made, raw, DAY)
    rule = replace(rule, benefit=replace(rule.benefit, text=unparse(node)))
    asked = Asked(World(made, [rule]))
    term = asked.scene(rule).reader.term(node)
    assert asked.check([all_of(*bound(asked, rule, facts, rows))]) == z3.sat
    expected = Interp(facts.get, DAY, rows.get).value(node)
    assert asked.reply().value(kind, term) == expected


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
@given(st.dates(date(1, 1, 1), date(9999, 12, 31)), st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(-40000, 40000))
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
