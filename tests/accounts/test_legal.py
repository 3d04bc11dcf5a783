"""Terms, privacy notice and contact are on every page; agreement is noted with version and day, and asked again."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.accounts import legal
from chuangbao.accounts.domain.consents import give_consent, has_agreed, open_documents
from chuangbao.accounts.domain.persons import erase_person, export_person
from chuangbao.accounts.models import Consent, Person
from chuangbao.config.checks import look
from chuangbao.core.models import History

pytestmark = pytest.mark.django_db
TEXTS = Path(legal.__file__).parent / "templates" / "accounts" / "legal"
SEEN = {
    "terms": ("2026-11-26", "13fcf4eb9e743278"),
    "privacy": ("2026-11-28", "8daa13148730b5cb"),
}
"""The digest of both languages of each text, by its version: a changed text takes a new day in ``legal.py``."""
SIGN_UP = {
    "name": "王五", "email": "new@example.org", "password1": factories.PASSWORD, "password2": factories.PASSWORD,
}  # fmt: skip


def new_version(monkeypatch, name="privacy"):
    changed = replace(legal.DOCUMENTS[name], version=date(2027, 1, 1), changes="新增了一段")
    monkeypatch.setitem(legal.DOCUMENTS, name, changed)


@pytest.mark.parametrize("name", legal.DOCUMENTS)
def test_a_changed_text_has_a_new_version(name):
    version, digest = SEEN[name]
    content = b"".join((TEXTS / f"{name}_{language}.html").read_bytes() for language in ("zh", "en"))
    content = b"".join(content.split())  # a line broken elsewhere says nothing new
    assert (str(legal.DOCUMENTS[name].version), hashlib.sha256(content).hexdigest()[:16]) == (version, digest)


@pytest.mark.parametrize("address", ["/", "/checkup/", "/policies/", "/accounts/login/", "/contact/", "/nothing/here/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_leads_to_contact_and_texts(client, library, address, language):
    page = client.get(address, headers={"accept-language": language}).content.decode()
    for link in ("/contact/", "/legal/privacy/", "/legal/terms/"):
        assert f'href="{link}"' in page


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "敏感个人信息"), ("en", "Sensitive personal data")])
def test_the_notice_is_there_in_both_languages_with_the_map_itself(client, language, words):
    page = client.get("/legal/privacy/", headers={"accept-language": language}).content.decode()
    assert words in page
    assert ("关于您的信息" if language == "zh-hans" else "Facts about you") in page
    assert "2026" in page
    terms = client.get("/legal/terms/", headers={"accept-language": language})
    assert terms.status_code == 200
    assert client.get("/legal/nonsense/").status_code == 404


def test_who_runs_it_is_named_or_honestly_not(client, settings):
    for address in ("/", "/contact/", "/legal/privacy/"):
        assert "运营者尚未署名" in client.get(address).content.decode()
    settings.OPERATOR_NAME, settings.OPERATOR_PHONE = "吉林省某某厅", "0431-12345678"
    settings.OPERATOR_MAIL, settings.OPERATOR_ADDRESS = "privacy@example.org", "长春市某路1号"
    for address in ("/", "/contact/", "/legal/privacy/", "/legal/terms/"):
        page = client.get(address).content.decode()
        assert "吉林省某某厅" in page
        assert "运营者尚未署名" not in page
    for words in ("0431-12345678", "privacy@example.org", "长春市某路1号"):
        assert words in client.get("/contact/").content.decode()
    settings.OPERATOR_PHONE = settings.OPERATOR_MAIL = settings.OPERATOR_ADDRESS = ""
    assert "运营者尚未署名" in client.get("/contact/").content.decode()  # a name that cannot be reached is none


def test_a_public_installation_that_names_nobody_is_told_so(monkeypatch):
    monkeypatch.setenv("CHUANGBAO_HOSTS", "portal.example")
    monkeypatch.setenv("CHUANGBAO_HTTPS", "1")
    assert "chuangbao.W002" in {message.id for message in look()}
    monkeypatch.setenv("CHUANGBAO_OPERATOR", "某某厅")
    monkeypatch.setenv("CHUANGBAO_OPERATOR_MAIL", "a@example.org")
    assert "chuangbao.W002" not in {message.id for message in look()}


def test_nobody_signs_up_without_agreeing_and_agreement_is_noted_with_version_and_day(client):
    address = reverse("account_signup")
    page = client.get(address).content.decode()
    assert "/legal/privacy/" in page
    refused = client.post(address, SIGN_UP)
    assert "同意" in refused.content.decode()
    assert not Person.objects.exists()
    client.post(address, SIGN_UP | {"agree": "on"})
    person = Person.objects.get()
    rows = {(row.document, str(row.version), row.language) for row in Consent.objects.filter(person=person)}
    assert rows == {("terms", "2026-11-26", "zh-hans"), ("privacy", "2026-11-28", "zh-hans")}
    assert all(timezone.now() - row.given_at < timedelta(minutes=1) for row in Consent.objects.all())
    assert History.objects.filter(verb="person.consent", person=person).exists()


def test_a_new_version_is_asked_for_before_the_next_page_and_leads_back(client, regions, monkeypatch):
    actor = factories.founder()
    person = Person.objects.get(pk=actor.person_id)
    give_consent(person=person, language="zh")
    factories.sign_in(client, actor)
    assert client.get("/desk/").status_code == 200
    new_version(monkeypatch)
    asked = client.get("/organisations/?x=1")
    assert asked.url == "/me/consent/?next=%2Forganisations%2F%3Fx%3D1"
    page = client.get(asked.url).content.decode()
    assert "新增了一段" in page
    assert "/legal/privacy/" in page
    assert "用户协议（" not in page
    refused = client.post("/me/consent/", {"next": "/organisations/?x=1"})
    assert refused.status_code == 422
    assert "/organisations/?x=1" in refused.content.decode()  # nothing is lost
    assert client.post("/me/consent/", {"agree": "on", "next": "/organisations/?x=1"}).url == "/organisations/?x=1"
    assert client.get("/organisations/").status_code == 200
    assert Consent.objects.filter(person=person, document="privacy").count() == 2
    assert Consent.objects.filter(person=person, document="terms").count() == 1


def test_without_agreement_public_pages_ones_data_and_forms_that_are_sent_go_on(client, regions, monkeypatch):
    actor = factories.founder()
    factories.sign_in(client, actor)
    new_version(monkeypatch)
    for address in ("/", "/checkup/", "/contact/", "/legal/privacy/", "/me/", "/me/security/", "/accounts/logout/"):
        assert client.get(address).status_code == 200, address
    assert client.get("/me/export/").url.startswith("/me/again/")  # to the export, not to agreement
    assert client.post("/me/", {"name": "新名", "language": "zh-hans"}).url == "/me/"
    assert client.get("/desk/", headers={"HX-Request": "true"}).status_code == 200
    assert client.get("/desk/").status_code == 302


def test_agreeing_leads_nowhere_else(client, regions, monkeypatch):
    factories.sign_in(client, factories.founder())
    new_version(monkeypatch)
    assert client.post("/me/consent/", {"agree": "on", "next": "https://evil.example/"}).url == "/desk/"


def test_people_of_the_demonstration_are_not_asked():
    assert has_agreed(factories.person(is_demo=True, agreed=""))
    assert not has_agreed(factories.person(agreed=""))


def test_agreeing_twice_is_once():
    person = factories.person(agreed="")
    assert len(give_consent(person=person, language="en")) == 2
    assert give_consent(person=person, language="en") == []
    assert open_documents(person) == []


def test_the_agreement_is_in_the_export_and_stays_as_proof(regions):
    person = factories.person(agreed="")
    give_consent(person=person, language="zh")
    actor = factories.as_self(person)
    rows = export_person(actor=actor)["consents"]["rows"]
    assert {(row["document"], row["version"]) for row in rows} == {("terms", "2026-11-26"), ("privacy", "2026-11-28")}
    erase_person(actor=actor)
    assert Consent.objects.filter(person=person).count() == 2
