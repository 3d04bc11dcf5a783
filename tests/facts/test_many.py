"""Ten facts on one page: those worth most for such a subject, saved together or not at all, never over another tab's."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

import factories
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.models import Fact
from chuangbao.facts.queries import worth_most

pytestmark = pytest.mark.usefixtures("library", "regions")


@pytest.fixture
def owner():
    return factories.member()


@pytest.fixture
def at(owner):
    return f"/facts/subjects/{subject_of(owner).pk}/fill/"


def asked_on(page):
    return re.findall(r'name="asked" value="(\w+):(\d+)"', page)


def test_the_ten_that_are_worth_most_come_first_and_are_for_such_a_subject(client, owner, at):
    page = factories.sign_in(client, owner).get(at).content.decode()
    names = [name for name, _row in asked_on(page)]
    assert len(names) == len(set(names)) == 10
    gaps = worth_most(subject_of(owner), day=timezone.localdate(), actor=owner)
    assert names == [gap.fact.name for gap in gaps]
    assert [gap.money for gap in gaps] == sorted((gap.money for gap in gaps), reverse=True)
    assert not {"agreed_share", "leave_years", "transfer_net_income"} & set(names), "these are for researchers"
    assert "一页填十项" in client.get(at.removesuffix("fill/")).content.decode()


def test_everything_is_saved_together_or_nothing_is(client, owner, at):
    own = factories.sign_in(client, owner)
    asked = ["taxable_income:0", "assets_avg:0", "is_small_scale:0"]
    wrong = own.post(at, {"asked": asked, "taxable_income": "60w", "assets_avg": "很多", "is_small_scale": "true"})
    assert wrong.status_code == 422
    body = wrong.content.decode()
    assert 'id="id_assets_avg-wrong"' in body
    assert 'value="60w"' in body, "what was typed is still there"
    assert not Fact.objects.exists()
    done = own.post(at, {"asked": asked, "taxable_income": "60w", "assets_avg": "", "is_small_scale": "true"})
    assert done.url == at.removesuffix("fill/")
    assert "已保存2项信息" in own.get(done.url).content.decode()
    assert {f.name: f.number or f.flag for f in Fact.objects.all()} == {
        "taxable_income": 600000,
        "is_small_scale": True,
    }
    assert own.post(at, {"asked": asked}).status_code == 422, "nothing was filled in"


def test_what_another_tab_said_is_not_overwritten_silently(client, owner, at):
    own = factories.sign_in(client, owner)
    state(subject=subject_of(owner), name="taxable_income", value=1, actor=owner)
    sent = {"asked": ["taxable_income:0"], "taxable_income": "2元"}
    refused = own.post(at, sent)
    assert refused.status_code == 422
    assert "在别处填写过" in refused.content.decode()
    assert Fact.objects.get().number == 1
    again = dict(asked_on(refused.content.decode()))
    assert own.post(at, sent | {"asked": [f"taxable_income:{again['taxable_income']}"]}).status_code == 302
    assert [f.number for f in Fact.objects.order_by("pk")] == [1, 2]


def test_what_is_no_fact_is_not_asked_and_strangers_reach_nothing(client, owner, at):
    own = factories.sign_in(client, owner)
    assert own.post(at, {"asked": ["nothing:0", "taxable_income:x", "taxable_income"]}).status_code == 422
    assert factories.sign_in(client, factories.member()).get(at).status_code == 404
    assert not Fact.objects.exists()


def test_a_person_is_not_asked_what_only_others_know_and_one_with_a_company_is_asked_for_it(regions):
    person = factories.founder()
    subject, day = subject_of(person), timezone.localdate()

    def asked():
        gaps = worth_most(subject, day=day, actor=person)
        return {measure.id for gap in gaps for measure in gap.measures}

    assert "2.2.4-share-law-50" not in asked()
    assert "2.6.3-small-profit" not in asked()
    for name, value in {"is_sole": False, "is_resident_enterprise": True}.items():
        state(subject=subject, name=name, value=value, actor=person)
    assert "2.6.3-small-profit" in asked()
