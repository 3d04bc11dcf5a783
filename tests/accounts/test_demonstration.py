"""The demonstration: open to everybody on one machine, and over everywhere else."""

from __future__ import annotations

import os

import pytest
from django.test import Client
from django.urls import reverse

import factories
from chuangbao.accounts.domain.acting import as_admin, as_officer
from chuangbao.accounts.domain.demonstration import end_demonstration, has_real_people
from chuangbao.accounts.models import AdminDuty, Person, Post
from chuangbao.cli import up
from chuangbao.config import environment
from chuangbao.core.models import History
from chuangbao.portal.demo import PEOPLE, load_demo

OPEN = {
    "hosts": {"CHUANGBAO_HOSTS": "portal.example"},
    "https": {"CHUANGBAO_HTTPS": "1"},
    "both": {"CHUANGBAO_HOSTS": "portal.example", "CHUANGBAO_HTTPS": "1"},
}


@pytest.fixture
def clean(monkeypatch):
    for name in environment.DECLARED:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def chosen(monkeypatch, host="127.0.0.1", **given):
    """What `up` makes of some settings: the demonstration or not, or the status it stops with."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(up.os, "environ", dict(os.environ))
    monkeypatch.setattr(environment.os, "environ", up.os.environ)
    try:
        up.begin_as_demonstration(host)
    except up.typer.Exit as stopped:
        return stopped.exit_code
    return up.os.environ["CHUANGBAO_DEMO"]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_our_own_server_on_this_machine_opens_with_it(clean, host):
    assert chosen(clean, host) == "1"
    assert chosen(clean, host, CHUANGBAO_DEMO="0") == "0"
    assert chosen(clean, host, DATABASE_URL="postgresql://a@/b", CHUANGBAO_DEMO="1") == "1"


def test_with_the_operators_database_it_has_to_be_asked_for(clean):
    assert chosen(clean, DATABASE_URL="postgresql://a@/b") == "0"


@pytest.mark.parametrize("given", OPEN.values(), ids=OPEN)
def test_where_others_reach_the_server_it_is_off_and_refused(clean, given):
    assert chosen(clean, **given) == "0"
    assert chosen(clean, **given, CHUANGBAO_DEMO="1") == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "portal.example"])  # noqa: S104 - it is refused
def test_at_an_address_that_others_reach_it_is_off_and_refused(clean, host, capsys):
    assert chosen(clean, host) == "0"
    assert chosen(clean, host, CHUANGBAO_DEMO="1") == 1
    assert "演示模式只能在本机使用" in capsys.readouterr().err


@pytest.fixture
def demo(settings, regions):
    settings.DEMO = True
    load_demo()


@pytest.mark.parametrize("who", ["student", "owner", "nanguan", "system"])
def test_a_session_of_the_demonstration_ends_with_it(client, demo, settings, who):
    client.post(reverse("portal:demo_sign_in"), {"who": who})
    assert client.get("/desk/").status_code == 200
    settings.DEMO = False
    for address in ("/desk/", "/administration/posts/", "/facts/", "/me/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/"), address
    assert client.post("/organisations/new/", {}).status_code == 302


def test_a_password_of_the_demonstration_opens_nothing_afterwards(demo, settings):
    person = factories.person(email="visitor@example.org", password=factories.PASSWORD, is_demo=True)
    sent = {"login": person.email, "password": factories.PASSWORD}
    assert Client().post("/accounts/login/", sent).status_code == 302
    settings.DEMO = False
    stranger = Client()
    stranger.post("/accounts/login/", sent)
    assert stranger.get("/desk/").status_code == 302


@pytest.mark.parametrize("on", [True, False])
def test_whoever_signs_up_meanwhile_is_of_the_demonstration(client, db, settings, on):
    settings.DEMO, settings.ACCOUNT_RATE_LIMITS = on, False
    sent = {
        "email": "new@example.org",
        "name": "某某",
        "password1": factories.PASSWORD,
        "password2": factories.PASSWORD,
        "agree": "on",
    }
    assert client.post("/accounts/signup/", sent).status_code == 302
    assert Person.objects.get(email="new@example.org").is_demo is on
    assert has_real_people() is not on


def test_its_posts_and_duties_end_and_come_back_with_it(demo):
    officers = sum(p.kind == "post" for p in PEOPLE)
    real = factories.post(), AdminDuty.objects.create(person=factories.person(), kind="audit_admin")
    assert end_demonstration() == officers + 3
    assert not AdminDuty.objects.filter(person__is_demo=True, ended_at=None).exists()
    assert History.objects.filter(verb="post.end", acting="system").count() == officers
    assert end_demonstration() == 0
    assert as_officer(Post.objects.get(pk=real[0].pk)).holder_id
    assert as_admin(AdminDuty.objects.get(pk=real[1].pk, ended_at=None)).holder_id
    load_demo()
    load_demo()
    assert end_demonstration() == officers + 3


def test_it_does_not_run_where_somebody_real_has_an_account(demo, settings, monkeypatch, capsys):
    monkeypatch.setenv("CHUANGBAO_DEMO", "1")
    factories.person()
    with pytest.raises(up.typer.Exit):
        up.demonstrate(wanted=True)
    assert "已有真实用户" in capsys.readouterr().err
    up.demonstrate(wanted=False)
    assert (settings.DEMO, os.environ["CHUANGBAO_DEMO"]) == (False, "0")
    assert not AdminDuty.objects.filter(ended_at=None).exists()
