"""Spaces in a browser: registered without JavaScript, found on the map and in the list at once."""

from __future__ import annotations

from django.urls import reverse

import factories
from browser.window import IN_A_BROWSER, opened
from chuangbao.spaces.domain.projects import enter_member
from chuangbao.spaces.models import Site, Space
from spaces.samples import make_picture, make_project, make_space

pytestmark = IN_A_BROWSER


def test_a_space_is_registered_on_a_phone_without_scripts_and_is_on_the_map_at_once(browser, site):
    owner = factories.member(factories.organisation("演示运营公司", kind="space"))
    page = opened(browser, 360, js=False, actor=owner, site=site)
    page.goto(site + reverse("spaces:register"))
    page.get_by_label("空间名称").fill("演示·晨光空间")
    page.get_by_label("空间类型").select_option("maker")
    page.get_by_label("地区", exact=True).select_option(factories.COUNTY)
    page.get_by_label("地址", exact=True).fill("演示路1号")
    page.get_by_label("服务台电话").fill("不是号码")
    page.locator("main form button[type=submit]").click()
    assert "请写数字" in page.locator("main").inner_text()
    assert page.get_by_label("空间名称").input_value() == "演示·晨光空间", "what was typed is still there"
    page.get_by_label("服务台电话").fill("0431-12345678")
    page.locator("main form button[type=submit]").click()
    assert page.get_by_role("heading", level=1).inner_text() == "演示·晨光空间"
    page.context.close()

    Site.objects.update(latitude="43.88", longitude="125.32")
    page = opened(browser, 1280, site=site)
    page.goto(f"{site}{reverse('spaces:list')}?q=cgkj")
    page.locator("#spaces-map[data-ready=yes]").wait_for()
    page.get_by_role("link", name="演示·晨光空间").click()
    page.get_by_text("运营机构自行登记于").wait_for()
    assert page.url == site + reverse("spaces:space", args=[Space.objects.get().pk])
    assert page.said == []
    page.context.close()


def test_a_picture_is_brought_on_a_phone_without_scripts_and_stands_in_the_list(browser, site):
    owner = factories.member(factories.organisation("演示运营公司", kind="space"))
    space = make_space(owner, "演示·晨光空间")
    page = opened(browser, 360, js=False, actor=owner, site=site)
    page.goto(site + reverse("spaces:pictures", args=[space.pk]))
    page.get_by_label("照片内容说明").fill("高窗下的一排工位")
    image = make_picture(1200, 900)
    page.get_by_label("照片（PNG或JPEG）").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": image.read()}
    )
    page.get_by_role("button", name="添加照片").click()
    page.get_by_text("照片已显示在空间页面上").wait_for()
    for address in (reverse("spaces:list"), reverse("spaces:space", args=[space.pk])):
        page.goto(site + address)
        shown = page.get_by_role("img", name="高窗下的一排工位")
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.said == []
    page.context.close()


def test_spaces_are_ticked_in_the_list_and_stand_side_by_side_without_scripts(browser, site):
    owner = factories.member(factories.organisation("演示运营公司", kind="space"))
    for name in ("演示·甲空间", "演示·乙空间", "演示·丙空间"):
        make_space(owner, name)
    page = opened(browser, 360, js=False, site=site)
    page.goto(site + reverse("spaces:list"))
    for name in ("演示·甲空间", "演示·丙空间"):
        page.get_by_label(f"加入对比：{name}").check()
    page.get_by_role("button", name="对比所选").click()
    page.get_by_role("heading", level=1, name="空间对比").wait_for()
    heads = " ".join(page.get_by_role("columnheader").all_inner_texts())
    assert ["演示·甲空间" in heads, "演示·丙空间" in heads, "演示·乙空间" in heads] == [True, True, False]
    region = page.get_by_role("region", name="空间对比")
    region.focus()
    assert region.evaluate("one => document.activeElement === one")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.get_by_label("本次对比的网址").input_value() == page.url
    head = page.get_by_role("columnheader").filter(has_text="演示·甲空间")
    head.get_by_role("link", name="移出对比").click()
    page.get_by_text("再选择至少一个空间").wait_for()
    assert page.said == []
    page.context.close()


def test_a_card_stands_in_a_frame_of_another_site_and_its_links_open_a_new_window(browser, site):
    space = make_space(factories.member(factories.organisation("演示运营公司", kind="space")), "演示·晨光空间")
    page = opened(browser, 360, site=site)
    address = site + reverse("spaces:embed", args=[space.pk])
    host = f'<iframe src="{address}" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    page.route(f"{site}/elsewhere/", lambda route: route.fulfill(body=host, content_type="text/html"))
    page.goto(f"{site}/elsewhere/")
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="演示·晨光空间").wait_for()
    assert page.context.cookies() == []
    with page.expect_popup() as popup:
        frame.get_by_role("link", name="演示·晨光空间").click()
    assert popup.value.url == site + reverse("spaces:space", args=[space.pk])
    page.context.close()


def test_a_street_shows_its_line_and_members_on_a_map_and_an_operator_asks_for_it_without_scripts(browser, site):
    officer, owner = factories.officer("spaces"), factories.member(factories.organisation("演示运营公司", kind="space"))
    street = make_project(officer, boundary="43.8,125.2\n43.8,125.4\n44.0,125.4\n44.0,125.2")
    space = make_space(owner, "演示·甲空间")
    make_space(owner, "演示·乙空间")
    Site.objects.update(latitude="43.9", longitude="125.3")
    enter_member(project=street, space=space, actor=officer)
    address = site + reverse("spaces:project", args=[street.pk])
    page = opened(browser, 1280, site=site)
    page.goto(address)
    page.locator("#spaces-map[data-ready=yes]").wait_for()
    page.get_by_role("link", name="演示·甲空间").wait_for()
    assert page.said == []
    page.context.close()
    page = opened(browser, 360, js=False, actor=owner, site=site)
    page.goto(address)
    page.get_by_role("link", name="申请加入").click()
    page.get_by_label("众创空间").select_option(label="演示·乙空间")
    page.get_by_role("button", name="申请").click()
    page.get_by_text("演示·乙空间 · 待主管部门确认").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.context.close()


def test_the_point_of_a_site_is_chosen_on_a_map_by_click_and_by_dragging_and_written_without_scripts(browser, site):
    owner = factories.member(factories.organisation("演示运营公司", kind="space"))
    space = make_space(owner, "演示·甲空间")
    address = site + reverse("spaces:site", args=[space.pk, space.sites.get().pk])
    page = opened(browser, 1280, actor=owner, site=site)
    page.goto(site + reverse("spaces:space", args=[space.pk]))
    page.get_by_role("link", name="地图位置").click()
    map_ = page.locator("#point-map[data-ready=yes]")
    map_.wait_for()
    map_.click()
    clicked = [page.get_by_label(name, exact=True).input_value() for name in ("纬度", "经度")]
    assert "南关区" in page.locator("#point-said").inner_text()
    page.get_by_role("button", name="放大").click()
    box = map_.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 12, middle[1] + 12, steps=4)
    page.mouse.up()
    dragged = [page.get_by_label(name, exact=True).input_value() for name in ("纬度", "经度")]
    assert float(dragged[0]) < float(clicked[0])
    assert float(dragged[1]) > float(clicked[1])
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("已保存").wait_for()
    assert [float(part) for part in Site.objects.get().point.split(",")] == [float(part) for part in dragged]
    page.goto(address)
    map_.wait_for()
    page.get_by_label("纬度", exact=True).fill("126.55, 43.84")
    page.get_by_label("经度", exact=True).fill("")
    assert "不在上面所选的地区" in page.locator("#point-said").inner_text()
    assert page.said == []
    page.context.close()
    page = opened(browser, 360, js=False, actor=owner, site=site)
    page.goto(address)
    assert not page.locator("#point-map").is_visible()
    assert page.get_by_text("两个数可以一起粘贴到任一格").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.context.close()


def test_the_figures_beside_the_map_are_read_whole(browser, site):
    page = opened(browser, 1280, site=site)
    page.goto(f"{site}{reverse('portal:map')}")
    table = page.locator("figcaption table")
    inside = "one => one.getBoundingClientRect().right <= one.parentElement.getBoundingClientRect().right + 1"
    assert table.evaluate(inside), "the last column is not cut"
    lines = table.locator("tbody th").evaluate_all(
        "all => all.map(one => { const range = document.createRange(); range.selectNodeContents(one);"
        " return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size; })"
    )
    assert set(lines) == {1}, "a name is on one line"
    page.context.close()
