"""In a real Chromium: an officer starts a run, sees it go on and its result; a founder is told, and both see why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.urls import reverse

import factories
from browser.window import IN_A_BROWSER, button, opened, press, seen, violations
from chuangbao.core.models import Notice
from chuangbao.facts.demo_population import load_demo_population
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.matching.models import PopulationRun
from runsworld import MEASURE, SMALL, tell

SOURCE = Path(__file__).parents[2] / "src"
SLOW = """
import time, django; django.setup()
from chuangbao.matching.domain import working
working.PART, real = 100, working.keep_part
working.keep_part = lambda *given: (real(*given), time.sleep(1))
from procrastinate.contrib.django import app
app.periodic_registry.periodic_tasks.clear()  # else a second run begins by itself from 18:00 to 18:10 UTC
with app.replace_connector(app.connector.get_worker_connector()) as here:
    here.run_worker(wait=False)
"""

pytestmark = IN_A_BROWSER


@pytest.fixture
def province(site):
    load_demo_population(subjects=600)
    return site


def worker():
    """A worker in a process of its own, a second for each part."""
    it = django_settings.DATABASES["default"]
    address = (
        f"postgresql://{it['USER']}@localhost/{connection.settings_dict['NAME']}?host={it['HOST']}&port={it['PORT']}"
    )
    environment = os.environ | {
        "DATABASE_URL": address, "CHUANGBAO_DATA": str(django_settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "chuangbao.config.settings", "PYTHONPATH": str(SOURCE),
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", SLOW], env=environment)


def test_a_night_run_from_the_button_to_the_notice(browser, province):
    site, owner = province, factories.member()
    where = subject_of(owner)
    tell(where, SMALL)
    supervisor = factories.officer("supervisor", region=factories.PROVINCE)
    officer = opened(browser, actor=supervisor, site=site)
    officer.goto(f"{site}/policies/runs/")
    press(officer, button(officer, "开始判定", exact=True))
    process = worker()
    officer.locator("progress").wait_for()
    seen(officer, "run-going")
    officer.get_by_role("heading", name="结果").wait_for(timeout=60000)  # the page looks again by itself
    assert process.wait(timeout=60) == 0
    address = officer.url
    officer = opened(browser, actor=supervisor, site=site)  # the page that waited may load itself once more
    officer.goto(address)
    seen(officer, "run-done")
    assert "601家（人）" in officer.locator("main").inner_text()
    assert PopulationRun.objects.get().told == 1
    assert violations(officer, "run") == {}
    officer.get_by_role("link", name="缺失信息的价值").click()
    officer.get_by_role("heading", name="缺失信息的价值").wait_for()
    seen(officer, "run-facts")
    assert violations(officer, "facts") == {}

    founder = opened(browser, 360, js=False, actor=owner, site=site)
    founder.goto(f"{site}{reverse('core:notices')}")
    assert "您符合" in founder.locator("main").inner_text()
    notice = Notice.objects.get(person=owner.person_id, event="policies.found_more")
    founder.goto(f"{site}{notice.url}")
    seen(founder, "for-me")
    assert founder.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1
    card = founder.locator("section", has=founder.locator(f'a[href="/policies/measures/{MEASURE}/"]'))
    press(founder, card.get_by_role("link", name="逐条原因"))
    reasons = founder.locator(".cb-conditions").inner_text()
    assert "批量判定的结论、版本和金额与此一致" in founder.locator("main").inner_text()
    assert founder.evaluate("document.documentElement.scrollWidth - innerWidth") <= 1

    officer.goto(f"{site}/policies/entitled/?measure={MEASURE}&region={factories.COUNTY}")
    seen(officer, "entitled")
    assert violations(officer, "entitled") == {}
    officer.goto(f"{site}/policies/entitled/{where.pk}/{MEASURE}/")
    seen(officer, "explanation")
    assert violations(officer, "explanation") == {}
    assert officer.locator(".cb-conditions").inner_text().split() == reasons.split()

    founder.go_back()
    card.locator("summary").click()
    card.get_by_label("您的原因").select_option("too_hard")
    press(founder, card.get_by_role("button", name="不再通知我"))
    assert "材料太多" in founder.locator("main").inner_text()
    officer.goto(f"{site}/policies/entitled/?measure={MEASURE}&region={factories.COUNTY}")
    declined = officer.locator("section", has=officer.get_by_role("heading", name="不需要的原因"))
    assert "材料太多，办不了" in declined.inner_text()
