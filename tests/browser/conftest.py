"""One browser for all browser tests of a process, and the site it looks at."""

from __future__ import annotations

import os

import pytest
from django.core.cache import cache
from django.db import connection

from browser.window import CHROMIUM, FLAGS


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture(autouse=True)
def windows_are_shut(transactional_db, browser):
    """Before the database is emptied: an open window goes on asking for its service worker, in the midst of others.

    The cache, which is no table of a model, is not emptied with it: it counts sign-ups and letters to one address.
    """
    cache.clear()
    yield
    for window in browser.contexts:
        window.close()


@pytest.fixture
def site(live_server, transactional_db, monkeypatch):
    """The address of the site. A thread of its server answers one connection of a window, and ends with the window."""
    from keptrows import put_library, put_regions

    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)  # opening one for each page took a tenth
    put_regions()
    put_library()
    return live_server.url
