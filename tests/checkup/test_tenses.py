"""What is had now, what only later and what is over: windows that are shut, rules that have ended, and what moved."""

from __future__ import annotations

from datetime import date

import pytest

from checkup.expected import DUNHUA, LIVES
from checkup.test_expected import play, tenses
from checkup.test_takeaway import words_of
from chuangbao.checkup.domain.moves import moves_of
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.sense import sense_of
from chuangbao.checkup.sheet import events_of, sheet_of

pytestmark = pytest.mark.usefixtures("library", "regions")
FLEX = "si-flex-hard"


def at_day(client, checkup, address, day):
    """Judge a check-up for another day; return it with its result."""
    client.post(f"{address}day/", {"as_of": day.isoformat(), "region": DUNHUA})
    checkup.refresh_from_db()
    return result_of(checkup)


def test_what_can_be_applied_for_only_from_a_later_day_is_later_with_its_money(client):
    checkup, address = play(client, LIVES["job seeker of 50"])
    assert FLEX in {row.measure.id for row in result_of(checkup).due}
    result = at_day(client, checkup, address, date(2026, 12, 20))
    (row,) = (row for row in result.later if row.measure.id == FLEX)
    assert row.not_yet.day == date(2027, 1, 1)
    assert tenses(result)[FLEX] == [("later", 4500)]
    assert not [one for one in result.sums if one["kind"] == "subsidy" and one["unit"] == "CNY/year"]
    assert {(one.kind, one.per): one.amount for one in result.ahead}["subsidy", "year"] == 4500
    assert "现在" not in sense_of(result)
    sheet = sheet_of(checkup, result)
    assert row.measure.title.zh in " ".join(step.title for step in sheet.road)
    assert row.measure.title.zh not in str(sheet.sections)
    days = [
        (e.day, e.title) for e in events_of(checkup, result, host="https://here") if row.measure.title.zh in e.title
    ]
    assert [day for day, _title in days] == [date(2027, 1, 1), date(2027, 12, 15)]
    page = words_of(client.get(address).content.decode())
    moved = page.partition("以后的变动")[2][:600]
    assert "今年的申报已于2026年12月15日截止" in moved.partition(row.measure.title.zh)[2][:120]
    assert "2027年1月1日开始申报，2027年12月15日截止" in page


def test_what_has_ended_is_listed_as_ended_for_two_years(client):
    checkup, address = play(client, LIVES["restaurant as an individual business"])
    result = at_day(client, checkup, address, date(2028, 1, 10))
    ended = {row.measure.id for row in result.ended}
    assert {"vat-small-scale", "2.4.2-iit-sole-2023", "tax-sixtwo-2023"} <= ended
    assert "2.6.3-small-profit" not in ended, "that is for companies"
    page = words_of(client.get(f"{address}?all=1").content.decode())
    assert "已于2027年12月31日到期" in page.partition("小规模纳税人")[2]
    assert "不再符合" in page.partition("以后的变动")[2]
    result = at_day(client, checkup, address, date(2030, 1, 10))
    assert "vat-small-scale" not in {row.measure.id for row in result.ended}


def test_what_became_open_by_a_change_is_said_with_what_it_waits_for(client):
    life = LIVES["restaurant as an individual business"]
    checkup, address = play(client, life)
    before = result_of(checkup)
    dealings = [*life.pages["dealings"]["dealings"], "hire"]
    client.post(f"{address}answer/", {"page": "dealings", "dealings": dealings})
    checkup.refresh_from_db()
    result = result_of(checkup)
    opened = {row.measure.id for row in result.open} - {row.measure.id for row in before.open}
    assert opened
    moves = moves_of(checkup, result)
    every = {move.measure.id: move for move in (*moves.came, *moves.went, *moves.moved, *moves.changed)}
    assert opened <= every.keys()
    assert all(every[name].asks for name in opened)
    assert moves.following == "招的人"
    moved = words_of(client.get(address).content.decode()).partition("以后的变动")[2][:900]
    assert "没有变动" not in moved
    assert "接下来问：" in moved
