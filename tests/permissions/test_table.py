"""Every address × every role × the owner's, another's and another region's things, against the table on file.

``UPDATE_TABLE=1`` writes the table anew; its change is then read in review like any other text.
"""

from __future__ import annotations

import csv
import os
import time
from copy import copy, deepcopy
from functools import cache

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

import factories
from chuangbao.accounts import middleware
from chuangbao.accounts.backends import Backend
from chuangbao.config import urls
from chuangbao.core.access.permissions import Forbidden, access_of
from chuangbao.core.exports import excel, pdf
from chuangbao.core.http.post_only import DECLARATION as POST_ONLY
from chuangbao.ops import health
from chuangbao.portal.views.errors import forbidden, not_found
from permissions.tables import read_tables, roles_of, table_of
from permissions.world import OPEN, SAMPLES, STRANGERS, build

pytestmark = pytest.mark.unmeasured

SKIPPED = {"account_logout", "portal:service_worker"}
BY_TOKEN = {"metrics"}  # a token, or this very machine, opens it; tests/ops/test_health.py


class Undo(Exception):  # noqa: N818 - how a request is taken back
    """Raised at the end of each request."""


def named(resolver=None, prefix=""):
    """Every address with its full name."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", entry
        else:
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from named(entry, inner)


ADDRESSES = {name: entry for name, entry in named() if entry.name and name not in SKIPPED}


def sample_of(name, world):
    """The parts of the address; an address with parts and no sample fails by its name."""
    maker = SAMPLES.get(name) or OPEN.get(name)
    if maker:
        return maker(world)
    parts = ADDRESSES[name].pattern.regex.groupindex
    assert not parts, f"{name} names something ({', '.join(parts)}): add a sample of it to tests/<context>/samples.py"
    return {}


def outcome(client, method, address):
    """What came of it, in a word; whatever it did is undone."""
    result = ""
    try:
        with transaction.atomic():
            response = getattr(client, method)(address)
            result = word(response)
            raise Undo  # noqa: TRY301 - the way to leave the block undone
    except Undo:
        return result


def word(response) -> str:
    """open, sign in, again (show who you are), no, hidden, only post, slow."""
    if response.status_code in {301, 302}:
        place = response["Location"]
        if "/accounts/login/" in place:
            return "sign in"
        return "again" if "/reauthenticate/" in place else "open"
    return {403: "no", 404: "hidden", 405: "only post", 429: "slow"}.get(response.status_code, "open")


def client_of(actor):
    """A client signed in as an actor, their password given a moment ago."""
    client = Client(raise_request_exception=True)
    if actor.signed_in:
        factories.sign_in(client, actor)
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session.save()
    return client


@pytest.fixture
def each_refusal_is_worded_once(monkeypatch):
    """Let the page of a refusal be written once for each permission and person; it says the same at every address."""
    worded = set()

    def in_full_once(page, status):
        def answer(request, exception=None):
            asked = exception.permission.name if isinstance(exception, Forbidden) else ""
            if (page, asked, request.actor.acting) in worded:
                return HttpResponse(status=status)
            worded.add((page, asked, request.actor.acting))
            return page(request, exception)

        return answer

    monkeypatch.setattr(urls, "handler403", in_full_once(forbidden, 403))
    monkeypatch.setattr(urls, "handler404", in_full_once(not_found, 404))


@pytest.fixture
def pages_stay_blank(monkeypatch):
    """Let pages and files be answered without being drawn: whether one opens does not depend on it."""
    monkeypatch.setattr(Template, "render", lambda *_given: "")
    monkeypatch.setattr(excel, "workbook", lambda *_given, **_more: b"")
    monkeypatch.setattr(pdf, "typeset", lambda _source: b"")
    monkeypatch.setattr(health, "exposition", lambda: b"")


@pytest.fixture
def people_are_looked_up_once(monkeypatch):
    """Let the session, the person and the capacity of who asks be read once: each request is undone, so they stay.

    That they are read with each request is tested by tests/accounts and tests/security.
    """
    sessions, persons = {}, {}
    load, save, find = SessionStore.load, SessionStore.save, Backend.get_user

    def load_once(store):
        key = store.session_key
        if key not in sessions:
            sessions[key] = load(store)
        return deepcopy(sessions[key])

    def save_anew(store, *given, **more):
        sessions.pop(store.session_key, None)
        save(store, *given, **more)

    def find_once(backend, user_id):
        if user_id not in persons:
            persons[user_id] = find(backend, user_id)
        return copy(persons[user_id])

    monkeypatch.setattr(SessionStore, "load", load_once)
    monkeypatch.setattr(SessionStore, "save", save_anew)
    monkeypatch.setattr(Backend, "get_user", find_once)
    monkeypatch.setattr(middleware, "actor_for", cache(middleware.actor_for))


@pytest.fixture
def answers_by_address(
    regions, library, settings, each_refusal_is_worded_once, pages_stay_blank, people_are_looked_up_once
):
    """Ask every address as everybody."""
    settings.RATE_LIMITS, settings.ACCOUNT_RATE_LIMITS = False, False
    world = build()
    clients = {role: client_of(actor) for role, actor in world.actors.items()}
    found = {}
    for name, entry in ADDRESSES.items():
        address = reverse(name, kwargs=sample_of(name, world))
        public = access_of(entry.callback) == "public"
        asked = ("anonymous",) if public else roles_of(name)
        method = "post" if getattr(entry.callback, POST_ONLY, False) else "get"
        found[name, method] = {role: outcome(clients[role], method, address) for role in asked}
    return found


def write_rows(path, rows):
    """The answers of one table, as they are on file."""
    roles = roles_of(rows[0][0])
    head = ["address", "method", "permission", *roles]
    lines = [
        [name, method, access_of(ADDRESSES[name].callback) or "UNDECLARED", *(found.get(role, "") for role in roles)]
        for name, method, found in rows
    ]
    if os.environ.get("UPDATE_TABLE"):
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *lines])
    return [head, *lines]


def test_the_table_of_who_may_open_what_is_as_it_was_reviewed(answers_by_address):
    tables = {}
    for (name, method), found in sorted(answers_by_address.items()):
        tables.setdefault(table_of(name), []).append((name, method, found))
    for path, rows in tables.items():
        lines = write_rows(path, rows)
        with path.open(encoding="utf-8", newline="") as file:
            assert lines == list(csv.reader(file)), path
    undeclared = [name for name, _method in answers_by_address if access_of(ADDRESSES[name].callback) is None]
    assert undeclared == []
    seen = {
        f"{name} by {role}: {answers[role]}"
        for (name, _method), answers in answers_by_address.items()
        if name in SAMPLES
        for role in STRANGERS
        if answers.get(role) == "open"
    }
    empty = [name for (name, _method), answers in answers_by_address.items() if "only post" in answers.values()]
    assert empty == [], "an address that only takes a form leads to the page of the form (core.http.post_only)"
    assert seen == set(), "strangers reach the owner's things"
    loose = [
        name
        for (name, _method), answers in answers_by_address.items()
        if access_of(ADDRESSES[name].callback) != "public"
        and name not in BY_TOKEN
        and answers["anonymous"] != "sign in"
    ]
    assert loose == [], "open without signing in, though not declared public"


def led_to(client, address):
    """Where a GET of an address ends, and how."""
    response = client.get(address, follow=True)
    return response.status_code, response.redirect_chain[-1][0] if response.redirect_chain else address


def test_an_address_that_takes_only_a_form_leads_to_the_page_of_the_form(
    regions, library, settings, pages_stay_blank, people_are_looked_up_once
):
    """Language, large print, theme and the address bar all ask for the address again, without the form."""
    settings.RATE_LIMITS, settings.ACCOUNT_RATE_LIMITS, settings.DEMO = False, False, True
    world = build()
    clients = {role: client_of(actor) for role, actor in world.actors.items()}
    lost = {}
    for row in read_tables():
        name = row["address"]
        if row["method"] != "post":
            continue
        address = reverse(name, kwargs=sample_of(name, world))
        for role in ("anonymous",) if row["permission"] == "public" else roles_of(name):
            demonstrated = row["permission"] == "public" and row[role] == "hidden"  # perhaps outside the demonstration
            if row[role] != "open" and not (demonstrated and outcome(clients[role], "post", address) == "open"):
                continue
            status, place = led_to(clients[role], address)
            if status != 200 or place == address:
                lost[f"{name} by {role}"] = f"{status} at {place}"
    assert lost == {}


@pytest.mark.django_db
def test_a_method_that_no_page_takes_is_answered_with_words(client):
    for method, address in (("post", "/"), ("put", "/preferences/"), ("delete", "/organisations/")):
        answer = getattr(client, method)(address, HTTP_ACCEPT_LANGUAGE="zh-hans")
        if answer.status_code == 405:
            assert "这个地址不接受" in answer.content.decode(), address
