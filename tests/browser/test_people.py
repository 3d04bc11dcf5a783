"""The platform as its people meet it: an account, an enterprise, a colleague, facts, officers, a new rule and its news."""

from __future__ import annotations

import re

import pytest
from django.core import mail

import factories
from browser.test_authoring import look_up_the_rule, new_rule
from browser.window import MEASURED, button, opened, press, seen
from chuangbao.core.models import Job, JobStage
from chuangbao.core.tasks import do_work

pytestmark = MEASURED
FIRM = "长春晨光软件有限公司"


def sign_up(page, site, name, email):
    """An account, with the code from the letter."""
    page.goto(f"{site}/accounts/signup/")
    page.get_by_label("电子邮件").or_(page.get_by_label("电子邮箱")).first.fill(email)
    page.get_by_label("姓名").fill(name)
    page.locator("[name=password1]").fill(factories.PASSWORD)
    page.locator("[name=password2]").fill(factories.PASSWORD)
    page.locator("[name=agree]").check()
    press(page, page.locator("main form button[type=submit]").first)
    code = re.search(r"^([A-Z0-9-]{6,9})$", mail.outbox[-1].body, re.MULTILINE)[1]
    page.locator("[name=code]").fill(code)
    press(page, page.locator("main form.cb-card button[type=submit]").first)
    assert page.url == f"{site}/checkup/", "straight to the check-up"


def found(page, site):
    """An enterprise by its code; mistyped first."""
    code = factories.credit_code()
    page.goto(f"{site}/organisations/new/")
    page.locator("[name=code]").fill(code[:-1] + ("A" if code[-1] != "A" else "B"))
    page.locator("[name=name]").fill(FIRM)
    page.locator("[name=region]").select_option(factories.COUNTY)
    press(page, button(page, "登记", exact=True))
    assert "其中有一位填错" in page.locator("main").inner_text()
    assert page.locator("[name=name]").input_value() == FIRM
    page.locator("[name=code]").fill(code)
    press(page, button(page, "登记", exact=True))
    assert page.get_by_role("heading", level=1).inner_text() == FIRM


def invite(page, browser, site):
    """A colleague is invited, signs up with that address and joins."""
    page.locator("[name=email]").fill("wu@example.org")
    press(page, button(page, "邀请", exact=True))
    link = re.search(r"https?://\S+/invitations/\S+/", page.locator("main").inner_text())[0]
    colleague = opened(browser)
    sign_up(colleague, site, "吴静", "wu@example.org")
    colleague.goto(link)
    press(colleague, button(colleague, "加入", exact=True))
    assert colleague.get_by_role("heading", level=1).inner_text() == FIRM
    page.reload()
    assert "吴静" in page.locator("main").inner_text()


def check_up(page, site):
    """The check-up of the enterprise; its text."""
    page.goto(f"{site}/checkup/")
    assert page.locator("[name=who][value=company]").is_checked(), "who one acts for is known"
    page.locator("[name=want][value='none']").check()
    press(page, button(page, "开始"))
    return page.locator("main").inner_text()


def state(page, subject, name, value):
    """Say or correct a fact on its own page."""
    page.goto(f"{subject}{name}/")
    page.locator(f"main [name={name}]").fill(value)
    press(page, button(page, "保存"))


def do_what_waits():
    """What the worker would do now."""
    for job in Job.objects.filter(stage=JobStage.WAITING):
        do_work(job=job.pk)
        job.refresh_from_db()
        assert job.stage == JobStage.DONE, job.message


@pytest.mark.parametrize("js", [True, False])
def test_from_an_account_to_the_news_of_a_rule(browser, site, js):
    page = opened(browser, 1280 if js else 360, js=js)
    sign_up(page, site, "周明", "zhou@example.org")
    found(page, site)
    address = page.url
    invite(page, browser, site)
    before = check_up(page, site)
    page.goto(f"{site}/facts/")
    subject = page.url
    state(page, subject, "expand_hires", "3")
    after = check_up(page, site)
    assert after != before
    state(page, subject, "expand_hires", "4")
    moved = check_up(page, site)
    assert "与上次相比的变化" in moved or moved != after
    officer = opened(browser, actor=factories.officer(), site=site)
    officer.goto(address)
    assert officer.get_by_role("heading", level=1).inner_text() == FIRM
    neighbour = opened(browser, actor=factories.officer(region=factories.NEIGHBOUR), site=site)
    neighbour.goto(address)
    assert FIRM not in neighbour.locator("body").inner_text()
    new_rule(browser, site, js=js)
    look_up_the_rule(browser, site)
    do_what_waits()
    page.goto(f"{site}/desk/notices/")
    news = page.locator("main").inner_text()
    assert "软件开发工具补贴" in news
    assert "自2026-01-05起施行" in news
    press(page, page.locator("main li", has_text="待定").get_by_role("button").first)
    assert "cc-2026-1:1.1" in page.content()
    state(page, subject, "employees_avg", "20")
    verdict = check_up(page, site)
    had = page.locator("section[aria-labelledby=s-eligible], section[aria-labelledby=s-apply]")
    assert had.filter(has_text="软件开发工具补贴").count() == 1, verdict
    seen(page, f"people-{js}")
