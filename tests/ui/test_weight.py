"""Pages are light: text is compressed, a file is fetched once, and charts are loaded where they are seen."""

from __future__ import annotations

import gzip
import re

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage

from chuangbao.ui import static_versions

LIMIT = 300_000
"""Bytes of a first visit (docs/decisions/0044-light-pages.md)."""
STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def fetch(client, address):
    """A file as it is sent, with its headers; it is closed when it has been read."""
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for close in answer._resource_closers:  # ``close()`` would end the request, and with it the test's connection
        close()
    return body, answer


@pytest.mark.parametrize("path", ["/", "/checkup/", "/policies/measures/2.6.3-small-profit/"])
def test_a_first_visit_is_light(client, library, path):
    page = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    text = gzip.decompress(page.content).decode()
    addresses = set(STATIC.findall(text))
    assert addresses
    assert not any("echarts" in address for address in addresses)
    parts = [fetch(client, address)[0] for address in addresses]
    assert sum(map(len, parts)) + len(page.content) < LIMIT


def test_a_file_whose_content_the_address_tells_is_kept_for_a_year(client, library):
    address = staticfiles_storage.url("ui/shell.css")
    assert re.fullmatch(r"/static/ui/shell\.css\?v=[0-9a-f]{12}", address)
    assert fetch(client, address)[1]["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in fetch(client, "/static/ui/shell.css")[1]["Cache-Control"]
    assert "immutable" not in fetch(client, "/static/portal/nothing.css?v=1")[1].get("Cache-Control", "")
    assert "immutable" not in fetch(client, "/?v=1")[1].get("Cache-Control", "")


def test_the_address_changes_with_the_content(tmp_path, monkeypatch, settings):
    file = tmp_path / "a.css"
    monkeypatch.setattr(static_versions.finders, "find", lambda name: str(file) if name == "a.css" else None)
    settings.DEBUG = True  # a developer changes files while the server runs
    seen = set()
    for text in ("a {}", "b {}"):
        file.write_text(text)
        seen.add(staticfiles_storage.url("a.css"))
    assert len(seen) == 2
    assert staticfiles_storage.url("none.css") == "/static/none.css"


def test_charts_are_loaded_by_a_script_that_waits_until_they_are_seen(client, library):
    page = client.get("/policies/measures/2.6.3-small-profit/").content.decode()
    assert re.search(r'<script src="/static/ui/charts\.js\?v=\w+" data-library="/static/vendor/echarts', page)
