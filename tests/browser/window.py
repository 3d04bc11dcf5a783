"""What every browser test does: open a window, sign in, press, and look with axe."""

from __future__ import annotations

import os
import shutil
from functools import cache
from itertools import cycle

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import TimeoutError as PlaywrightTimeout

import factories

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is Chromium without its window, which draws the same pages and takes a fifth less time."""
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PATIENCE = 20_000
MEASURED = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: the browser tests did not run"),
]
"""Of a browser test that runs through what no other test does."""
IN_A_BROWSER = [*MEASURED, pytest.mark.unmeasured]


def opened(browser, width=1280, scheme="light", *, js=True, actor=None, site=""):
    """Open a window of its own, signed in as an actor, or as a test client is, where one is given.

    ``page.said`` keeps the errors and warnings of its console, ``page.views`` has the views of its next look with axe:
    one in a quick round, in turn, and all in a long one. The service worker is left out: each window would
    install it once more while the test already presses, and a page that it takes over may never arrive.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        locale="zh-CN",
        java_script_enabled=js,
        bypass_csp=False,
        service_workers="block",
    )
    context.set_default_timeout(PATIENCE)
    if actor:
        come_in(context, site, actor)
    page = context.new_page()
    page.said, page.views = [], cycle([[view] for view in VIEWS] if not IS_LONG_ROUND else [VIEWS])
    page.on("console", lambda m: page.said.append(m.text) if is_complaint(m) else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    return page


def is_complaint(message):
    """Tell errors and warnings of the page from the one about the worker that was left out."""
    return message.type in {"error", "warning"} and "blocked by Playwright" not in message.text


def come_in(context, site, actor):
    """Let a window be this actor, or whoever a test client is, from now on."""
    client = actor if isinstance(actor, Client) else factories.sign_in(Client(), actor)
    name = django_settings.SESSION_COOKIE_NAME
    if name in client.cookies:
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


def press(page, control):
    """Press what leads to another page, and be there: a click alone does not wait for the answer.

    On a busy machine Chromium now and then loses a click; like a person, press once more. A form sent twice acts once.
    """
    try:
        with page.expect_navigation(timeout=PATIENCE):
            control.click()
    except PlaywrightTimeout:
        print(f"pressed again at {page.url}")  # noqa: T201 - shown where the test fails all the same
        with page.expect_navigation(timeout=PATIENCE):
            control.click()


def button(page, name, *, exact=False):
    return page.get_by_role("button", name=name, exact=exact)


VIEWS = [(360, "light"), (1280, "dark")]
"""Every size and every scheme is seen, not every pair of them."""
IS_LONG_ROUND = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
if IS_LONG_ROUND:
    VIEWS += [(360, "dark"), (1280, "light")]
ONLY_VIOLATIONS = {
    "resultTypes": ["violations"],
    "preload": False,
    "rules": {"target-size": {"enabled": True}},
}
"""Axe then leaves out the thousand places where nothing is wrong, which take longest to say, and loads no style sheet
once more: of the rules that run none reads them, and no page plays anything.
"""
COVERED = [["main"], ["body > footer"], ["nav"]]
"""What an open menu of the header can lie over."""
REPEATED = [["body > header"], ["body > footer"]]
"""What every page of the same person has, word for word."""


SETTLED = "Promise.all(document.getAnimations().map(each => each.finished.catch(() => null))).then(() => null)"
"""What waits until nothing on a page moves or fades any more."""


def put_view(page, width, scheme):
    """Show a page at a width and in a scheme, and wait until its colours no longer fade into each other."""
    put_width(page, width)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(SETTLED)


def put_width(page, width):
    """Make a window so wide; one that is so wide already would lay out its page once more."""
    if page.viewport_size["width"] != width:
        page.set_viewport_size({"width": width, "height": 800})


def violations_in_views(page, name):
    """What axe finds on an open page in the views whose turn it is."""
    found = {}
    for width, scheme in next(page.views):
        put_view(page, width, scheme)
        found |= violations(page, f"{name} {width} {scheme}")
    return found


MOST_ALIKE = 5
"""Rows and items of one kind beside each other that a quick round looks at."""
SHORTEN = """
    for (const one of document.querySelectorAll("main :is(tr, li, option, details, article)")) {
        if (!one.isConnected) continue;
        const alike = [...one.parentElement.children].filter(
            other => other.tagName === one.tagName && other.className === one.className);
        alike.slice(most).forEach(other => other.remove());
    }
"""
"""Leaves out what only repeats: axe's time grows with every row, and the tenth is built like the first."""
WIDER = "document.documentElement.scrollWidth - innerWidth"
LOOK = f"""async ([excluded, options, most]) => {{
    if (!("axe" in window)) return null;
    if (most) {{ {SHORTEN} }}
    if (most !== null) await {SETTLED};
    const answer = await axe.run(excluded.length ? {{exclude: excluded}} : document, options);
    const found = answer.violations.map(rule => [rule.id, rule.nodes.slice(0, 3).map(node => node.target)]);
    return [found, {WIDER}];
}}"""


def violations(page, name, *, leave_out=(), most=None):
    """What axe finds on the page, perhaps without some parts of it, and whether it is wider than the screen.

    With a number, it first waits until the page is still, and sees at most so many rows that are built alike; 0: all.
    Each question asked of a page goes through four processes, so that a sweep asks all of it at once.
    """
    given = [list(leave_out), ONLY_VIOLATIONS, most]
    answer = page.evaluate(LOOK, given)
    if answer is None:
        page.evaluate(read_axe())
        answer = page.evaluate(LOOK, given)
    found, wide = answer
    return {f"{name} {rule}": targets for rule, targets in found} | tell_excess(wide, name)


@cache
def read_axe():
    """The script of axe, which is put into a page once."""
    from axe_playwright_python.sync_playwright import Axe

    return Axe().axe_script


UNFOLD = f"""() => {{
    document.querySelectorAll("main details, footer details").forEach(one => one.open = true);
    return {WIDER};
}}"""


def open_details(page):
    """Show what is folded; return how much wider than its window the page is then.

    The menus of the header stay closed: open, they lie over one another and over the ways below them.
    """
    return page.evaluate(UNFOLD)


def violations_of_menus(page, name):
    """What axe finds in each menu of the header, opened alone; what it covers is not looked at."""
    found, menus = {}, page.locator("header details")
    for place in range(menus.count()):
        menus.evaluate_all("(all, place) => all.forEach((one, n) => one.open = n === place)", place)
        found |= violations(page, f"{name} menu {place}", leave_out=COVERED)
    menus.evaluate_all("all => all.forEach(one => one.open = false)")
    return found


def excess_width(page, name):
    """By how much the page is wider than the screen, where it is."""
    return tell_excess(page.evaluate(WIDER), name)


def tell_excess(wide, name):
    """A finding, where a page is wider than the screen by more than one pixel."""
    return {f"{name} too wide": wide} if wide > 1 else {}


def seen(page, name):
    """Keep a picture where somebody wants to look at it."""
    if folder := os.environ.get("CHUANGBAO_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
