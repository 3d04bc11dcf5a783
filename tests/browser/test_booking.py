"""Booking in a browser: a taken time is waited for on a phone without scripts, offered, and accepted."""

from __future__ import annotations

from django.urls import reverse

import factories
from booking.scene import at, make_room, make_venue
from browser.window import IN_A_BROWSER, opened, press, seen, violations
from chuangbao.booking.domain.bookings import book, move_booking
from chuangbao.booking.domain.hours import set_hours
from chuangbao.booking.models import Booking, DayKind

pytestmark = IN_A_BROWSER


def test_a_taken_time_is_waited_for_on_a_phone_and_accepted_when_it_is_ones_turn(browser, site):
    manager = factories.member(role="manager")
    room = make_room(manager, name="演示·大会议室")
    holder, guest = factories.founder(), factories.founder()
    row = book(actor=holder, resource=room, starts=at(9), ends=at(10))
    page = opened(browser, 360, js=False, actor=guest, site=site)
    page.goto(site + reverse("booking:book", args=[room.pk]))
    page.get_by_label("日期").first.fill(f"{at(9):%Y-%m-%d}")
    page.get_by_label("开始时间").fill("09:00")
    page.get_by_label("结束时间").fill("10:00")
    press(page, page.get_by_role("button", name="预约"))
    press(page, page.get_by_role("link", name="排队候补"))
    seen(page, "booking-wait")
    press(page, page.get_by_role("button", name="排队候补"))
    assert "排在第 1 位" in page.locator("main").inner_text()
    move_booking(booking=row, verb="cancel", actor=holder)
    page.reload()
    seen(page, "booking-mine")
    press(page, page.get_by_role("link", name="接受或放弃"))
    assert "该时段已为您保留" in page.locator("main").inner_text()
    seen(page, "booking-offer")
    press(page, page.get_by_role("button", name="接受候补"))
    assert Booking.objects.get(person=guest.person_id).stage == "confirmed"
    page.context.close()
    page = opened(browser, 360, actor=guest, site=site)
    for name in (reverse("booking:mine"), reverse("booking:wait", args=[room.pk])):
        page.goto(site + name)
        assert violations(page, name) == {}
    assert page.said == []
    page.context.close()


def test_a_calendar_fits_its_paper(browser, site):
    manager = factories.member(role="manager")
    venue = make_venue(manager)
    room = make_room(manager, venue, name="演示·能容纳很多人的大会议室")
    set_hours(actor=manager, venue=venue, week={day.value: "8:00-21:00" for day in DayKind})
    page = opened(browser, 673, actor=manager, site=site)  # as wide as what is printed of a page of A4
    page.emulate_media(media="print")
    for name in (reverse("booking:day", args=[venue.pk]), reverse("booking:resource", args=[room.pk])):
        page.goto(f"{site}{name}?day={at(9):%Y-%m-%d}")
        table = page.locator(".cb-booking-grid table").first
        assert table.evaluate("one => one.getBoundingClientRect().right <= innerWidth"), name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.context.close()
