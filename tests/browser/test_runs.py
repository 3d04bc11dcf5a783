"""In a real Chromium: an officer starts a run, sees it go on and its result; a founder is told, and both see why."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client

import factories
from chuangbao.core.models import Notice
from chuangbao.facts.demo_population import load_demo_population
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.policies.models import PopulationRun
from runsworld import MEASURE, SMALL, tell

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SOURCE = Path(__file__).parents[2] / "src"
SLOW = """
import time, django; django.setup()
from chuangbao.policies.domain.runs import working
working.PART, real = 100, working.keep_part
working.keep_part = lambda *given: (real(*given), time.sleep(1))
from procrastinate.contrib.django import app
with app.replace_connector(app.connector.get_worker_connector()) as here:
    here.run_worker(wait=False)
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: the browser tests did not run"),
]


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server, transactional_db):
    from chuangbao.core.regions import load_regions
    from chuangbao.policies.domain.load import load_library
    from chuangbao.policies.domain.registry import current_pack

    load_regions()
    load_library(pack=current_pack())
    load_demo_population(subjects=600)
    return live_server.url


def page_of(chromium, site, actor, *, width=1280, js=True):
    """A window of one's own, signed in as somebody."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=js, reduced_motion="reduce"
    )
    context.set_default_timeout(15000)
    client = factories.sign_in(Client(), actor)
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    return context.new_page()


def worker():
    """A worker in a process of its own, a second for each part."""
    it = django_settings.DATABASES["default"]
    address = f"postgresql://{it['USER']}@localhost/{connection.settings_dict['NAME']}?host={it['HOST']}&port={it['PORT']}"
    environment = os.environ | {
        "DATABASE_URL": address, "CHUANGBAO_DATA": str(django_settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "chuangbao.config.settings", "PYTHONPATH": str(SOURCE),
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", SLOW], env=environment)


def seen(page, name):
    """Keep a picture where somebody wants to look at it."""
    if os.environ.get("CHUANGBAO_PICTURES"):
        page.screenshot(path=f"{os.environ['CHUANGBAO_PICTURES']}/{name}.png", full_page=True)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def narrow_enough(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def violations(page):
    """What axe finds against WCAG AA."""
    found = Path(django_settings.NODE_MODULES) / "axe-core" / "axe.min.js"
    page.evaluate(found.read_text())
    answer = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
    return [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in answer["violations"]]


def test_a_night_run_from_the_button_to_the_notice(chromium, site):
    owner = factories.member()
    where = subject_of(owner)
    tell(where, SMALL)
    officer = page_of(chromium, site, factories.officer("supervisor", region=factories.PROVINCE))
    officer.goto(f"{site}/policies/runs/")
    with officer.expect_navigation():
        button(officer, "开始判定").click()
    process = worker()
    officer.locator("progress").wait_for()
    seen(officer, "run-going")
    officer.get_by_role("heading", name="结果").wait_for(timeout=60000)  # the page looks again by itself
    assert process.wait(timeout=60) == 0
    seen(officer, "run-done")
    assert "601个主体" in officer.locator("main").inner_text()
    assert PopulationRun.objects.get().told == 1
    assert violations(officer) == []
    officer.get_by_role("link", name="缺失信息的价值").click()
    officer.get_by_role("heading", name="缺失信息的价值").wait_for()
    seen(officer, "run-facts")
    assert violations(officer) == []

    founder = page_of(chromium, site, owner, width=360, js=False)
    founder.goto(f"{site}/notices/")
    assert "您可以享受" in founder.locator("main").inner_text()
    notice = Notice.objects.get(person=owner.person_id, event="policies.found_more")
    founder.goto(f"{site}{notice.url}")
    seen(founder, "for-me")
    assert narrow_enough(founder)
    card = founder.locator("section", has=founder.locator(f'a[href="/policies/measures/{MEASURE}/"]'))
    with founder.expect_navigation():
        card.get_by_role("link", name="原因").click()
    reasons = founder.locator(".cb-conditions").inner_text()
    assert "批量判定的结论、版本和金额与此一致" in founder.locator("main").inner_text()
    assert narrow_enough(founder)

    officer.goto(f"{site}/policies/entitled/?measure={MEASURE}&region={factories.COUNTY}")
    seen(officer, "entitled")
    assert violations(officer) == []
    officer.goto(f"{site}/policies/entitled/{where.pk}/{MEASURE}/")
    seen(officer, "explanation")
    assert violations(officer) == []
    assert officer.locator(".cb-conditions").inner_text().split() == reasons.split()

    founder.go_back()
    card.locator("summary").click()
    card.get_by_label("原因").select_option("too_hard")
    with founder.expect_navigation():
        card.get_by_role("button", name="不再通知我").click()
    assert "材料太多" in founder.locator("main").inner_text()
    officer.goto(f"{site}/policies/entitled/?measure={MEASURE}&region={factories.COUNTY}")
    assert "对方不需要: 材料太多" in officer.locator("main").inner_text()
