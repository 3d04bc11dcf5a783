"""In a real Chromium: an officer brings a document in and builds a measure, a colleague publishes it, all can find it."""

from __future__ import annotations

import os
import shutil

import pytest
from django.conf import settings as django_settings
from django.test import Client

import factories
from measuretext import REF, text_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PAPER = """关于支持众创空间软件建设的通知

各县（市）人民政府：

一、给予补贴

（一）软件补贴。对孵化机构的公共软件支出给予适当补贴。由科技局负责落实。

（二）人才。引进创业人才。

长春市人民政府
2026年1月5日
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
    return live_server.url


def page_of(chromium, site, actor=None, *, width=1280, scheme="light", js=True):
    """A window of one's own, signed in as somebody."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN", java_script_enabled=js
    )
    context.set_default_timeout(8000)
    if actor:
        client = factories.sign_in(Client(), actor)
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    return context.new_page()


def press(page, control):
    with page.expect_navigation():
        control.click()


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def seen(page, name):
    """Keep a picture where somebody wants to look at it."""
    if os.environ.get("CHUANGBAO_PICTURES"):
        page.screenshot(path=f"{os.environ['CHUANGBAO_PICTURES']}/{name}.png", full_page=True)


@pytest.mark.parametrize("js", [True, False])
def test_from_a_document_to_a_published_measure(chromium, site, js):
    author, reviewer = factories.officer("policy_editor"), factories.officer("policy_reviewer")
    page, colleague = (
        page_of(chromium, site, author, js=js, width=1280 if js else 360),
        page_of(chromium, site, reviewer),
    )
    bring_document(page, site)
    publish(page, colleague, "/policies/desk/documents/")
    page.reload()
    press(page, page.get_by_role("link", name="新建事项 1.1", exact=True))
    begin(page)
    build(page)
    page.goto(page.url.split("text/")[0])
    seen(page, f"version-{js}")
    publish(page, colleague, "/policies/desk/versions/")
    reader = page_of(chromium, site)
    reader.goto(f"{site}/policies/?q=软件开发工具")
    press(reader, reader.locator(".cb-result-title a", has_text="软件开发工具补贴").first)
    assert "单位从业人数不超过50人" in reader.locator("main").inner_text()
    press(reader, reader.locator("a.cb-clause", has_text="cc-2026-1:1.1").first)
    assert "关于支持众创空间软件建设的通知" in reader.locator("h1").inner_text()
    assert reader.locator("li[id='c-cc-2026-1:1.1'] a", has_text="软件开发工具补贴").count() == 1


def bring_document(page, site):
    page.goto(f"{site}/policies/desk/documents/new/")
    page.get_by_label("短名").fill("cc-2026-1")
    page.locator("[name=text]").fill(PAPER)
    press(page, button(page, "开始解析"))
    press(page, page.get_by_role("link", name="修正 1.1", exact=True))
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
    from chuangbao.policies.domain.drafts import begin_draft
    from chuangbao.policies.models import RegisteredMeasure

    author = factories.officer("policy_editor")
    measure = RegisteredMeasure.objects.create(ref=REF, region_id=factories.COUNTY, department="科技")
    content = text_of().replace("when: employees_avg <= 10", "when: employees_avg <= 10 AND (is_hnte OR NOT is_hnte)")
    return author, begin_draft(measure=measure, content=content, actor=author)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_at_the_desk(chromium, site, draft, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    author, row = draft
    page = page_of(chromium, site, author, width=width, scheme=scheme)
    refused = []
    page.on("console", lambda m: refused.append(m.text) if "Content Security Policy" in m.text else None)
    bring_document(page, site)
    document, clause = page.url, page.locator("a", has_text="修正").first.get_attribute("href")
    found = {}
    for address in (
        "/policies/desk/", "/policies/desk/?q=孵化", "/policies/desk/new/", f"/policies/desk/versions/{row.pk}/",
        f"/policies/desk/versions/{row.pk}/text/", "/policies/desk/documents/", document.removeprefix(site), clause,
        "/policies/desk/notes/", "/policies/desk/notes/new/", "/policies/desk/openings/", "/policies/subscriptions/",
        "/policies/desk/documents/new/",
    ):  # fmt: skip
        page.goto(site + address, wait_until="networkidle")
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        name = address.strip("/").replace("/", "-")
        if width == 360 or scheme == "light":
            seen(page, f"{name}-{width}-{scheme}".replace("?", "-"))
        result = Axe().run(page).response["violations"]
        found |= {f"{address} {v['id']}": [n["target"] for n in v["nodes"]][:3] for v in result}
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found |= {f"{address} too wide": wide} if wide > 1 else {}
    assert found == {}
    assert refused == []


def test_what_is_typed_is_checked_and_kept_while_one_types(chromium, site, draft):
    author, row = draft
    page = page_of(chromium, site, author)
    page.goto(f"{site}/policies/desk/versions/{row.pk}/text/")
    page.locator("#content").fill(text_of().replace("employees_avg <= 10", "employes_avg <= 10"))
    page.locator("#checked", has_text="没有这个名称的事实或参数").wait_for()
    page.goto(f"{site}/policies/desk/versions/{row.pk}/text/")
    press(page, page.get_by_role("link", name="继续写"))
    assert "employes_avg" in page.locator("#content").input_value()
