"""A makerspace as its people meet it, in one story: operator, team and firm on their phones, a bank clerk.

The operator registers and sets up an empty space, admits two tenants, issues a letter, bills a month and closes a room;
the tenants find, book, wait, check in and leave; the clerk has no account and looks the letter up twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from browser.window import IN_A_BROWSER, button, excess_width, opened, press, seen, violations
from chuangbao.booking.models import Booking, Resource
from chuangbao.core.access.row_access import unscoped
from chuangbao.plans.models import Floor
from chuangbao.premises.models import ConsentLetter
from chuangbao.spaces.models import Space
from tenants.scene import all_tenancies

pytestmark = IN_A_BROWSER
NAME, TEAM, FIRM = "演示·晨光创客空间", "演示·晨光手作", "演示·晨光软件有限公司"
EXCHANGED = "2026-10-10"
"""A Saturday on which people work (调休)."""


def words(page):
    return page.locator("main").inner_text()


def fill(page, **values):
    """Fill the first fields of these names on a page; a choice is named by its words."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]").first
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(str(value))


def send(page, name):
    press(page, button(page.locator("main"), name, exact=True).first)


def follow(page, name):
    press(page, page.locator("main").get_by_role("link", name=name).first)


@pytest.fixture
def people(browser, site):
    """A window for each: those of the tenants are phones, and where no script runs everything works."""
    host = factories.member(factories.organisation("长春演示孵化器管理有限公司", kind="space"))
    firm = factories.organisation(FIRM)
    today = timezone.localdate()
    return SimpleNamespace(
        site=site,
        today=today,
        monday=today + timedelta(days=14 - today.weekday()),  # at least a week ahead
        firm=firm,
        operator=opened(browser, 1280, actor=host, site=site),
        team=opened(browser, 360, js=False, actor=factories.founder(), site=site),
        director=opened(browser, 360, actor=factories.member(firm), site=site),
        clerk=opened(browser, 360, js=False, site=site),
    )


def visit(page, people, name, *args, query=""):
    page.goto(f"{people.site}{reverse(name, args=args)}{query}")


def make_resource(page, people, venue, **values):
    visit(page, people, "booking:new-resource", venue)
    page.locator("main details summary").first.click()
    fill(page, **values)
    send(page, "保存")
    return Resource._base_manager.latest("pk")


def set_up_the_space(people):
    """From nothing to a space whose hours, machines, rooms and plan everybody sees."""
    page = people.operator
    visit(page, people, "spaces:mine")
    follow(page, "登记众创空间")
    fill(page, name=NAME, kind="创客空间", address="演示街8号2层")
    page.locator("main [name=region]").select_option(factories.COUNTY)
    send(page, "登记")
    assert "公众现在就能查到" in words(page)
    follow(page, "开放时间")
    fill(page, **{f"day_{n}": "8:30-12:00, 13:00-21:00" for n in range(1, 6)}, day_9="9:00-25:00")
    send(page, "保存开放时间")
    assert "没有25:00这个时间" in words(page)
    fill(page, day_9="9:00-17:00")
    send(page, "保存开放时间")
    fill(page, first=people.today, last=people.today + timedelta(days=1), times="0:00-24:00", reason="开放日")
    send(page, "保存开放时间")
    space = Space.objects.get()
    venue = space.sites.get().venue_id
    visit(page, people, "booking:day", venue, query=f"?day={EXCHANGED}")
    assert "9:00-17:00" in words(page)
    visit(page, people, "booking:trainings")
    fill(page, name="演示·激光安全", months=12, how="每周三到服务台报名")
    send(page, "添加培训")
    given = {"floor": "2层", "capacity": 6}
    return SimpleNamespace(
        space=space,
        venue=venue,
        room=make_resource(page, people, venue, kind="会议室", name="演示·会议室", door="201", **given),
        laser=make_resource(page, people, venue, kind="设备", name="演示·激光切割机", training="演示·激光安全"),
        desks=make_resource(page, people, venue, kind="流动工位", name="演示·流动工位", slot_minutes=15, **given),
    )


def draw_the_plan(people, place):
    """A floor with a room that can be booked, a row of desks that is made with it, and an overlap that is refused."""
    page = people.operator
    visit(page, people, "plans:new", place.venue)
    fill(page, name="2层", width_mm=12000, depth_mm=8000)
    send(page, "保存")
    follow(page, "画一个")
    room = {"kind": "房间", "label": "201", "resource": "演示·会议室", "x_mm": 0, "y_mm": 0}
    fill(page, **room, width_mm=6000, depth_mm=4000)
    send(page, "保存并再画一个")
    fill(page, kind="房间", label="203", x_mm=5000, y_mm=0, width_mm=4000, depth_mm=4000)
    send(page, "保存")
    assert "重叠 4.00 m²" in words(page)
    fill(page, x_mm=6000)
    send(page, "保存")
    follow(page, "画一排")
    fill(page, kind="工位", letters="A", count=4, x_mm=500, y_mm=5500, link="已有的同号资源，没有的新增")
    send(page, "画出来")
    assert "其中 4 个可以预约" in words(page)
    seen(page, "day-plan")


def admit_both(people, place):
    """A team without a firm and a firm apply on phones, are admitted, and confirm what the operator offers."""
    for page, sent in (
        (people.team, {"team_name": TEAM, "members": 3, "project": "激光切割的木作", "origin": "大学生创业"}),
        (people.director, {"project": "农机调度软件", "origin": "科技人员创业"}),
    ):
        visit(page, people, "spaces:space", place.space.pk)
        follow(page, "申请入驻")
        fill(page, **sent)
        send(page, "提交申请")
        assert "已提交" in words(page)
    page = people.operator
    for name in (TEAM, FIRM):
        visit(page, people, "spaces:space", place.space.pk)
        follow(page, "入驻管理")
        follow(page, name)
        send(page, "接收入驻")
        fill(page, desks=2)
        send(page, "保存")
        send(page, "出具协议")
        assert "2个工位。" in words(page)
    for page in (people.team, people.director):
        visit(page, people, "tenants:mine")
        follow(page, NAME)
        if page is people.director:
            assert violations(page, "next step") == {}
        follow(page, "阅读并确认协议")
        page.get_by_label("我已阅读协议").check()
        send(page, "确认协议")
        assert "入驻开始，欢迎您" in words(page)
        assert excess_width(page, "own place") == {}


def issue_the_letter(people, place):
    """From the page of the firm to its letter, without typing what is known."""
    page = people.operator
    visit(page, people, "spaces:space", place.space.pk)
    follow(page, "可供企业登记的住所")
    fill(page, room="2层A1", ceiling=3)
    send(page, "设为可登记")
    visit(page, people, "tenants:tenancy", all_tenancies().get(organization=people.firm).pk)
    follow(page, "出具住所使用证明")
    assert page.locator("[name=licensee]").input_value() == FIRM
    code = people.firm.code
    fill(page, licensee_code=code[:-1] + ("0" if code[-1] != "0" else "1"), business="软件开发")
    send(page, "出具")
    assert "其中有一位填错" in words(page)
    fill(page, licensee_code=code)
    send(page, "出具")
    return unscoped(ConsentLetter, because="a test").get()


def look_the_letter_up(people, letter):
    page = people.clerk
    visit(page, people, "premises:look_up")
    fill(page, number=letter.number, check=letter.check_code.lower())
    send(page, "查验")
    assert FIRM not in words(page)
    return words(page)


def bill_a_month(people):
    """A contract with a charge, the statement of its first month, and what the firm reads of it."""
    page = people.operator
    visit(page, people, "tenants:tenancy", all_tenancies().get(organization=people.firm).pk)
    follow(page, "登记合同")
    first = people.today.replace(day=1)
    fill(page, number="CG-1", first=first, last=first - timedelta(days=1))
    send(page, "登记")
    assert "早于起始日期" in words(page)
    fill(page, last=first + timedelta(days=365))
    send(page, "登记")
    fill(page, kind="工位", name="工位A1–A2", unit="每个工位每月", price=300, quantity=2)
    press(page, page.locator("main form[action*=charges] button[type=submit]"))
    follow(page, "按月出账")
    send(page, "出账单")
    assert "已出 1 份账单" in page.locator("body").inner_text()
    visit(people.director, people, "billing:mine")
    assert "¥600.00" in words(people.director)


def book(page, scene, resource, start, hours=1, **more):
    """Fill the form of a booking in and send it; a price is agreed to where one is asked."""
    visit(page, scene, "booking:book", resource.pk)
    end = start + timedelta(hours=hours)
    fill(page, day=start.date(), starts=f"{start:%H:%M}", ends=f"{end:%H:%M}", **more)
    send(page, "预约")


def find_book_and_wait(people, place):
    """Free first; told of the training beforehand; a series over a clash; in line for the clash, and offered."""
    nine = datetime.combine(people.monday, datetime.min.time()) + timedelta(hours=9)
    clash = nine + timedelta(days=7)
    page = people.team
    visit(page, people, "booking:search")
    fill(page, day=people.monday, starts="09:00", ends="10:00", kind="设备")
    send(page, "查看空闲")
    assert "需培训" in words(page)
    follow(page, "演示·激光切割机")
    assert "使用前须持有" in words(page)
    assert "每周三到服务台报名" in words(page)
    seen(page, "day-refused")
    book(people.director, people, place.room, clash, people=4)
    assert "预约成功" in words(people.director)
    taken = people.director.url
    book(page, people, place.room, nine, people=3, repeat="每周", until=people.monday + timedelta(days=21))
    assert "该时段已被预约" in words(page)
    send(page, "预约其中 3 个空闲时段")
    assert "已预约该系列中的 3 次" in words(page)
    book(page, people, place.room, clash, people=3)
    follow(page, "排队候补")
    send(page, "排队候补")
    assert "排在第 1 位" in words(page)
    for name, args in (("booking:wait", [place.room.pk]), ("booking:mine", [])):
        visit(people.director, people, name, *args)
        assert violations(people.director, name) == {}
    people.director.goto(taken)
    people.director.get_by_text("取消预约").first.click()
    send(people.director, "取消预约")
    page.reload()
    follow(page, "接受或放弃")
    send(page, "接受候补")
    assert Booking._base_manager.filter(resource=place.room, stage="confirmed").count() == 4


def check_in_at_the_door(people, place):
    """Booked for the next quarter of an hour, and checked in by the code at the door."""
    now = timezone.localtime().replace(tzinfo=None, second=0, microsecond=0)
    start = now + timedelta(minutes=15 - now.minute % 15)
    book(people.team, people, place.desks, start, hours=0.25)
    visit(people.team, people, "booking:here", place.desks.pk)
    send(people.team, "签到")
    assert "使用中" in words(people.team)


def close_the_room(people, place):
    """Two bookings lie in the time of the repair: they are named, and only then cancelled."""
    page = people.operator
    visit(page, people, "booking:closed", place.venue)
    last = people.monday + timedelta(days=8)
    fill(page, day=people.monday, starts="08:00", last_day=last, ends="20:00", reason="空调检修")
    page.get_by_label("演示·会议室").check()
    send(page, "停用")
    assert "已有 2 条预约" in words(page)
    send(page, "停用并取消以上预约")
    assert "取消了 2 条预约" in words(page)
    visit(people.team, people, "booking:mine")
    assert words(people.team).count("演示·会议室") == 2
    visit(people.team, people, "portal:desk")
    assert "场所已取消您的预约" in words(people.team)


def leave_with_the_own_data(people):
    page = people.team
    row = all_tenancies().get(organization=None)
    visit(page, people, "tenants:own", row.pk)
    page.get_by_text("退出空间").first.click()
    send(page, "今日退出空间")
    with page.expect_download() as download:
        page.get_by_role("link", name="带走我的全部数据").click()
    archive = ZipFile(BytesIO(download.value.path().read_bytes()))
    book = load_workbook(BytesIO(archive.read(next(name for name in archive.namelist() if name.endswith(".xlsx")))))
    assert "激光切割的木作" in {row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert any(name.endswith(".pdf") for name in archive.namelist())
    row.refresh_from_db()
    assert row.stage == "left"


def test_a_makerspace_is_set_up_lived_in_and_left(people):
    place = set_up_the_space(people)
    draw_the_plan(people, place)
    admit_both(people, place)
    letter = issue_the_letter(people, place)
    assert "今天有效" in look_the_letter_up(people, letter)
    bill_a_month(people)
    find_book_and_wait(people, place)
    check_in_at_the_door(people, place)
    close_the_room(people, place)
    leave_with_the_own_data(people)
    visit(people.operator, people, "premises:letter", letter.pk)
    fill(people.operator, reason="退租")
    send(people.operator, "撤销证明")
    assert "已撤销" in look_the_letter_up(people, letter)
    assert [said for said in people.operator.said if "422" not in said] == []
    assert [said for said in people.director.said if "422" not in said] == []
    assert Floor.objects.count() == 1
