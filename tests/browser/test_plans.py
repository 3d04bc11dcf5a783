"""Floor plans in a browser: drawn by keyboard, moved by keys and mouse, read on a phone without scripts, printed."""

from __future__ import annotations

import re
from io import BytesIO

from django.urls import reverse
from playwright.sync_api import expect

import factories
from booking.scene import make_room, make_venue
from browser.window import IN_A_BROWSER, opened, press, seen, violations
from chuangbao.plans.domain.pictures import put_picture
from chuangbao.plans.domain.shapes import add_shape, update_shape
from chuangbao.plans.models import Floor, Shape
from plans.scene import DESK, ROOM, make_floor, upload

pytestmark = IN_A_BROWSER


def type_into(page, **values):
    """Fill fields in by keys alone."""
    for name, value in values.items():
        page.locator(f"main form [name={name}]").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type(str(value))


def enter(page):
    """Send the form that the focus is in."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_floor_is_drawn_by_keys_and_read_on_a_phone_without_scripts(browser, site):
    manager = factories.member(factories.organisation("演示运营公司", kind="space"), role="manager")
    venue = make_venue(manager, name="演示·一号场所")
    make_room(manager, venue, name="演示·会议室")
    page = opened(browser, 1280, actor=manager, site=site)
    page.goto(site + reverse("plans:new", args=[venue.pk]))
    type_into(page, name="3层", width_mm=12000, depth_mm=8000)
    enter(page)
    floor = Floor.objects.get()
    page.goto(site + reverse("plans:new-shape", args=[floor.pk]))
    page.locator("[name=resource]").focus()
    page.keyboard.press("ArrowDown")
    type_into(page, label="301", x_mm=0, y_mm=0, width_mm=6000, depth_mm=13000)
    enter(page)
    assert "改小" in page.locator("main").inner_text()
    assert page.locator("[name=label]").input_value() == "301", "what was typed is still there"
    type_into(page, depth_mm=4000)
    enter(page)
    page.goto(site + reverse("plans:new-row", args=[floor.pk]))
    type_into(page, letters="A", count=3, x_mm=500, y_mm=5500)
    enter(page)
    assert Shape.objects.count() == 4
    assert violations(page, "drawing") == {}
    seen(page, "plans-draw")

    page.locator("#plan[data-ready=yes]").wait_for()
    desk = page.get_by_role("link", name="工位 A3", exact=True)
    desk.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+z")
    assert page.locator("#plan-said").inner_text() == "工位 A3：距左边 4.30 米，距上边 5.61 米"
    assert page.get_by_text("还没有保存").is_visible()
    press(page, page.get_by_role("button", name="保存位置").first)
    moved = Shape.objects.get(label="A3")
    assert (moved.x_mm, moved.y_mm) == (4300, 5610)
    assert [one for one in page.said if "422" not in one] == []
    page.context.close()

    page = opened(browser, 360, js=False, site=site)
    page.goto(site + reverse("booking:venue", args=[venue.pk]))
    press(page, page.get_by_role("link", name="平面图"))
    room = page.get_by_role("link", name=re.compile("房间 301 · 现在"))
    assert room.first.is_visible()
    assert page.get_by_role("row", name=re.compile("房间 301")).get_by_text("24.00").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    seen(page, "plans-phone")
    paper = page.pdf(prefer_css_page_size=True)
    assert count_pages(paper) == 1
    page.context.close()


def count_pages(paper):
    from pypdf import PdfReader

    return len(PdfReader(BytesIO(paper)).pages)


def test_pages_of_plans_are_as_wide_as_the_header_and_a_form_shows_where_it_draws(browser, site):
    manager = factories.member(factories.organisation("演示运营公司", kind="space"), role="manager")
    floor = make_floor(manager)
    add_shape(actor=manager, floor=floor, **ROOM)
    page = opened(browser, 1600, actor=manager, site=site)
    left_of = "part => document.querySelector(part).getBoundingClientRect().left"
    for name in ("floor", "draw", "new-shape", "new-row"):
        page.goto(site + reverse(f"plans:{name}", args=[floor.pk]))
        heads = [page.evaluate(left_of, part) for part in ("main h1", "header .container > :first-child")]
        assert abs(heads[0] - heads[1]) < 2, name
    page.goto(site + reverse("plans:draw", args=[floor.pk]))
    button = page.get_by_role("button", name="保存位置").last.bounding_box()
    card = page.locator("main .cb-card").first.bounding_box()
    assert card["y"] - button["y"] - button["height"] >= 16
    page.goto(site + reverse("plans:new-shape", args=[floor.pk]))
    box = page.locator("svg.cb-plan").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    type_into(page, width_mm=3000, depth_mm=2000)
    placed = [int(page.locator(f"[name={name}]").input_value()) for name in ("x_mm", "y_mm")]
    assert all(length > 0 and length % 50 == 0 for length in placed)
    frame = page.locator(".cb-plan-preview").get_attribute("d")
    assert frame == f"M{placed[0]},{placed[1]} h3000 v2000 h-3000 Z"
    assert page.said == []
    page.context.close()
    page = opened(browser, 360, js=False, actor=manager, site=site)
    page.goto(site + reverse("plans:new-row", args=[floor.pk]))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("[name=count]").focus()
    plan, field = (page.locator(part).bounding_box() for part in ("#plan-beside", "[name=count]"))
    assert plan["y"] >= -1, "the plan stays in sight"
    assert field["y"] >= plan["y"] + plan["height"], "and covers no field that is written in"
    page.context.close()


def test_a_floor_too_wide_for_the_window_is_shown_whole_unless_asked_and_stays_readable_on_a_phone(browser, site):
    manager = factories.member(factories.organisation("演示运营公司", kind="space"), role="manager")
    venue = make_venue(manager, name="演示·一号场所")
    narrow, wide = (make_floor(manager, venue, name=f"{n}层", level=n, width_mm=n * 11_500) for n in (2, 4))
    for floor, current, width in ((narrow, "标准", 1280), (wide, "整层", 1280), (wide, "整层", 360)):
        page = opened(browser, width, js=False, actor=manager, site=site)
        page.goto(site + reverse("plans:floor", args=[floor.pk]))
        assert page.locator(".cb-plan-zoom [aria-current]").inner_text().strip() == current
        inside = page.locator(".cb-plan-scroll").evaluate("part => part.scrollWidth <= part.clientWidth")
        assert inside == (width == 1280), (floor.name, width)
        page.context.close()


def test_who_moves_second_is_told_and_keeps_what_was_dragged(browser, site):
    manager = factories.member(role="manager")
    floor = make_floor(manager)
    add_shape(actor=manager, floor=floor, **ROOM)
    desk = add_shape(actor=manager, floor=floor, **DESK)
    add_shape(actor=manager, floor=floor, **DESK | {"label": "A2", "x_mm": 4000})
    page = opened(browser, 1280, actor=manager, site=site)
    page.goto(site + reverse("plans:draw", args=[floor.pk]))
    page.locator("#plan[data-ready=yes]").wait_for()
    update_shape(actor=manager, shape=desk, seen=1, y_mm=2000)
    box = page.locator(f"#s{desk.pk}").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 12
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()
    dragged = page.locator(f"#x_{desk.pk}").input_value()
    assert 1500 < int(dragged) < 4000
    assert int(dragged) % 50 == 0
    page.keyboard.press("Escape")
    press(page, page.get_by_role("button", name="保存位置").first)
    assert "同事改了它" in page.locator("main").inner_text()
    assert page.locator(f"#x_{desk.pk}").input_value() == dragged
    press(page, page.get_by_role("button", name="保存位置").first)
    desk.refresh_from_db()
    assert desk.x_mm == int(dragged)
    page.locator(f"#x_{desk.pk}").fill("4000")
    assert page.locator(f"#s{desk.pk}.clashes").count() == 1
    assert [one for one in page.said if "422" not in one] == []
    page.context.close()


ON_TOP = """mark => {
  const box = mark.getBoundingClientRect();
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).type;
}"""


def test_two_presses_on_a_picture_give_its_scale_without_scripts(browser, site):
    manager = factories.member(role="manager")
    floor = make_floor(manager)
    put_picture(actor=manager, floor=floor, file=upload())
    page = opened(browser, 1280, js=False, actor=manager, site=site)
    page.emulate_media(reduced_motion="reduce")  # it scrolls at once
    page.goto(site + reverse("plans:scale", args=[floor.pk]))
    for x in (50, 250):
        with page.expect_navigation():
            page.locator("input[type=image]").click(position={"x": x, "y": 20})
        if x == 50:
            expect(page.get_by_text("请点第二点")).to_be_in_viewport()
            mark = page.locator(".cb-plan-marks circle")
            expect(mark).to_be_in_viewport()
            assert [mark.get_attribute(name) for name in ("cx", "cy")] == ["50", "20"]
            assert mark.evaluate(ON_TOP) == "image", "what to do next does not cover it"
            seen(page, "plans-scale")
    assert page.locator("#id_x2").input_value() == "250"
    page.locator("#id_distance").fill("9")
    press(page, page.get_by_role("button", name="保存比例"))
    floor.refresh_from_db()
    assert str(floor.mm_per_pixel) == "45.0000"
    page.context.close()
