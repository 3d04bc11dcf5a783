"""A session that ends in the middle of a form: the value, the capacity and the truth are kept."""

from __future__ import annotations

import time

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

import factories
from chuangbao.accounts.models import Invitation, Person
from chuangbao.core.http import resuming

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def owner(client):
    """An owner at work in the name of the organisation, with a password."""
    there = factories.organisation("甲公司")
    row = factories.membership(factories.person("王五", password=factories.PASSWORD, email="w@example.org"), there)
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=row.person, email=row.person.email, verified=True, primary=True)
    factories.sign_in(client, factories.as_member(row))
    client.get(reverse("accounts:organisation", args=[there.pk]))
    return row


def end_session(client):
    """As after twelve hours: the browser forgets the session's cookie, and the table its row."""
    Session.objects.all().delete()
    del client.cookies["sessionid"]


def sign_in_again(client, answer, email="w@example.org"):
    """By the page one was led to."""
    page = client.get(answer.url)
    next_one = answer.url.partition("next=")[2]
    from urllib.parse import unquote

    sent = {"login": email, "password": factories.PASSWORD, "next": unquote(next_one)}
    return page.content.decode(), client.post(reverse("account_login"), sent)


def test_what_was_typed_and_the_capacity_are_kept(client, owner):
    end_session(client)
    address = reverse("accounts:invite", args=[owner.organisation_id])
    answer = client.post(address, {"email": "friend@example.org", "role": "clerk"})
    said, back = sign_in_again(client, answer)
    assert "登录已过期" in said
    assert "已为您保留" in said
    assert back.url == address
    page = client.get(back.url)
    assert page.status_code == 200
    assert 'value="friend@example.org"' in page.content.decode()
    assert "甲公司" in page.content.decode()
    assert not Invitation.objects.exists()
    assert client.post(address, {"email": "friend@example.org", "role": "clerk"}).status_code == 302
    assert Invitation.objects.get().invited_by_id == owner.person_id
    assert client.get(address).status_code == 302, "it is asked once"


def test_other_pages_open_as_ever_while_a_form_is_kept(client, owner):
    end_session(client)
    address = reverse("accounts:invite", args=[owner.organisation_id])
    sign_in_again(client, client.post(address, {"email": "friend@example.org"}))
    assert client.get(reverse("portal:desk")).status_code == 200
    assert "friend@example.org" in client.get(address).content.decode()


def test_one_may_leave_it(client, owner):
    end_session(client)
    address = reverse("accounts:invite", args=[owner.organisation_id])
    _said, back = sign_in_again(client, client.post(address, {"email": "friend@example.org"}))
    assert client.get(f"{back.url}?kept=drop").url == address
    assert client.get(address).url == reverse("accounts:organisation", args=[owner.organisation_id])


def test_a_page_that_was_only_opened_comes_back_in_the_same_capacity(client, owner):
    end_session(client)
    address = reverse("accounts:organisation", args=[owner.organisation_id])
    said, back = sign_in_again(client, client.get(address))
    assert "登录已过期" in said
    assert "已为您保留" not in said
    assert client.get(back.url).status_code == 200


def test_another_person_is_shown_nothing_of_it(client, owner):
    other = factories.person("赵六", password=factories.PASSWORD, email="z@example.org")
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    end_session(client)
    answer = client.post(reverse("accounts:invite", args=[owner.organisation_id]), {"email": "friend@example.org"})
    _said, back = sign_in_again(client, answer, "z@example.org")
    assert "friend@example.org" not in client.get(back.url, follow=True).content.decode()
    assert client.session["acting"] in {"", "self"}


def test_after_signing_out_nothing_is_remembered(client, owner):
    client.post(reverse("account_logout"))
    assert client.cookies[resuming.COOKIE].value == ""
    client.post(reverse("accounts:invite", args=[owner.organisation_id]), {"email": "friend@example.org"})
    assert resuming.KEPT not in client.session


def test_the_kept_form_is_sealed_in_the_session_and_holds_no_password(client, owner):
    end_session(client)
    client.post(reverse("accounts:me"), {"name": "机密姓名", "password1": "x-secret-x"})
    kept = client.session[resuming.KEPT]
    assert "机密" not in str(kept)
    fields = resuming.decrypt_bytes(bytes.fromhex(kept["fields"]), context=resuming.CONTEXT)
    assert b"x-secret-x" not in fields


def test_a_stranger_without_the_cookie_leaves_nothing_behind(client):
    client.post(reverse("accounts:me"), {"name": "x"})
    assert not Session.objects.exists()


@pytest.mark.parametrize("fault", ["old", "broken", "large"])
def test_what_cannot_be_kept_is_forgotten(client, owner, fault, monkeypatch):
    end_session(client)
    address = reverse("accounts:me")
    client.post(address, {"name": "新" * (40_000 if fault == "large" else 1)})
    client.force_login(Person.objects.get(pk=owner.person_id))
    session = client.session
    if fault == "large":
        assert resuming.KEPT not in session
        return
    session[resuming.KEPT] = session[resuming.KEPT] | (
        {"at": time.time() - 7200} if fault == "old" else {"fields": "00"}
    )
    session.save()
    assert "继续提交" not in client.get(address).content.decode()
    assert resuming.KEPT not in client.session


def test_a_check_up_of_ones_own_asks_to_sign_in_and_goes_on(client, owner, library):
    address = client.post("/checkup/", {"who": "", "want": ""}).url
    assert client.get(address).status_code == 200
    end_session(client)
    answer = client.post(f"{address}answer/", {"fact": "expand_hires", "expand_hires": "3"})
    said, back = sign_in_again(client, answer)
    assert "已为您保留" in said
    assert 'value="3"' in client.get(back.url).content.decode()
    assert client.post(f"{address}answer/", {"fact": "expand_hires", "expand_hires": "3"}).url == address


def test_a_check_up_of_somebody_else_stays_hidden(client, owner, library):
    address = client.post("/checkup/", {"who": "", "want": ""}).url
    client.post(reverse("account_logout"))
    assert client.get(address).status_code == 404
