"""The journeys of the issue in a real Chromium, and what axe finds on each page."""

from __future__ import annotations

import os
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PAGES = ["/", "/map/", "/checkup/", "/policies/", "/policies/?q=创业", "/policies/measures/2.6.3-small-profit/",
         "/policies/documents/jilin-2015-31/", "/policies/import/", "/offline/", "/nothing-here/"]  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium found: the browser tests did not run"),
]


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture
def site(live_server, transactional_db):
    from chuangbao.policies.domain.load import load_library
    from chuangbao.policies.domain.registry import current_pack

    load_library(pack=current_pack())
    return live_server.url


def opened(browser, width=1280, scheme="light", *, js=True):
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        locale="zh-CN",
        java_script_enabled=js,
        bypass_csp=False,
    )
    return context.new_page()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_is_refused(browser, site, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, width, scheme)
    refused = []
    page.on(
        "console", lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None
    )
    found = {}
    for address in PAGES:
        page.goto(site + address, wait_until="networkidle")
        violations = Axe().run(page).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found |= {f"{address} {v['id']}": [n["target"] for n in v["nodes"]][:3] for v in violations}
        if wide > 1:
            found[f"{address} too wide"] = wide
    assert found == {}
    assert refused == []


def answer(page, field, value):
    control = page.locator(f"[name={field}]").first
    if control.get_attribute("type") in {"radio", "checkbox"}:
        page.locator(f"[name={field}][value='{value}']").check()
    else:
        control.fill(str(value))
    page.get_by_role("button", name="下一步").click()


def journey(page, site, who, known, limit=10):
    page.goto(f"{site}/checkup/")
    page.locator(f"[name=who][value='{who}']").check()
    page.get_by_role("button", name="开始").click()
    asked = []
    while len(asked) < limit and page.locator("input[name=fact]").count():
        fact = page.locator("input[name=fact]").get_attribute("value")
        asked.append(fact)
        if fact in known:
            answer(page, fact, known[fact])
        else:
            page.get_by_role("button", name="不知道").click()
    return asked


@pytest.mark.parametrize("js", [True, False])
def test_a_student_founder_gets_a_list_within_ten_questions(browser, site, js):
    page = opened(browser, 360, js=js)
    known = {"first_startup": "true", "graduate_years": "1", "degree": "bachelor", "jobs_incl_self": "3", "operating_months": "13",
             "jobs_insured": "true", "insured_person_months": "90", "got_initial_subsidy": "false", "got_grad_subsidy": "false",
             "was_employed": "false", "is_person": "true", "loan_amount": "20万", "person_group": "毕业年度毕业生"}  # fmt: skip
    asked = journey(page, site, "student", known)
    assert len(asked) <= 10
    assert page.get_by_role("heading", name="可享受").count() == 1
    assert page.get_by_role("heading", name="可以同时享受的最优组合").count() == 1


def test_a_company_sees_the_cliff_of_2015(browser, site):
    page = opened(browser)
    journey(page, site, "company", {}, limit=0)
    page.locator("[name=as_of]").fill("2015-06-30")
    page.get_by_role("button", name="按此日期和地区判定").click()
    token = page.url
    for fact, value in {
        "taxable_income": "200000.00",
        "employees_avg": "50",
        "assets_avg": "500万",
        "industry_kind": "other",
        "restricted_industry": "false",
    }.items():
        page.goto(f"{token.split('?')[0]}?fact={fact}")
        answer(page, fact, value)
    eligible = page.locator("h2:has-text('可享受') + ul")
    assert "小型微利企业所得税优惠" in eligible.inner_text()
    assert "30,000.00" in eligible.inner_text()
    page.goto(f"{token.split('?')[0]}?fact=taxable_income")
    answer(page, "taxable_income", "200000.01")
    page.wait_for_load_state()
    assert "30,000.00" not in page.locator("main").inner_text()


def test_someone_who_knows_nothing_is_told_what_would_decide(browser, site):
    page = opened(browser, 360)
    asked = journey(page, site, "", {}, limit=3)
    assert len(set(asked)) == 3
    assert page.get_by_role("heading", name="待定").count() == 1
