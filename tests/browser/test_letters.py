"""In a real Chromium: a space issues a letter for an address, and a bank clerk without an account looks it up."""

from __future__ import annotations

import factories
from browser.window import IN_A_BROWSER, button, opened, press, seen
from chuangbao.core.access.row_access import unscoped
from chuangbao.premises.models import ConsentLetter
from spaces.samples import make_space

pytestmark = IN_A_BROWSER


def test_a_letter_is_issued_looked_up_and_revoked(browser, site):
    host = factories.member(factories.organisation("长春演示孵化器管理有限公司"))
    make_space(host, name="演示·创客空间")
    own, clerk = opened(browser, site=site, actor=host, js=False, width=360), opened(browser, js=False, width=360)
    own.goto(f"{site}/premises/")
    seen(own, "premises-empty")
    press(own, own.get_by_role("link", name="新增可登记住所").first)
    own.select_option("[name=site]", index=1)
    own.fill("[name=room]", "301室-A12")
    own.fill("[name=ceiling]", "1")
    press(own, button(own, "设为可登记"))
    press(own, own.get_by_role("link", name="出具证明"))
    own.fill("[name=licensee]", "长春创宝演示科技有限公司")
    own.fill("[name=valid_until]", "2030-06-30")
    own.fill("[name=business]", "直播电商")
    press(own, button(own, "出具"))
    seen(own, "premises-letter")

    letter = unscoped(ConsentLetter, because="a test").get()
    clerk.goto(f"{site}/premises/look-up/")
    clerk.fill("[name=number]", letter.number)
    clerk.fill("[name=check]", "AAAAAAAA")
    press(clerk, button(clerk, "查验"))
    assert "都相符" in clerk.locator("main").inner_text()
    assert clerk.input_value("[name=number]") == letter.number
    clerk.fill("[name=check]", letter.check_code.lower())
    press(clerk, button(clerk, "查验"))
    assert "今天有效" in clerk.locator("main").inner_text()
    assert "创宝演示" not in clerk.locator("main").inner_text()
    clerk.fill("[name=name]", "长春创宝演示科技有限公司")
    press(clerk, button(clerk, "核对名称"))
    assert "一致" in clerk.locator("main").inner_text()
    seen(clerk, "premises-looked-up")

    own.fill("[name=reason]", "无法取得联系")
    press(own, button(own, "撤销证明"))
    clerk.goto(f"{site}/premises/look-up/{letter.address_code}/")
    assert "已撤销" in clerk.locator("main").inner_text()
    assert "无法取得联系" in clerk.locator("main").inner_text()
    seen(clerk, "premises-revoked")
    assert not own.said
