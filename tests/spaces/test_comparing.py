"""Spaces side by side: chosen in the list without scripts, each line for two as for four, what is free now said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

import factories
from booking.scene import make_room
from chuangbao.billing.domain.prices import set_price
from chuangbao.booking.domain.bookings import book
from chuangbao.booking.domain.free_now import count_free
from chuangbao.booking.models import OpeningHours
from chuangbao.core.access.actors import ANONYMOUS
from chuangbao.spaces.comparison import compare_spaces, measure_km, read_spaces, say_free
from chuangbao.spaces.domain.catalogue import keep_offer
from chuangbao.spaces.domain.ending import close_space
from chuangbao.spaces.models import Site
from spaces.samples import make_space

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def owner():
    return factories.member(factories.organisation("演示运营公司", kind="space"))


@pytest.fixture
def spaces(owner):
    made = [make_space(owner, f"演示·空间{n}", hours="工作日8:30—17:30") for n in range(4)]
    keep_offer(space=made[0], actor=owner, kind="work", name="开放工位", price="每月300元")
    keep_offer(space=made[0], actor=owner, kind="basic", name="注册地址", is_online=True)
    return made


def address(*keys):
    return f"{reverse('spaces:compare')}?{'&'.join(f's={key}' for key in keys)}"


def cells(actor, rows, label):
    lines = {line.label: line.cells for line in compare_spaces(actor, read_spaces(actor, [row.pk for row in rows]))}
    return [said for said, _ways in lines[label]]


def test_the_chosen_stand_side_by_side_with_what_is_known_of_each(client, spaces):
    page = client.get(address(*(row.pk for row in spaces[:2]))).content.decode()
    for said in (
        "演示·空间0",
        "演示·空间1",
        "创客空间",
        "1000 m²",
        "开放工位 · 每月300元",
        "注册地址 · 可以在线使用",
        "未备案，未认定",
    ):
        assert said in page, said
    assert f"http://testserver{address(spaces[0].pk, spaces[1].pk)}".replace("&", "&amp;") in page
    assert "演示·空间2" not in page


def test_what_cannot_be_compared_is_said_and_breaks_nothing(client, spaces, owner):
    keys = [row.pk for row in spaces]
    fifth = make_space(owner, "演示·第五个")
    page = client.get(address(*keys, fifth.pk)).content.decode()
    assert ("只对比前4个空间" in page, "演示·第五个" in page) == (True, False)
    page = client.get(address(keys[0], keys[0], 999_999_999, "x", "９", "")).content.decode()
    assert ("不在名录中" in page, "再选择至少一个" in page) == (True, True)
    assert client.get(address("9" * 30)).status_code == 200
    assert "还没有选择空间" in client.get(reverse("spaces:compare")).content.decode()
    close_space(space=spaces[1], actor=owner, reason="装修")
    assert "已关闭" in client.get(address(*keys[:2])).content.decode()


def test_it_costs_the_same_for_two_as_for_four(client, spaces, django_assert_num_queries):
    keys = [row.pk for row in spaces]
    client.get(address(*keys))
    for count in (2, 4):
        with django_assert_num_queries(13):
            client.get(address(*keys[:count]))


def test_what_is_free_now_counts_places_and_knows_the_hours(owner, spaces, monkeypatch):
    venue = spaces[0].sites.get().venue
    OpeningHours.objects.all().delete()
    room = make_room(owner, venue, name="路演厅")
    make_room(owner, venue, name="流动工位", kind="hot_desk", capacity=10)
    now = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    assert [(c.kind, c.free, c.whole) for c in count_free(ANONYMOUS, [venue.pk], now)[venue.pk]] == [
        ("hot_desk", 10, 10),
        ("room", 1, 1),
    ]
    book(actor=owner, resource=room, starts=now, ends=now + timedelta(hours=1))
    assert [c.free for c in count_free(ANONYMOUS, [venue.pk], now)[venue.pk]] == [10, 0]
    assert [c.free for c in count_free(ANONYMOUS, [venue.pk], now - timedelta(minutes=5))[venue.pk]] == [10, 1]
    OpeningHours.objects.create(venue=venue, day=1, opens=540, closes=1080)
    assert cells(ANONYMOUS, spaces[:1], "可预约工位") == [["10个工位"]]
    tuesday = datetime(2026, 11, 24, 2, tzinfo=UTC)
    closed = count_free(ANONYMOUS, [venue.pk], tuesday)[venue.pk]
    assert [(c.free, c.is_open) for c in closed] == [(0, False), (0, False)]
    assert list(say_free(closed))[1] == "会议室：共1，此刻不开放"
    assert cells(ANONYMOUS, spaces[:2], "可预约工位") == [["10个工位"], []]


def test_distances_are_from_the_first_and_a_price_list_is_there(owner, spaces):
    for row, place in zip(spaces, (("43.88680", "125.32450"), ("43.83770", "126.54960")), strict=False):
        Site.objects.filter(space=row).update(latitude=Decimal(place[0]), longitude=Decimal(place[1]))
    said = cells(ANONYMOUS, spaces[:3], "与第一个空间的距离")
    assert said == [[], ["直线距离98.4公里"], []]
    one, other = (Site.objects.get(space=row) for row in spaces[:2])
    assert measure_km(one, one) == 0
    assert measure_km(one, other) == pytest.approx(measure_km(other, one))
    set_price(
        space=spaces[0],
        actor=owner,
        kind="desk",
        name="固定工位",
        unit="desk",
        price=Decimal(300),
        first=timezone.localdate(),
    )
    assert cells(ANONYMOUS, spaces[:2], "价目表")[0][0].startswith("固定工位")


def test_the_list_takes_the_choice_along_from_page_to_page(client, spaces, monkeypatch):
    monkeypatch.setattr("chuangbao.spaces.views.directory.EACH", 2)
    page = client.get(reverse("spaces:list"), {"s": [spaces[0].pk, spaces[3].pk]}).content.decode()
    assert page.count("checked") == 1
    assert "此前所选1个一并对比" in page
    assert f"s={spaces[0].pk}&amp;s={spaces[3].pk}&amp;page=2" in page
