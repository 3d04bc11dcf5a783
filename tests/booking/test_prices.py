"""What a booking costs and why: prices of groups, times and days, what is free each month, also for two at once."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factories
from booking.scene import SHANGHAI, at, make_room, make_venue, organisation_of
from chuangbao.accounts.models import Person
from chuangbao.booking.domain import bookings, claims, pricing, rates
from chuangbao.booking.domain.bookings import book, book_agreed, move_booking
from chuangbao.booking.domain.locks import list_locks
from chuangbao.booking.domain.passes import admit_organization, admit_tenant_of
from chuangbao.booking.domain.pricing import Holder, PriceBook
from chuangbao.booking.domain.rates import end_allowance, end_rate, set_allowance, set_rate
from chuangbao.booking.domain.resources import retire_resource
from chuangbao.booking.domain.series import Wish, book_series, book_series_agreed, reschedule
from chuangbao.booking.domain.waiting import LineWish, join_line
from chuangbao.booking.models import Allowance, AllowanceUse, Booking, Quote, QuotePart, Rate, Resource
from chuangbao.booking.price_words import quote_words, read_quote
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import visible
from chuangbao.core.workflow.refusals import Refused
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")
LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def manager():
    return factories.member(role="manager")


@pytest.fixture
def room(manager):
    return make_room(manager, price_per_hour=Decimal(60))


@pytest.fixture
def tenant(manager, room):
    firm = factories.member()
    admit_organization(actor=manager, venue=room.venue, organization=organisation_of(firm))
    return firm


def ask(manager, room, price, *, first=LONG_AGO, **asked):
    return set_rate(actor=manager, venue=room.venue, price=Decimal(price), first=first, **asked)


def free(manager, room, minutes=600, group="tenant", first=None, **asked):
    first = first or timezone.localdate()
    return set_allowance(actor=manager, venue=room.venue, group=group, minutes=minutes, first=first, **asked)


def list_used_minutes():
    return list(AllowanceUse._base_manager.order_by("month").values_list("used", flat=True))


def refuse(code, field, act, **wish):
    with pytest.raises(Refused) as refusal:
        act(**wish)
    assert (refusal.value.code, refusal.value.field) == (code, field), str(refusal.value)


def test_each_group_pays_its_own_price(manager, room, tenant):
    ask(manager, room, 40, group="tenant")
    ask(manager, room, 30, group="team")
    ask(manager, room, 50, group="neighbour")
    ask(manager, room, 0, group="own")
    leader, visitor, neighbour = factories.founder(), factories.founder(), factories.member()
    admit_tenant_of(venues=[room.venue], organization=None, person=leader.person_id)
    other = make_venue(manager, name="二号场所")
    admit_organization(actor=manager, venue=other, organization=organisation_of(neighbour))
    paid = {"tenant": tenant, "team": leader, "neighbour": neighbour, "own": manager, "visitor": visitor}
    found = {}
    for hour, (group, actor) in enumerate(paid.items(), start=9):
        row = book(actor=actor, resource=room, starts=at(hour), ends=at(hour + 1))
        found[row.quote.group] = row.price
        assert row.quote.group == group
        assert visible(Quote, to=actor).filter(booking=row).exists()
    assert found == {"tenant": 40, "team": 30, "neighbour": 50, "own": 0, "visitor": 60}
    assert visible(Quote, to=visitor).count() == 1
    assert visible(Quote, to=manager).count() == 5


def test_a_pass_that_is_over_on_the_day_makes_a_visitor(manager, room):
    ask(manager, room, 40, group="tenant")
    firm = factories.member()
    until = at(9).date() - timedelta(days=1)
    admit_organization(actor=manager, venue=room.venue, organization=organisation_of(firm), ends_on=until)
    assert book(actor=firm, resource=room, starts=at(9, days=3), ends=at(10, days=3)).price == 40
    assert book(actor=firm, resource=room, starts=at(9), ends=at(10)).price == 60


def test_what_is_said_more_closely_goes_before(manager, room):
    visitor = Holder(None, None)

    def cost(starts, ends):
        return PriceBook.read(room, visitor).quote(starts, ends).price

    ask(manager, room, 50)
    assert cost(at(9), at(10)) == 50
    ask(manager, room, 45, kind="room")
    ask(manager, room, 44, resource=room)
    assert cost(at(9), at(10)) == 44
    ask(manager, room, 20, resource=room, opens=18 * 60, closes=22 * 60)
    assert cost(at(17), at(19)) == 64
    monday = datetime(2027, 3, 1, 9, tzinfo=SHANGHAI)
    sunday, exchanged = monday - timedelta(days=1), datetime(2026, 10, 10, 9, tzinfo=SHANGHAI)
    ask(manager, room, 30, resource=room, days="rest")
    hour = timedelta(hours=1)
    assert [cost(day, day + hour) for day in (monday, sunday, exchanged)] == [44, 30, 44]
    assert cost(sunday, monday) == 30 * 15 + 44 * 9


def test_a_price_holds_from_its_day_and_bookings_keep_theirs(client, manager, room, tenant):
    old = ask(manager, room, 40, group="tenant")
    row = book(actor=tenant, resource=room, starts=at(9), ends=at(10))
    ask(manager, room, 55, group="tenant", first=at(9).date())
    old.refresh_from_db()
    assert old.last == at(9).date() - timedelta(days=1)
    row.refresh_from_db()
    assert (row.price, row.quote.parts.get().rate) == (40, old)
    assert book(actor=tenant, resource=room, starts=at(11), ends=at(12)).price == 55
    factories.sign_in(client, tenant)
    assert "本场所入驻企业：每小时40元" in client.get(reverse("booking:booking", args=[row.pk])).content.decode()


def test_free_minutes_come_first_and_are_given_back(manager, room, tenant):
    ask(manager, room, 40, group="tenant")
    free(manager, room, 600)
    days = {"days": 2 if at(9, days=2).month == at(9, days=3).month else 40}
    row = book(actor=tenant, resource=room, starts=at(9, **days), ends=at(17, **days))
    assert (row.price, row.quote.free_minutes, list_used_minutes()) == (0, 480, [480])
    more = book(actor=tenant, resource=room, starts=at(18, **days), ends=at(22, **days))
    assert (more.price, list_used_minutes()) == (80, [600])
    words = "前120分钟免费（本场所入驻企业每月10小时，还剩2小时），之后每小时40元"
    assert quote_words(read_quote(Booking.objects.get(pk=more.pk)), SHANGHAI) == words
    last = book(actor=tenant, resource=room, starts=at(7, **days), ends=at(8, **days))
    assert last.price == 40
    move_booking(booking=row, verb="cancel", actor=tenant)
    assert list_used_minutes() == [120]
    assert pricing.give_back_minutes(row) == 0, "they are given back once"
    reschedule(actor=tenant, booking=last, starts=at(8, **days), ends=at(9, **days))
    last = Booking.objects.get(pk=last.pk)
    assert (last.price, last.quote.free_minutes, list_used_minutes()) == (0, 60, [180])
    retire_resource(actor=manager, resource=room)
    assert list_used_minutes() == [0]


def test_a_series_uses_what_is_free_month_by_month(manager, room, tenant):
    ask(manager, room, "33.33", group="tenant")
    free(manager, room, 90)
    start = at(9, days=1)
    wish = Wish(start, start + timedelta(hours=1), "weekly", start.date() + timedelta(days=56))
    with pytest.raises(Refused) as refusal:
        book_series_agreed(actor=tenant, resource=room, wish=wish, agreed=Decimal(1))
    assert refusal.value.code == "price_changed"
    assert not Booking.objects.exists()
    book_series(actor=tenant, resource=room, wish=wish)
    months = {}
    for row in Booking.objects.order_by("starts"):
        month = row.starts.astimezone(SHANGHAI).date().replace(day=1)
        left = months.setdefault(month, 90)
        mine = min(left, 60)
        months[month] = left - mine
        expected = (Decimal("33.33") * (60 - mine) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert (row.price, row.quote.free_minutes, row.quote.left) == (expected, mine, left)
    assert list_used_minutes() == [90 - left for _month, left in sorted(months.items())]


def test_an_offer_holds_free_minutes_and_lets_them_go(manager, room, tenant):
    ask(manager, room, 40, group="tenant")
    free(manager, room, 600)
    taken = book(actor=factories.founder(), resource=room, starts=at(9), ends=at(10))
    join_line(actor=tenant, resource=room, wish=LineWish(at(9), at(10)))
    move_booking(booking=taken, verb="call_off", actor=manager, reason="让出")
    offer = Booking.objects.get(stage="offered")
    assert (offer.price, list_used_minutes()) == (0, [60])
    move_booking(booking=offer, verb="turn_down", actor=tenant)
    assert list_used_minutes() == [0]


def test_nothing_is_booked_for_a_price_that_was_not_seen(client, manager, room, tenant):
    ask(manager, room, 40, group="tenant")
    wish = {"actor": tenant, "resource": room, "starts": at(9), "ends": at(10)}
    refuse("price_changed", "", book_agreed, **wish, agreed=Decimal(30))
    assert not Booking.objects.exists()
    assert not Quote._base_manager.exists()
    factories.sign_in(client, tenant)
    page = reverse("booking:book", args=[room.pk])
    seen = client.get(f"{page}?{urlencode({'starts': at(9).isoformat(), 'ends': at(11).isoformat()})}")
    assert "费用¥80.00。本场所入驻企业：每小时40元。" in seen.content.decode()
    sent = {"day": f"{at(9):%Y-%m-%d}", "starts": "09:00", "ends": "12:00", "people": "1", "price": "80.00"}
    refused = client.post(page, sent)
    assert refused.status_code == 422
    assert "费用¥120.00" in refused.content.decode()
    assert client.post(page, sent | {"price": "nan"}).status_code == 422
    assert client.post(page, sent | {"price": "120.00"}).status_code == 302
    assert Booking.objects.get().price == 120
    weekly = sent | {"starts": "14:00", "ends": "15:00", "repeat": "weekly", "until": f"{at(9, days=21):%Y-%m-%d}"}
    preview = client.post(page, weekly).content.decode()
    assert 'name="price" value="120.00"' in preview
    assert client.post(page, weekly | {"confirm": "1", "price": "119"}).status_code == 422
    assert client.post(page, weekly | {"confirm": "1", "price": "120.00"}).status_code == 302


def test_what_is_erased_gives_back(manager, room):
    from chuangbao.booking.personal import unname_bookings

    person = factories.founder()
    admit_tenant_of(venues=[room.venue], organization=None, person=person.person_id)
    free(manager, room, 600, group="team")
    book(actor=person, resource=room, starts=at(9), ends=at(10))
    assert list_used_minutes() == [60]
    unname_bookings(person.person_id)
    assert list_used_minutes() == [0]
    assert visible(AllowanceUse, to=person).count() == 1
    Person.objects.get(pk=person.person_id)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 1380), st.integers(1, 1500), st.decimals(0, 999, places=2)), min_size=1, max_size=4
    ),
    st.integers(0, 700),
)
def test_the_parts_make_the_price_to_the_cent(spans, left):
    parts = [
        pricing.PartPrice(at(0) + timedelta(minutes=start), minutes, price, None) for start, minutes, price in spans
    ]
    found = list(pricing.share_out(parts, left))
    exact, rest = Decimal(0), left
    for part in parts:
        mine = min(rest, part.minutes) if part.price else 0
        rest -= mine
        exact += part.price * (part.minutes - mine) / 60
    assert sum(part.free for part in found) == left - rest
    total = sum(part.amount for part in found)
    assert total == (exact + Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert all(part.amount >= 0 for part in found)


def test_prices_are_refused_with_their_field(manager, room):
    other = make_room(manager, make_venue(manager, name="二号场所"))
    wish = {"actor": manager, "venue": room.venue, "price": Decimal(1), "first": timezone.localdate()}
    refuse("out_of_range", "price", set_rate, **(wish | {"price": Decimal(-1)}))
    refuse("no_kind", "kind", set_rate, **wish, kind="rocket")
    refuse("no_group", "group", set_rate, **wish, group="kings")
    refuse("odd_times", "closes", set_rate, **wish, opens=600, closes=600)
    refuse("no_resource", "resource", set_rate, **wish, resource=other)
    refuse("one_of_both", "kind", set_rate, **wish, resource=room, kind="room")
    rate = set_rate(**wish)
    refuse("said_already", "first", set_rate, **wish)
    refuse("before_start", "last", end_rate, actor=manager, rate=rate, last=LONG_AGO)
    end_rate(actor=manager, rate=rate, last=timezone.localdate())
    grant = {"actor": manager, "venue": room.venue, "group": "team", "minutes": 60, "first": timezone.localdate()}
    refuse("out_of_range", "minutes", set_allowance, **(grant | {"minutes": 0}))
    refuse("no_group", "group", set_allowance, **(grant | {"group": ""}))
    refuse("month_over", "first", set_allowance, **(grant | {"first": LONG_AGO}))
    row = set_allowance(**grant)
    refuse("said_already", "first", set_allowance, **grant)
    refuse("before_start", "last", end_allowance, actor=manager, allowance=row, last=LONG_AGO)
    later = (timezone.localdate().replace(day=1) + timedelta(days=40)).replace(day=1)
    set_allowance(**(grant | {"first": later}))
    row.refresh_from_db()
    assert row.last == timezone.localdate().replace(day=1)
    end_allowance(actor=manager, allowance=row, last=timezone.localdate())
    assert (Rate.objects.count(), Allowance.objects.count()) == (1, 2)
    with pytest.raises(Forbidden):
        set_rate(**(wish | {"actor": factories.member(role="manager")}))


def test_postgresql_keeps_an_allowance_in_bounds(manager, room, tenant):
    free(manager, room, 60)
    book(actor=tenant, resource=room, starts=at(9), ends=at(10))
    for wrong in (61, -1):
        with pytest.raises(IntegrityError), transaction.atomic():
            AllowanceUse._base_manager.update(used=wrong)


def test_an_operator_keeps_prices_on_a_page(client, manager, room, django_assert_num_queries):
    factories.sign_in(client, manager)
    page = reverse("booking:rates", args=[room.venue_id])
    assert "还没有按小时的价格" in client.get(page).content.decode()
    sent = {"group": "tenant", "kind": "room", "days": "work", "opens": "18:00", "closes": "00:00", "price": "40"}
    assert client.post(page, sent | {"first": ""}).status_code == 422
    client.post(page, sent | {"first": f"{timezone.localdate()}"})
    rate = Rate.objects.get()
    assert (rate.opens, rate.closes, rate.price_per_hour) == (1080, 1440, 40)
    grant = {"group": "tenant", "kind": "", "minutes": "600", "first": f"{timezone.localdate()}"}
    refused = client.post(reverse("booking:new-allowance", args=[room.venue_id]), grant | {"minutes": "0"})
    assert refused.status_code == 422
    client.post(reverse("booking:new-allowance", args=[room.venue_id]), grant)
    shown = client.get(page).content.decode()
    assert "本场所入驻企业" in shown
    assert "18:00–24:00" in shown
    assert "10小时" in shown
    book_of = client.get(reverse("booking:rates-export", args=[room.venue_id]))
    assert book_of["Content-Type"].endswith("sheet")
    ends = reverse("booking:end-rate", args=[room.venue_id, rate.pk])
    assert client.post(ends, {"last": "2020-01-01"}).status_code == 422
    client.post(ends, {"last": f"{timezone.localdate()}"})
    ends = reverse("booking:end-allowance", args=[room.venue_id, Allowance.objects.get().pk])
    assert client.get(ends).status_code == 200
    client.post(ends, {"last": f"{timezone.localdate()}"})
    assert Allowance.objects.get().last == timezone.localdate().replace(day=1)
    assert "每小时" in client.get(reverse("booking:resource", args=[room.pk])).content.decode()
    assert client.get(f"{page}?view=past").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_spend_the_last_minutes_twice(regions, monkeypatch):
    manager = factories.member(role="manager")
    venue = make_venue(manager)
    rooms = [make_room(manager, venue, name=f"会议室{n}", price_per_hour=Decimal(60)) for n in range(4)]
    firm = factories.member()
    admit_organization(actor=manager, venue=venue, organization=organisation_of(firm))
    free(manager, rooms[0], 60)

    def take(room, hour):
        return lambda: str(book(actor=firm, resource=room, starts=at(hour), ends=at(hour + 1)).price)

    outcomes = at_once(*[take(room, 9) for room in rooms])
    assert sorted(map(Decimal, outcomes)) == [0, 60, 60, 60]
    assert list_used_minutes() == [60]
    # the control: without the lock each reads that an hour is left, and PostgreSQL refuses the second as a fault
    for row in Booking.objects.filter(quote__free_minutes__gt=0):
        move_booking(booking=row, verb="cancel", actor=firm)
    assert list_used_minutes() == [0]
    for place in (bookings, pricing):
        monkeypatch.setattr(place, "lock_allowances", lambda _venue: None)
    monkeypatch.setattr(claims, "list_locks", lambda pk: list_locks(pk)[:1])
    meet, draw = threading.Barrier(4), pricing.draw_minutes

    def draw_together(quotes):
        found = list(quotes)
        meet.wait(timeout=20)
        return draw(found)

    monkeypatch.setattr(pricing, "draw_minutes", draw_together)

    def without_lock(room):
        def run():
            try:
                return take(room, 12)()
            except IntegrityError:
                return "IntegrityError"

        return run

    assert at_once(*[without_lock(room) for room in rooms]).count("IntegrityError") == 3
    assert list_used_minutes() == [60], "the constraint is the last line"
    assert QuotePart.objects.count() == 5


def test_a_search_shows_what_the_time_costs_who_asks(client, manager, room, tenant, django_assert_num_queries):
    ask(manager, room, 40)
    ask(manager, room, 10, group="tenant")
    make_room(manager, make_venue(manager, name="二号场所"), name="无价会议室")
    need = {"day": f"{at(9):%Y-%m-%d}", "starts": "09:00", "ends": "11:00", "people": 1}
    search = reverse("booking:search")

    def read_page():
        return unescape(client.get(search, need).content.decode())

    assert "¥80.00（访客：" in read_page()
    factories.sign_in(client, tenant)
    page = read_page()
    assert "¥20.00（" in page
    assert "免费" in page
    book(actor=manager, resource=room, starts=at(9), ends=at(11))
    Resource.objects.filter(name="无价会议室").update(kind="tool")
    assert "¥20.00（" in unescape(client.get(search, need | {"kind": "room"}).content.decode()), "near times too"
    for n in range(5):
        make_room(manager, room.venue, name=f"另一间{n}")
    with CaptureQueriesContext(connection) as few:
        read_page()
    for n in range(5):
        make_room(manager, room.venue, name=f"又一间{n}")
    with django_assert_num_queries(len(few)):
        read_page()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["rate", "allowance"])
def test_who_ends_a_price_waits_for_a_colleague_who_sets_a_later_one(regions, monkeypatch, kind):
    manager, today = factories.member(role="manager"), timezone.localdate()
    venue = make_room(manager).venue
    given = {"actor": manager, "venue": venue}
    later = (today.replace(day=1) + timedelta(days=70)).replace(day=1)
    if kind == "rate":
        row = set_rate(**given, price=Decimal(60), first=today)
        change, end = lambda: set_rate(**given, price=Decimal(70), first=later), end_rate
    else:
        row = set_allowance(**given, group="tenant", minutes=60, first=today)
        change, end = lambda: set_allowance(**given, group="tenant", minutes=90, first=later), end_allowance
    holds_venue, holds_row = threading.Event(), threading.Event()
    locked, rows_locked = rates.lock_open, rates.lock_row

    def lock_venue(*said):
        found = locked(*said)
        if not holds_venue.is_set():
            holds_venue.set()
            holds_row.wait(timeout=1)  # who ends the price comes just now
        return found

    def lock_price(said):
        found = rows_locked(said)
        holds_row.set()
        return found

    def stop():
        holds_venue.wait(timeout=20)
        return end(actor=manager, **{kind: row}, last=today).last

    monkeypatch.setattr(rates, "lock_open", lock_venue)
    monkeypatch.setattr(rates, "lock_row", lock_price)
    _made, ended = at_once(change, stop)
    assert ended == (today if kind == "rate" else today.replace(day=1))
    assert (Rate if kind == "rate" else Allowance).objects.count() == 2
