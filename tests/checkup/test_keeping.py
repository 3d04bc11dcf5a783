"""Answers that were given without an account go along through sign-up, code and agreement, and ask nothing again."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.urls import reverse

import factories
from chuangbao.accounts.models import Person
from chuangbao.checkup.models import CheckUp
from chuangbao.core.access.tokens import hash_token
from chuangbao.facts.models import Fact

pytestmark = pytest.mark.usefixtures("library", "regions")
COUNTY = "222403"


def answered(client):
    address = client.post("/checkup/", {"who": "company", "want": "hire", "region": COUNTY}).url
    client.post(f"{address}answer/", {"page": "business", "registered_on": "2025-09-01", "staff_total": "8人"})
    client.post(f"{address}answer/", {"page": "trade", "trade": "software"})
    return address


def test_after_the_sign_up_the_answers_given_before_are_there_at_once(client):
    address = answered(client)
    assert "注册账号，保存这些回答" in client.get(address).content.decode()
    onward = client.post(f"{address}keep/").url
    assert onward == "/accounts/signup/?next=%2Fcheckup%2Fkeep%2F"
    assert 'value="/checkup/keep/"' in client.get(onward).content.decode()
    sent = {"email": "z@example.org", "name": "张", "next": "/checkup/keep/", "agree": "on"}
    client.post("/accounts/signup/", sent | {"password1": factories.PASSWORD, "password2": factories.PASSWORD})
    code = re.search(r"^([A-Z0-9-]{6,9})$", mail.outbox[-1].body, re.MULTILINE)[1]
    landed = client.post(reverse("account_email_verification_sent"), {"code": code}).url
    assert landed == "/checkup/keep/"
    Person.objects.update(agreed="")  # a new version of the texts in the midst of it
    asked = client.get(landed).url
    assert asked == "/me/consent/?next=%2Fcheckup%2Fkeep%2F"
    back = client.post("/me/consent/", {"agree": "on", "next": "/checkup/keep/"}).url
    made = client.get(back).url
    assert made != address
    page = client.get(made).content.decode()
    assert "您的3个回答已经带过来了" in page
    person = Person.objects.get(email="z@example.org")
    assert {"registered_on", "staff_total"} <= set(
        Fact.objects.filter(subject__person=person).values_list("name", flat=True)
    )
    kept = CheckUp.objects.get(token_hash=hash_token(made.strip("/").split("/")[-1]))
    assert (kept.who, kept.want, kept.region) == ("company", "hire", COUNTY)
    assert client.get("/checkup/keep/").url == "/checkup/", "it is taken over once"


def test_an_account_that_knows_otherwise_is_asked_what_is_right(client):
    owner = factories.founder()
    factories.sign_in(client, owner)
    first = client.post("/checkup/", {"who": "company", "want": "hire", "region": COUNTY}).url
    client.post(f"{first}answer/", {"page": "business", "registered_on": "2025-09-01", "staff_total": "30"})
    client.logout()
    address = answered(client)
    client.post(f"{address}keep/")
    factories.sign_in(client, owner)
    landed = client.get("/checkup/keep/").url
    assert landed == f"{address}adopt/"
    assert re.search(r"目前为：30", client.get(landed).content.decode())
    assert [fact.number for fact in Fact.objects.filter(name="staff_total")] == [30]


def test_without_a_check_up_at_the_address_nothing_is_remembered(client):
    assert client.post("/checkup/nothing/keep/").status_code == 404
    assert "keep_checkup" not in client.cookies
