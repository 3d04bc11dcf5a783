"""In a real Chromium: the ceiling of small low-profit enterprises moved along its history, with charts looked at."""

from __future__ import annotations

import os
from datetime import date

import pytest
from django.conf import settings as django_settings
from django.test import Client

import factories
from browser.window import IN_A_BROWSER

CHARTS = ("cost", "change", "region", "industry", "size", "founder_kind")
PAINTED = """place => {
  const canvas = place.querySelector("canvas");
  if (!canvas) return 0;
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const colours = new Set();
  for (let i = 0; i < data.length; i += 4 * 97) if (data[i + 3]) colours.add(data.slice(i, i + 3).join());
  return colours.size;
}"""

pytestmark = IN_A_BROWSER


@pytest.fixture
def chromium(browser):
    return browser


@pytest.fixture
def site(live_server, transactional_db, tmp_path, settings):
    from chuangbao.core.regions import load_regions
    from chuangbao.policies.domain.population import population
    from chuangbao.policies.domain.registry import current_pack

    load_regions()
    settings.DATA_DIR = tmp_path
    population(current_pack(), date(2026, 11, 25))  # the whole sample, as an office meets it
    return live_server.url


def page_of(chromium, site, actor, *, width=1280, js=True):
    """A window of one's own, signed in as somebody; what its console says is kept."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=js)
    context.set_default_timeout(15000)
    client = factories.sign_in(Client(), actor)
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    page = context.new_page()
    page.said = []
    page.on("console", lambda m: page.said.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    return page


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def seen(page, name):
    """Keep a picture where somebody wants to look at it."""
    if os.environ.get("CHUANGBAO_PICTURES"):
        page.screenshot(path=f"{os.environ['CHUANGBAO_PICTURES']}/{name}.png", full_page=True)


def broken(page):
    """What axe finds, and whether the page is wider than its window."""
    from axe_playwright_python.sync_playwright import Axe

    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    found = {v["id"]: [n["target"] for n in v["nodes"]][:3] for v in Axe().run(page).response["violations"]}
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found | ({"too wide": wide} if wide > 1 else {})


@pytest.mark.parametrize("width", [1280, 360])
def test_the_ceiling_example_is_worked_out_and_drawn(chromium, site, width):
    page = page_of(chromium, site, factories.officer("policy_editor"), width=width)
    page.goto(f"{site}/policies/simulations/")
    seen(page, f"list-{width}")
    assert broken(page) == {}
    press(page, "试算示例")
    page.locator(".cb-chart[data-ready]").nth(len(CHARTS) - 1).wait_for()
    page.wait_for_timeout(1200)  # the bars have grown
    for chart in CHARTS:
        assert page.locator(f"#chart-{chart}").evaluate(PAINTED) > 4, chart
    seen(page, f"example-{width}")
    heads = page.locator("#chart-cost + figcaption thead th").all_inner_texts()
    assert [h.split("\n")[0] for h in heads[1:]] == [
        "基准方案", "2016年：30万元以内", "2017年：50万元以内", "2018年：100万元以内", "2019年：300万元以内"
    ]  # fmt: skip
    counts = page.locator("#chart-cost + figcaption tbody tr").nth(1).locator("td").all_inner_texts()
    figures = [int(c.replace(",", "")) for c in counts]
    assert figures == sorted(set(figures))
    assert broken(page) == {}
    assert page.said == []
    page.goto(page.url + "variants/1/")
    seen(page, f"variant-{width}")
    assert broken(page) == {}
    page.goto(f"{site}/policies/simulations/about/2.6.3-small-profit/")
    assert broken(page) == {}
    assert page.said == []


def test_the_tables_alone_stay_without_javascript(chromium, site):
    page = page_of(chromium, site, factories.officer("supervisor"), js=False)
    page.goto(f"{site}/policies/simulations/")
    press(page, "试算示例")
    assert page.locator(".cb-chart:visible").count() == 0
    assert page.locator("figcaption table:visible").count() == len(CHARTS)
    seen(page, "no-script")
