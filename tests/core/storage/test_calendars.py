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
