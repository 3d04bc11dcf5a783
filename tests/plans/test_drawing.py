"""Floors and what is drawn on them: what fits, what overlaps, two at once; what is refused changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

import factories
from booking.scene import make_room, make_venue
from chuangbao.booking.domain.venues import close_venue
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.workflow.refusals import Refused
from chuangbao.plans.domain import floors, shapes
from chuangbao.plans.domain.areas import compare_areas
from chuangbao.plans.domain.floors import create_floor, remove_floor, update_floor
from chuangbao.plans.domain.geometry import area_of, list_corners, outline_of, overlap_of
from chuangbao.plans.domain.moving import Move, move_shapes
from chuangbao.plans.domain.shapes import Row, add_row, add_shape, remove_shape, restore_shape, update_shape
from chuangbao.plans.models import Floor, Shape
from plans.scene import DESK, ROOM, make_desk, make_floor

pytestmark = pytest.mark.usefixtures("regions")
BOTH = Barrier(2)
BENT = [[0, 0], [6000, 0], [6000, 2000], [2000, 2000], [2000, 5000], [0, 5000]]


@pytest.fixture
def manager():
    return factories.member(role="manager")


@pytest.fixture
def floor(manager):
    return make_floor(manager)


def refuse(code, field, act, **given):
    before = list(Shape.objects.order_by("pk").values()), list(Floor.objects.order_by("pk").values())
    with pytest.raises(Refused) as refusal:
        act(**given)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert before == (list(Shape.objects.order_by("pk").values()), list(Floor.objects.order_by("pk").values()))
    return str(refusal.value)


def test_rooms_may_touch_and_a_desk_lies_in_a_room(manager, floor):
    room = add_shape(actor=manager, floor=floor, **ROOM)
    add_shape(actor=manager, floor=floor, **ROOM | {"label": "302", "x_mm": 6000})
    add_shape(actor=manager, floor=floor, **DESK)
    add_shape(actor=manager, floor=floor, **DESK | {"x_mm": 2400, "turn": 90})
    assert str(area_of(room)) == "30.00"
    for kind in ("wall", "door", "other"):
        add_shape(actor=manager, floor=floor, **ROOM | {"kind": kind})


@pytest.mark.parametrize(
    ("change", "code", "field", "said"),
    [
        ({"label": "302", "x_mm": 5999}, "overlaps", "x_mm", "301"),
        ({"kind": "corridor"}, "overlaps", "x_mm", "30.00"),
        ({"x_mm": 15_000}, "outside", "x_mm", "21.00"),
        ({"x_mm": 7000, "width_mm": 20_001}, "outside", "x_mm", "改小"),
        ({"y_mm": 6000, "x_mm": 7000}, "outside", "y_mm", "5000"),
        ({"width_mm": 0}, "out_of_range", "width_mm", "300000"),
        ({"x_mm": 7000, "turn": 45}, "out_of_range", "turn", "90"),
        ({"points": [[0, 0], [1, 1]]}, "too_few", "points", "3"),
        ({"points": [[1, 0], [9, 0], [9, 9]]}, "off_corner", "points", "0"),
        ({"x_mm": 7000, "points": [[0, 0], [900, 900], [900, 0], [0, 900]]}, "crossed", "points", "相交"),
        ({"x_mm": 7000, "points": [[0, 0], [900, 0], [500, 0]]}, "out_of_range", "depth_mm", "1"),
    ],
)
def test_what_cannot_be_there_is_said_beside_its_field(manager, floor, change, code, field, said):
    add_shape(actor=manager, floor=floor, **ROOM)
    assert said in refuse(code, field, add_shape, actor=manager, floor=floor, **ROOM | change)


def test_a_room_that_is_no_rectangle_leaves_its_corner_to_another(manager, floor):
    bent = add_shape(actor=manager, floor=floor, **ROOM | {"points": BENT})
    assert (bent.width_mm, bent.depth_mm, str(area_of(bent))) == (6000, 5000, "18.00")
    inner = ROOM | {"label": "302", "x_mm": 2000, "y_mm": 2000, "width_mm": 4000, "depth_mm": 3000}
    add_shape(actor=manager, floor=floor, **inner)
    refuse("overlaps", "x_mm", add_shape, actor=manager, floor=floor, **ROOM | {"width_mm": 1000})


@given(turn=st.sampled_from([0, 90, 180, 270]), wide=st.integers(2, 9000), deep=st.integers(2, 9000))
@settings(max_examples=25)
def test_turning_keeps_the_area_and_the_box(turn, wide, deep):
    shape = Shape(kind="room", x_mm=10, y_mm=20, width_mm=wide, depth_mm=deep, turn=turn)
    corners = list_corners(shape)
    box = max(x for x, _ in corners) - 10, max(y for _, y in corners) - 20
    assert box == shape.box
    assert min(x for x, _ in corners) == 10
    assert overlap_of(shape, shape) == wide * deep


def test_the_database_itself_holds_that_nothing_overlaps(manager, floor):
    row = add_shape(actor=manager, floor=floor, **DESK)
    twin = Shape(floor=floor, outline=outline_of(row), **DESK)
    with pytest.raises(IntegrityError, match="plan_pieces_never_overlap"), transaction.atomic():
        twin.save()
        connection.check_constraints()
    with pytest.raises(IntegrityError, match="plan_shape_turned_square"):
        shapes.save_laid([Shape(floor=floor, outline=outline_of(row), **DESK | {"turn": 7, "kind": "other"})])
    with pytest.raises(Refused, match="先占"):
        shapes.save_laid([Shape(floor=floor, outline=outline_of(row), **DESK)])
    assert Shape.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_who_draw_in_one_place_at_once_one_is_told(manager, floor, guarded, monkeypatch):
    """Without the lock and the constraint, which is the control, both are drawn."""
    if not guarded:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE plans_shape DROP CONSTRAINT plan_pieces_never_overlap")
        monkeypatch.setattr(shapes, "lock_floor", lambda floor, _actor: floor)
        monkeypatch.setattr(shapes, "save_laid", save_without_constraint)
    try:
        with ThreadPoolExecutor(2) as pool:
            codes = sorted(pool.map(lambda _: try_to_draw(manager, floor), range(2)))
        drawn = Shape.objects.count()
    finally:
        Shape.objects.all().delete()
        if not guarded:
            restore_constraint()
    assert (codes, drawn) == ((["", "overlaps"], 1) if guarded else (["", ""], 2))


def save_without_constraint(rows):
    """Save after both have looked."""
    BOTH.wait(timeout=20)
    for row in rows:
        row.save()


def try_to_draw(manager, floor):
    try:
        add_shape(actor=manager, floor=floor, **DESK)
    except Refused as refusal:
        return refusal.code
    finally:
        connection.close()
    return ""


def restore_constraint():
    found = next(one for one in Shape._meta.constraints if one.name == "plan_pieces_never_overlap")
    with connection.schema_editor() as editor:
        editor.add_constraint(Shape, found)


def test_two_change_places_at_once_and_what_is_wrong_moves_nothing(manager, floor):
    one = add_shape(actor=manager, floor=floor, **DESK)
    two = add_shape(actor=manager, floor=floor, **DESK | {"label": "A2", "x_mm": 5000})
    swap = {one.pk: Move(5000, 1000, one.revision), two.pk: Move(1000, 1000, two.revision)}
    assert move_shapes(actor=manager, floor=floor, moves=swap).count == 2
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.x_mm, two.x_mm) == (5000, 1000)
    moves = {one.pk: Move(1500, 1000, one.revision), two.pk: Move(19_000, 0, two.revision)}
    done = move_shapes(actor=manager, floor=floor, moves=moves)
    assert {pk: refused.code for pk, refused in done.faults.items()} == {two.pk: "outside"}
    done = move_shapes(actor=manager, floor=floor, moves={one.pk: Move(1500, 1000, one.revision)})
    assert {pk: refused.code for pk, refused in done.faults.items()} == {one.pk: "overlaps"}
    moves = {one.pk: Move(0, 0, one.revision - 1), two.pk: Move(1000, 1000, 0), 0: Move(0, 0, 0)}
    done = move_shapes(actor=manager, floor=floor, moves=moves)
    assert {pk: refused.code for pk, refused in done.faults.items()} == {one.pk: "changed", 0: "changed"}
    assert "5000" in str(done.faults[one.pk])
    assert [row.x_mm for row in Shape.objects.order_by("pk")] == [5000, 1000]


def test_a_row_is_numbered_and_keeps_its_distance(manager, floor):
    like = {name: DESK[name] for name in ("kind", "width_mm", "depth_mm", "turn")} | {"x_mm": 0, "y_mm": 0}
    made = add_row(actor=manager, floor=floor, like=like, row=Row(4, gap_mm=100, prefix="A", first=7))
    assert [(one.label, one.x_mm) for one in made] == [("A7", 0), ("A8", 1500), ("A9", 3000), ("A10", 4500)]
    down = add_row(
        actor=manager, floor=floor, like=like | {"y_mm": 1000, "turn": 90}, row=Row(2, down=True, prefix="B")
    )
    assert [one.y_mm for one in down] == [1000, 2400]
    (alone,) = add_row(actor=manager, floor=floor, like=like | {"x_mm": 9000, "label": "Z"}, row=Row(1))
    assert alone.label == "Z"
    given = {"actor": manager, "floor": floor, "like": like | {"x_mm": 12_000}}
    assert "C6" in refuse("outside", "x_mm", add_row, **given, row=Row(9, prefix="C", gap_mm=0))
    refuse("no_count", "count", add_row, **given, row=Row(0))
    refuse("too_many", "count", add_row, **given, row=Row(301))


def test_what_was_removed_is_put_back_while_its_place_is_free(manager, floor):
    desk = make_desk(manager, floor)
    remove_shape(actor=manager, shape=desk)
    remove_shape(actor=manager, shape=desk)
    refuse("changed", "", update_shape, actor=manager, shape=desk, seen=desk.revision, label="B1")
    assert restore_shape(actor=manager, shape=desk).removed_at is None
    assert restore_shape(actor=manager, shape=desk).revision == 3
    remove_shape(actor=manager, shape=desk)
    other = add_shape(actor=manager, floor=floor, **DESK | {"label": "B1"})
    refuse("overlaps", "x_mm", restore_shape, actor=manager, shape=desk)
    update_shape(actor=manager, shape=other, seen=1, x_mm=9000, resource=desk.resource)
    assert "B1" in refuse("drawn_already", "resource", restore_shape, actor=manager, shape=desk)
    Shape.objects.filter(pk=desk.pk).delete()
    refuse("gone", "", restore_shape, actor=manager, shape=desk)


def test_a_shape_is_changed_by_who_has_seen_it_as_it_is(manager, floor):
    desk = make_desk(manager, floor)
    changed = update_shape(actor=manager, shape=desk, seen=1, label="A9", x_mm=0)
    assert (changed.label, changed.revision) == ("A9", 2)
    assert "0 / 1000" in refuse("changed", "", update_shape, actor=manager, shape=desk, seen=1, label="A8")
    elsewhere = make_room(manager, make_venue(manager, name="二号场所"))
    given = {"actor": manager, "shape": desk, "seen": 2}
    refuse("other_venue", "resource", update_shape, **given, resource=elsewhere)
    for act in (
        lambda: update_shape(**given, colour="red"),
        lambda: add_shape(actor=manager, floor=floor, colour="red"),
    ):
        with pytest.raises(TypeError):
            act()


def test_a_floor_is_no_smaller_than_what_is_on_it(manager, floor):
    add_shape(actor=manager, floor=floor, **ROOM)
    given = {"actor": manager, "floor": floor}
    assert "6.00" in refuse("shapes_outside", "width_mm", update_floor, **given, seen=1, width_mm=5999)
    refuse("out_of_range", "depth_mm", update_floor, **given, seen=1, depth_mm=999)
    refuse("name_needed", "name", update_floor, **given, seen=1, name=" ")
    assert update_floor(**given, seen=1, width_mm=6000, name="三层").revision == 2
    assert "三层" in refuse("changed", "", update_floor, **given, seen=1, name="四层")
    with pytest.raises(TypeError):
        update_floor(**given, seen=2, colour="red")
    refuse(
        "name_taken", "name", create_floor, actor=manager, venue=floor.venue, name="三层", width_mm=9000, depth_mm=9000
    )


def test_a_venue_has_so_many_floors_and_a_closed_one_is_not_drawn(manager, floor, monkeypatch):
    monkeypatch.setattr(floors, "MOST_FLOORS", 1)
    given = {"venue": floor.venue, "name": "4层", "width_mm": 9000, "depth_mm": 9000}
    refuse("too_many", "", create_floor, actor=manager, **given)
    with pytest.raises(Forbidden):
        create_floor(actor=factories.member(role="manager"), **given)
    close_venue(actor=manager, venue=floor.venue)
    refuse("venue_closed", "", add_shape, actor=manager, floor=floor, **DESK)
    refuse("venue_closed", "", remove_floor, actor=manager, floor=floor)


def test_a_floor_is_removed_with_what_is_drawn_and_the_resource_stays(manager, floor):
    desk = make_desk(manager, floor)
    remove_floor(actor=manager, floor=floor)
    assert not Shape.objects.exists()
    desk.resource.refresh_from_db()


def test_areas_are_held_against_what_the_site_says():
    from spaces.samples import make_space

    owner = factories.member(role="owner")
    site = make_space(owner).sites.get()
    floor = make_floor(owner, site.venue)
    assert compare_areas(owner, site.venue).difference is None
    add_shape(actor=owner, floor=floor, **ROOM)
    add_shape(actor=owner, floor=floor, **ROOM | {"kind": "corridor", "x_mm": 6000})
    found = compare_areas(owner, site.venue)
    assert [str(found.rooms), str(found.all_areas), str(found.difference)] == ["30.00", "60.00", "-940.00"]
    assert compare_areas(owner, make_venue(owner)).said is None


@pytest.mark.parametrize(("link", "booked"), [("", 0), ("there", 1), ("add", 3)])
def test_a_row_is_linked_to_what_can_be_booked_under_its_numbers(client, manager, floor, link, booked):
    make_room(manager, floor.venue, name="工位A1", kind="fixed_desk", capacity=1)
    drawn = make_room(manager, floor.venue, name="工位A2", kind="fixed_desk", capacity=1)
    make_room(manager, floor.venue, name="BA3", kind="fixed_desk", capacity=1)
    add_shape(actor=manager, floor=floor, **DESK | {"label": "A2", "y_mm": 8000, "resource": drawn})
    factories.sign_in(client, manager)
    page = reverse("plans:new-row", args=[floor.pk])
    sent = {name: DESK[name] for name in ("kind", "x_mm", "y_mm", "width_mm", "depth_mm", "turn")}
    sent |= {"letters": "A", "first": 1, "count": 4, "gap_mm": 0, "way": "across", "link": link, "seen": 0}
    answer = client.post(page, sent, follow=True)
    assert ("个可以预约" in answer.content.decode()) is bool(booked)
    row = Shape.objects.filter(y_mm=DESK["y_mm"])
    assert row.count() == 4
    assert row.filter(resource__isnull=False).count() == booked
    if booked:
        assert row.get(label="A1").resource.name == "工位A1"
    assert row.get(label="A2").resource is None, "it is drawn elsewhere"
    if link == "add":
        made = row.get(label="A4").resource
        assert (made.name, made.kind, made.audience, made.floor) == ("A4", "fixed_desk", "tenants", floor.name)
