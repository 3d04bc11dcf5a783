"""Two people at one subject: what both say is kept, and what both say alike is kept once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

import factories
from chuangbao.core.engine.regions import load_regions
from chuangbao.facts.domain.resolving import resolve
from chuangbao.facts.domain.stating import dispute, state, verify
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.models import Fact, Subject
from together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner():
    load_regions()
    return factories.member()


def test_a_subject_is_made_once(owner):
    made = at_once(*[lambda: subject_of(owner)] * 4)
    assert len({subject.pk for subject in made}) == Subject.objects.count() == 1


def test_what_both_say_is_kept_and_the_same_once(owner):
    firm = subject_of(owner)
    at_once(*[lambda n=n: state(subject=firm, name="expand_hires", value=n % 2, actor=owner) for n in range(6)])
    assert {int(f.number) for f in Fact.objects.all()} == {0, 1}
    at_once(*[lambda: state(subject=firm, name="revenue", value=9, actor=owner)] * 4)
    assert Fact.objects.filter(name="revenue").count() == 1


def test_a_move_is_made_by_one_of_two(owner):
    firm, officer, colleague = subject_of(owner), factories.officer("register"), factories.officer("register")
    fact = state(subject=firm, name="expand_hires", value=3, actor=owner)
    until = timezone.localdate() + timedelta(days=9)
    at_once(
        lambda: verify(fact=fact, until=until, actor=officer),
        lambda: dispute(fact=fact, reason="不对", actor=owner),
        lambda: verify(fact=fact, until=until, actor=colleague),
    )
    fact.refresh_from_db()
    assert fact.stage in {"verified", "disputed"}
    assert fact.verified_by_id in {officer.person_id, colleague.person_id}


def test_a_contradiction_is_settled_once(owner):
    firm, officer = subject_of(owner), factories.officer("register")
    first = state(subject=firm, name="expand_hires", value=3, actor=owner)
    second = state(subject=firm, name="expand_hires", value=4, actor=officer)
    until = timezone.localdate() + timedelta(days=9)
    colleague = factories.officer("register")
    found = at_once(
        lambda: resolve(fact=first, reason="a", until=until, actor=colleague),
        lambda: resolve(fact=second, reason="b", until=until, actor=colleague),
    )
    assert found.count("settled") == 1
    assert sorted(Fact.objects.values_list("stage", flat=True)) == ["verified", "withdrawn"]
