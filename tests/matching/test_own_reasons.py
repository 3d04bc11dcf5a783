"""A notice leads to one's own reasons, one by one, for the day that it is about and whatever one acts as."""

from __future__ import annotations

import pytest

import factories
from chuangbao.accounts.models import Person
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.policies.addresses import reasons_url

pytestmark = pytest.mark.usefixtures("regions", "library")
MEASURE = "2.6.3-small-profit"


def body(answer):
    return answer.content.decode()


def test_the_reasons_are_those_of_the_day_and_name_the_clause(client):
    owner = factories.member(factories.organisation("长春乙科技有限公司"))
    url = reasons_url(subject_of(owner).pk, MEASURE)
    own = factories.sign_in(client, owner)
    assert "CIT-SLP" not in body(own.get(url))  # no run has looked yet
    page = own.get(f"{url}?day=2016-06-30")
    assert page.status_code == 200
    assert "2016年6月30日" in body(page)
    assert "CIT-SLP" in body(page)
    assert "二、（六）" in body(page)
    for nonsense in ("2016-13-30", "0001-01-01", "9999-12-31"):
        assert own.get(f"{url}?day={nonsense}").status_code == 200


def test_who_acts_as_something_else_is_offered_the_capacity_and_a_stranger_sees_nothing(client):
    there = factories.organisation("长春乙科技有限公司")
    owner = factories.member(there)
    url = reasons_url(subject_of(owner).pk, MEASURE)
    client.force_login(Person.objects.get(pk=owner.person_id))
    refused = client.get(url)
    assert refused.status_code == 403
    assert "长春乙科技有限公司" in body(refused)
    assert factories.sign_in(client, factories.founder()).get(url).status_code == 404
    assert reasons_url(0, MEASURE) == f"/policies/measures/{MEASURE}/"
