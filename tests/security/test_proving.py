"""Who somebody is, shown once more: for an address, for an office, and by a code that is good once."""

from __future__ import annotations

import json
import re
import time
from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse

import factories
from chuangbao.accounts.mfa import Adapter
from chuangbao.accounts.models import AdminDuty, Person
from chuangbao.core.storage.encryption import SealedError

pytestmark = pytest.mark.usefixtures("regions")
SECRET = "JBSWY3DPEHPK3PXP"
NOW = 1_790_000_010


@pytest.fixture(autouse=True)
def unlimited(db, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    cache.clear()


def person_of(email="somebody@example.org"):
    person = factories.person(email=email, password=factories.PASSWORD)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def signed_in(person, code=""):
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": factories.PASSWORD})
    if code:
        client.post("/accounts/2fa/authenticate/", {"code": code})
    return client


def long_ago(client):
    """As if the password had been given yesterday."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 86_400}]
    session.save()
    return client


CHANGES = {
    "address": ("/accounts/email/", {"email": "thief@example.org", "action_add": ""}),
    "second factor": ("/accounts/2fa/totp/activate/", {"code": "123456"}),
    "recovery codes": ("/accounts/2fa/recovery-codes/generate/", {}),
    "key": ("/accounts/2fa/webauthn/add/", {}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_an_open_session_alone_changes_nothing_of_the_account(what):
    person = person_of()
    client = long_ago(signed_in(person))
    address, sent = CHANGES[what]
    before = list(EmailAddress.objects.values_list("email")), Person.objects.get().password
    answer = client.post(address, sent)
    assert "/reauthenticate/" in answer["Location"], what
    assert (list(EmailAddress.objects.values_list("email")), Person.objects.get().password) == before
    assert not mail.outbox


def test_an_address_is_changed_after_the_password_and_the_old_one_hears_of_it():
    person = person_of()
    client = long_ago(signed_in(person))
    sent = {"email": "new@example.org", "action_add": ""}
    asked = client.post("/accounts/email/", sent)
    client.post(asked["Location"], {"password": factories.PASSWORD})
    if not any("new@example.org" in letter.to for letter in mail.outbox):
        client.post("/accounts/email/", sent)
    body = next(letter.body for letter in mail.outbox if "new@example.org" in letter.to)
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", body, re.MULTILINE)[1]
    mail.outbox.clear()
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert Person.objects.get(pk=person.pk).email == "new@example.org"
    told = [letter for letter in mail.outbox if "somebody@example.org" in letter.to]
    assert told, "the old address hears nothing"
    assert "new@example.org" in told[0].body


@pytest.fixture
def clock(monkeypatch):
    """The time as the second factor sees it."""

    class Clock:
        at = NOW

    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: Clock.at)
    return Clock


def code_at(moment):
    return format_hotp_value(hotp_value(SECRET, int(moment) // 30))


@pytest.mark.parametrize("shown", [-30, 0, 30])
@pytest.mark.parametrize("later", [0, 31, 59, 89])
def test_a_code_is_good_once(clock, shown, later):
    """For as long as its clock may be off: ninety seconds, and allauth remembers thirty."""
    person = person_of()
    TOTP.activate(person, SECRET)
    code = code_at(NOW + shown)
    assert signed_in(person, code).get("/desk/").status_code == 200
    with connection.cursor() as cursor:  # what allauth itself remembers is over
        cursor.execute("DELETE FROM core_cache WHERE cache_key LIKE '%%allauth.mfa%%'")
    clock.at = NOW + later
    assert signed_in(person, code).get("/desk/").status_code == 302
    clock.at = NOW + later + 90
    assert signed_in(person, code_at(clock.at)).get("/desk/").status_code == 200


def test_the_code_that_switches_it_on_signs_nobody_in(client):
    person = person_of()
    client = signed_in(person)
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    assert signed_in(person, code).get("/desk/").status_code == 302


def test_a_code_used_at_sign_in_shows_nothing_once_more(clock):
    person = person_of()
    TOTP.activate(person, SECRET)
    client = signed_in(person, code_at(NOW))
    long_ago(client)
    page = "/accounts/2fa/reauthenticate/"
    assert client.post(page, {"code": code_at(NOW)}).status_code == 200
    clock.at = NOW + 90
    assert client.post(page, {"code": code_at(clock.at)}).status_code == 302


def raw():
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        return cursor.fetchone()[0]


def test_no_secret_of_a_second_factor_lies_in_the_database():
    person = person_of()
    TOTP.activate(person, SECRET)
    codes = RecoveryCodes.activate(person)
    seed = Adapter().decrypt(codes.instance.data["seed"])
    assert SECRET not in raw()
    assert seed not in raw()
    assert raw().count("sealed:") == 2
    with pytest.raises(SealedError):
        Adapter().decrypt(SECRET)


def test_secrets_of_before_are_sealed_once_and_stay_good(clock):
    person, plain = person_of(), {"totp": {"secret": SECRET}, "recovery_codes": {"migrated_codes": ["11112222"]}}
    then = MigrationExecutor(connection).loader.project_state([("mfa", "0003_authenticator_type_uniq")]).apps
    before = then.get_model("mfa", "Authenticator").objects
    for kind, data in [*plain.items(), ("webauthn", {"name": "key"})]:
        before.create(user_id=person.pk, type=kind, data=data)
    change = import_module("chuangbao.accounts.migrations.0005_seal_second_factors")
    bind = import_module("chuangbao.accounts.migrations.0009_hash_tokens_bind_factors")
    for _ in range(2):
        change.rewrite(then, change.sealed_text)
    bind.rewrite(then, bind=True)
    bind.rewrite(then, bind=True)  # what is bound already stays as it is
    assert SECRET not in raw()
    assert "11112222" not in raw()
    assert signed_in(person, code_at(NOW)).get("/desk/").status_code == 200
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes() == ["11112222"]
    bind.rewrite(then, bind=False)
    change.rewrite(then, change.opened_text)
    assert json.loads(json.dumps(before.get(type="totp").data)) == plain["totp"]


def test_a_secret_copied_to_another_persons_row_opens_nothing_there():
    person, other = person_of(), factories.person()
    for each in (person, other):
        TOTP.activate(each, SECRET)
        RecoveryCodes.activate(each)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE mfa_authenticator b SET data = a.data FROM mfa_authenticator a"
            " WHERE a.type = b.type AND a.user_id = %s AND b.user_id = %s", [person.pk, other.pk],
        )  # fmt: skip
    for factor in Authenticator.objects.filter(user=other):
        with pytest.raises(SealedError):
            factor.wrap().validate_code(code_at(NOW))
    mine = Authenticator.objects.get(user=person, type="totp")
    mine.record_usage()
    mine.refresh_from_db()
    assert mine.wrap().validate_code(code_at(int(time.time())))


OFFICES = {"officer": factories.officer, "administrator": lambda: factories.admin("system_admin")}
INSIDE = {"officer": "/facts/subjects/", "administrator": "/administration/posts/"}


@pytest.mark.parametrize("office", OFFICES)
def test_an_office_without_a_second_factor_is_nobodys(client, settings, office):
    settings.SECOND_FACTOR = True
    actor = OFFICES[office]()
    factories.sign_in(client, actor)
    answer = client.get(INSIDE[office])
    assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index"))
    assert client.session["acting"] == ""
    assert client.get(INSIDE[office]).status_code in {302, 403}
    factories.sign_in(client, actor)
    assert client.get("/policies/").status_code == 200
    assert client.session["acting"] == ""
    factories.sign_in(client, actor)
    assert client.get("/accounts/email/").status_code == 200, "the account itself stays open"
    TOTP.activate(Person.objects.get(pk=actor.person_id), SECRET)
    factories.sign_in(client, actor)
    assert client.get(INSIDE[office]).status_code == 200


@pytest.mark.parametrize("kind", ["x", "self", "member", "Security_admin", "audit_admin", ""])
def test_no_other_name_of_a_capacity_leads_past_the_second_factor(client, settings, kind):
    """Guards go by the kind that the session names, so no other kind may lead to the same duty."""
    settings.SECOND_FACTOR = True
    actor = factories.admin("security_admin")
    client.force_login(Person.objects.get(pk=actor.person_id))
    client.post("/acting/", {"acting": f"{kind}:{actor.holder_id}"})
    assert client.session["acting"] == f"{kind}:{actor.holder_id}"
    assert client.get("/administration/posts/").status_code != 200
    assert client.get("/administration/duties/new/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_new_second_factor_ends_the_sessions_that_never_showed_it(settings):
    """A session that a stolen password began before must not become the office's when its owner adds a factor."""
    settings.SECOND_FACTOR = True
    actor = factories.officer()
    thief = office(actor)
    owner = signed_in(Person.objects.get(pk=actor.person_id))
    owner.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    owner.get("/accounts/2fa/totp/activate/")
    code = format_hotp_value(hotp_value(owner.session[SECRET_SESSION_KEY], int(time.time()) // 30))
    assert owner.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    assert Authenticator.objects.filter(user=actor.person_id, type="totp").exists()
    for client in (thief, owner):
        client.post("/acting/", {"acting": actor.acting})
    assert thief.get("/facts/subjects/").status_code == 302
    assert thief.get("/desk/")["Location"].startswith("/accounts/login/")
    assert owner.get("/facts/subjects/").status_code == 200


def test_what_an_office_held_is_not_ended_from_an_open_session(client):
    post, duty = factories.post(), factories.admin("audit_admin")
    for address in (reverse("accounts:end_post", args=[post.pk]), reverse("accounts:end_duty", args=[duty.holder_id])):
        factories.sign_in(client, factories.admin("security_admin"))
        assert client.post(address, {"reason": "x"})["Location"].startswith("/me/again/?next=")
    assert AdminDuty.objects.filter(ended_at=None).count() == 3


def test_others_need_none_and_neither_does_the_demonstration(client, settings):
    settings.SECOND_FACTOR, settings.IDLE_MINUTES = True, 1
    factories.sign_in(client, factories.member())
    assert client.get("/desk/").status_code == 200
    settings.DEMO = True
    factories.sign_in(client, factories.officer())
    assert client.get("/facts/subjects/").status_code == 200


def office(actor=None):
    """An officer who signed in with a password."""
    actor = actor or factories.officer()
    person = Person.objects.get(pk=actor.person_id)
    person.set_password(factories.PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client = signed_in(person)
    client.post("/acting/", {"acting": actor.acting})
    return client


def test_an_office_that_nobody_sits_in_asks_who_is_there(settings):
    settings.IDLE_MINUTES = 30
    client = office()
    assert client.get("/facts/subjects/").status_code == 200
    assert client.cookies["present"]["httponly"]
    long_ago(client)
    assert client.get("/facts/subjects/").status_code == 200, "somebody is at work"
    del client.cookies["present"]
    asked = client.get("/facts/subjects/?q=x")
    assert asked["Location"] == "/accounts/reauthenticate/?next=%2Ffacts%2Fsubjects%2F%3Fq%3Dx"
    assert client.get("/policies/").status_code == 200
    assert client.get(asked["Location"]).status_code == 200
    assert client.post(asked["Location"], {"password": factories.PASSWORD})["Location"] == "/facts/subjects/?q=x"
    assert client.get("/facts/subjects/").status_code == 200


def test_the_cookie_of_one_session_is_none_for_another(settings):
    settings.IDLE_MINUTES = 30
    actor = factories.officer()
    first = office(actor)
    first.get("/facts/subjects/")
    second = long_ago(signed_in(Person.objects.get(pk=actor.person_id)))
    second.post("/acting/", {"acting": actor.acting})
    second.cookies["present"] = first.cookies["present"].value
    assert "/reauthenticate/" in second.get("/facts/subjects/")["Location"]


def test_who_has_no_way_to_show_it_signs_in_anew(client, settings):
    settings.IDLE_MINUTES = 30
    factories.sign_in(client, factories.officer())
    assert client.get("/facts/subjects/")["Location"].startswith("/accounts/login/?next=")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("host", ["localhost", "localhost:9999", "127.0.0.1:1", "[::1]:5"])
def test_the_names_of_the_machine_answer_its_supervisor_alone(client, settings, host):
    settings.PUBLIC_HOSTS, settings.ALLOWED_HOSTS = ["portal.example"], [*settings.LOOPBACK, "portal.example"]
    client.raise_request_exception = False
    sent = {"email": "a@example.org"}
    assert client.post("/accounts/password/reset/", sent, headers={"Host": host}).status_code == 400
    assert client.get("/policies/", headers={"Host": host}).status_code == 400
    assert client.get("/healthz", headers={"Host": host}).status_code == 200
    assert client.get("/policies/", headers={"Host": "portal.example"}).status_code == 200
    assert client.get("/policies/", headers={"Host": "evil.example"}).status_code == 400
    settings.PUBLIC_HOSTS = []
    assert client.get("/policies/", headers={"Host": host}).status_code == 200
