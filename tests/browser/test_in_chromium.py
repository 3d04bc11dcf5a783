"""The journeys of the issue in a real Chromium, and what axe finds on each page."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

import factories
from browser.window import IS_LONG_ROUND, MEASURED, button, come_in, open_details, opened, press, violations_in_views
from chuangbao.core.engine.current import current_pack

SEED = Path(__file__).parents[2] / "packs" / "jilin" / "texts" / "jilin-2015-31.txt"

pytestmark = MEASURED


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
    page.locator("[name=want][value='none']").check()
    press(page, button(page, "开始"))
    if day:
        page.locator("[name=as_of]").fill(day)
        press(page, button(page, "按此日期和地区判定"))


def journey(page, known, limit=10):
    """Answer what is asked until nothing is asked any more, or the patience ends; what was asked."""
    asked = []
    while len(asked) < limit and page.locator("[aria-labelledby=question] input[name=fact]").count():
        fact = page.locator("[aria-labelledby=question] input[name=fact]").get_attribute("value")
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


STUDENT = {"degree": "bachelor", "operating_months": "13", "graduate_years": "1", "registered_on": "2025-09-01"}
LIVES = [("student", "JL-GRAD-50K", 360, False), ("researcher", "REWARD-50", 1280, True)]
if IS_LONG_ROUND:
    LIVES += [("student", "JL-GRAD-50K", 360, True), ("company", "CIT-SLP-2023", 1280, True)]


def said_as_text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(("who", "version", "width", "js"), LIVES)
def test_a_life_of_a_worked_case_sees_what_it_can_get(browser, site, who, version, width, js):
    measure, found = current_pack().versions[version]
    case = next(example for example in found.examples if str(example.status) == "eligible")
    page = opened(browser, width, js=js)
    begun(page, site, who, case.as_of.isoformat())
    token = page.url.split("?")[0]
    for fact, value in case.facts.items():
        page.goto(f"{token}?fact={fact}")
        answer(page, fact, said_as_text(value))
    words = page.locator("main").inner_text()
    assert found.title.zh in words or measure.title.zh in words
    assert page.locator("section[aria-labelledby=s-eligible]").count() == 1


PAGES = {
    "makerspace": (
        {"org_kind": "makerspace", "services": "none"},
        {"area_m2": "1200", "tenants": "25家", "months_run": "两年", "is_legal_person": "true"},
        {"desks": "40个", "mentors": "5人", "events_year": "12场"},
    ),
    "student": (
        {
            "graduation_on": "2027-07-01",
            "degree": "bachelor",
            "degree_recognised": "true",
            "groups": "none",
            "registered": "idea",
        },
        {"plans": "none"},
    ),
}


def fill_page(page, life):
    """Answer one page of life, and go on."""
    for field, value in life.items():
        control = page.locator(f"[name={field}]").first
        if control.get_attribute("type") in {"radio", "checkbox"}:
            page.locator(f"[name={field}][value='{value}']").check()
        else:
            control.fill(value)
    press(page, button(page, "下一步"))


def test_life_and_then_at_most_ten_questions_make_a_list_on_the_first_screen(browser, site):
    page = opened(browser, 360)
    for who, pages in PAGES.items():
        begun(page, site, who)
        assert page.locator("[aria-labelledby=question] :checked").count() == 0
        for life in pages:
            fill_page(page, life)
        known = {"separate_books": "true", "degree": "bachelor", "degree_recognised": "true"}
        assert len(pages) + len(journey(page, known)) <= 10
        assert page.locator("#totals").bounding_box()["y"] < 780
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert "等您做到就能拿" in page.locator("main").inner_text()


def test_a_company_sees_the_cliff_of_2015(browser, site):
    page = opened(browser)
    begun(page, site, "company", "2015-06-30")
    token = page.url.split("?")[0]
    for fact, value in {
        "is_resident_enterprise": "true",
        "taxable_income": "200000.00",
        "employees_avg": "50",
        "assets_avg": "500万",
        "industry_kind": "other",
        "restricted_industry": "false",
    }.items():
        page.goto(f"{token}?fact={fact}")
        answer(page, fact, value)
    assert "小型微利企业所得税优惠" in yours(page)
    assert "每年3万元" in yours(page)
    page.goto(f"{token}?fact=taxable_income")
    answer(page, "taxable_income", "200000.01")
    assert "每年3万元" not in yours(page)
    assert "超出¥0.01" in page.locator("main").inner_text()


def test_axe_finds_nothing_in_a_running_and_a_shared_checkup(browser, site, settings):
    page = opened(browser, 360)
    begun(page, site, "student")
    found = violations_in_views(page, "start")
    journey(page, STUDENT, limit=7)
    open_details(page)
    found |= violations_in_views(page, "step")
    page.locator("[aria-labelledby=question] form").evaluate_all("all => all.forEach(one => one.noValidate = true)")
    press(page, button(page, "生成可分享的链接"))
    found |= violations_in_views(page, "shared")
    page.goto(site + "/policies/import/")
    page.locator("textarea").fill((SEED).read_text("utf-8"))
    press(page, page.locator("main form button[type=submit]"))
    found |= violations_in_views(page, "import")
    settings.DEBUG = True
    page.goto(site + "/design/")
    found |= violations_in_views(page, "design")
    assert found == {}


@pytest.mark.parametrize("signed_in", [False, True])
def test_nothing_in_the_header_overlaps_on_a_phone_in_either_language_and_size(browser, site, signed_in):
    page = opened(browser, 360, actor=factories.founder() if signed_in else None, site=site)
    page.goto(f"{site}/checkup/")
    for large in (False, True):
        for _language in ("zh", "en"):
            parts = page.locator(".cb-brand, .cb-prefs > *").evaluate_all(
                "all => all.map(one => one.getBoundingClientRect()).map(box => [box.left, box.right])"
            )
            assert all(right <= left + 1 for (_, right), (left, _) in pairwise(parts)), (large, parts)
            assert parts[-1][1] <= 360, (large, parts)
            press(page, page.locator(".cb-prefs button[name=language]"))
        press(page, page.locator(".cb-prefs button[name=print]"))


@pytest.mark.usefixtures("regions")
def test_no_public_page_is_wider_than_a_phone_in_large_print(browser, site):
    page = opened(browser, 360)
    page.goto(f"{site}/checkup/")
    press(page, page.locator(".cb-prefs button[name=print]"))
    wide = {}
    for language in ("zh", "en"):
        for address in ("/", "/checkup/", "/policies/", "/policies/measures/2.6.3-small-profit/", "/map/"):
            page.goto(site + address)
            width = page.evaluate("document.documentElement.scrollWidth")
            wide |= {(language, address): width} if width != 360 else {}
        press(page, page.locator(".cb-prefs button[name=language]"))
    assert wide == {}


def test_every_form_works_without_javascript(browser, site):
    page = opened(browser, 360, js=False)
    page.goto(f"{site}/policies/")
    page.locator("#library-q").fill("创业担保贷款")
    press(page, page.locator(".cb-library-search button"))
    press(page, page.locator(".cb-facets a", has_text="政策事项"))
    assert page.locator(".cb-results li").count() == 8
    page.goto(f"{site}/policies/measures/2.6.3-small-profit/?version=CIT-SLP-2015A")
    page.locator("[name=taxable_income]").fill("200000.01")
    press(page, button(page, "计算"))
    assert "暂不符合" in page.locator("aside").inner_text()
    page.goto(f"{site}/policies/import/")
    page.locator("textarea").fill(SEED.read_text("utf-8"))
    press(page, button(page, "开始识别"))
    assert page.locator(".cb-read h3").count() > 15
    begun(page, site, "company", "2015-06-30")
    assert page.locator("#id_as_of").input_value() == "2015-06-30"
    press(page, button(page, "生成可分享的链接"))
    assert "/checkup/shared/" in page.url
    press(page, page.locator("header form button", has_text="English"))
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.fixture
def founded(site):
    """A firm with facts, contradictions and gaps; its owner, and an officer of the place."""
    from chuangbao.core.access.actors import SYSTEM
    from chuangbao.facts.domain.stating import state
    from chuangbao.facts.domain.subjects import subject_of
    from chuangbao.facts.models import Source

    owner = factories.member(factories.organisation("演示·长春乙科技有限公司"))
    firm = subject_of(owner)
    for name, value in {
        "expand_hires": 3,
        "equity_spread": 50000,
        "industry_kind": "other",
        "taxable_income": 200000,
    }.items():
        state(subject=firm, name=name, value=value, actor=owner)
    state(subject=firm, name="expand_hires", value=4, actor=SYSTEM, source=Source.REGISTER, register="社保")
    return site, owner, factories.officer("register"), firm


def test_axe_finds_nothing_on_the_pages_of_facts_that_contradict_each_other(browser, founded):
    site, owner, officer, firm = founded
    own = f"/facts/subjects/{firm.pk}/"
    found = {}
    for actor in (owner, officer):
        page = opened(browser, actor=actor, site=site)
        for address in (own, f"{own}expand_hires/"):
            page.goto(site + address, wait_until="load")
            found |= violations_in_views(page, address)
    assert found == {}


def test_a_fact_is_corrected_and_the_check_up_moves_without_javascript(browser, founded):
    site, owner, _officer, firm = founded
    page = opened(browser, 360, js=False)
    come_in(page.context, site, owner)
    page.goto(f"{site}/checkup/")
    page.locator("[name=want][value='none']").check()
    page.get_by_role("button", name="开始").click()
    before = page.content()
    page.goto(f"{site}/facts/subjects/{firm.pk}/employees_avg/")
    page.get_by_label("企业平均有多少人").fill("50")
    page.get_by_role("button", name="保存").click()
    assert "50人" in page.content().replace(" ", "")
    page.goto(f"{site}/checkup/")
    page.locator("[name=want][value='none']").check()
    page.get_by_role("button", name="开始").click()
    assert page.content() != before
    assert "与上次相比的变化" in page.content()
