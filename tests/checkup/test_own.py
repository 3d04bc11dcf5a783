"""The check-up of somebody signed in: from their facts, into their facts, and what changed since last time."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

import factories
from chuangbao.checkup.domain import checkups
from chuangbao.checkup.models import CheckUp, CheckUpAnswer
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.tokens import hash_token
from chuangbao.core.engine.current import current_pack
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.models import Fact, Source

pytestmark = pytest.mark.usefixtures("library", "regions")
COMPANY = {
    "is_resident_enterprise": True,
    "taxable_income": 200000,
    "employees_avg": 50,
    "assets_avg": 5000000,
    "industry_kind": "other",
    "restricted_industry": False,
}


@pytest.fixture
def owner():
    return factories.member()


@pytest.fixture
def firm(owner):
    return subject_of(owner)


@pytest.fixture
def own(client, owner):
    return factories.sign_in(client, owner)


def begin(client, who=""):
    response = client.post("/checkup/", {"who": who, "want": ""})
    assert response.status_code == 302
    return response["Location"]


def body(response):
    return response.content.decode()


def test_it_starts_from_what_is_known(own, owner, firm):
    for name, value in COMPANY.items():
        state(subject=firm, name=name, value=value, actor=owner)
    shown = body(own.get(begin(own)))
    assert "小型微利" in shown
    assert "¥200,000.00" in shown
    assert firm.organisation.name in shown
    assert "30天" not in shown
    assert "存入信息档案" in body(own.get("/checkup/"))


def test_it_is_judged_where_the_enterprise_stands_and_says_so(own, firm):
    assert f'<option value="{factories.COUNTY}" selected>' in body(own.get(begin(own)))


def test_an_answer_becomes_a_fact_and_is_asked_no_more(own, firm):
    address = begin(own)
    own.post(f"{address}answer/", {"fact": "expand_hires", "expand_hires": "3"})
    own.post(f"{address}answer/", {"fact": "agreed_share", "none": "1"})
    assert {f.name: (f.source, f.as_of) for f in Fact.objects.all()} == {
        "expand_hires": ("self", timezone.localdate()),
        "agreed_share": ("self", timezone.localdate()),
    }
    assert not CheckUpAnswer.objects.exists()
    assert "招用青年人数" in body(own.get(begin(own)))


def test_a_wrong_answer_is_no_fact(own, firm):
    response = own.post(f"{begin(own)}answer/", {"fact": "expand_hires", "expand_hires": "viele"})
    assert response.status_code == 422
    assert not Fact.objects.exists()


def test_what_is_not_known_is_remembered_for_this_check_up_only(own, firm):
    address = begin(own)
    own.post(f"{address}answer/", {"fact": "expand_hires", "unknown": "1"})
    assert CheckUpAnswer.objects.get().state == "unknown"
    own.post(f"{address}answer/", {"fact": "expand_hires", "expand_hires": "3"})
    assert not CheckUpAnswer.objects.exists()
    assert Fact.objects.get().number == 3


def test_an_answer_for_a_day_ahead_is_about_today(own, firm):
    address = begin(own)
    own.post(f"{address}day/", {"as_of": f"{timezone.localdate() + timedelta(days=40)}", "region": "220000"})
    own.post(f"{address}answer/", {"fact": "expand_hires", "expand_hires": "3"})
    assert Fact.objects.get().as_of == timezone.localdate()
    own.post(f"{address}day/", {"as_of": "2015-06-30", "region": "220000"})
    own.post(f"{address}answer/", {"fact": "expand_hires", "expand_hires": "2"})
    assert str(Fact.objects.first().as_of) == "2015-06-30"
    assert own.post(f"{address}day/", {"as_of": "1900-01-01", "region": "220000"}).status_code == 422


def test_what_was_answered_is_taken_back(own, owner, firm):
    address = begin(own)
    own.post(f"{address}answer/", {"fact": "expand_hires", "expand_hires": "3"})
    own.post(f"{address}withdraw/", {"fact": "expand_hires"})
    assert Fact.objects.get().stage == "withdrawn"


def test_who_one_says_one_is_becomes_a_fact_unless_it_is_known_otherwise(client):
    audience = next(a for a in current_pack().audiences if a.facts)
    alone = factories.founder()
    mine = factories.sign_in(client, alone)
    begin(mine, audience.id)
    begin(mine, audience.id)
    assert sorted(Fact.objects.values_list("name", flat=True)) == sorted(audience.facts)


def test_it_says_what_changed_since_last_time(own, owner, firm):
    for name, value in COMPANY.items():
        state(subject=firm, name=name, value=value, actor=owner, as_of=timezone.localdate() - timedelta(days=9))
    assert "与上次相比" not in body(own.get(begin(own)))
    again = begin(own)
    assert "没有变化" in body(own.get(again))
    own.post(f"{again}answer/", {"fact": "employees_avg", "employees_avg": "500"})
    shown = own.get(again)
    turns = [(turn.before, turn.answer.status, measure.title.zh) for turn, measure in shown.context["turns"]]
    assert any(before == "eligible" and now == "not_eligible" and "小型微利" in title for before, now, title in turns)
    assert "与上次相比的变化" in body(shown)


def test_a_measure_that_was_not_there_and_a_new_version_are_told(own, owner, firm):
    for name, value in COMPANY.items():
        state(subject=firm, name=name, value=value, actor=owner, as_of=timezone.localdate() - timedelta(days=9))
    begin(own)
    last = CheckUp.objects.get()
    rows = json.loads(last.outcome)
    del rows[next(measure for measure, (_version, status, _amount) in rows.items() if status == "eligible")]
    (changed, (_version, status, amount)) = list(rows.items())[-1]
    rows[changed] = ("OLD-1", "eligible" if status != "eligible" else "not_eligible", amount)
    last.outcome = json.dumps(rows)
    last.save()
    shown = body(own.get(begin(own)))
    assert "当时没有" in shown
    assert "政策本身有变化" in shown


def test_nobody_else_opens_it(own, owner, firm, client):
    address = begin(own)
    for actor in (factories.member(), factories.founder(), factories.officer("register")):
        other = factories.sign_in(client, actor)
        assert other.get(address).status_code == 404
        assert other.post(f"{address}answer/", {"fact": "expand_hires", "expand_hires": "3"}).status_code == 404
        assert other.get(f"{address}result.pdf").status_code == 404
    client.logout()
    assert client.get(address).status_code == 404


def test_a_colleague_goes_on_with_it(own, firm, client):
    address = begin(own)
    assert factories.sign_in(client, factories.member(firm.organisation, role="clerk")).get(address).status_code == 200


def test_it_does_not_expire_and_the_one_without_a_name_does(own, firm, client):
    address = begin(own)
    CheckUp.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert own.get(address).status_code == 200
    checkups.begin_checkup(pack=current_pack(), who="", want="", day=timezone.localdate())
    assert CheckUp.objects.filter(subject=firm).exists()


def test_a_shared_copy_leaves_sensitive_answers_behind_and_needs_no_account(own, owner, firm, client):
    state(subject=firm, name="equity_spread", value=1234567, actor=owner)
    state(subject=firm, name="expand_hires", value=3, actor=owner)
    copy = own.post(f"{begin(own)}share/")["Location"]
    client.logout()
    assert client.get(copy).status_code == 200
    assert [(a.fact, a.value) for a in CheckUpAnswer.objects.all()] == [("expand_hires", "3"), ("left.0", "")]


def test_the_result_is_taken_along(own, firm):
    assert own.get(f"{begin(own)}result.pdf")["Content-Type"] == "application/pdf"


@pytest.fixture
def nameless(client):
    address = begin(client)
    client.post(f"{address}answer/", {"fact": "expand_hires", "expand_hires": "3"})
    client.post(f"{address}answer/", {"fact": "employees_avg", "employees_avg": "50"})
    client.post(f"{address}answer/", {"fact": "assets_avg", "unknown": "1"})
    return address


def test_answers_without_a_name_are_taken_over_once_they_are_confirmed(nameless, own, owner, firm):
    state(subject=firm, name="employees_avg", value=40, actor=SYSTEM, source=Source.REGISTER, register="社保")
    assert "存入我的信息" in body(own.get(nameless))
    shown = body(own.get(f"{nameless}adopt/"))
    assert "目前为：40" in shown
    assert Fact.objects.filter(source="self").count() == 0
    made = own.post(f"{nameless}adopt/", {"fact": ["expand_hires"]})["Location"]
    assert [(f.name, f.number) for f in Fact.objects.filter(source="self")] == [("expand_hires", 3)]
    assert [
        a.fact for a in CheckUp.objects.get(token_hash=hash_token(made.strip("/").split("/")[-1])).answers.all()
    ] == ["assets_avg"]
    assert own.get(f"{made}adopt/")["Location"] == made
    assert "已有相同信息" in body(own.get(f"{nameless}adopt/"))


def test_without_answers_there_is_nothing_to_take_over(client, own):
    made = checkups.begin_checkup(pack=current_pack(), who="", want="", day=timezone.localdate())
    assert "还没有回答" in body(own.get(f"/checkup/{made.token}/adopt/"))


def test_an_officer_keeps_a_check_up_without_a_name(client):
    officer = factories.sign_in(client, factories.officer("register"))
    address = begin(officer)
    officer.post(f"{address}answer/", {"fact": "expand_hires", "expand_hires": "3"})
    assert not Fact.objects.exists()
    assert "存入我的信息" not in body(officer.get(address))
    assert officer.get(f"{address}adopt/").status_code == 403
