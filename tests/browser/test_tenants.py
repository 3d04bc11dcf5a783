"""A founder on a phone without JavaScript: applies, is admitted, confirms the agreement, leaves with all data."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from django.urls import reverse
from openpyxl import load_workbook

import factories
from browser.window import IN_A_BROWSER, opened
from tenants.scene import all_tenancies, host_and_space

pytestmark = IN_A_BROWSER
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"


def test_from_the_application_to_leaving_with_the_own_data(browser, site):
    host, space = host_and_space()
    founder = opened(browser, 360, js=False, actor=factories.founder(), site=site)
    founder.goto(site + reverse("spaces:space", args=[space.pk]))
    founder.get_by_role("link", name="申请入驻").click()
    founder.get_by_label("团队名称").fill("演示·山货团队")
    founder.get_by_label("在做或打算做什么").fill("在网上卖人参")
    founder.get_by_label("创业者来源").select_option("student")
    founder.get_by_label("虚拟入驻").check()
    founder.get_by_role("button", name="提交申请").click()
    assert "已提交" in founder.locator("main").inner_text()

    operator = opened(browser, 1280, actor=host, site=site)
    operator.goto(site + reverse("tenants:board"))
    operator.get_by_role("link", name="演示·山货团队").click()
    operator.get_by_role("button", name="接收入驻").click()
    operator.get_by_role("button", name="出具协议").click()
    assert "待入驻方确认" in operator.locator("main").inner_text()
    assert operator.said == []
    operator.context.close()

    own = site + reverse("tenants:own", args=[all_tenancies().get().pk])
    founder.goto(own)
    founder.get_by_role("link", name="RZ").click()
    founder.get_by_label("我已阅读协议").check()
    founder.get_by_role("button", name="确认协议").click()
    assert "在孵" in founder.locator("main").inner_text()
    wide, there = founder.evaluate(WIDTHS) if founder.url.startswith(own) else (0, 0)
    assert wide <= there
    founder.get_by_text("退出空间").first.click()
    founder.get_by_role("button", name="今日退出空间").click()
    assert "您已退出" in founder.locator("main").inner_text()
    with founder.expect_download() as download:
        founder.get_by_role("link", name="带走我的全部数据").click()
    archive = ZipFile(BytesIO(download.value.path().read_bytes()))
    book = load_workbook(BytesIO(archive.read("tenancy.xlsx")))
    assert "在网上卖人参" in {row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert any(name.endswith(".pdf") for name in archive.namelist())
    assert all_tenancies().get().stage == "left"
    founder.context.close()
