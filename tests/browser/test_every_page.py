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
    REPEATED,
    VIEWS,
    excess_width,
    open_details,
    opened,
    put_view,
    read_axe,
    shorten_lists,
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
            "portal:map_data", "portal:manifest", "portal:robots", "accounts:export", "core:file",
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


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing_on_any_page(browser, site, part):
    """Each part looks at every so-maniest page, so that several processes share the work."""
    world, found, refused, seen = build(), {}, [], 0
    by_role = {}
    for role, address in [*pages_of(world), *OTHERS][part::PARTS]:
        by_role.setdefault(role, []).append(address)
    for role, addresses in by_role.items():
        page = opened(browser, 360, actor=client_of(world.actors[role]), site=site)
        page.add_init_script(read_axe())
        page.on("console", lambda m: refused.append(m.text) if "Content Security Policy" in m.text else None)
        for place, address in enumerate(addresses):
            page.set_viewport_size({"width": 360, "height": 800})
            try:
                answer = page.goto(site + address, wait_until="load")
            except PlaywrightError as error:
                assert "Download is starting" in str(error)  # noqa: PT017 - any other error fails the page
                continue
            if answer is None or "text/html" not in answer.headers.get("content-type", ""):
                continue
            seen += 1
            open_details(page)
            found |= excess_width(page, f"{address} as {role} 360")
            for width, scheme in VIEWS if IS_LONG_ROUND else [VIEWS[seen % 2]]:
                if "refresh" in answer.headers:  # it loads itself again in a moment: this look must come first
                    page.goto(site + address, wait_until="load")
                    open_details(page)
                if not IS_LONG_ROUND:
                    shorten_lists(page)
                put_view(page, width, scheme)
                known = REPEATED if place >= WHOLE_PAGES and not IS_LONG_ROUND else ()
                found |= violations(page, f"{address} as {role} {width} {scheme}:", leave_out=known)
                if place == 0:
                    found |= violations_of_menus(page, f"{address} as {role} {width} {scheme}:")
        page.context.close()
    assert seen > 60 // PARTS
    assert refused == []
    assert found == {}, "\n".join(f"{what} {where}" for what, where in found.items())


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
