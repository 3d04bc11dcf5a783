"""Every page that the resolver knows, as somebody who may open it, under axe; and the forms of accounts without JavaScript.

Axe looks at each page in one view, at every second one on a phone by day, at the others on a wide screen by night; how
wide a page is on a phone is measured of all. Of rows that are built alike it sees the first five; header and footer
only on the first pages of each person. ``HYPOTHESIS_PROFILE=explore`` looks at all of each page in four views.
"""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Error as PlaywrightError

import factories
from browser.window import (
    IN_A_BROWSER,
    IS_LONG_ROUND,
    MOST_ALIKE,
    REPEATED,
    VIEWS,
    come_in,
    open_details,
    opened,
    put_view,
    put_width,
    read_axe,
    tell_excess,
    violations,
    violations_of_menus,
)
from permissions.tables import read_tables
from permissions.test_table import ADDRESSES, client_of, sample_of
from permissions.world import build

PARTS = 4 if IS_LONG_ROUND else 1
"""How many processes may share the work; each makes the rows anew."""
OTHERS = [("anonymous", "/policies/?q=创业"), ("anonymous", "/nothing-here/")]
"""Addresses that the table of permissions does not have."""
WHOLE_PAGES = 4
"""Of each person: two in each view, of which some lead to no page. Afterwards header and footer are known."""
NO_PAGES = {"metrics", "healthz", "readyz", "policies:measure_curve", "policies:measure_code", "portal:map_shapes",
            "portal:map_data", "portal:map_counties", "portal:manifest", "portal:robots", "accounts:export", "core:file",
            "facts:evidence"}  # fmt: skip

pytestmark = IN_A_BROWSER


@pytest.fixture(autouse=True)
def unhurried(settings):
    """Hundreds of pages in a minute are no attack here; the demonstration's pages are looked at as well."""
    settings.RATE_LIMITS, settings.ACCOUNT_RATE_LIMITS, settings.DEMO = False, False, True


def pages_of(world):
    """Every address that shows a page, with who opens it: the last of those who may."""
    rows = [row for row in read_tables() if row["method"] == "get" and row["address"] in ADDRESSES]
    for row in rows:
        address = reverse(row["address"], kwargs=sample_of(row["address"], world))
        roles = [role for role in reversed(world.actors) if row[role] == "open"]
        is_file = address.endswith((".xlsx", ".pdf", ".json", ".svg", ".jpg")) or row["address"] in NO_PAGES
        if roles and not is_file and "download" not in address:
            yield roles[0], address


class Walk:
    """A window for each view, kept for all pages and people: a new one, or another view of a page, costs as a page does."""

    def __init__(self, browser, site):
        self.browser, self.site = browser, site
        self.found, self.refused, self.seen = {}, [], 0
        self.windows = {}

    def window(self, scheme):
        """The window for a scheme of colours; it begins each page on a phone, where every page is measured."""
        if scheme not in self.windows:
            page = self.windows[scheme] = opened(self.browser, 360, scheme)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.add_init_script(read_axe())
            page.on("console", lambda m: self.refused.append(m.text) if "Content Security Policy" in m.text else None)
        return self.windows[scheme]

    def come_in(self, client):
        """Be somebody else from now on, in every window."""
        for scheme in {scheme for _, scheme in VIEWS}:
            context = self.window(scheme).context
            context.clear_cookies()
            come_in(context, self.site, client)

    def look(self, page, address, name, views, leave_out, *, menus):
        """Look at one page in some views of one scheme, and at its menus if wanted; whether it was a page at all."""
        put_width(page, 360)
        try:
            answer = page.goto(self.site + address, wait_until="load")
        except PlaywrightError as error:
            assert "Download is starting" in str(error)  # noqa: PT017 - any other error fails the page
            return False
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            return False
        if "refresh" in answer.headers:
            page.evaluate("stop()")  # it would load itself again in the midst of a look
        self.found |= tell_excess(open_details(page), f"{name} 360")
        for width, scheme in views:
            if len(views) > 1:
                put_view(page, width, scheme)
            else:  # the window has its colours already; to say them again would style the whole page again
                put_width(page, width)
            view = f"{name} {width} {scheme}:"
            self.found |= violations(page, view, leave_out=leave_out, most=0 if IS_LONG_ROUND else MOST_ALIKE)
            if menus:
                self.found |= violations_of_menus(page, view)
        return True


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing_on_any_page(browser, site, part):
    """Each part looks at every so-maniest page, so that several processes share the work."""
    world, walk = build(), Walk(browser, site)
    by_role = {}
    for role, address in [*pages_of(world), *OTHERS][part::PARTS]:
        by_role.setdefault(role, []).append(address)
    for role, addresses in by_role.items():
        walk.come_in(client_of(world.actors[role]))
        for place, address in enumerate(addresses):
            known = REPEATED if place >= WHOLE_PAGES and not IS_LONG_ROUND else ()
            views = VIEWS if IS_LONG_ROUND else [VIEWS[walk.seen % 2]]
            is_seen = walk.look(
                walk.window(views[0][1]), address, f"{address} as {role}", views, known, menus=place == 0
            )
            walk.seen += is_seen
    assert walk.seen > 60 // PARTS
    assert walk.refused == []
    assert walk.found == {}, "\n".join(f"{what} {where}" for what, where in walk.found.items())


def test_accounts_work_without_javascript(browser, site, client):
    """Founding, inviting, correcting one's name, being told: plain forms, with the fault beside its field."""
    owner = factories.founder()
    factories.sign_in(client, owner)
    page = opened(browser, 360, js=False, actor=client, site=site)
    page.goto(f"{site}/organisations/new/")
    page.locator("[name=code]").fill("123")
    page.locator("[name=name]").fill("演示·无脚本科技有限公司")
    page.locator("[name=region]").select_option(factories.COUNTY)
    submit(page, "code")
    assert page.locator("[name=name]").input_value() == "演示·无脚本科技有限公司"
    assert page.locator("[name=code][aria-invalid=true]").count() == 1
    page.locator("[name=code]").fill(factories.credit_code())
    submit(page, "code")
    assert "演示·无脚本科技有限公司" in page.locator("main").inner_text()
    page.locator("[name=email]").fill("colleague@example.org")
    submit(page, "email")
    assert any("colleague@example.org" in letter.to for letter in mail.outbox)
    page.goto(f"{site}/me/")
    page.locator("[name=name]").fill("新名字")
    submit(page, "name")
    assert page.locator("[name=name]").input_value() == "新名字"
    page.goto(f"{site}/desk/notices/preferences/")
    page.locator("main select").first.select_option("site")
    with page.expect_navigation():
        page.locator("main form:has(select) button").first.click()
    page.goto(f"{site}/desk/notices/preferences/")
    assert page.locator("main select").first.input_value() == "site"


def submit(page, field):
    """Send the form that a field stands in."""
    with page.expect_navigation():
        page.locator(f"main form:has([name={field}]) button:not([name=theme])").last.click()
