"""The first day (docs/operation.md, steps 2 to 8): from no account at all to a verified enterprise, in a browser."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from typer.testing import CliRunner

import factories
from browser.test_people import sign_up
from browser.window import IN_A_BROWSER, button, opened, press, seen
from chuangbao.cli import app, database

pytestmark = IN_A_BROWSER
AGENCY = "长春市南关区科学技术局"
CODE = "91220102MA0Y1TT90C"
FIRM = "长春晨光软件有限公司"
ADMIN, OFFICER, FOUNDER = "xitong@example.org", "heyan@example.org", "chuangye@example.org"


@pytest.fixture(autouse=True)
def commands(monkeypatch, tmp_path):
    """Let the commands work on the test's own database."""
    for name in ("admin", "agency"):
        monkeypatch.setattr(f"chuangbao.cli.{name}.connect_database", lambda _stack: None)
    monkeypatch.setattr(database, "DATA_DIR", tmp_path)
    monkeypatch.setattr(database, "LOCK", tmp_path / "postgres.lock")


def run_command(*words):
    """Run a command of the machine; its output."""
    outcome = CliRunner().invoke(app, list(words))
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def follow(page, *names):
    """Follow links by their names, from page to page."""
    for name in names:
        press(page, page.get_by_role("link", name=name, exact=True).first)


def act_as(page, name):
    """Choose a capacity in the menu with the own name."""
    page.locator(".cb-acting summary").click()
    press(page, page.locator(".cb-acting button", has_text=name).first)


def main_text(page):
    return page.locator("main").inner_text()


def choose_a_password(page, site, link):
    """Open the link of the command, choose a password, sign in, agree."""
    page.goto(site + link)
    assert page.get_by_role("heading", level=1).inner_text() == "设置密码"
    for name in ("password1", "password2"):
        page.locator(f"[name={name}]").fill(factories.PASSWORD)
    press(page, button(page, "保存密码"))
    assert "密码已保存" in main_text(page)
    press(page, page.locator("main").get_by_role("link", name="登录"))
    page.locator("[name=login]").fill(ADMIN)
    page.locator("[name=password]").fill(factories.PASSWORD)
    press(page, page.locator("main").get_by_role("button", name="登录", exact=True))
    page.locator("main [name=agree]").check()
    press(page, button(page, "同意并继续"))


def set_up_a_second_factor(page):
    """Add an authenticator app; the password is asked for once more."""
    follow(page, "我的工作台", "我的信息与安全", "账号安全", "两步验证与通行密钥")
    page.locator("main a[href*='totp/activate']").click()
    page.locator("[name=password]").fill(factories.PASSWORD)
    press(page, page.locator("main button[type=submit]").first)
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("[name=code]").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    press(page, page.locator("main form button[type=submit]").first)


def appoint_the_officer(page):
    """Appoint by address; a wrong address is refused beside its field and nothing is lost."""
    follow(page, "我的工作台", "岗位与管理员", "任命岗位")
    page.locator("[name=email]").fill("unknown@example.org")
    page.locator("[name=agency]").select_option(label=AGENCY)
    page.locator("[name=region]").select_option(factories.COUNTY)
    page.locator("[name=department]").fill("科学技术局")
    page.get_by_label("信息核验").check()
    page.locator("[name=end]").fill(f"{timezone.localdate().year + 1}-12-31")
    press(page, page.locator("main").get_by_role("button", name="任命", exact=True))
    seen(page, "first-day-refused")
    assert page.locator("[name=department]").input_value() == "科学技术局"
    assert page.get_by_label("信息核验").is_checked()
    page.locator("[name=email]").fill(OFFICER)
    press(page, page.locator("main").get_by_role("button", name="任命", exact=True))
    assert AGENCY in main_text(page)


def register(page, site):
    """Register the enterprise; a mistyped code is refused and the name stays."""
    follow(page, "我的工作台", "我的机构", "登记机构")
    page.locator("[name=code]").fill(CODE[:-1] + "D")
    page.locator("[name=name]").fill(FIRM)
    page.locator("[name=kind]").select_option("enterprise")
    page.locator("[name=region]").select_option(factories.COUNTY)
    press(page, button(page, "登记", exact=True))
    assert "其中有一位填错" in main_text(page)
    assert page.locator("[name=name]").input_value() == FIRM
    page.locator("[name=code]").fill(CODE)
    press(page, button(page, "登记", exact=True))
    assert page.get_by_role("heading", level=1).inner_text() == FIRM


def test_from_no_account_to_a_verified_enterprise(browser, site):
    run_command("agency", "create", AGENCY, "--region", "南关区")
    said = run_command("admin", "create", ADMIN, "--kind", "system", "--name", "王系统")
    admin, officer, founder = (opened(browser) for _ in range(3))
    choose_a_password(admin, site, re.search(r"http://localhost:8000(/\S+)", said)[1])
    set_up_a_second_factor(admin)
    act_as(admin, "系统管理员")
    sign_up(officer, site, "何岩", OFFICER)
    appoint_the_officer(admin)
    sign_up(founder, site, "周晨", FOUNDER)
    register(founder, site)
    officer.reload()
    act_as(officer, AGENCY)
    follow(officer, "我的工作台")
    assert "待核验的机构" in main_text(officer)
    follow(officer, FIRM)
    press(officer, button(officer, "核验通过"))
    assert "已核验" in main_text(officer)
    founder.goto(f"{site}/desk/")
    seen(founder, "first-day-told")
    assert FIRM in main_text(founder)
