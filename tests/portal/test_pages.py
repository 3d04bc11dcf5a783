"""Every page opens, says who may see it, and keeps the strict policy."""

from __future__ import annotations

import re

import pytest
from django.urls import URLPattern, get_resolver, reverse

from chuangbao.core.access.permissions import access_of
from permissions.world import SAMPLE_FILES

PAGES = [page for samples in SAMPLE_FILES.values() for page in getattr(samples, "PAGES", [])]


def patterns(resolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from patterns(entry)


def test_every_address_says_who_may_open_it():
    undeclared = [str(p.pattern) for p in patterns(get_resolver()) if access_of(p.callback) is None]
    assert undeclared == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_under_the_strict_policy(client, library, page):
    response = client.get(page)
    assert response.status_code == 200
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("page", [p for p in PAGES if "." not in p])
def test_a_page_has_no_inline_script_or_style(client, library, page):
    html = client.get(page).content.decode()
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", html)
    assert " style=" not in html
    assert "<style" not in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("page", [p for p in PAGES if "." not in p])
def test_a_page_is_wholly_in_the_readers_language(client, library, page):
    html = client.get(page, headers={"accept-language": "zh-hans"}).content.decode()
    main = re.sub(
        r"<(code|mark|data|option)\b.*?</\1>|<[^>]+>|https?://\S+",
        " ",
        html[html.index("<main") : html.index("</main>")],
        flags=re.DOTALL,
    )
    english = re.findall(r"[A-Za-z]+(?: [a-z]+){2,}", main)
    assert english == []


def test_every_measure_has_a_page(client, library):
    from chuangbao.core.engine.current import current_pack

    for measure in current_pack().measures.values():
        for version in measure.versions:
            page = client.get(reverse("policies:measure", args=[measure.id]), {"version": version.version})
            assert page.status_code == 200, version.version


def test_every_document_has_a_page(client, library):
    from chuangbao.core.engine.current import current_pack

    for ref in current_pack().documents:
        assert client.get(reverse("policies:document", args=[ref])).status_code == 200


def test_what_is_not_there_is_said_in_the_shell(client, library):
    response = client.get("/policies/measures/nothing/")
    assert response.status_code == 404
    assert b"<h1" in response.content


def test_the_design_page_is_there_in_development_only(client, library, settings):
    assert client.get("/design/").status_code == 404
    settings.DEBUG = True
    page = client.get("/design/")
    assert page.status_code == 200
    assert page.content.decode().count("cb-condition is-") == 3


@pytest.mark.parametrize("code", [400, 403, 500])
def test_other_errors_are_said_in_the_shell_too(rf, code):
    from chuangbao.portal.views import errors

    request = rf.get("/")
    request.LANGUAGE_CODE = "zh-hans"
    view = {400: errors.bad_request, 403: errors.forbidden, 500: errors.server_error}[code]
    page = view(request)
    assert page.status_code == code
    assert b"<h1" in page.content


@pytest.mark.parametrize(
    "address", ["/policies/?q=%00", "/policies/?theme=a%00", "/checkup/a%00b/", "/policies/policies.xlsx?q=%00"]
)
def test_an_address_that_no_page_can_answer_is_refused(client, library, address):
    page = client.get(address)
    assert page.status_code == 400
    assert b"<h1" in page.content


@pytest.mark.parametrize(
    "query",
    [
        "page=zzz",
        "page=-1",
        "theme=nothing",
        "q=%27%22%3B--",
        "q=%F0%9F%98%80",
        "q=" + "a" * 5000,
        "q=(%E5%88%9B",
        "state=odd",
    ],
)
def test_an_odd_search_is_answered(client, library, query):
    assert client.get(f"/policies/?{query}").status_code == 200
