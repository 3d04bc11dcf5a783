"""In a real Chromium: an officer brings a document in and builds a measure, a colleague publishes it, all can find it.

That walk is part of the longer one of `test_people.py`, and is not done twice.
"""

from __future__ import annotations

import pytest

import factories
from browser.window import IN_A_BROWSER, open_details, opened, press, seen, violations_in_views
from browser.window import button as any_button
from measuretext import REF, text_of

PAPER = """关于支持众创空间软件建设的通知

各县（市）人民政府：

一、给予补贴

（一）软件补贴。对孵化机构的公共软件支出给予适当补贴。由科技局负责落实。

（二）人才。引进创业人才。

长春市南关区人民政府
2026年1月5日
"""

pytestmark = IN_A_BROWSER


def page_of(browser, site, actor=None, **look):
    return opened(browser, actor=actor, site=site, **look)


def button(page, name):
    return any_button(page, name, exact=True)


def look_up_the_rule(browser, site):
    """A reader without an account finds the rule by its words, and from it the clause that it stands on."""
    reader = page_of(browser, site)
    reader.goto(f"{site}/policies/?q=软件开发工具")
    press(reader, reader.locator(".cb-result-title a", has_text="软件开发工具补贴").first)
    assert "单位从业人数不超过50人" in reader.locator("main").inner_text()
    press(reader, reader.locator("a.cb-clause", has_text="《关于支持众创空间软件建设的通知》 一、（一）").first)
    assert "关于支持众创空间软件建设的通知" in reader.locator("h1").inner_text()
    assert reader.locator("li[id='c-cc-2026-1:1.1'] a", has_text="软件开发工具补贴").count() == 1


def new_rule(browser, site, *, js):
    """A document becomes a rule in the builder; a colleague publishes both."""
    author, reviewer = factories.officer("policy_editor"), factories.officer("policy_reviewer")
    page = page_of(browser, site, author, js=js, width=1280 if js else 360)
    colleague = page_of(browser, site, reviewer)
    bring_document(page, site)
    publish(page, colleague, "/policies/desk/documents/")
    page.reload()
    press(page, page.get_by_role("link", name="新建事项 一、（一）", exact=True))
    begin(page)
    build(page)
    page.goto(page.url.split("text/")[0])
    seen(page, f"version-{js}")
    publish(page, colleague, "/policies/desk/versions/")


def bring_document(page, site):
    page.goto(f"{site}/policies/desk/documents/new/")
    page.get_by_label("短名").fill("cc-2026-1")
    page.locator("[name=text]").fill(PAPER)
    press(page, button(page, "开始识别"))
    press(page, page.get_by_role("link", name="修正 一、（一）", exact=True))
    page.get_by_label("作用").select_option("measure")
    page.get_by_label("小标题").fill("软件补贴")
    press(page, button(page, "保存"))
    assert "政策事项" in page.locator("main").inner_text()


def publish(page, colleague, kind):
    press(page, button(page, "提交审核"))
    colleague.goto(page.url)
    assert kind in colleague.url
    colleague.locator("#move-publish summary").click()
    colleague.locator("[name=publish-valid_from]").fill("2026-01-05")
    press(colleague, colleague.locator("#move-publish button"))
    assert "已发布" in colleague.locator("main").inner_text()


def begin(page):
    page.locator("[name=subject]").select_option("enterprise")
    page.get_by_label("短名").fill("cc-soft-tools")
    page.locator("[name=title]").fill("软件开发工具补贴")
    page.get_by_label("施行日期").fill("2026-01-05")
    press(page, button(page, "开始"))


def build(page):
    """Two conditions in rows, an amount, two worked cases: not one expression is written."""
    press(page, button(page, "添加条件"))
    page.locator("#c0-zh").fill("单位从业人数不超过50人")
    page.locator("#c0-add").select_option("employees_avg")
    press(page, page.locator("button[value='add-row:0']"))
    page.locator("#c0-r0-op").select_option("<=")
    page.locator("#c0-r0-value").fill("50")
    page.locator("#b-unit").select_option("CNY")
    page.locator("#b-amount").fill("20000")
    press(page, button(page, "同步两边并检查"))
    assert "when: employees_avg <= 50" in page.locator("#content").input_value()
    for number, (people, status, amount) in enumerate([("50", "eligible", "2万"), ("51", "not_eligible", "")]):
        page.locator("#add-case summary").click()
        page.locator("#add-case [name=case-employees_avg]").fill(people)
        page.get_by_label("算例名称").fill(f"例{number + 1}")
        page.get_by_label("应得结论").select_option(status)
        page.get_by_label("应得金额").fill(amount)
        press(page, button(page, "添加这个算例"))
    assert page.locator("#checked tr.is-right").count() == 2
    press(page, button(page, "保存").first)
    seen(page, "built")


@pytest.fixture
def draft(site):
    from chuangbao.authoring.domain.drafts import begin_draft
    from chuangbao.policies.models import RegisteredMeasure

    author = factories.officer("policy_editor")
    measure = RegisteredMeasure.objects.create(ref=REF, region_id=factories.COUNTY, department="科技")
    content = text_of().replace("when: employees_avg <= 10", "when: employees_avg <= 10 AND (is_hnte OR NOT is_hnte)")
    return author, begin_draft(measure=measure, content=content, actor=author)


def test_axe_finds_nothing_at_the_desk(browser, site, draft):
    """A draft with doubts and a document with its marks; lists and empty forms are seen in ``test_every_page.py``."""
    author, row = draft
    page = page_of(browser, site, author)
    refused = []
    page.on("console", lambda m: refused.append(m.text) if "Content Security Policy" in m.text else None)
    bring_document(page, site)
    document, clause = page.url, page.locator("a", has_text="修正").first.get_attribute("href")
    found = {}
    for address in (
        "/policies/desk/?q=孵化", f"/policies/desk/versions/{row.pk}/", f"/policies/desk/versions/{row.pk}/text/",
        document.removeprefix(site), clause,
    ):  # fmt: skip
        page.goto(site + address, wait_until="load")
        open_details(page)
        found |= violations_in_views(page, address)
    assert found == {}
    assert refused == []


def test_what_is_typed_is_checked_and_kept_while_one_types(browser, site, draft):
    author, row = draft
    page = page_of(browser, site, author)
    page.goto(f"{site}/policies/desk/versions/{row.pk}/text/")
    page.locator("#content").fill(text_of().replace("employees_avg <= 10", "employes_avg <= 10"))
    page.locator("#checked", has_text="没有这个名称的信息项或标准").wait_for()
    page.goto(f"{site}/policies/desk/versions/{row.pk}/text/")
    press(page, page.get_by_role("link", name="继续写"))
    assert "employes_avg" in page.locator("#content").input_value()
