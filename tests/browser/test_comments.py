"""In a real Chromium, without JavaScript and on a phone: two colleagues talk about a clause until it is settled."""

from __future__ import annotations

import factories
from browser.window import IN_A_BROWSER, button, opened, press, seen, violations
from chuangbao.authoring.domain.documents import bring_document
from chuangbao.authoring.domain.drafts import begin_draft, register_measure
from chuangbao.policies.domain.reading import read_text
from measuretext import REF, text_of

pytestmark = IN_A_BROWSER
TEXT = "吉林省关于补贴的通知\n各单位：\n一、补贴\n给予补贴5万元。\n二、条件\n须在本省登记。\n吉林省人民政府\n2026年3月2日\n"


def test_two_colleagues_talk_about_a_clause_until_it_is_settled(browser, site, library, regions):
    author, reviewer = (
        factories.officer(duty, region=factories.PROVINCE) for duty in ("policy_editor", "policy_reviewer")
    )
    text, parsed = read_text(TEXT)
    paper = bring_document(ref="cc-1", text=text, parsed=parsed, actor=author)
    address = f"{site}/policies/desk/documents/{paper.pk}/"
    page = opened(browser, 360, js=False, actor=reviewer, site=site)
    page.goto(address)
    press(page, page.get_by_role("link", name="提意见").first)
    assert page.locator("[name=comment-clause]").input_value() == str(paper.clauses.first().pk)
    page.locator("[name=comment-text]").last.fill("补贴是每户五万元，还是每项？")
    press(page, button(page, "提交意见"))
    thread = page.locator("article", has_text="每户五万元")
    assert thread.count() == 1
    mine = opened(browser, 360, js=False, actor=author, site=site)
    mine.goto(f"{site}/desk/notices/")
    press(mine, button(mine, "新意见"))
    assert "#r-" in mine.url
    thread = mine.locator("article", has_text="每户五万元")
    thread.locator("summary").click()
    thread.locator("textarea").fill("每户一次，已写明。")
    press(mine, thread.get_by_role("button", name="发送答复"))
    seen(mine, "comments-phone")
    press(mine, mine.locator("article").get_by_role("button", name="标记为已处理"))
    assert "已处理，" in mine.locator("article").inner_text()
    wide = opened(browser, 1280, actor=author, site=site)
    for name, place in (
        ("comments-wide", address),
        ("comments-clause", f"{site}/policies/desk/clauses/{paper.clauses.first().pk}/"),
    ):
        wide.goto(place)
        seen(wide, name)
        assert violations(wide, name) == {}
    assert wide.said == []


def test_beside_a_condition_where_the_drafter_writes(browser, site, library, regions):
    author, reviewer = (
        factories.officer(duty, region=factories.PROVINCE) for duty in ("policy_editor", "policy_reviewer")
    )
    measure = register_measure(ref=REF, region=author.region, department=author.department, actor=author)
    draft = begin_draft(measure=measure, content=text_of(region=author.region), actor=author)
    page = opened(browser, 1280, actor=reviewer, site=site)
    page.goto(f"{site}/policies/desk/versions/{draft.pk}/")
    press(page, page.locator("#says ~ ul").get_by_role("link", name="提意见").first)
    page.locator("#say [name=comment-text]").fill("人数应为五十，见原文第四条。")
    press(page, button(page, "提交意见"))
    seen(page, "comments-version")
    assert violations(page, "comments-version") == {}
    mine = opened(browser, 360, actor=author, site=site)
    mine.goto(f"{site}/policies/desk/versions/{draft.pk}/text/")
    assert "人数应为五十" in mine.locator("#c0").inner_text()
    seen(mine, "comments-writing")
    assert violations(mine, "comments-writing") == {}
    press(mine, mine.locator("#c0").get_by_role("link", name="答复或标记已处理"))
    assert "#r-" in mine.url
