"""Booking in a browser: calendars on paper and on a phone. How it is booked, waited for and checked in is in ``test_makerspace_day.py``."""

from __future__ import annotations

from django.urls import reverse

import factories
from booking.scene import at, make_room, make_venue
from browser.window import IN_A_BROWSER, opened
from chuangbao.booking.domain.hours import add_exception, set_hours
from chuangbao.booking.models import DayKind

pytestmark = IN_A_BROWSER


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
        heads = table.locator("thead th")
        assert heads.evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth + 1)"), name
    add_exception(actor=manager, venue=venue, first=at(9).date(), times="10:00-12:00")
    page.goto(f"{site}{reverse('booking:resource', args=[room.pk])}?day={at(9):%Y-%m-%d}")
    closed = page.locator("td.is-closed > span").first
    assert closed.evaluate("one => one.getBoundingClientRect().width > 12"), "paper has no hatching: words say it"
    assert page.locator(".cb-qr").is_hidden()
    page.goto(f"{site}{reverse('booking:hours', args=[venue.pk])}")
    assert "8:00-21:00" in page.locator("main").inner_text(), "the weekly hours are not in the form alone"
    page.goto(f"{site}{reverse('booking:door', args=[room.pk])}")
    code = page.locator("main img")
    assert code.evaluate("one => one.getBoundingClientRect().width > 400")
    height = page.evaluate("document.querySelector('main').getBoundingClientRect().bottom")
    assert height < 950, "one page of A4"
    page.context.close()


def test_on_a_phone_the_first_column_stays_in_sight_and_hides_nothing_that_has_the_focus(browser, site):
    manager = factories.member(role="manager")
    venue = make_venue(manager)
    room = make_room(manager, venue, name="演示·科技园联合办公区二楼多功能路演厅兼培训教室")
    set_hours(actor=manager, venue=venue, week={day.value: "8:00-21:00" for day in DayKind})
    page = opened(browser, 360, actor=manager, site=site)
    for name in (reverse("booking:day", args=[venue.pk]), reverse("booking:resource", args=[room.pk])):
        page.goto(f"{site}{name}?day={at(9):%Y-%m-%d}")
        grid = page.locator(".cb-booking-grid")
        grid.evaluate("one => { one.scrollLeft = one.scrollWidth }")
        grid.locator("tbody tr").first.locator("td a").last.focus()
        for _step in range(6):
            page.keyboard.press("Shift+Tab")
            head, link = page.evaluate(
                """() => {
                    const row = document.activeElement.closest("tr");
                    const [head, link] = [row.querySelector("th"), document.activeElement];
                    return [head, link].map((one) => one.getBoundingClientRect()).map((box) => [box.left, box.right]);
                }"""
            )
            assert 0 <= head[0] < head[1] <= 180, name
            assert sum(link) / 2 > head[1], name  # where its word stands
    page.context.close()


def test_on_a_phone_the_day_of_a_venue_is_no_wider_than_its_hours(browser, site):
    manager = factories.member(role="manager")
    venue = make_venue(manager)
    make_room(manager, venue, name="演示·科技园联合办公区二楼多功能路演厅兼培训教室")
    set_hours(actor=manager, venue=venue, week={day.value: "9:00-12:00" for day in DayKind})
    page = opened(browser, 360, actor=manager, site=site)
    page.goto(f"{site}{reverse('booking:day', args=[venue.pk])}?day={at(9):%Y-%m-%d}")
    widths = page.locator(".cb-booking-grid th:first-child").evaluate_all("all => all.map(one => one.offsetWidth)")
    assert max(widths) <= 160, widths
    assert page.locator(".cb-booking-grid").evaluate("one => one.scrollWidth <= one.clientWidth")
    page.context.close()
