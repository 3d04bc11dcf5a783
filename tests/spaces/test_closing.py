"""A space says in advance on which day it closes: announced to whom it concerns, kept open, closed as of that day."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone

import factories
from booking.scene import at, make_room
from chuangbao.booking.domain.bookings import book, list_near_times
from chuangbao.booking.models import Booking, Venue
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.models import Notice
from chuangbao.core.workbench import todos_of
from chuangbao.core.workflow.refusals import Refused
from chuangbao.spaces.domain.ending import announce_closing, close_space, keep_open, merge_spaces, reopen_space
from chuangbao.spaces.domain.following import follow_space
from chuangbao.spaces.domain.sites import add_site
from chuangbao.spaces.models import Space
from spaces.samples import make_space

pytestmark = pytest.mark.usefixtures("regions")
HOUR = timedelta(hours=1)


@pytest.fixture
def owner():
    return factories.member(factories.organisation("演示运营公司", kind="space"))


@pytest.fixture
def space(owner):
    return make_space(owner)


def days(count):
    return timezone.localdate() + timedelta(days=count)


def events_of(actor):
    rows = unscoped(Notice, because="a test").filter(person=actor.person_id).order_by("pk")
    return list(rows.values_list("event", flat=True))


def test_who_is_concerned_hears_of_the_last_day_and_that_it_was_taken_back(client, owner, space):
    follower = factories.founder()
    follow_space(space=space, actor=follower)
    announce_closing(space=space, actor=owner, last_day=days(30), reason="租约到期")
    assert events_of(follower) == ["space.announced"]
    page = client.get(reverse("spaces:space", args=[space.pk])).content.decode()
    assert "租约到期" in page
    assert "申请入驻" in page, "it goes on"
    assert "即将关闭" in client.get(reverse("spaces:list")).content.decode()
    keep_open(space=space, actor=owner)
    assert events_of(follower) == ["space.announced", "space.kept_open"]
    assert "租约到期" not in client.get(reverse("spaces:space", args=[space.pk])).content.decode()
    with pytest.raises(Refused):
        keep_open(space=space, actor=owner)


def test_on_its_last_day_it_is_a_todo_and_it_closes_as_of_that_day(owner, space):
    announce_closing(space=space, actor=owner, last_day=days(1), reason="租约到期")
    assert todos_of(owner) == []
    Space.objects.update(closes_on=days(-3))
    assert [row.title for _label, rows in todos_of(owner) for row in rows] == ["关闭：演示·空间"]
    row = close_space(space=space, actor=owner, reason="租约到期")
    assert (row.ended_on, row.closes_on) == (days(-3), None)
    assert todos_of(owner) == []
    reopen_space(space=row, actor=owner)
    assert not Space.objects.get().is_closing


def test_before_its_last_day_it_can_be_closed_today(owner, space):
    announce_closing(space=space, actor=owner, last_day=days(30), reason="租约到期")
    assert close_space(space=space, actor=owner, reason="提前").ended_on == days(0)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"last_day": 0}, "no_later_day", "last_day"),
        ({"last_day": -1}, "no_later_day", "last_day"),
        ({"last_day": 400}, "too_far", "last_day"),
        ({"reason": " "}, "reason_needed", "reason"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_changes_nothing(owner, space, given, code, field):
    asked = {"last_day": 30, "reason": "租约到期"} | given
    with pytest.raises(Refused) as refusal:
        announce_closing(space=space, actor=owner, last_day=days(asked["last_day"]), reason=asked["reason"])
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert Space.objects.get().closes_on is None


def test_nobody_else_announces_and_what_has_closed_does_not(owner, space):
    for stranger in (factories.founder(), factories.member(), factories.officer("spaces")):
        with pytest.raises(Forbidden):
            announce_closing(space=space, actor=stranger, last_day=days(30), reason="x")
    close_space(space=space, actor=owner, reason="停业")
    with pytest.raises(Refused):
        announce_closing(space=space, actor=owner, last_day=days(30), reason="x")


def test_the_page_announces_keeps_what_was_typed_and_takes_it_back(client, owner, space):
    factories.sign_in(client, owner)
    end = reverse("spaces:end", args=[space.pk, "close"])
    wrong = client.post(end, {"last_day": str(days(-1)), "reason": "租约到期"})
    assert (wrong.status_code, "租约到期" in wrong.content.decode()) == (422, True)
    assert client.post(end, {"last_day": str(days(30)), "reason": "租约到期"}).status_code == 302
    assert Space.objects.get().is_closing
    keep = reverse("spaces:end", args=[space.pk, "keep-open"])
    assert keep in client.get(reverse("spaces:ending", args=[space.pk])).content.decode()
    assert client.post(keep).status_code == 302
    assert client.post(keep).status_code == 422
    assert client.post(reverse("spaces:end", args=[space.pk, "explode"])).status_code == 404
    assert client.post(end, {"reason": "停业"}).status_code == 302
    assert not Space.objects.get().is_open


def test_no_time_after_the_last_day_is_booked_until_it_is_taken_back(client, owner, space):
    site = space.sites.get()
    room = make_room(owner, site.venue, audience="public", horizon_days=60)
    visitor, after = factories.founder(), at(9, days=21)
    announce_closing(space=space, actor=owner, last_day=days(20), reason="租约到期")
    wishes = [(after, after + HOUR, "starts"), (at(23, days=20), after, "ends")]
    for who, (starts, ends, field) in product((visitor, owner), wishes):
        with pytest.raises(Refused, match="最后一天") as refusal:
            book(actor=who, resource=room, starts=starts, ends=ends)
        assert (refusal.value.code, refusal.value.field) == ("after_last_day", field)
    assert not Booking.objects.exists()
    on_it = book(actor=visitor, resource=room, starts=at(22, days=20), ends=at(24, days=20))
    assert on_it.stage == "confirmed", "the last day itself is open until midnight"
    room.refresh_from_db()
    near = list_near_times(actor=visitor, resource=room, starts=after, ends=after + HOUR)
    assert [ends for _starts, ends in near if ends > at(24, days=20)] == []
    assert "不能预约" in client.get(reverse("booking:venue", args=[site.venue_id])).content.decode()
    second = add_site(space=space, actor=owner, address="演示路2号")
    assert Venue.objects.get(pk=second.venue_id).last_day == days(20), "a site that is added closes on the same day"
    keep_open(space=space, actor=owner)
    assert book(actor=visitor, resource=room, starts=after, ends=after + HOUR).stage == "confirmed"


def test_the_operator_alone_reads_how_many_bookings_end_after_the_last_day(client, owner, space):
    room = make_room(owner, space.sites.get().venue, audience="public", horizon_days=60)
    for day in (19, 20, 21, 30):
        book(actor=factories.founder(), resource=room, starts=at(9, days=day), ends=at(10, days=day))
    announce_closing(space=space, actor=owner, last_day=days(20), reason="租约到期")
    page = reverse("spaces:space", args=[space.pk])
    assert "最后一天之后" not in client.get(page).content.decode()
    factories.sign_in(client, owner)
    for address in (page, reverse("spaces:ending", args=[space.pk])):
        assert "有2个预约在最后一天之后" in client.get(address).content.decode()


def test_sites_that_go_into_another_space_close_with_it_and_one_that_is_opened_again_has_no_last_day(owner, space):
    announce_closing(space=space, actor=owner, last_day=days(20), reason="租约到期")
    close_space(space=space, actor=owner, reason="提前")
    reopen_space(space=space, actor=owner)
    assert Venue.objects.get().last_day is None
    announce_closing(space=space, actor=owner, last_day=days(20), reason="租约到期")
    merge_spaces(space=space, into=make_space(owner, "演示·另一空间"), actor=owner, reason="合并")
    assert {venue.last_day for venue in Venue.objects.all()} == {None}
