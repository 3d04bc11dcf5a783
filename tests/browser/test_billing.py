"""In a real Chromium: a space bills a month, puts the payment on record, and the tenant reads what was waived."""

from __future__ import annotations

import factories
from billing.scene import HALF, make_line, make_tenancy, slip
from browser.window import IN_A_BROWSER, button, opened, press, seen

pytestmark = IN_A_BROWSER


def test_a_month_is_billed_paid_and_read(browser, site, tmp_path):
    host = factories.member(factories.organisation("长春演示孵化器管理有限公司"))
    firm = factories.member(factories.organisation("演示·晨光软件有限公司"))
    tenancy = make_tenancy(host, firm)
    make_line(host, tenancy, waiver=HALF)
    own, tenant = (opened(browser, site=site, actor=actor, js=False, width=360) for actor in (host, firm))
    own.goto(f"{site}/billing/")
    seen(own, "billing-overview")
    press(own, own.get_by_role("link", name="按月出账"))
    own.select_option("[name=month]", "2026-06")
    press(own, button(own, "查看", exact=True))
    assert "¥1,000.00 × 1 × 30/30 天 = ¥1,000.00" in own.locator("main").inner_text()
    seen(own, "billing-month")
    press(own, button(own, "出账单"))
    assert "已出 1 份账单" in own.locator("body").inner_text()
    press(own, own.locator("main .cb-results a").first)
    seen(own, "billing-statement")
    press(own, own.get_by_role("link", name="登记收款").first)
    path = tmp_path / "回单.pdf"
    path.write_bytes(slip().read())
    own.fill("[name=amount]", "600")
    own.set_input_files("[name=file]", path)
    own.check("[name=keeps_rest]")
    press(own, button(own, "登记", exact=True))
    assert "¥100.00 作为预存余额" in own.locator("body").inner_text()

    tenant.goto(f"{site}/billing/mine/")
    assert "¥500.00" in tenant.locator("main").inner_text()
    seen(tenant, "billing-mine")
    press(tenant, tenant.locator("main .cb-results a").first)
    assert "所获支持" in tenant.locator("main").inner_text()
    assert "本平台不收款" in tenant.locator("main").inner_text()
    seen(tenant, "billing-read")
    assert not own.said
