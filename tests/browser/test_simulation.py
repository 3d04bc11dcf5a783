"""In a real Chromium: the ceiling of small low-profit enterprises moved along its history, with charts looked at."""

from __future__ import annotations

from datetime import date

import pytest

import factories
from browser.window import IN_A_BROWSER, button, open_details, opened, press, seen, violations

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


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the sample of fifty thousand is kept once it is made."""
    return tmp_path_factory.mktemp("simulations")


@pytest.fixture
def office(site, folder, settings):
    """The whole sample, as an office meets it."""
    from chuangbao.core.engine.current import current_pack
    from chuangbao.facts.domain.population import population

    settings.DATA_DIR = folder
    population(current_pack(), date(2026, 11, 25))
    return site


def press_button(page, name):
    press(page, button(page, name, exact=True))


def broken(page):
    """What axe finds with everything opened, and whether the page is wider than its window."""
    open_details(page)
    return violations(page, page.url)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_ceiling_example_is_worked_out_and_drawn(browser, office, width):
    page = opened(browser, actor=factories.officer("policy_editor"), site=office, width=width)
    page.goto(f"{office}/policies/simulations/")
    seen(page, f"list-{width}")
    assert broken(page) == {}
    press_button(page, "试算示例")
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
    page.goto(f"{office}/policies/simulations/about/2.6.3-small-profit/")
    assert broken(page) == {}
    assert page.said == []


def test_the_tables_alone_stay_without_javascript(browser, office):
    page = opened(browser, actor=factories.officer("supervisor"), site=office, js=False)
    page.goto(f"{office}/policies/simulations/")
    press_button(page, "试算示例")
    assert page.locator(".cb-chart:visible").count() == 0
    assert page.locator("figcaption table:visible").count() == len(CHARTS)
    seen(page, "no-script")
