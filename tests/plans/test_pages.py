"""The pages of plans: the same floor for the visitor, the tenant and the operator; numbers that lose nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

import factories
from booking.scene import at, make_room, make_venue
from chuangbao.booking.domain.bookings import book
from chuangbao.booking.domain.closing_off import close_off
from chuangbao.booking.domain.hours import set_hours
from chuangbao.booking.domain.venues import close_venue
from chuangbao.booking.models import AccessPass, Booking, Resource
from chuangbao.core.contexts import load_demonstration
from chuangbao.core.onward import find_ways
from chuangbao.plans.domain.shapes import add_shape
from chuangbao.plans.domain.states import read_states
from chuangbao.plans.drawing import draw_floor
from chuangbao.plans.enums import ShapeKind
from chuangbao.plans.models import Floor, Shape
from chuangbao.portal.demo import load_demo
from plans.scene import DESK, ROOM, make_desk, make_floor

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def manager():
    return factories.member(role="manager")


@pytest.fixture
def floor(manager):
    return make_floor(manager)


def page_of(client, name, *args, **query):
    return client.get(reverse(f"plans:{name}", args=args), query).content.decode()


def states_of(actor, floor, moment):
    return {one.shape.label: one.state.value for one in read_states(actor, floor, moment)}


def test_each_shape_is_what_booking_says_for_who_looks(manager, floor):
    named = {}
    for n, (label, rules) in enumerate(
        [("free", {}), ("booked", {}), ("closed", {}), ("tenants", {"audience": "tenants"}), ("retired", {}),
         ("hot", {"kind": "hot_desk", "capacity": 3})]
    ):  # fmt: skip
        named[label] = make_room(manager, floor.venue, name=label, **{"kind": "fixed_desk", "capacity": 1} | rules)
        desk = DESK | {"x_mm": 1500 * n, "label": label, "resource": named[label]}
        add_shape(actor=manager, floor=floor, **desk)
    add_shape(actor=manager, floor=floor, **DESK | {"label": "bare", "y_mm": 5000})
    guest = factories.founder()
    book(actor=guest, resource=named["booked"], starts=at(9), ends=at(12))
    book(actor=guest, resource=named["hot"], starts=at(9), ends=at(12))
    close_off(actor=manager, venue=floor.venue, resources=[named["closed"].pk], span=(at(9), at(12)), reason="检修")
    Resource.objects.filter(name="retired").update(retired_at=timezone.now())
    visitor = factories.founder()
    expected = {"free": "free", "booked": "booked", "closed": "closed", "tenants": "tenants", "retired": "none",
                "hot": "free", "bare": "none"}  # fmt: skip
    assert states_of(visitor, floor, at(10)) == expected
    assert states_of(guest, floor, at(10)) == expected | {"booked": "mine", "hot": "mine"}
    assert states_of(manager, floor, at(10))["tenants"] == "free"
    AccessPass.objects.create(venue=floor.venue, person_id=visitor.person_id)
    assert states_of(visitor, floor, at(10))["tenants"] == "free"
    assert states_of(visitor, floor, at(12))["booked"] == "free"
    hot = next(one for one in read_states(visitor, floor, at(10)) if one.shape.label == "hot")
    assert (hot.left, hot.places) == (2, 3)
    set_hours(actor=manager, venue=floor.venue, week=dict.fromkeys(range(1, 8), "9:00-12:00") | {8: "9:00-12:00"})
    assert states_of(visitor, floor, at(13))["free"] == "shut"


@pytest.mark.parametrize("count", [1, 3])
def test_the_floor_asks_a_fixed_number_of_questions(client, manager, floor, count, django_assert_num_queries):
    for n in range(count):
        resource = make_room(manager, floor.venue, name=f"工位{n}", kind="fixed_desk", capacity=1)
        add_shape(actor=manager, floor=floor, **DESK | {"x_mm": 1500 * n, "resource": resource})
    with django_assert_num_queries(2):
        found = read_states(manager, floor, at(10))
    assert len(found) == count
    page = reverse("plans:floor", args=[floor.pk])
    client.get(page)
    with django_assert_num_queries(5):
        client.get(page)


def test_a_visitor_reads_no_names_a_tenant_their_own_and_the_operator_who_it_is(client, manager, floor):
    desk = make_desk(manager, floor)
    tenant = factories.member(factories.organisation("演示·甲公司"))
    booking = book(actor=tenant, resource=desk.resource, starts=at(9), ends=at(12), purpose="演示·秘密")
    moment = {"day": f"{at(10):%Y-%m-%d}", "time": "10:00"}
    said = page_of(client, "floor", floor.pk, **moment)
    assert "工位 A1 · " in said
    assert "已约" in said
    assert not [word for word in ("演示·甲公司", "演示·秘密", "使用者", "绘制") if word in said]
    factories.sign_in(client, tenant)
    said = page_of(client, "floor", floor.pk, **moment)
    assert "您已预约" in said
    assert "使用者" not in said
    factories.sign_in(client, manager)
    said = page_of(client, "floor", floor.pk, **moment)
    assert "演示·甲公司" in said
    assert reverse("booking:booking", args=[booking.pk]) in said
    assert reverse("plans:shape", args=[floor.pk, desk.pk]) in said
    assert "工位 A1 · 现在空闲" in page_of(client, "floor", floor.pk, zoom="whole")


def test_a_moment_that_is_none_is_said_beside_its_field(client, floor):
    page = reverse("plans:floor", args=[floor.pk])
    for query in (
        {"day": "2026-13-01", "time": "10:00"},
        {"day": "2026-01-01", "time": "25:00"},
        {"day": "2026-01-01"},
    ):
        answer = client.get(page, query)
        assert answer.status_code == 422
        assert "cb-wrong" in answer.content.decode()
    assert client.get(page, {"day": "1900-01-01", "time": "00:00"}).status_code == 200
    assert client.get(page, {"day": "2199-12-31", "time": "23:59"}).status_code == 200


def test_what_is_hidden_or_closed_is_seen_by_its_operator_alone(client, manager, floor):
    hidden = make_floor(manager, floor.venue, name="4层", is_shown=False)
    address = reverse("plans:floor", args=[hidden.pk])
    assert client.get(address).status_code == 404
    assert "3层" in page_of(client, "venue", floor.venue_id)
    assert "4层" not in page_of(client, "print", floor.venue_id)
    factories.sign_in(client, factories.member(role="manager"))
    assert client.get(reverse("plans:draw", args=[floor.pk])).status_code == 403
    factories.sign_in(client, manager)
    page = client.get(address).content.decode()
    assert "访客还看不到" in page
    assert f'{reverse("plans:change", args=[hidden.pk])}">对访客公开这一层' in page


def test_a_shape_named_after_its_kind_does_not_say_it_twice():
    with translation.override("zh-hans"):
        names = [str(Shape(kind="open", label=label)) for label in ("开放区", "开放区2", "", "北侧")]
    assert names == ["开放区", "开放区2", "开放区", "开放区 北侧"]


def test_a_venue_without_floors_says_so_and_leads_its_keeper_on(client, manager):
    venue = make_venue(manager)
    assert "还没有平面图" in page_of(client, "venue", venue.pk)
    assert "还没有平面图" in page_of(client, "print", venue.pk)
    factories.sign_in(client, manager)
    new = reverse("plans:new", args=[venue.pk])
    assert new in page_of(client, "venue", venue.pk)
    assert client.post(new, {"name": "1层", "level": 1, "width_mm": 9000, "depth_mm": 1, "seen": 0}).status_code == 422
    done = client.post(
        new, {"name": "1层", "level": 1, "width_mm": 9000, "depth_mm": 9000, "seen": 0, "is_shown": "on"}
    )
    floor = Floor.objects.get()
    assert done.url == reverse("plans:draw", args=[floor.pk])
    assert "先画房间" in page_of(client, "draw", floor.pk)
    assert "这一层还没有内容" in page_of(client, "floor", floor.pk)


def test_the_operator_finds_floors_and_takes_them_along(client, manager, floor):
    factories.sign_in(client, manager)
    add_shape(actor=manager, floor=floor, **ROOM)
    make_desk(manager, floor)
    make_venue(manager, name="二号场所")
    assert "3层" in page_of(client, "list", q="一号")
    assert "二号场所" not in page_of(client, "list", state="drawn")
    assert "一号场所" not in page_of(client, "list", state="none")
    assert "没有找到" in page_of(client, "list", q="没有这个")
    assert client.get(reverse("plans:export")).content[:2] == b"PK"
    assert reverse("plans:list") in client.get(reverse("portal:desk")).content.decode()


def test_shapes_are_drawn_changed_removed_and_put_back_by_forms(client, manager, floor):
    factories.sign_in(client, manager)
    new, page = reverse("plans:new-shape", args=[floor.pk]), reverse("plans:draw", args=[floor.pk])
    sent = dict(ROOM.items()) | {"seen": 0}
    assert client.post(new, sent | {"more": "1"}).url == new
    refused = client.post(new, sent | {"label": "302", "x_mm": "100"})
    assert refused.status_code == 422
    assert "会压在“房间 301”上" in refused.content.decode()
    assert 'value="302"' in refused.content.decode()
    assert client.post(new, sent | {"width_mm": ""}).status_code == 422
    assert "不是坐标" in client.post(new, sent | {"points": "0,0; a"}).content.decode()
    corners = {"label": "302", "x_mm": "7000", "width_mm": "", "depth_mm": "", "points": "0,0; 900,0；900，900"}
    assert client.post(new, sent | corners).url == page
    bent = Shape.objects.get(label="302")
    shape = reverse("plans:shape", args=[floor.pk, bent.pk])
    assert "900,900" in client.get(shape).content.decode()
    assert client.post(shape, sent | corners | {"label": "303", "seen": 1}).url == page
    late = client.post(shape, sent | corners | {"label": "304", "seen": 1})
    assert late.status_code == 422
    assert "同事改了它" in late.content.decode()
    assert 'name="seen" value="2"' in late.content.decode(), "saving again is meant"
    assert client.post(reverse("plans:remove-shape", args=[floor.pk, bent.pk])).url == page
    assert "最近移除的" in client.get(page).content.decode()
    back = reverse("plans:restore-shape", args=[floor.pk, bent.pk])
    client.post(new, sent | {"x_mm": "7000", "kind": "corridor"})
    assert client.post(back).status_code == 422
    Shape.objects.filter(kind="corridor").delete()
    assert client.post(back).url == page


def test_a_form_has_the_plan_in_sight_without_ways_away_from_it(client, manager, floor):
    shape = add_shape(actor=manager, floor=floor, **ROOM)
    factories.sign_in(client, manager)
    for name, more in (("new-shape", []), ("new-row", []), ("shape", [shape.pk])):
        text = client.get(reverse(f"plans:{name}", args=[floor.pk, *more])).content.decode()
        drawn = text[text.index('<svg class="cb-plan is-whole') :]
        drawn = drawn[: drawn.index("</svg>")]
        assert "301" in drawn
        assert "<a " not in drawn


def test_a_row_is_drawn_like_one_that_is_there(client, manager, floor):
    factories.sign_in(client, manager)
    desk = make_desk(manager, floor)
    page = reverse("plans:new-row", args=[floor.pk])
    assert 'value="2400"' in client.get(page, {"like": desk.pk}).content.decode()
    sent = {name: DESK[name] for name in ("kind", "y_mm", "width_mm", "depth_mm", "turn")} | {"seen": 0}
    sent |= {"x_mm": 2400, "letters": "A", "first": 2, "count": 3, "gap_mm": 0, "way": "across"}
    assert client.post(page, sent | {"x_mm": 0}).status_code == 422
    assert client.post(page, sent).url == reverse("plans:draw", args=[floor.pk])
    assert sorted(Shape.objects.values_list("label", flat=True)) == ["A1", "A2", "A3", "A4"]


def test_numbers_move_many_and_what_was_typed_stays_where_one_cannot(client, manager, floor):
    factories.sign_in(client, manager)
    one = make_desk(manager, floor)
    two = add_shape(actor=manager, floor=floor, **DESK | {"label": "A2", "x_mm": 5000})
    page = reverse("plans:draw", args=[floor.pk])
    sent = {f"x_{one.pk}": "0", f"y_{one.pk}": "0", f"seen_{one.pk}": "1"}
    assert client.post(page, sent).url == page
    assert "已移动 1 个图形" in client.get(page).content.decode()
    late = client.post(page, sent | {f"x_{one.pk}": "7000", f"x_{two.pk}": "9000"})
    assert late.status_code == 422
    said = late.content.decode()
    assert "同事改了它" in said
    assert 'value="7000"' in said
    assert 'value="9000"' in said
    assert f'name="seen_{one.pk}" value="2"' in said
    for wrong in ("1,5", "-1", "", "300001", "一"):
        answer = client.post(page, {f"x_{one.pk}": wrong})
        assert answer.status_code == 422
        assert "整数毫米" in answer.content.decode()
    assert list(Shape.objects.order_by("pk").values_list("x_mm", flat=True)) == [0, 5000]
    assert client.post(page, {}).url == page
    close_venue(actor=manager, venue=floor.venue)
    shut = client.post(page, sent | {f"x_{one.pk}": "300", f"seen_{one.pk}": "2"})
    assert shut.status_code == 422
    assert 'value="300"' in shut.content.decode()


def test_a_floor_is_changed_and_removed(client, manager, floor):
    factories.sign_in(client, manager)
    page = reverse("plans:change", args=[floor.pk])
    sent = {"name": "三层", "level": 3, "width_mm": 20_000, "depth_mm": 10_000, "seen": 1}
    assert client.post(page, sent).url == reverse("plans:draw", args=[floor.pk])
    late = client.post(page, sent | {"name": "四层"})
    assert late.status_code == 422
    assert "四层" in late.content.decode()
    assert 'name="seen" value="2"' in late.content.decode()
    assert client.post(reverse("plans:remove", args=[floor.pk])).url == reverse("plans:venue", args=[floor.venue_id])
    assert not Floor.objects.exists()


def test_pages_below_lead_to_the_plan(client, manager, floor, django_assert_num_queries):
    desk = make_desk(manager, floor)
    shown = f"{reverse('plans:floor', args=[floor.pk])}#s{desk.pk}"
    assert shown in client.get(reverse("booking:resource", args=[desk.resource_id])).content.decode()
    assert (
        reverse("plans:venue", args=[floor.venue_id])
        in client.get(reverse("booking:venue", args=[floor.venue_id])).content.decode()
    )
    when = {"day": f"{timezone.localdate() + timedelta(days=7)}", "starts": "10:00", "ends": "11:00", "people": "1"}
    assert shown in client.get(reverse("booking:search"), when).content.decode()
    Booking.objects.all().delete()
    bare = make_venue(manager, name="二号场所")
    assert find_ways(manager, "booking.venue", [bare])[bare.pk][0].url == reverse("plans:new", args=[bare.pk])
    assert find_ways(factories.founder(), "booking.venue", [bare]) == {}
    with django_assert_num_queries(0):
        assert find_ways(manager, "booking.resource", []) == {}


def test_the_page_of_a_space_leads_to_its_plan(client):
    from spaces.samples import make_space

    owner = factories.member(role="owner")
    space = make_space(owner)
    make_floor(owner, space.sites.get().venue)
    page = client.get(reverse("spaces:space", args=[space.pk])).content.decode()
    assert reverse("plans:venue", args=[space.sites.get().venue_id]) in page
    factories.sign_in(client, owner)
    floor = Floor.objects.get()
    add_shape(actor=owner, floor=floor, **ROOM)
    assert "相差 970.00 m²" in page_of(client, "draw", floor.pk)


def test_every_kind_is_drawn_whichever_way_it_is_turned(manager, floor):
    given = {"width_mm": 600, "depth_mm": 2000, "label": ""}
    for n, (kind, turn) in enumerate((kind, turn) for kind in ShapeKind for turn in (0, 90)):
        x, y = 2100 * (n % 9), 2100 * (n // 9)
        add_shape(actor=manager, floor=floor, **given | {"kind": kind, "turn": turn, "x_mm": x, "y_mm": y})
    resource = make_room(manager, floor.venue)
    add_shape(actor=manager, floor=floor, **DESK | {"x_mm": 18_000, "y_mm": 7000, "turn": 90, "resource": resource})
    drawing = draw_floor(floor, read_states(manager, floor, at(10)), moment=at(10), is_now=False)
    assert len(drawing.figures) == 2 * len(ShapeKind) + 1
    assert {one.shape.kind for one in drawing.others} >= {"desk", "machine", "other"}
    assert [one.state.value for one in drawing.bookable if one.badge] == ["free"]


def test_the_demonstration_lives(client):
    load_demo()
    for _ in range(2):
        load_demonstration()
    drawn = list(Floor.objects.order_by("pk").select_related("venue"))
    assert len(drawn) == 3
    moment = timezone.now().astimezone(drawn[0].venue.clock).replace(hour=10, minute=30)
    for floor in drawn:
        found = read_states(factories.founder(), floor, moment)
        assert len({one.state for one in found}) >= 4
        drawing = draw_floor(floor, found, moment=moment)
        assert all(mark.size >= 100 for one in drawing.figures for mark in one.marks)
        assert client.get(reverse("plans:floor", args=[floor.pk])).status_code == 200
