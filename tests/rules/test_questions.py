"""The next question settles most, says why it is asked, and never asks what cannot change a result."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from minipack import OPEN_FILE, build

from chuangbao.rules import Engine, load_pack
from chuangbao.rules.questions import expectations, next_question, useful_order, worth

if TYPE_CHECKING:
    from chuangbao.rules import Answer
    from chuangbao.rules.questions import Question

DAY = date(2015, 12, 31)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The engine over the small pack."""
    return Engine(load_pack(build(tmp_path_factory.mktemp("pack"))))


def ask(engine: Engine, facts: dict[str, object], *skip: str) -> Question | None:
    """The next question for a subject of whom these facts are known."""
    profile = engine.profile(facts, as_of=DAY)
    return next_question(engine, profile, engine.judge_all(profile), skip=skip)


def test_it_asks_what_settles_most_money_and_says_why(engine: Engine) -> None:
    first = ask(engine, {})
    assert first is not None
    assert first.fact == "employees", "it bears on two measures, and can rule either out"
    preferred = ask(engine, {"employees": 9})
    assert preferred is not None
    assert preferred.fact == "taxable_income"
    assert preferred.measures == ("1.1-tax",)
    assert preferred.money == Decimal("30000.00")
    assert preferred.why.zh == "用来判断“小企业减税”"
    assert preferred.why.en == "It helps to decide “Tax relief for small firms”"


def test_what_a_person_came_for_counts_three_times_and_what_stays_unknown_a_quarter(engine: Engine) -> None:
    profile = engine.profile({"employees": 9}, as_of=DAY)
    answers = engine.judge_all(profile)
    plain = expectations(engine.pack, answers, (), ())["taxable_income"].weight
    assert expectations(engine.pack, answers, (), {"1.1-tax"})["taxable_income"].weight == plain * 3
    assert expectations(engine.pack, answers, {"taxable_income"}, ())["taxable_income"].weight == plain / 4


def test_a_derived_fact_is_asked_by_the_plain_facts_behind_it(engine: Engine) -> None:
    second = ask(engine, {"taxable_income": 100})
    assert second is not None
    assert second.fact == "employees"
    assert second.measures in (("1.2-subsidy", "1.1-tax"), ("1.1-tax", "1.2-subsidy"))
    assert "等2项政策" in second.why.zh
    assert "and 1 more" in second.why.en


def test_a_skipped_fact_is_not_asked_again(engine: Engine) -> None:
    found = ask(engine, {}, "taxable_income")
    assert found is not None
    assert found.fact != "taxable_income"


def test_a_measure_already_decided_is_not_asked_about(engine: Engine) -> None:
    facts = {"taxable_income": 200001, "employees": 4, "open_for_all": True}
    assert ask(engine, facts) is None


def test_the_questions_come_to_an_end(engine: Engine) -> None:
    answers: dict[str, object] = {
        "taxable_income": 100, "employees": 9, "industry_kind": "other", "insured": True, "open_for_all": False,
    }  # fmt: skip
    known: dict[str, object] = {}
    for _ in answers:
        question = ask(engine, known)
        if question is None:
            break
        assert question.fact not in known
        known[question.fact] = answers[question.fact]
    assert ask(engine, known) is None


def test_worth_and_useful_order(engine: Engine) -> None:
    profile = engine.profile({"insured": True, "employees": 9, "industry_kind": "other"}, as_of=DAY)
    answers = engine.judge_all(profile)
    assert list(worth(engine, answers)) == ["taxable_income", "open_for_all"]
    assert [a.measure for a in useful_order(answers)] == ["1.2-subsidy", "1.1-tax", "1.3-open"]


CLAUSES = (
    "insured", "NOT insured", "open_for_all", "insured = open_for_all", "employees >= 5", "employees < 5",
    "industry_kind = 'other'", "industry_kind <> 'other'", "insured OR NOT insured", "employees > 3 AND employees < 4",
)  # fmt: skip
VALUES: dict[str, tuple[object, ...]] = {
    "insured": (True, False),
    "open_for_all": (True, False),
    "employees": (0, 2, 3, 4, 5, 6, 50),
    "industry_kind": ("industrial", "other"),
}
CONDITION = '      - {id: open, zh: 对外开放, en: Open to the public, when: "open_for_all"}\n'


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=2), min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(sorted(VALUES)), st.integers(0, 1), max_size=2),
)
def test_what_is_asked_can_change_the_result(
    tmp_path_factory: pytest.TempPathFactory, rules: list[list[str]], picks: dict[str, int]
) -> None:
    lines = "".join(
        f'      - {{id: c{i}, zh: 条件{i}, en: Condition {i}, when: "({") OR (".join(parts)})"}}\n'
        for i, parts in enumerate(rules)
    )
    engine = Engine(load_pack(build(tmp_path_factory.mktemp("pack"), (OPEN_FILE, CONDITION, lines))))
    known = {name: VALUES[name][pick] for name, pick in picks.items()}
    profile = engine.profile(known, as_of=DAY)
    answer = engine.judge(profile, "OPEN-2015")
    question = next_question(engine, profile, [answer])
    turning = [name for name in answer.missing if can_turn(engine, known, name)]
    if question is None:
        assert turning == []
    else:
        assert question.fact in turning


def can_turn(engine: Engine, known: dict[str, object], fact: str) -> bool:
    """By trying everything: whether two answers to the fact lead to different results."""
    others = [name for name in VALUES if name != fact and name not in known]
    for values in product(*(VALUES[name] for name in others)):
        rest = {**known, **dict(zip(others, values, strict=True))}
        found: list[Answer] = []
        for value in VALUES[fact]:
            profile = engine.profile({**rest, fact: value}, as_of=DAY)
            found.append(engine.judge(profile, "OPEN-2015"))
        if len({(a.status, a.amount) for a in found}) > 1:
            return True
    was = engine.judge(engine.profile(known, as_of=DAY), "OPEN-2015")
    return was.missing == (fact,)  # whatever the answer is, it decides
