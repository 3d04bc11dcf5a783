"""Signing in by somebody else's OpenID Connect, with a real provider in a process of its own."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener

import pytest
from django.urls import reverse

from chuangbao.accounts.models import Person
from chuangbao.config.services import sign_on
from oidc.provider import CLIENT, EMAIL, PASSWORD, SECRET

CALLBACK = "http://testserver/accounts/oidc/sso/login/callback/"


class Stay(HTTPRedirectHandler):
    """Follow redirects of the provider, stop at the one that leads back to us."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        return (
            None
            if newurl.startswith("http://testserver")
            else super().redirect_request(req, fp, code, msg, headers, newurl)
        )


@pytest.fixture
def provider(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "oidc.provider", str(port), CALLBACK, str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    yield f"127.0.0.1:{port}"
    process.terminate()
    process.wait(10)
    process.stdout.close()


def at_the_provider(address):
    """What a browser does there: sign in, and be sent back with a code."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()), Stay())
    page = browser.open(address)
    html, place = page.read().decode(), page.geturl()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)[1]
    following = re.search(r'name="next" value="([^"]+)"', html)
    form = {"csrfmiddlewaretoken": token, "login": "wang", "password": PASSWORD}
    if following:
        form["next"] = following[1].replace("&amp;", "&")
    try:
        browser.open(place, urlencode(form).encode())
    except HTTPError as sent_back:
        return sent_back.headers["Location"]
    raise AssertionError("the provider did not send us back")


def test_somebody_comes_by_the_provinces_sign_on(client, regions, settings, provider):
    settings.SOCIALACCOUNT_PROVIDERS = sign_on(f"http://{CLIENT}:{SECRET}@{provider}/?name=省统一身份认证")
    assert "省统一身份认证" in client.get(reverse("account_login")).content.decode()
    there = client.post("/accounts/oidc/sso/login/")
    assert urlsplit(there.url).netloc == provider
    back = urlsplit(at_the_provider(there.url))
    page = client.get(f"{back.path}?{back.query}", follow=True)
    person = Person.objects.get()
    assert (person.email, person.name) == (EMAIL, "王 统一")
    assert page.request["PATH_INFO"] == reverse("accounts:consent")  # the provider asked for no agreement to our texts
    page = client.post(reverse("accounts:consent"), {"agree": "on"}, follow=True)
    assert page.request["PATH_INFO"] == reverse("portal:desk")
    assert "王 统一" in page.content.decode()


def test_a_code_nobody_gave_is_refused(client, regions, settings, provider):
    settings.SOCIALACCOUNT_PROVIDERS = sign_on(f"http://{CLIENT}:{SECRET}@{provider}/")
    page = client.get("/accounts/oidc/sso/login/callback/", {"code": "made-up", "state": "made-up"})
    assert page.status_code in {200, 401}
    assert not Person.objects.exists()


def test_without_an_address_there_is_no_sign_on(client, db):
    assert sign_on("") == {}
    assert client.post("/accounts/oidc/sso/login/").status_code == 404
