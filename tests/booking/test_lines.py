"""Lines of bookings and of times of a series, written without a template for each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django.utils.translation import override

from chuangbao.booking.lines import write_lines, write_times
from chuangbao.booking.models import Booking, Resource, Venue

ZONE, HOUR = ZoneInfo("Asia/Shanghai"), timedelta(hours=1)
EVENING = datetime(2026, 11, 28, 15, tzinfo=UTC)  # 23:00 by the clock of the venue, a Saturday


def make_booking(**given):
    room = Resource(
        pk=3, name="<会议室>", floor="3层", door="", venue=Venue(pk=2, name="一号场所", zone="Asia/Shanghai")
    )
    return Booking(pk=7, resource=room, starts=EVENING, ends=EVENING + HOUR / 2, stage="confirmed", **given)


def test_a_line_says_what_when_where_and_what_for_and_escapes_names():
    with override("zh-hans"):
        said = str(write_lines([make_booking(purpose="排练 & 彩排")], with_whom=False))
    assert '<a href="/booking/bookings/7/">&lt;会议室&gt;' in said
    assert "2026-11-28 星期六 23:00–23:30</a>" in said
    assert '<span class="cb-badge">已预约</span>' in said
    assert "一号场所 · 3层 · 排练 &amp; 彩排" in said
    assert write_lines([], with_whom=True) == ""


def test_a_time_over_midnight_names_both_days_and_who_serves_reads_for_whom():
    row = make_booking()
    row.ends = EVENING + 2 * HOUR
    said = str(write_lines([row], with_whom=True))
    assert "2026-11-28 星期六 23:00–2026-11-29 01:00</a>" in said
    assert "一号场所 · 3层 ·  " in said


def test_times_of_a_series_say_whether_they_are_free_and_what_they_cost():
    free = SimpleNamespace(starts=EVENING, ends=EVENING + HOUR / 2, problem="", quote=None)
    paid = SimpleNamespace(**vars(free) | {"quote": SimpleNamespace(price=Decimal("12.50"))})
    taken = SimpleNamespace(**vars(free) | {"problem": "这个时间已被占用。"})
    with override("zh-hans"):
        said = str(write_times([free, paid, taken], ZONE))
    assert said.count("2026-11-28 星期六 23:00–23:30") == 3
    assert said.count('<span class="cb-badge is-eligible">空闲</span>') == 2
    assert said.count('value="12.50"') == 1
    assert '<span class="cb-badge is-not_eligible">这个时间已被占用。</span>' in said
