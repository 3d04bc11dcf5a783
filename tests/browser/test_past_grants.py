"""In a real Chromium: an office loads past grants, a firm sees them, and the check-up asks only what is not on record."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import Workbook

import factories
from browser.window import MEASURED, button, opened, press, seen, violations_in_views
from chuangbao.authoring.domain.drafts import begin_draft, submit_draft
from chuangbao.authoring.domain.publish import publish_version
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.policies.models import RegisteredMeasure
from measuretext import REF, text_of

pytestmark = MEASURED
ONCE = "(SELECT COUNT(*) FROM awards WHERE measure = '2.2.4-x') = 0"


@pytest.fixture
def once_per_firm(site):
    """A measure that no firm gets twice, and a firm of its county with its office."""
    author, reviewer = factories.officer("policy_editor"), factories.officer("policy_reviewer")
    measure = RegisteredMeasure.objects.create(ref=REF, region_id=factories.COUNTY, department="科技")
    text = text_of().replace("employees_avg <= 10", ONCE).replace("{employees_avg: 10}", "{award_2_2_4_x: null}")
    text = text.replace("从业人数不超过10人", "以前没有得到过")
    draft = begin_draft(measure=measure, content=text, actor=author)
    publish_version(version=submit_draft(draft=draft, actor=author), valid_from=date(2026, 1, 1), actor=reviewer)
    firm = factories.organisation("长春乙科技有限公司")
    return firm, factories.member(firm), factories.officer("register")


def book(*lines):
    """A workbook of grants."""
    made = Workbook()
    made.active.append(("事项", "统一社会信用代码或编号", "批准日期", "金额", "记录完整起始日"))
    for line in lines:
        made.active.append(line)
    out = io.BytesIO()
    made.save(out)
    return {"name": "以往奖励.xlsx", "mimeType": "application/octet-stream", "buffer": out.getvalue()}


@pytest.mark.parametrize(("js", "width"), [(False, 360), (True, 1280)])
def test_from_a_workbook_to_an_answer_that_asks_no_more(browser, site, once_per_firm, js, width):
    firm, owner, clerk = once_per_firm
    office, own = (opened(browser, site=site, actor=actor, js=js, width=width) for actor in (clerk, owner))
    verdict = f"{site}/policies/entitled/{subject_of(owner).pk}/{REF}/?day=2026-11-01"
    own.goto(verdict)
    assert "以前获得过“小奖励”吗" in own.locator("main").inner_text()  # nothing is on record: the one question stands
    seen(own, f"grants-question-{width}")

    office.goto(f"{site}/facts/awards/")
    seen(office, f"grants-empty-{width}")
    press(office, office.get_by_role("link", name="从 Excel 导入"))
    lines = [("小奖励", firm.code, "2024-05-01", "1000", ""), ("小奖厉", firm.code, "2024-06-01", "1000", "")]
    office.set_input_files("[name=file]", book(*lines, (REF, "", "", "", "2015-01-01")))
    press(office, button(office, "检查"))
    assert "是不是“小奖励”" in office.locator("main").inner_text()
    seen(office, f"grants-checked-{width}")
    assert violations_in_views(office, "checked") == {} if js else True
    office.set_viewport_size({"width": width, "height": 800})
    press(office, button(office, "导入无误的行"))
    office.goto(f"{site}/facts/awards/")
    text = office.locator("main").inner_text()
    assert "长春乙科技有限公司" in text
    assert "2015年1月1日" in text
    seen(office, f"grants-list-{width}")

    own.goto(f"{site}/facts/awards/new/?measure={REF}")
    seen(own, f"grants-new-{width}")
    own.locator("[name=granted_on]").fill("2023-02-01")
    own.locator("[name=amount]").fill("一千")
    own.locator("[name=everything]").check()
    press(own, button(own, "登记"))
    assert "已登记" in own.locator("main").inner_text()
    seen(own, f"grants-own-{width}")
    own.goto(verdict)
    assert "不符合" in own.locator("main").inner_text()
    assert "以前获得过“小奖励”吗" not in own.locator("main").inner_text()
    seen(own, f"grants-answer-{width}")


def test_axe_finds_nothing_on_the_pages_of_grants(browser, site, once_per_firm):
    found = {}
    for actor in once_per_firm[1:]:
        page = opened(browser, site=site, actor=actor)
        for where in ("awards/", "awards/new/", "awards/import/"):
            page.goto(f"{site}/facts/{where}")
            found |= violations_in_views(page, f"{where} {actor.acting}")
    assert found == {}
