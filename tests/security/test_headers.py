"""What every answer says to the browser: kept by nobody, framed by nobody, running nothing that is not ours."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from django.template.backends.django import Template
from django.test import Client, RequestFactory
from django.urls import reverse

import factories
from chuangbao.core.access.actors import ANONYMOUS
from chuangbao.core.http.rate_limits import who
from chuangbao.core.http.requests import client_address, network_of, read_number
from permissions.tables import read_tables
from permissions.test_table import ADDRESSES, sample_of
from permissions.world import build

FRAMED = {"spaces:embed"}
"""What others may show in a frame: it is for everybody, and nothing can be done there."""


def faults_of(name, role, answer):
    """What an answer lacks of what every answer says, and whether somebody's is kept; test_raw_codes.py walks them all."""
    policy, kept = answer.headers.get("Content-Security-Policy", ""), answer.headers.get("Cache-Control", "")
    return [
        what
        for what, fine in {
            "csp": "default-src 'none'" in policy and "unsafe" not in policy,
            "nosniff": answer.headers.get("X-Content-Type-Options") == "nosniff",
            "frames": (answer.headers.get("X-Frame-Options") == "DENY") is (name not in FRAMED),
            "ancestors": ("frame-ancestors *" in policy) is (name in FRAMED),
            "referrer": answer.headers.get("Referrer-Policy") == "same-origin",
            "inline style": answer.streaming or b" style=" not in answer.content,
            "kept": role == "anonymous" or "no-store" in kept or "no-cache" in kept,
        }.items()
        if not fine
    ]


def test_pages_of_errors_are_as_strict(client, settings):
    client.raise_request_exception = False
    answers = [
        client.get("/nothing-here/"),
        client.get("/?q=%00"),
        Client(enforce_csrf_checks=True).post("/preferences/"),
    ]
    answers.append(client.get("/", headers={"host": "elsewhere.example"}))
    assert [answer.status_code for answer in answers] == [404, 400, 403, 400]
    for answer in answers:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "elsewhere.example" not in answer.content.decode()


def test_a_key_in_the_address_is_kept_by_nobody_though_nobody_is_signed_in(client, library):
    started = client.post("/checkup/", {"who": "", "want": ""})
    assert client.get(started["Location"]).headers["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in client.get("/policies/").headers


def test_every_form_wants_its_token(regions, library, settings, monkeypatch):
    monkeypatch.setattr(Template, "render", lambda *_given: "")  # the page of the refusal says the same each time
    settings.RATE_LIMITS, settings.ACCOUNT_RATE_LIMITS, settings.DEMO = False, False, True
    world = build()
    strict = Client(enforce_csrf_checks=True)
    factories.sign_in(strict, world.actors["owner"])
    names = [row["address"] for row in read_tables() if row["address"] in ADDRESSES]
    passed = {
        name
        for name in names
        if strict.post(reverse(name, kwargs=sample_of(name, world))).status_code not in {403, 404, 405}
    }
    assert passed <= {"mfa_login_webauthn"}
    for name in passed:
        assert strict.post(reverse(name)).status_code in {302, 405}


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "203.0.113.7", "127.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7", "198.51.100.1"),
        (2, "203.0.113.7", "127.0.0.1"),
        (1, "nonsense", "127.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, None, "127.0.0.1"),
    ],
)
def test_limits_count_the_visitor_and_not_the_proxy(settings, proxies, told, address):
    settings.PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": told} if told else {})
    request.actor = ANONYMOUS
    assert client_address(request) == address
    assert who(request, "ip") == f"ip:{address}".replace("2001:db8::1", "2001:db8::/64")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.7", "203.0.113.8", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("unix", "unix", True),
    ],
)
def test_one_visitor_has_all_addresses_of_a_household(one, other, same):
    assert (network_of({"REMOTE_ADDR": one}) == network_of({"REMOTE_ADDR": other})) is same


def test_a_visitor_behind_the_proxy_locks_nobody_else_out(client, settings, db):
    settings.PROXIES = 1

    def status(n, who):
        headers = {"X-Forwarded-For": f"{n}.2.3.4, {who}"}
        return client.post(
            "/accounts/login/", {"login": f"a{n}@example.org", "password": "x"}, headers=headers
        ).status_code

    assert 429 in {status(n, "203.0.113.7") for n in range(1, 60)}, "one visitor is held back, whatever they claim"
    assert status(77, "203.0.113.8") != 429


@pytest.mark.parametrize(
    ("text", "figure"), [("7", 7), ("", 3), ("-1", 3), ("²", 3), ("٣", 3), ("9" * 10, 3), ("1.5", 3)]
)
def test_a_whole_number_or_nothing(text, figure):
    assert read_number(text, 3) == figure


def test_behind_https_everything_is_secure():
    code = (
        "import os; os.environ.update(CHUANGBAO_HTTPS='1', CHUANGBAO_DATA=os.environ['CHUANGBAO_DATA']);"
        "from chuangbao.config import settings as s; import json;"
        "print(json.dumps([s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.PROXIES]))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    hsts, *rest = json.loads(out.stdout)
    assert hsts >= 31_536_000
    assert rest == [True, True, True, 1]
