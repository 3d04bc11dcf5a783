"""With the keys alone: a room is booked and given back, a contract made and its month billed; focus is always seen."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

import factories
from billing.scene import make_tenancy
from booking.scene import at, make_room
from browser.window import IN_A_BROWSER, opened
from chuangbao.billing.models import ContractLine, Statement
from chuangbao.booking.models import Booking

pytestmark = IN_A_BROWSER

MOST_STOPS = 150
FOCUS = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const labels = [...(one.labels || [])].map(label => label.innerText);
    if (one === document.body) return {name: "", isSeen: true, isMarked: true};
    return {
        name: [one.getAttribute("aria-label") || "", ...labels, one.tagName === "SELECT" ? "" : one.innerText].join(" "),
        isSeen: box.width > 0 && box.height > 0 && box.left < innerWidth && box.bottom > 0,
        isMarked: style.outlineStyle !== "none" || style.boxShadow !== "none",
    };
}"""


def tab_to(page, name):
    """Go on with Tab until what has the focus is called so; each stop on the way is on the screen and marked."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["isSeen"], focus
        assert focus["isMarked"], focus
        if name in focus["name"]:
            return
    raise AssertionError(f"no key leads to {name} at {page.url}")


def enter(page, key="Enter"):
    """Press what has the focus, and be on the next page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def fill(page, **fields):
    """Go to fields by their labels, in the order in which the page has them, and type."""
    for name, typed in fields.items():
        tab_to(page, name)
        page.keyboard.type(typed)


def test_a_room_is_booked_and_given_back_with_the_keys_alone(browser, site):
    room = make_room(factories.member(role="manager"), name="演示·大会议室")
    guest = factories.founder()
    page = opened(browser, actor=guest, site=site)
    page.goto(site + reverse("booking:book", args=[room.pk]))
    fill(page, 日期=f"{at(9):%m%d%Y}", 开始时间="0900AM", 结束时间="1000AM", 用途="例会")
    tab_to(page, "预约")
    enter(page)
    row = Booking.objects.get()
    assert (row.starts, row.ends, row.purpose) == (at(9), at(10), "例会")
    tab_to(page, "取消")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert page.said == []
    page.context.close()


def test_a_contract_is_made_and_billed_with_the_keys_alone(browser, site):
    host = factories.member()
    tenancy = make_tenancy(host)
    page = opened(browser, actor=host, site=site)
    page.goto(site + reverse("billing:contract_new", args=[tenancy.pk]))
    fill(page, 合同编号="HT-键盘", 合同起始日="06012026")
    tab_to(page, "登记")
    enter(page)
    tab_to(page, "收费类别")
    page.keyboard.press("ArrowDown")
    fill(page, 收费项名称="工位A01")
    tab_to(page, "计价方式")
    page.keyboard.press("ArrowDown")
    fill(page, 单价="1000", 起="06012026")
    tab_to(page, "添加")
    enter(page)
    line = ContractLine.objects.get()
    assert (line.name, line.contract.number, line.contract.first) == ("工位A01", "HT-键盘", date(2026, 6, 1))
    page.goto(f"{site}{reverse('billing:bill', args=[tenancy.space_id])}?month=2026-06")
    tab_to(page, "出账单")
    enter(page)
    assert Statement.objects.get().total == 1000
    assert page.said == []
    page.context.close()
