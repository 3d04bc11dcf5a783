"""In a real Chromium: what an officer decides is what holds, from the printed clause to the last day of the rule."""

from __future__ import annotations

import re
from datetime import date, timedelta

import factories
from browser.window import IN_A_BROWSER, button, opened, press, seen
from chuangbao.core.engine.current import current_engine, use_newest_engine
from chuangbao.policies.models import MeasureVersion

pytestmark = IN_A_BROWSER
REF, START, END = "tech-coupon", date(2026, 12, 1), date(2028, 11, 30)
PAPER = """吉林省科技厅关于印发科技创新券管理办法的通知

吉科发〔2026〕88号

第一条 为支持创新，制定本办法。

第四条 支持下列事项：

（一）检验检测；

（三）对研发投入达到要求的企业给予补贴。

第六条 本办法自2026年12月1日起施行，有效期2年。

吉林省科技厅
2026年11月20日
"""


def named(page, name):
    return button(page, name, exact=True)


def step(page, verb, **fields):
    """Open one of the next steps, fill it in and take it."""
    page.locator(f"#move-{verb} summary").click()
    for name, value in fields.items():
        page.locator(f"[name={verb}-{name}]").fill(value)
    press(page, page.locator(f"#move-{verb} button"))


def bring(page, colleague, site):
    """The document comes in with its printed marks and its days; a colleague publishes it."""
    page.goto(f"{site}/policies/desk/documents/new/")
    page.get_by_label("短名").fill("kjq-88")
    page.locator("[name=text]").fill(PAPER)
    press(page, named(page, "开始识别"))
    main = page.locator("main").inner_text()
    assert "第四条第（三）项" in main
    assert "第六条" in main
    press(page, named(page, "提交审核"))
    colleague.goto(page.url)
    colleague.locator("#move-publish summary").click()
    days = [colleague.locator(f"[name=publish-{name}]").input_value() for name in ("valid_from", "valid_to")]
    assert days == ["2026-12-01", "2028-11-30"]
    press(colleague, colleague.locator("#move-publish button"))


def begin(page):
    page.reload()
    press(page, page.get_by_role("link", name="新建事项 第四条第（三）项", exact=True))
    page.locator("[name=subject]").select_option("enterprise")
    page.get_by_label("短名").fill(REF)
    page.locator("[name=title]").fill("科技创新券补贴")
    page.get_by_label("施行日期").fill("2026-12-01")
    press(page, named(page, "开始"))


def write(page, percent):
    """A share typed with or without its sign, an amount, an end, a worked case."""
    page.locator("#b-to").fill("2028-11-30")
    press(page, named(page, "添加条件"))
    page.locator("#c0-zh").fill("科技人员占比不低于3%")
    page.locator("#c0-add").select_option("tech_staff_share")
    press(page, page.locator("button[value='add-row:0']"))
    page.locator("#c0-r0-op").select_option(">=")
    page.locator("#c0-r0-value").fill(percent)
    page.locator("#b-unit").select_option("CNY")
    page.locator("#b-amount").fill("20000")
    press(page, named(page, "同步两边并检查"))
    assert "tech_staff_share >= 0.03" in page.locator("#content").input_value()
    assert page.locator("#c0-r0-value").input_value() == "3"
    page.locator("#add-case summary").click()
    page.locator("#add-case [name=case-tech_staff_share]").fill("3")
    page.get_by_label("算例名称").fill("正好3%")
    page.get_by_label("应得结论").select_option("eligible")
    page.get_by_label("应得金额").fill("2万")
    press(page, named(page, "添加这个算例"))
    assert page.locator("#checked tr.is-right").count() == 1
    press(page, named(page, "保存").first)


def verdict(day):
    with use_newest_engine():
        engine = current_engine()
        if engine.pack.measures[REF].version_at(day) is None:
            return "no version"
        profile = engine.profile({"tech_staff_share": "3%"}, as_of=day, region=factories.PROVINCE)
        return str(engine.judge(profile, REF).status)


def test_a_rule_with_start_end_and_percent_is_returned_published_and_ends_by_its_day(browser, site):
    author = factories.officer("policy_editor", region=factories.PROVINCE)
    reviewer = factories.officer("policy_reviewer", region=factories.PROVINCE)
    page, colleague = opened(browser, actor=author, site=site), opened(browser, actor=reviewer, site=site, width=360)
    bring(page, colleague, site)
    begin(page)
    write(page, "3%")
    seen(page, "officer-editor")
    version = page.url.split("text/")[0]
    page.goto(version)
    press(page, named(page, "提交审核"))
    colleague.goto(version)
    assert "2026年12月1日至2028年11月30日" in colleague.locator("main").inner_text()
    step(colleague, "return", reason="请核对占比的口径")
    page.goto(f"{site}/desk/")
    press(page, page.get_by_role("link", name="已退回，请修改：科技创新券补贴"))
    press(page, page.get_by_role("link", name="继续起草").first)
    assert "请核对占比的口径" in page.locator("main").inner_text()
    page.locator("#c0-zh").fill("科技人员占比不低于百分之三")
    press(page, named(page, "保存").first)
    page.goto(version)
    press(page, named(page, "提交审核"))
    colleague.goto(version)
    colleague.locator("#move-publish summary").click()
    assert colleague.locator("[name=publish-valid_to]").input_value() == "2028-11-30"
    seen(colleague, "officer-publish-360")
    press(colleague, colleague.locator("#move-publish button"))
    row = MeasureVersion.objects.get(measure__ref=REF)
    assert (row.stage, row.valid_from, row.valid_to) == ("in_force", START, END)
    days = (START - timedelta(1), START, END, END + timedelta(1))
    assert [verdict(day) for day in days] == ["no version", "eligible", "eligible", "no version"]
    reader = opened(browser, site=site)
    reader.goto(f"{site}/policies/measures/{REF}/")
    text = reader.locator("main").inner_text()
    assert "吉科发〔2026〕88号 第四条第（三）项" in text
    assert "2026年12月1日至2028年11月30日" in re.sub(r"\s+", " ", text)
    assert "kjq-88:" not in text
    seen(reader, "officer-public")
    page.goto(f"{site}/desk/notices/")
    assert "科技创新券补贴" in page.locator("main").inner_text()


def test_a_contradictory_rule_is_refused_in_words(browser, site):
    author = factories.officer("policy_editor", region=factories.PROVINCE)
    page = opened(browser, actor=author, site=site, width=360)
    page.goto(f"{site}/policies/desk/new/")
    page.locator("[name=clause]").select_option("2.2.4")
    page.locator("[name=subject]").select_option("enterprise")
    page.get_by_label("短名").fill("never-met")
    page.locator("[name=title]").fill("谁也拿不到的奖励")
    press(page, named(page, "开始"))
    press(page, named(page, "添加条件"))
    page.locator("#c0-zh").fill("少于五人且多于十人")
    for place, (op, value) in enumerate([("<", "5"), (">", "10")]):
        page.locator("#c0-add").select_option("employees_avg")
        press(page, page.locator("button[value='add-row:0']"))
        page.locator(f"#c0-r{place}-op").select_option(op)
        page.locator(f"#c0-r{place}-value").fill(value)
    page.locator("#b-unit").select_option("CNY")
    page.locator("#b-amount").fill("1000")
    press(page, named(page, "保存").first)
    assert "不可能同时成立" in page.locator("#checked").inner_text()
    seen(page, "officer-never-360")
    page.goto(page.url.split("text/")[0])
    step(page, "submit", reason="有意为之")
    main = page.locator("main").inner_text()
    assert "不可能同时成立" in main
    assert "少于五人且多于十人" in main
    assert MeasureVersion.objects.get(measure__ref="never-met").stage == "draft"
