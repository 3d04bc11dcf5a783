"""Over every rule of the Jilin pack: learning more only decides more, and compiled code means what the reference means."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangbao.rules import Engine, Status
from chuangbao.rules.interp import Interp
from chuangbao.rules.model import FactType
from keptpack import CACHE, load_house_pack

PACK = load_house_pack()
ENGINE = Engine(PACK, CACHE)
TURNS = [
    0,
    1,
    2,
    3,
    12,
    13,
    24,
    30,
    36,
    60,
    80,
    100,
    300,
    20000,
    100000,
    100001,
    200000,
    300000,
    1000000,
    3000000,
    30000000,
]


def day_of(version):
    """A day on which the version is the rule; what follows from it (the tax year, the LPR) is known and never given."""
    rule = PACK.versions[version][1]
    return rule.valid_to or max(rule.valid_from or date(2026, 1, 1), date(2026, 1, 1))


VERSIONS = sorted(v for v in PACK.versions if PACK.versions[v][1].manual is None)


def values(fact):
    if fact.type is FactType.BOOLEAN:
        known = st.booleans()
    elif fact.type is FactType.CODES:
        known = st.lists(st.sampled_from([c.code for c in PACK.codes[fact.codes].codes]), unique=True)
    elif fact.type is FactType.CODE:
        known = st.sampled_from([c.code for c in PACK.codes[fact.codes].codes])
    elif fact.type is FactType.DATE:
        known = st.dates(date(2010, 1, 1), date(2026, 12, 31)).map(str)
    elif fact.type is FactType.RATIO:
        known = st.integers(0, 100).map(lambda n: Decimal(n) / 100)
    else:
        low, high = fact.minimum or 0, fact.maximum if fact.maximum is not None else TURNS[-1]
        known = st.sampled_from([n for n in TURNS if low <= n <= high])
    return st.one_of(known, st.none()) if fact.may_be_absent else known


NEEDED = {
    v: sorted(
        {n for e in PACK.versions[v][1].examples for n in e.facts}
        | {m for c in ENGINE.judge(ENGINE.profile({}, as_of=day_of(v)), v).conditions for m in c.missing}
        | set(ENGINE.judge(ENGINE.profile({}, as_of=day_of(v)), v).missing)
    )
    for v in VERSIONS
}


@st.composite
def cases(draw):
    version = draw(st.sampled_from(VERSIONS))
    facts = {
        name: draw(values(PACK.facts[name]))
        for name in NEEDED[version]
        if name in PACK.facts and not PACK.facts[name].derived and not PACK.facts[name].figures
    }
    known = draw(st.sets(st.sampled_from(sorted(facts)))) if facts else set()
    return version, {name: value for name, value in facts.items() if name in known}, facts


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_learning_more_never_turns_a_decided_verdict_or_amount(case):
    version, some, every = case
    before = ENGINE.judge(ENGINE.profile(some, as_of=day_of(version)), version)
    after = ENGINE.judge(ENGINE.profile(every, as_of=day_of(version)), version)
    if before.status is not Status.UNDETERMINED:
        assert after.status is before.status
    if before.amount is not None and after.status is not Status.NOT_ELIGIBLE:
        assert after.amount == before.amount
    for early, late in zip(before.conditions, after.conditions, strict=True):
        assert early.verdict in {None, late.verdict}


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_compiled_code_means_what_the_reference_means(case):
    version, some, _every = case
    answer = ENGINE.judge(ENGINE.profile(some, as_of=day_of(version)), version)
    reference = Interp(answer.lookup, day_of(version))
    for condition, triple in zip(answer.plan.version.conditions, answer.triples, strict=True):
        assert triple[0] == reference.value(condition.when), condition.text
    amount = answer.plan.version.benefit.amount
    if amount is not None:
        assert answer.figures[-1] == reference.value(amount)


@pytest.mark.parametrize("facts", [{}, {"taxable_income": 200000, "is_small_scale": True}])
def test_the_short_answer_is_the_long_answer(facts):
    profile = ENGINE.profile(facts, as_of=date(2026, 1, 1))
    assert ENGINE.verdicts(profile) == [(a.version, a.status, a.amount) for a in ENGINE.judge_all(profile)]
