"""The whole language: what is refused and in which words, and what its expressions mean."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from expressions import numbers, subjects, truths
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import COLUMNS, DAY, FACTS, SCOPE, engine, parameter, version

from chuangbao.rules import RuleError, Status
from chuangbao.rules.check import check
from chuangbao.rules.interp import Interp
from chuangbao.rules.model import FactType
from chuangbao.rules.parse import parse
from chuangbao.rules.questions import next_question
from chuangbao.rules.unparse import unparse

SLOW = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))

# what is written → code, part of the message, part of the hint
REFUSED = {
    "": ("empty", "the expression is empty", "TRUE"),
    "x" * 8001: ("too_long", "at most 8000", ""),
    "open AND": ("syntax", "cannot be read", "brackets"),
    "open = 'yes": ("syntax", "quote or bracket is open", "quotes"),
    "open; insured": ("not_one", "one expression is expected", "AND"),
    "(" * 3000 + "open" + ")" * 3000: ("too_deep", "nested at most 30 deep", ""),
    "(" * 31 + "open" + ")" * 31: ("too_deep", "nested at most 30 deep", ""),
    "ABS(" * 31 + "staff" + ")" * 31: ("too_deep", "nested at most 30 deep", ""),
    "NOT " * 9000 + "open": ("too_long", "at most 8000", ""),
    "(SELECT COUNT(*) FROM hires JOIN x ON TRUE) > 1": ("aggregate", "SELECT, FROM and WHERE only", "COUNT(*)"),
    "(SELECT hours FROM hires) > 1": ("aggregate", "is no aggregate", "COUNT, SUM"),
    "(SELECT COUNT(*) FROM hire) > 1": ("unknown_rows", "no rows 'hire'", "did you mean hires?"),
    "(SELECT COUNT(*) FROM zzzz) > 1": ("unknown_rows", "no rows 'zzzz'", ""),
    "(SELECT SUM(full) FROM hires) > 1": ("type", "this is a boolean", ""),
    "(SELECT COUNT(*) FROM hires WHERE hour > 3) > 1": ("unknown_name", "'hour'", "did you mean hours?"),
    "staff % 2 = 1": ("not_allowed", "is not part of the rule language", "FLOOR"),
    "random() > 1": ("not_allowed", "not part", "grammar"),
    "IF(open, 1, 2) > 1": ("not_allowed", "not part", "CASE WHEN"),
    "CAST(staff AS TEXT) = '1'": ("not_allowed", "a cast is not", "DATE '2015-06-08'"),
    "DATE '2015-02-30' < founded": ("date", "is no calendar day", "DATE '2015-06-08'"),
    "colour ILIKE 'r%'": ("not_allowed", "not part", "LIKE 'prefix%'"),
    "trade LIKE '%5'": ("like", "LIKE takes a prefix", "industry LIKE '65%'"),
    "trade LIKE '6_5%'": ("like", "takes a prefix", ""),
    "staff = NULL": ("null_compare", "nothing equals NULL", "IS NULL"),
    "open IS TRUE": ("is", "IS goes with NULL only", "x = TRUE"),
    "staff IN (weight, 2)": ("in_list", "list of literals", "IN ('a', 'b')"),
    "CASE staff WHEN 1 THEN 2 ELSE 3 END > 1": ("case", "not allowed", "CASE WHEN x = 1"),
    "CASE WHEN open THEN 2 END > 1": ("case_else", "has no ELSE", "ELSE 0 END"),
    "STAFFS(1) > 1": ("function", "no function STAFFS", "there are LEAST"),
    "GREATEST(1) > 1": ("arguments", "2 to 20", ""),
    "YEARSINCE(founded) > 1": ("function", "no function YEARSINCE", "did you mean YEARS_SINCE?"),
    "CONTAINS(colours, colour)": ("arguments", "a set and text literals", "person_group"),
    "a.staff > 1": ("name", "names are bare", "unique"),
    '"staff" > 1': ("name", "quoted name", "single quotes"),
    "人数 > 1": ("name", "ASCII", "label"),
    "Staff > 1": ("name", "snake_case", "label"),
    "staff > 1e400": ("number", "out of range", "30 digits"),
    "staff BETWEEN SYMMETRIC 1 AND 2": ("not_allowed", "SYMMETRIC", ""),
    "staf > 1": ("unknown_name", "no fact or parameter 'staf'", "did you mean staff?"),
    "zzz > 1": ("unknown_name", "'zzz'", "declare it"),
    "staff": ("type", "a boolean is expected here, this is a integer", "staff = …"),
    "staff > 'five'": ("type", "integer is compared with a text", "like with like"),
    "open > 1": ("type", "a boolean is compared with a integer", ""),
    "colour > 'red'": ("type", "has no order", "use = or IN"),
    "colour BETWEEN 'green' AND 'red'": ("type", "has no order", "use = or IN"),
    "colours = 'red'": ("type", "a codes is compared with a text", "like with like"),
    "colours = colours": ("type", "not compared as a whole", "CONTAINS"),
    "CONTAINS(colour, 'red')": ("type", "takes a set", "use = or IN"),
    "founded > '2015-06-08'": ("type", "a date is compared with a text", "write DATE '2015-06-08'"),
    "ABS(open) > 1": ("type", "a decimal is expected here", ""),
    "NOT staff": ("type", "a boolean is expected", "compare it"),
    "-open > 1": ("type", "a decimal is expected", ""),
    "open + 1 > 1": ("type", "a decimal is expected", ""),
    "YEAR(staff) > 1": ("type", "a date is expected", ""),
    "CASE WHEN open THEN 1 ELSE 'x' END > 1": ("type", "a integer is expected here, this is a text", ""),
    "income > people": ("unit", "CNY and person do not go together", "multiply"),
    "income + floor > 1": ("unit", "CNY and m2", ""),
    "LEAST(income, people) > 1": ("unit", "CNY and person", ""),
    "income / staff > 1": ("zero_division", "staff can be zero", "CASE WHEN staff > 0"),
    "income / (staff - 1) > 1": ("zero_division", "the divisor can be zero", "CASE WHEN"),
    "share >= 70": ("percentage", "70 is above 1", "write 0.7"),
    "colour = 'rde'": ("code", "'rde' is not in the list colour", "did you mean 'red'?"),
    "colour IN ('red', 'zzzzz')": ("code", "'zzzzz'", "the list has red, green, blue"),
    "CONTAINS_ANY(colours, 'red', 'gren')": ("code", "'gren'", "did you mean 'green'?"),
    "colour = shape": ("code_list", "codes of colour and shape", ""),
    "debt > 1": ("absent", "debt may be absent", "COALESCE(debt, 0)"),
    "staff IS NULL": ("never_absent", "staff is never absent", "unknown is not absent"),
    "(staff + 1) IS NULL": ("never_absent", "this value is never absent", ""),
    "ROUND(weight, 9) > 1": ("round", "from 0 to 6", "ROUND(x, 2)"),
}


@pytest.mark.parametrize("text", REFUSED, ids=[text[:40] for text in REFUSED])
def test_a_mistake_is_refused_in_words_that_help(text):
    code, message, hint = REFUSED[text]
    with pytest.raises(RuleError) as caught:
        check(parse(text), SCOPE, FactType.BOOLEAN)
    near = [f for f in caught.value.findings if f.code == code and message in f.message and hint in f.hint]
    assert near, caught.value
    assert all(f.line == 1 and f.column >= 1 for f in caught.value.findings)


ACCEPTED = [
    "debt IS NULL OR debt > 1",
    "debt IS NOT NULL AND debt > 1",
    "CASE WHEN debt IS NULL THEN TRUE ELSE debt > 1 END",
    "COALESCE(debt, 0) > 1",
    "staff > 0 AND income / staff > 1",
    "0 < staff AND income / staff > 1",
    "NOT staff > 0 OR income / staff > 1",
    "staff = 0 OR income / staff > 1",
    "CASE WHEN staff <= 0 THEN 0 ELSE income / staff END > 1",
    "income / people > 5",
    "income / 3 > 5",
    "people * income > 1",
    "income * people > 1",
    "3 * floor > 1",
    "floor * 3 > 1",
    "floor / people > 1",
    "MONTHS_SINCE(founded) > 3 AND YEARS_SINCE(founded) > 1",
    "ADD_MONTHS(founded, 3) > AS_OF",
    "trade = 'x' OR colour = 'red' OR trade LIKE '65%'",
    "(SELECT COUNT(DISTINCT hours) FROM hires WHERE full) > 1",
    "CASE WHEN open THEN NULL ELSE debt END IS NULL",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_absence_zero_and_units_are_followed_through_an_expression(text):
    check(parse(text), SCOPE, FactType.BOOLEAN)


@SLOW
@given(truths(3))
def test_text_and_tree_are_two_forms_of_one_thing(node):
    assert parse(unparse(node)) == node


@SLOW
@given(truths(3), numbers(3), subjects())
def test_compiled_code_means_what_the_reference_means(condition, amount, subject):
    check(condition, SCOPE, FactType.BOOLEAN)
    check(amount, SCOPE, FactType.DECIMAL)
    judged = engine(version("v", unparse(condition), amount=unparse(amount)))
    for facts in subject:
        profile = judged.profile(facts, as_of=DAY)
        answer = judged.judge(profile, "v")
        reference = Interp(answer.lookup, DAY, profile.rows.get)
        assert answer.triples[0][0] == reference.value(condition)
        assert answer.figures[-1] == reference.value(amount)


@SLOW
@given(truths(3), numbers(3), subjects())
def test_learning_more_never_turns_a_verdict_or_an_amount(condition, amount, subject):
    judged = engine(version("v", unparse(condition), amount=unparse(amount)))
    some, every = subject
    before, after = (judged.judge(judged.profile(facts, as_of=DAY), "v") for facts in (some, every))
    assert before.triples[0][0] in {None, after.triples[0][0]}
    assert before.figures[-1] in {None, after.figures[-1]}
    if before.status is Status.UNDETERMINED:
        assert before.missing
        assert set(before.missing) <= set(FACTS) | {"hires"}


small = st.recursive(
    st.sampled_from(["open", "insured", "colour = 'red'", "colour IN ('green', 'blue')", "debt IS NULL"]),
    lambda part: st.one_of(
        st.builds("NOT ({})".format, part),
        st.builds("({}) AND ({})".format, part, part),
        st.builds("({}) OR ({})".format, part, part),
        st.builds("CASE WHEN {} THEN {} ELSE {} END".format, part, part, part),
    ),
    max_leaves=6,
)
DOMAINS = {"open": [True, False], "insured": [True, False], "colour": ["red", "green", "blue"], "debt": [None, 0, 1]}


@SLOW
@given(st.lists(small, min_size=1, max_size=3), small, st.data())
def test_a_question_is_asked_exactly_while_an_answer_can_matter_or_decide(conditions, test, data):
    judged = engine(version("v", *conditions, amount=f"CASE WHEN {test} THEN 100 ELSE 50 END"))
    known = {n: data.draw(st.sampled_from(v)) for n, v in DOMAINS.items() if data.draw(st.booleans())}
    profile = judged.profile(known, as_of=DAY)
    answers = judged.judge_all(profile)
    question = next_question(judged, profile, answers)
    unknown = [name for name in DOMAINS if name not in known]
    turning = {name for name in unknown if turns(judged, known, name, [n for n in unknown if n != name])}
    last = {answers[0].missing[0]} if len(answers[0].missing) == 1 else set()  # whatever the answer, it decides
    assert (question.fact in turning | last) if question else not turning | last


def turns(judged, known, name, others):
    """Whether two answers to one fact lead to two results for some answers to the others."""
    for rest in product(*(DOMAINS[other] for other in others)):
        facts = {**known, **dict(zip(others, rest, strict=True))}
        outcomes = {outcome(judged, {**facts, name: value}) for value in DOMAINS[name]}
        if len(outcomes) > 1:
            return True
    return False


def outcome(judged, facts):
    """Status and amount."""
    answer = judged.judge(judged.profile(facts, as_of=DAY), "v")
    return answer.status, answer.amount


def test_long_lists_and_deep_cases_compile():
    many = " OR ".join(f"staff = {n}" for n in range(400))
    cases = "CASE " + " ".join(f"WHEN staff = {n} THEN {n}" for n in range(150)) + " ELSE 0 END"
    judged = engine(version("v", many, amount=cases))
    answer = judged.judge(judged.profile({"staff": 120}, as_of=DAY), "v")
    assert (answer.status, answer.amount) == (Status.ELIGIBLE, Decimal("120.00"))


def test_a_parameter_has_the_newest_value_of_the_day():
    limit = parameter("limit", (date(2015, 1, 1), 10, ""), (date(2017, 1, 1), 20, ""))
    judged = engine(version("v", "staff <= cap", parameters={"cap": limit}), version("w", "staff <= 15"))
    for day, status in ((date(2014, 1, 1), "undetermined"), (DAY, "not_eligible"), (date(2018, 1, 1), "eligible")):
        answer = judged.judge(judged.profile({"staff": 15}, as_of=day), "v")
        assert str(answer.status) == status
        assert bool(answer.conditions[0].reason) == (status == "undetermined")


def test_columns_are_facts_of_a_row():
    assert set(COLUMNS) == {"hours", "full"}
    judged = engine(version("v", "(SELECT SUM(hours) FROM hires WHERE full) >= 10"))
    rows = [{"hours": 6, "full": True}, {"hours": 4, "full": True}, {"hours": 9, "full": False}]
    assert judged.judge(judged.profile({"hires": rows}, as_of=DAY), "v").status is Status.ELIGIBLE
    assert judged.judge(judged.profile({}, as_of=DAY), "v").missing == ("hires",)
