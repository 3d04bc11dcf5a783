"""What is forgotten by itself."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

import factories
from chuangbao.accounts.adapter import SignOn
from chuangbao.accounts.models import Person
from chuangbao.accounts.tasks import forget_unconfirmed
from chuangbao.core.models import Answered
from chuangbao.core.tasks import sweep

pytestmark = pytest.mark.usefixtures("regions")


def long_ago():
    return timezone.now() - timedelta(days=8)


def account(email, *, verified=False, joined_at=None, **fields):
    person = factories.person(email=email, joined_at=joined_at or long_ago(), **fields)
    EmailAddress.objects.create(user=person, email=email, verified=verified, primary=True)
    return person


def test_an_account_that_nobody_confirmed_is_forgotten_after_a_week():
    account("gone@example.org")
    account("new@example.org", joined_at=timezone.now())
    account("confirmed@example.org", verified=True)
    account("in@example.org", last_login=long_ago())
    factories.person(email="by-command@example.org", joined_at=long_ago())
    factories.post(account("officer@example.org"))
    assert forget_unconfirmed() == 1
    assert not Person.objects.filter(email="gone@example.org").exists()
    assert Person.objects.count() == 5


def test_sessions_that_are_over_and_where_forms_led_are_forgotten():
    Session.objects.create(session_key="old", session_data="", expire_date=long_ago())
    Session.objects.create(session_key="new", session_data="", expire_date=timezone.now() + timedelta(hours=1))
    for days in (0, 2):
        Answered.objects.create(
            token=uuid4(), place="/", location="/checkup/secret/", at=timezone.now() - timedelta(days=days)
        )
    sweep()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert sorted(Answered.objects.values_list("location", flat=True)) == ["", "/checkup/secret/"]


def test_a_token_of_somebody_else_shows_nobody_where_it_led():
    """With the token and the content of another's form one's own form is answered, and not the other's."""
    token, code = str(uuid4()), factories.credit_code()
    sent = {"code": code, "name": "企业", "kind": "enterprise", "region": factories.COUNTY, "once": token}
    first, second = (factories.sign_in(Client(), factories.founder()) for _ in range(2))
    led = first.post("/organisations/new/", sent)
    assert led.status_code == 302
    assert first.post("/organisations/new/", sent)["Location"] == led["Location"]
    answer = second.post("/organisations/new/", sent)
    assert (answer.status_code, answer.headers.get("Location")) == (422, None)


@pytest.mark.parametrize(
    ("name", "kept"), [("甲" * 200, "甲" * 80), ("王\r\nBcc: x", "王 Bcc: x"), ("\u202e张三", "张三"), ("", "")]
)
def test_a_name_from_elsewhere_is_taken_on_one_line_and_cut(rf, name, kept):
    from allauth.socialaccount.models import SocialAccount, SocialLogin

    login = SocialLogin(user=Person(), account=SocialAccount(provider="sso", uid="1"))
    person = SignOn().populate_user(rf.get("/"), login, {"email": "a@example.org", "name": name})
    assert person.name == kept


def test_the_offline_page_is_kept_as_a_stranger_sees_it(client):
    script = client.get("/service-worker.js").content.decode()
    assert 'credentials: "omit"' in script
    assert "caches.delete" in script
