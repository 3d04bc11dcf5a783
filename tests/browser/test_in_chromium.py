"""The journeys of the issue in a real Chromium, and what axe finds on each page."""

from __future__ import annotations

from pathlib import Path

import pytest

import factories
from browser.window import IN_A_BROWSER, button, come_in, opened, press, seen, violations

SEED = Path(__file__).parents[2] / "packs" / "jilin" / "texts" / "jilin-2015-31.txt"
PAGES = ["/", "/map/", "/checkup/", "/policies/", "/policies/?q=创业", "/policies/measures/2.6.3-small-profit/",
         "/policies/documents/jilin-2015-31/", "/policies/import/", "/offline/", "/nothing-here/"]  # fmt: skip

pytestmark = IN_A_BROWSER


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_is_refused(browser, site, width, scheme):
    page = opened(browser, width, scheme)
    refused = []
    page.on(
        "console", lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None
    )
    found = {}
    for address in PAGES:
        page.goto(site + address, wait_until="networkidle")
        found |= violations(page, address)
    assert found == {}
    assert refused == []


def answer(page, field, value):
    control = page.locator(f"[name={field}]").first
    if control.get_attribute("type") in {"radio", "checkbox"}:
        page.locator(f"[name={field}][value='{value}']").check()
    else:
        control.fill(str(value))
    press(page, button(page, "下一步"))


def begun(page, site, who, day=""):
    """A check-up that has just begun, on a day of one's choice."""
    page.goto(f"{site}/checkup/")
    page.locator(f"[name=who][value='{who}']").check()
    press(page, button(page, "开始"))
    if day:
        page.locator("[name=as_of]").fill(day)
        press(page, button(page, "按此日期和地区判定"))


def journey(page, known, limit=10):
    """Answer what is asked until nothing is asked any more, or the patience ends; what was asked."""
    asked = []
    while len(asked) < limit and page.locator("input[name=fact]").count():
        fact = page.locator("input[name=fact]").get_attribute("value")
        asked.append(fact)
        if known.get(fact) == "没有":
            press(page, button(page, "没有"))
        elif fact in known:
            answer(page, fact, known[fact])
        else:
            press(page, button(page, "不知道"))
    return asked


def yours(page):
    """What stands under 可享受, as text."""
    return page.locator("section[aria-labelledby=s-eligible]").inner_text()


STUDENT = {"first_startup": "true", "graduate_years": "1", "degree": "bachelor", "jobs_incl_self": "3",
           "operating_months": "13", "jobs_insured": "true", "got_initial_subsidy": "false", "was_employed": "false",
           "is_person": "true", "loan_amount": "20万", "registered_on": "2025-09-01"}  # fmt: skip


@pytest.mark.parametrize("js", [True, False])
def test_a_student_founder_gets_a_list_within_ten_questions(browser, site, js):
    page = opened(browser, 360, js=js)
    begun(page, site, "student")
    asked = journey(page, STUDENT)
    assert len(asked) == 10
    found = yours(page)
    assert "创业担保贷款" in found
    assert "初次创业补贴" in found
    assert page.get_by_role("heading", name="可以同时享受的最优组合").count() == 1


def test_a_researcher_with_income_from_a_transfer(browser, site):
    page = opened(browser)
    begun(page, site, "researcher")
    known = {"agreed_share": "没有", "transfer_net_income": "100万", "mode": "transfer", "reward_cash": "70万",
             "tech_contract_registered": "true", "reward_within_36m": "true", "unit_nonprofit_research": "true",
             "public_notice_done": "true", "is_resident_enterprise": "true"}  # fmt: skip
    asked = journey(page, known)
    assert len(asked) <= 10
    assert "吉林成果转化收益奖励不低于70%" in yours(page)
    assert "700,000.00" in yours(page)


def test_a_makerspace_operator_sees_the_tax_relief_of_the_premises(browser, site):
    page = opened(browser)
    begun(page, site, "makerspace")
    known = {"years_operating": "3", "separate_books": "true", "org_kind": "makerspace", "org_level": "national_filed",
             "property_tax": "12万", "land_tax": "3万", "incub_service_vat": "2万"}  # fmt: skip
    asked = journey(page, known)
    assert len(asked) <= 8
    assert "170,000.00" in yours(page)
    assert page.locator("section[aria-labelledby=s-manual]").count() == 1


def test_a_small_company_in_2024(browser, site):
    page = opened(browser)
    begun(page, site, "company", "2024-06-30")
    known = {"taxable_income": "200万", "employees_avg": "80", "assets_avg": "2000万", "is_ic_or_machine": "false",
             "restricted_industry": "false", "industry_kind": "other", "is_hnte": "false"}  # fmt: skip
    asked = journey(page, known)
    assert len(asked) == 10
    assert "小型微利企业所得税优惠" in yours(page)
    assert "400,000.00" in yours(page)


def test_a_company_sees_the_cliff_of_2015(browser, site):
    page = opened(browser)
    begun(page, site, "company", "2015-06-30")
    token = page.url.split("?")[0]
    for fact, value in {
        "taxable_income": "200000.00",
        "employees_avg": "50",
        "assets_avg": "500万",
        "industry_kind": "other",
        "restricted_industry": "false",
    }.items():
        page.goto(f"{token}?fact={fact}")
        answer(page, fact, value)
    assert "小型微利企业所得税优惠" in yours(page)
    assert "30,000.00" in yours(page)
    page.goto(f"{token}?fact=taxable_income")
    answer(page, "taxable_income", "200000.01")
    assert "30,000.00" not in page.locator("main").inner_text()
    assert "超出¥0.01" in page.locator("main").inner_text()


def test_someone_who_knows_nothing_is_told_what_would_decide(browser, site):
    page = opened(browser, 360)
    begun(page, site, "")
    assert page.locator(".cb-why").inner_text().strip().startswith("用来判断")
    asked = journey(page, {}, limit=10)
    assert len(set(asked)) == 10
    assert page.get_by_role("heading", name="待定").count() == 1
    assert "还缺：" in page.locator("main").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_a_running_and_a_shared_checkup(browser, site, settings, width, scheme):
    page = opened(browser, width, scheme)
    begun(page, site, "student")
    found = violations(page, "start")
    journey(page, STUDENT, limit=7)
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    found |= violations(page, "step")
    page.locator("input[name=fact]").evaluate("one => one.closest('form').noValidate = true")
    press(page, button(page, "生成可分享的链接"))
    found |= violations(page, "shared")
    page.goto(site + "/policies/import/")
    page.locator("textarea").fill((SEED).read_text("utf-8"))
    press(page, page.locator("main form button[type=submit]"))
    found |= violations(page, "import")
    settings.DEBUG = True
    page.goto(site + "/design/")
    found |= violations(page, "design")
    assert found == {}


def test_every_form_works_without_javascript(browser, site):
    page = opened(browser, 360, js=False)
    page.goto(f"{site}/policies/")
    page.locator("#library-q").fill("创业担保贷款")
    press(page, page.locator(".cb-library-search button"))
    press(page, page.locator(".cb-facets a", has_text="政策事项"))
    assert page.locator(".cb-results li").count() == 5
    page.goto(f"{site}/policies/measures/2.6.3-small-profit/?version=CIT-SLP-2015A")
    page.locator("[name=taxable_income]").fill("200000.01")
    press(page, button(page, "计算"))
    assert "暂不符合" in page.locator("aside").inner_text()
    page.goto(f"{site}/policies/import/")
    page.locator("textarea").fill(SEED.read_text("utf-8"))
    press(page, button(page, "开始解析"))
    assert page.locator(".cb-read h3").count() > 15
    begun(page, site, "company", "2015-06-30")
    assert page.locator("[name=as_of]").input_value() == "2015-06-30"
    press(page, button(page, "生成可分享的链接"))
    assert "/checkup/shared/" in page.url
    press(page, page.locator("header form button", has_text="English"))
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.fixture
def founded(site):
    """A firm with facts, contradictions and gaps; its owner, and an officer of the place."""
    from chuangbao.core.actors import SYSTEM
    from chuangbao.facts.domain.stating import state
    from chuangbao.facts.domain.subjects import subject_of
    from chuangbao.facts.models import Source

    owner = factories.member(factories.organisation("演示·长春乙科技有限公司"))
    firm = subject_of(owner)
    for name, value in {"hires": 3, "equity_gain": 50000, "industry_kind": "other", "taxable_income": 200000}.items():
        state(subject=firm, name=name, value=value, actor=owner)
    state(subject=firm, name="hires", value=4, actor=SYSTEM, source=Source.REGISTER, register="社保")
    return site, owner, factories.officer("register"), firm


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_pages_of_facts(browser, founded, width, scheme):
    site, owner, officer, firm = founded
    own = f"/facts/subjects/{firm.pk}/"
    found = {}
    for actor, pages in (
        (owner, [own, f"{own}hires/", "/facts/import/"]),
        (officer, [own, f"{own}hires/", "/facts/subjects/"]),
    ):
        page = opened(browser, width, scheme)
        come_in(page.context, site, actor)
        for address in pages:
            page.goto(site + address, wait_until="networkidle")
            found |= violations(page, address)
            seen(page, f"{actor.capacity}{address.replace('/', '-')}{width}-{scheme}")
    assert found == {}


def test_a_fact_is_corrected_and_the_check_up_moves_without_javascript(browser, founded):
    site, owner, _officer, firm = founded
    page = opened(browser, 360, js=False)
    come_in(page.context, site, owner)
    page.goto(f"{site}/checkup/")
    page.get_by_role("button", name="开始").click()
    before = page.content()
    page.goto(f"{site}/facts/subjects/{firm.pk}/employees_avg/")
    page.get_by_label("企业平均有多少人").fill("50")
    page.get_by_role("button", name="保存").click()
    assert "50人" in page.content().replace(" ", "")
    page.goto(f"{site}/checkup/")
    page.get_by_role("button", name="开始").click()
    assert page.content() != before
    assert "与上次相比的变化" in page.content()
