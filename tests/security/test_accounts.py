"""What somebody signed in might try with other people's capacities, and with their own."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

import factories
from chuangbao.accounts.domain.acting import actor_for, choices
from chuangbao.accounts.domain.members import end_membership
from chuangbao.accounts.models import Membership, Person
from chuangbao.core.workflow.refusals import Refused

pytestmark = pytest.mark.usefixtures("regions")


def test_a_manager_sends_no_owner_away(client):
    where = factories.organisation()
    owners = [factories.membership(where=where) for _ in range(2)]
    manager = factories.member(where, "manager")
    with pytest.raises(Refused) as refused:
        end_membership(membership=owners[0], actor=manager)
    assert refused.value.code == "owners_only"
    factories.sign_in(client, manager)
    answer = client.post(f"/organisations/{where.pk}/members/{owners[0].pk}/", {"end": "1"})
    assert answer.status_code == 422
    assert Membership.objects.filter(organisation=where, ended_at=None).count() == 3
    end_membership(membership=owners[0], actor=factories.as_member(owners[1]))


@pytest.mark.parametrize(
    "key", ["member:²", f"member:{'9' * 5000}", f"officer:{'9' * 18}", "member:-1", "x", "nobody:1", ":"]
)
def test_a_capacity_that_is_none_becomes_oneself_and_locks_nobody_out(client, key):
    person = factories.person()
    factories.sign_in(client, choices(person)[0].actor)
    assert client.post("/acting/", {"acting": key}).status_code == 302
    assert client.get("/desk/").status_code == 200
    assert actor_for(person, key).capacity == "self"


@pytest.mark.parametrize(
    "place", ["word", "\\\\elsewhere.example", "javascript:x()", "//elsewhere.example/", "https:///x", "\x0e"]
)
def test_the_way_back_leads_to_this_site_or_home(client, place):
    factories.sign_in(client, factories.founder())
    for address in ("/acting/", "/preferences/"):
        answer = client.post(address, {"next": place, "acting": "self"})
        assert answer.status_code == 302
        assert re.fullmatch(r"/(desk/)?", answer["Location"])


def test_another_organisations_number_in_the_address_or_the_form_changes_nothing(client):
    mine, theirs = (factories.membership(where=factories.organisation()) for _ in range(2))
    factories.sign_in(client, factories.as_member(mine))
    sent = {"role": "owner", "organisation": theirs.organisation_id, "membership": theirs.pk, "pk": theirs.pk,
            "email": "x@example.org", "person": mine.person_id, "invited_by": theirs.person_id}  # fmt: skip
    for address in (
        f"/organisations/{theirs.organisation_id}/invite/",
        f"/organisations/{theirs.organisation_id}/members/{theirs.pk}/",
        f"/organisations/{mine.organisation_id}/members/{theirs.pk}/",
        f"/organisations/{theirs.organisation_id}/members/{mine.pk}/",
    ):
        assert client.post(address, sent).status_code == 404, address
    assert client.post(f"/organisations/{mine.organisation_id}/invite/", sent).status_code == 302
    assert not theirs.organisation.invitations.exists()
    assert mine.organisation.invitations.get().invited_by_id == mine.person_id


def test_a_person_cannot_make_themselves_more_than_they_are(client):
    person = factories.person()
    factories.sign_in(client, choices(person)[0].actor)
    sent = {
        "name": "新名",
        "language": "en",
        "email": "other@example.org",
        "is_active": "",
        "is_demo": "on",
        "is_staff": "on",
    }
    assert client.post("/me/", sent).status_code == 302
    now = Person.objects.get(pk=person.pk)
    assert (now.name, now.email, now.is_active, now.is_demo) == ("新名", person.email, True, False)


def signed_up(client, email="somebody@example.org"):
    """Somebody with a password and a confirmed address."""
    person = factories.person(email=email, password=factories.PASSWORD)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    client.post("/accounts/login/", {"login": email, "password": factories.PASSWORD})
    return person


def code_of(secret, at):
    """The six digits that a telephone shows (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(at) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def test_a_second_factor_is_switched_on_and_then_asked_for(client, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    person = signed_up(client)
    assert "/reauthenticate/" in client.get("/accounts/2fa/totp/activate/")["Location"], "who it is is asked once more"
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    assert secret in page.content.decode()
    assert client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code in {200, 422}
    now = time.time()
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret, now)}).status_code == 302
    another = Client()
    answer = another.post("/accounts/login/", {"login": person.email, "password": factories.PASSWORD})
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert another.get("/desk/").status_code == 302, "the password alone opened the door"
    another.post("/accounts/2fa/authenticate/", {"code": "12345"})
    assert another.get("/desk/").status_code == 302
    another.post("/accounts/2fa/authenticate/", {"code": code_of(secret, now + 30)})
    assert another.get("/desk/").status_code == 200


def test_the_session_is_another_one_after_signing_in_and_over_after_a_new_password(client):
    person = factories.person(email="somebody@example.org", password=factories.PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.cookies["sessionid"] = "chosen-by-somebody-else"
    client.post("/accounts/login/", {"login": person.email, "password": factories.PASSWORD})
    assert client.cookies["sessionid"].value != "chosen-by-somebody-else"
    thief = Client()
    thief.post("/accounts/login/", {"login": person.email, "password": factories.PASSWORD})
    assert thief.get("/desk/").status_code == 200
    new = "吉林-Jilin-2026-x"
    sent = {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", sent).status_code == 302
    assert client.get("/desk/").status_code == 200
    assert thief.get("/desk/").status_code == 302


def plain(page):
    """A page without what differs on every one."""
    return re.sub(r'(csrfmiddlewaretoken" value="|once" value=")[^"]*|[\w.-]+@example\.org', "", page.content.decode())


def test_nobody_learns_whether_an_address_has_an_account(client, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    person = factories.person(email="known@example.org", password=factories.PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    seen = {}
    for email in ("known@example.org", "unknown@example.org"):
        asked = Client()
        wrong = asked.post("/accounts/login/", {"login": email, "password": "x-wrong-x"})
        reset = asked.post("/accounts/password/reset/", {"email": email}, follow=True)
        up = {"email": email, "name": "某某", "password1": factories.PASSWORD, "password2": factories.PASSWORD}
        up["agree"] = "on"
        signed = Client().post("/accounts/signup/", up, follow=True)
        seen[email] = [
            (a.status_code, a.redirect_chain if hasattr(a, "redirect_chain") else "", plain(a))
            for a in (wrong, reset, signed)
        ]
    assert seen["known@example.org"] == seen["unknown@example.org"]
    assert len(mail.outbox) >= 2


def test_a_wrong_password_takes_as_much_hashing_as_no_account(client, settings, monkeypatch):
    from django.contrib.auth.hashers import Argon2PasswordHasher

    settings.ACCOUNT_RATE_LIMITS = False
    hashed = []
    encode = Argon2PasswordHasher.encode
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *a: hashed.append(1) or encode(*a))
    verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *a: hashed.append(1) or verify(*a))
    factories.person(email="known@example.org", password=factories.PASSWORD)
    counts = []
    for email in ("known@example.org", "unknown@example.org"):
        hashed.clear()
        client.post("/accounts/login/", {"login": email, "password": "x-wrong-x"})
        counts.append(len(hashed))
    assert counts[0] == counts[1] > 0


def test_signing_up_with_a_known_address_takes_as_much_hashing_as_with_a_new_one(settings, monkeypatch):
    """Else the time of the answer tells who has an account: hashing is most of it."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    settings.ACCOUNT_RATE_LIMITS = False
    person = factories.person(email="known@example.org", password=factories.PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    hashed, counts, encode = [], [], Argon2PasswordHasher.encode
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *a: hashed.append(1) or encode(*a))
    up = {"name": "某某", "password1": factories.PASSWORD, "password2": factories.PASSWORD, "agree": "on"}
    for email in ("known@example.org", "unknown@example.org"):
        hashed.clear()
        assert Client().post("/accounts/signup/", {**up, "email": email}).status_code == 302
        counts.append(len(hashed))
    assert counts[0] == counts[1] > 0


def test_guessing_passwords_is_stopped(client, db):
    factories.person(email="known@example.org", password=factories.PASSWORD)
    answers = [client.post("/accounts/login/", {"login": "known@example.org", "password": f"x{n}"}) for n in range(12)]
    assert any(
        a.status_code == 429 or "次数" in a.content.decode() or "稍后" in a.content.decode() for a in answers[5:]
    )
    right = client.post("/accounts/login/", {"login": "known@example.org", "password": factories.PASSWORD})
    assert right.status_code != 302


def test_an_e_mail_address_changes_only_once_it_is_confirmed(client, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    person = signed_up(client)
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert Person.objects.get(pk=person.pk).email == "somebody@example.org"
    assert any("new@example.org" in letter.to for letter in mail.outbox)
