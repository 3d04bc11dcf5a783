"""What is shared says nothing of sensitive facts: neither what was stated, nor what the interview would fill in."""

from __future__ import annotations

import re

import pytest
from django.utils.html import strip_tags

from chuangbao.checkup.domain.checkups import tells_sensitive
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.models import CheckUp
from chuangbao.core.access.tokens import hash_token
from chuangbao.core.engine.current import current_pack

pytestmark = pytest.mark.usefixtures("library", "regions")


def begin(client, who):
    address = client.post("/checkup/", {"who": who, "want": "none", "region": ""}).url
    return address, CheckUp.objects.get(token_hash=hash_token(address.strip("/").split("/")[-1]))


def test_a_filling_does_not_deny_what_was_stated_and_left_behind(client):
    address, checkup = begin(client, "none")
    client.post(f"{address}answer/", {"page": "person", "age": "below_46", "groups": "none", "registered": "idea"})
    for fact in ("loan_overdue", "got_initial_subsidy"):
        client.post(f"{address}answer/", {"fact": fact, fact: "true"})
    sensitive = [fact.name for fact in current_pack().facts.values() if fact.sensitive]
    own = result_of(checkup).profile
    assert own.raw["loan_overdue"] is True
    client.post(f"{address}share/")
    copy = CheckUp.objects.get(shared=True)
    said = result_of(copy).profile.raw
    assert {name: said[name] for name in sensitive if said.get(name) is not None} == {}


@pytest.mark.parametrize("who", [audience.id for audience in current_pack().audiences])
def test_who_one_is_stays_behind_where_it_tells_a_sensitive_fact(client, who):
    pack = current_pack()
    fillings = [f for f in pack.interview.fillings if f"'{who}'" in f.when]
    facts = [f.facts for f in fillings] + [next(a.facts for a in pack.audiences if a.id == who)]
    telling = any(pack.facts[name].sensitive for each in facts for name in each)
    assert tells_sensitive(pack, who) is telling
    address, _checkup = begin(client, who)
    client.post(f"{address}share/")
    assert CheckUp.objects.get(shared=True).who == ("" if telling else who)


@pytest.mark.parametrize("who", ["veteran", "job_seeker"])
def test_a_copy_says_how_many_answers_it_was_made_without(client, who):
    address, checkup = begin(client, who)
    person = {"page": "person", "age": "below_46", "groups": "unemployed", "registered": "idea"}
    client.post(f"{address}answer/", person)
    client.post(f"{address}answer/", {"page": "plans", "plans": "none"})
    own, behind = result_of(checkup), 3 if who == "veteran" else 2
    assert f"分享链接不带出说明您本人和家庭情况的{behind}个回答" in words_of(client.get(address))
    shared = client.post(f"{address}share/").url
    page = words_of(client.get(shared))
    assert f"说明本人和家庭情况的{behind}个回答没有带到这份分享里" in page
    copy = CheckUp.objects.get(shared=True)
    there = result_of(copy)
    assert f"这份分享里未判定{len(there.open)}" in page
    decided = {found.measure.title.zh for found in (*own.rows, *own.later)} & {f.measure.title.zh for f in there.open}
    assert decided, "the copy leaves open what the check-up decides"
    for words in ("差一个答案", "待定"):
        assert words not in page, words
    sheet = f"{shared.split('?')[0].replace('shared/', '')}print/"
    assert f"说明本人和家庭情况的{behind}个回答没有带到这份分享里" in words_of(client.get(sheet))


def test_a_copy_made_with_every_answer_says_nothing_of_it(client):
    address, _checkup = begin(client, "makerspace")
    assert "不带出" not in words_of(client.get(address))
    assert "没有带到这份分享里" not in words_of(client.get(client.post(f"{address}share/").url))


def words_of(response):
    return re.sub(r"\s+", "", strip_tags(response.content.decode()))
