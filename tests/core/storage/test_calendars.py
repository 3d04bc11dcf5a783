"""A foreign calendar as the process of readers reads it: hours kept, rules unrolled, what is broken or long refused."""

from __future__ import annotations

import pytest

from chuangbao.core.storage.calendars import read_calendar
from chuangbao.core.storage.errors import UnfitError

HEAD = b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n"
ASKED = {"zone": "Asia/Shanghai", "since": "2027-01-01T00:00:00+00:00", "until": "2027-02-01T00:00:00+00:00"}


def event(starts, ends, more=""):
    return f"BEGIN:VEVENT\nUID:{starts}\nDTSTART{starts}\nDTEND{ends}\n{more}END:VEVENT\n".encode()


def read_events(*events, most=100):
    return read_calendar(HEAD + b"".join(events) + b"END:VCALENDAR\n", most=most, **ASKED)


def test_days_times_without_a_zone_and_rules_are_moments():
    found = read_events(
        event(";VALUE=DATE:20270105", ";VALUE=DATE:20270106"),
        event(":20270107T090000", ":20270107T100000"),
        event(":20270110T010000Z", ":20270110T020000Z", "RRULE:FREQ=WEEKLY;COUNT=2\n"),
    )
    assert [starts[:22] for starts, _ends in found] == [
        "2027-01-05T00:00:00+08", "2027-01-07T09:00:00+08", "2027-01-10T01:00:00+00", "2027-01-17T01:00:00+00",
    ]  # fmt: skip


def test_what_is_free_cancelled_or_takes_no_time_is_left_out():
    times = (":20270107T090000", ":20270107T100000")
    assert read_events(event(*times, "TRANSP:TRANSPARENT\n"), event(":20270108T090000", ":20270108T090000")) == []
    assert read_events(event(*times, "STATUS:CANCELLED\n")) == []


def test_what_is_long_or_broken_is_unfit():
    daily = event(":20270102T010000Z", ":20270102T020000Z", "RRULE:FREQ=DAILY\n")
    with pytest.raises(UnfitError, match="long"):
        read_events(daily, most=5)
    with pytest.raises(UnfitError, match="broken"):
        read_calendar(b"nothing", most=5, **ASKED)


GOOD = event(":20270105T100000Z", ":20270105T110000Z")
FOUND = ("2027-01-05T10:00:00+00:00", "2027-01-05T11:00:00+00:00")


@pytest.mark.parametrize(
    ("starts", "ends"), [(":00010101T000000Z", ":99991231T235959Z"), (";VALUE=DATE:00010101", ";VALUE=DATE:99991231")]
)
def test_always_is_busy_and_the_rest_is_read(starts, ends):
    always, found = read_events(event(starts, ends), GOOD)
    assert (always[0][:4], always[1][:4], found) == ("1900", "2199", FOUND)


@pytest.mark.parametrize("more", ["DTEND:20270102T090000Z\n", "DURATION:-PT1H\n", "DTEND;VALUE=DATE:20270101\n"])
def test_what_ends_before_it_starts_is_not_turned_round(more):
    backward = f"BEGIN:VEVENT\nUID:b\nDTSTART:20270102T100000Z\n{more}END:VEVENT\n".encode()
    assert read_events(backward, GOOD) == read_events(event(":99991231T010000", ":99991231T020000"), GOOD) == [FOUND]


def test_words_of_a_calendar_may_be_small():
    times = (":20270107T090000", ":20270107T100000")
    assert read_events(event(*times, "TRANSP:transparent\n"), event(*times, "STATUS:Cancelled\n")) == []


@pytest.mark.parametrize(
    ("named", "starts"),
    [("Europe/Berlin", "09:00:00+01"), ("Tokyo Standard Time", "09:00:00+09"), ("Mars/Olympus", "09:00:00+08")],
)
def test_a_time_without_a_zone_is_in_that_of_its_calendar_where_it_is_known(named, starts):
    ((found, _ends),) = read_events(f"X-WR-TIMEZONE:{named}\n".encode(), event(":20270107T090000", ":20270107T100000"))
    assert found[11:22] == starts


def test_a_rule_until_a_day_repeats_on_that_day_too_and_until_a_moment_to_that_moment():
    berlin = (";TZID=Europe/Berlin:20270104T180000", ";TZID=Europe/Berlin:20270104T190000")
    for until, count in (("20270118", 3), ("20270118T170000Z", 3), ("20270118T165959Z", 2)):
        assert len(read_events(event(*berlin, f"RRULE:FREQ=WEEKLY;UNTIL={until}\n"))) == count
    assert len(read_events(event(*(f":{at[-15:]}" for at in berlin), "RRULE:FREQ=WEEKLY;UNTIL=20270118\n"))) == 3
    days = (";VALUE=DATE:20270104", ";VALUE=DATE:20270105")
    assert len(read_events(event(*days, "RRULE:FREQ=WEEKLY;UNTIL=20270118\n"))) == 3


def test_a_change_and_an_exception_by_the_clock_of_another_zone_are_one_of_the_series():
    weekly = event(
        ";TZID=America/New_York:20270104T200000",
        ";TZID=America/New_York:20270104T213000",
        "RRULE:FREQ=WEEKLY;UNTIL=20270126T010000Z\nEXDATE:20270112T010000Z\n",
    )
    moved = event(
        ";TZID=America/New_York:20270119T090000",
        ";TZID=America/New_York:20270119T100000",
        "RECURRENCE-ID:20270119T010000Z\n",
    ).replace(b"UID:;TZID=America/New_York:20270119T090000", b"UID:;TZID=America/New_York:20270104T200000")
    assert [starts for starts, _ends in read_events(weekly, moved)] == [
        "2027-01-04T20:00:00-05:00", "2027-01-19T09:00:00-05:00", "2027-01-25T20:00:00-05:00",
    ]  # fmt: skip


def test_busy_times_without_events_and_several_calendars_in_a_file_are_read():
    busy = (
        b"BEGIN:VFREEBUSY\nUID:1\nFREEBUSY:20270107T090000Z/20270107T100000Z,20270108T090000Z/PT30M\n"
        b"FREEBUSY;FBTYPE=FREE:20270109T090000Z/PT1H\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20270110T090000Z/PT1H\n"
        b"FREEBUSY:20280110T090000Z/PT1H\nEND:VFREEBUSY\n"
    )
    assert [(starts[:13], ends[11:16]) for starts, ends in read_events(busy)] == [
        ("2027-01-07T09", "10:00"), ("2027-01-08T09", "09:30"), ("2027-01-10T09", "10:00"),
    ]  # fmt: skip
    assert read_events(GOOD, b"END:VCALENDAR\n", HEAD) == [FOUND]
    assert len(read_events(GOOD, b"END:VCALENDAR\n", HEAD, busy)) == 4
    with pytest.raises(UnfitError, match="long"):
        read_events(GOOD, b"END:VCALENDAR\n", HEAD, busy, most=3)
