"""Materials: the stock is the sum of its ledger and never below nothing, also for two at once; what is taken is charged."""

from __future__ import annotations

import threading
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factories
from billing.scene import bill, make_tenancy
from booking.scene import at, make_room, make_venue, organisation_of
from chuangbao.billing.domain.charging import count_foreign_bookings, draft_month
from chuangbao.billing.domain.statements import replace_statement, revoke_statement
from chuangbao.billing.models import Charge, Statement
from chuangbao.booking.desk import list_low_stock
from chuangbao.booking.domain import materials
from chuangbao.booking.domain.bookings import book, move_booking
from chuangbao.booking.domain.materials import (
    count_stock,
    create_material,
    give_back_material,
    receive_stock,
    retire_material,
    take_at_counter,
    take_with_booking,
    update_material,
)
from chuangbao.booking.domain.passes import admit_organization
from chuangbao.booking.domain.pricing import Holder
from chuangbao.booking.models import Booking, Material, StockEntry
from chuangbao.booking.personal import unname_materials
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import visible
from chuangbao.core.workflow.refusals import Refused
from together import at_once, wait_until_one_waits

pytestmark = pytest.mark.usefixtures("regions")
D = Decimal


@pytest.fixture
def manager():
    return factories.member(role="manager")


@pytest.fixture
def venue(manager):
    return make_venue(manager)


@pytest.fixture
def filament(manager, venue):
    return make_material(manager, venue)


def make_material(manager, venue, stock=10, **said):
    given = {"name": "打印丝", "unit": "卷", "price": D("60.50"), "low": D(3), **said}
    row = create_material(actor=manager, venue=venue, **given)
    receive_stock(actor=manager, material=row, quantity=D(stock), reason="首批")
    return Material._base_manager.select_related("venue").get(pk=row.pk)


def entries():
    return StockEntry._base_manager.order_by("pk")


def stock_of(row):
    """What is there, which is always the sum of the ledger."""
    there = Material._base_manager.get(pk=row.pk).stock
    assert entries().filter(material=row).aggregate(n=Sum("change"))["n"] == there
    return there


def refuse(code, field, act, **said):
    with pytest.raises(Refused) as refusal:
        act(**said)
    assert (refusal.value.code, refusal.value.field) == (code, field), str(refusal.value)


def test_every_movement_is_a_row_of_the_ledger(manager, venue, filament):
    firm = factories.member()
    room = make_room(manager, venue, kind="machine", name="打印机")
    row = book(actor=firm, resource=room, starts=at(9), ends=at(10))
    with_it = take_with_booking(actor=firm, booking=row, material=filament, quantity=D("1.5"))
    assert (with_it.amount, with_it.price, with_it.change, with_it.stock_after) == (
        D("90.75"),
        D("60.50"),
        D("-1.5"),
        D("8.5"),
    )
    assert with_it.for_organization_id == firm.organisation_id
    holder = Holder(None, firm.organisation_id)
    counter = take_at_counter(actor=manager, material=filament, quantity=D(2), holder=holder)
    own = take_at_counter(actor=manager, material=filament, quantity=D(1), reason="样品")
    assert (counter.amount, own.amount) == (D(121), 0)
    assert stock_of(filament) == D("5.5")
    back = give_back_material(actor=manager, entry=counter, reason="没用上")
    assert (back.change, back.reverses, back.for_organization_id) == (D(2), counter, firm.organisation_id)
    count_stock(actor=manager, material=filament, counted=D(7), reason="损耗")
    assert stock_of(filament) == 7
    assert entries().last().change == D("-0.5")
    count_stock(actor=manager, material=filament, counted=D(7))
    assert list(visible(StockEntry, to=firm).order_by("pk")) == [with_it, counter, back]
    assert not visible(StockEntry, to=factories.founder()).exists()


def test_what_is_taken_is_charged_with_the_month_once(manager):
    firm = factories.member()
    tenancy = make_tenancy(manager, firm)
    venue = make_venue(manager, name="工坊")
    tenancy.space.sites.update(venue=venue)
    filament, month = make_material(manager, venue), timezone.localdate().replace(day=1)
    holder = Holder(None, firm.organisation_id)
    first = take_at_counter(actor=manager, material=filament, quantity=D(2), holder=holder)
    take_at_counter(actor=manager, material=filament, quantity=D(1), holder=Holder(factories.founder().person_id, None))
    assert count_foreign_bookings(tenancy.space, month) == 1
    update_material(actor=manager, material=filament, price=D(99))
    statement = bill(manager, tenancy, month)
    charge = Charge._base_manager.get()
    assert (charge.take, charge.kind, charge.amount, statement.total) == (first, "material", D(121), D(121))
    assert "打印丝" in charge.name
    assert draft_month(tenancy.space, month) == []
    second = take_at_counter(actor=manager, material=filament, quantity=D(1), holder=holder)
    give_back_material(actor=manager, entry=first, reason="退货")
    again = replace_statement(statement=statement, actor=manager, reason="退货")
    assert again.total == second.amount == D(99)
    revoke_statement(statement=again, actor=manager, reason="重出")
    assert bill(manager, tenancy, month).total == D(99)
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge._base_manager.create(
            statement=statement, month=month, kind="material", name="x", gross=1, waived=0, amount=1
        )


def test_material_is_taken_with_a_booking_of_one_s_own_while_it_holds(manager, venue, filament):
    firm = factories.member()
    room = make_room(manager, venue)
    row = book(actor=firm, resource=room, starts=at(9), ends=at(10))
    other = make_material(manager, make_venue(manager, name="二号场所"))
    said = {"booking": row, "material": filament, "quantity": D(1)}
    refuse("not_now", "", take_with_booking, actor=factories.founder(), **said)
    refuse("no_material", "material", take_with_booking, actor=firm, **(said | {"material": other}))
    refuse("not_enough", "quantity", take_with_booking, actor=firm, **(said | {"quantity": D("10.01")}))
    refuse("out_of_range", "quantity", take_with_booking, actor=firm, **(said | {"quantity": D(0)}))
    move_booking(booking=row, verb="cancel", actor=firm)
    refuse("not_now", "", take_with_booking, actor=firm, **(said | {"booking": Booking.objects.get()}))
    Booking.objects.update(stage="done")
    done = Booking.objects.select_related("resource__venue").get()
    refuse("not_now", "", take_with_booking, actor=firm, **(said | {"booking": done}))
    assert take_with_booking(actor=manager, **(said | {"booking": done})).for_organization_id == firm.organisation_id


def test_what_is_refused_changes_nothing(manager, venue, filament):
    said = {"actor": manager, "venue": venue, "name": "亚克力板", "unit": "张", "price": D(1)}
    refuse("name_needed", "name", create_material, **(said | {"name": " "}))
    refuse("unit_needed", "unit", create_material, **(said | {"unit": ""}))
    refuse("out_of_range", "price", create_material, **(said | {"price": D(-1)}))
    refuse("out_of_range", "low", create_material, **said, low=D(-1))
    refuse("name_taken", "name", create_material, **(said | {"name": "打印丝"}))
    given = {"actor": manager, "material": filament}
    refuse("reason_needed", "reason", count_stock, **given, counted=D(1))
    refuse("reason_needed", "reason", take_at_counter, **given, quantity=D(1))
    took = take_at_counter(**given, quantity=D(1), reason="自用")
    refuse("reason_needed", "reason", give_back_material, actor=manager, entry=took, reason="")
    back = give_back_material(actor=manager, entry=took, reason="退")
    refuse("given_back", "", give_back_material, actor=manager, entry=took, reason="退")
    refuse("not_taken", "", give_back_material, actor=manager, entry=back, reason="退")
    for act in (receive_stock, take_at_counter):
        with pytest.raises(Forbidden):
            act(actor=factories.member(), material=filament, quantity=D(1))
    clerk = factories.member(organisation_of(manager), "clerk")
    with pytest.raises(Forbidden):
        update_material(actor=clerk, material=filament, price=D(1))
    retire_material(**given)
    refuse("retired", "", receive_stock, **given, quantity=D(1))
    assert stock_of(filament) == 10
    assert Material._base_manager.count() == 1


def test_postgresql_keeps_stock_and_ledger(manager, venue, filament):
    person = factories.founder()
    took = take_at_counter(actor=manager, material=filament, quantity=D(1), holder=Holder(person.person_id, None))
    with pytest.raises(IntegrityError), transaction.atomic():
        Material._base_manager.update(stock=-1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entries().filter(pk=took.pk).update(change=-2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entries().filter(pk=took.pk)._raw_delete("default")
    assert unname_materials(person.person_id) == 1
    unname_materials(manager.person_id)
    assert (entries().last().person, entries().last().recorded_by) == (None, None)


def test_an_operator_keeps_materials_on_pages(client, manager, venue, django_assert_num_queries):
    factories.sign_in(client, manager)
    assert "还没有耗材" in client.get(reverse("booking:materials")).content.decode()
    sent = {"name": "打印丝", "unit": "卷", "price": "60", "low": "3"}
    new = reverse("booking:new-material", args=[venue.pk])
    assert client.post(new, sent | {"unit": ""}).status_code == 422
    client.post(new, sent)
    row = Material._base_manager.get()
    page = reverse("booking:material", args=[row.pk])

    def post(name, said, status=302, pk=row.pk):
        answer = client.post(reverse(f"booking:{name}", args=[pk]), said)
        assert answer.status_code == status, answer.content.decode()
        return answer

    assert [str(one.title) for one in list_low_stock(manager)] == ["请补货：打印丝，还剩0卷"]
    post("receive", {"quantity": "0"}, 422)
    post("receive", {"quantity": "5", "reason": "首批"})
    assert not list(list_low_stock(manager))
    post("edit-material", sent | {"price": "-1"}, 422)
    post("edit-material", sent | {"price": "66"})
    firm = factories.member()
    given = admit_organization(actor=manager, venue=venue, organization=organisation_of(firm))
    refused = post("take-material", {"quantity": "9", "whom": given.pk}, 422).content.decode()
    assert "只剩5卷" in refused
    post("take-material", {"quantity": "2", "whom": given.pk})
    post("take-material", {"quantity": "1", "reason": "样品"})
    took = entries().get(amount__gt=0)
    assert took.amount == 132
    post("count", {"counted": "1"}, 422)
    post("count", {"counted": "1", "reason": "损耗"})
    assert "请补货" in client.get(page).content.decode()
    post("give-back", {"reason": ""}, 422, took.pk)
    post("give-back", {"reason": "没用"}, pk=took.pk)
    assert stock_of(row) == 3
    for query in ("", "?q=打印", "?state=low", "?state=retired", "?sort=stock", f"?venue={venue.pk}"):
        assert client.get(reverse("booking:materials") + query).status_code == 200
    assert "打印丝" in client.get(reverse("booking:materials") + "?state=low").content.decode()
    make_material(manager, venue, name="板材")
    with django_assert_num_queries(8):
        client.get(reverse("booking:materials"))
    for name, args in (("materials-export", []), ("ledger", [row.pk])):
        assert client.get(reverse(f"booking:{name}", args=args))["Content-Type"].endswith("sheet")
    post("retire-material", {})
    assert "已停用" in client.get(page).content.decode()


def test_a_tenant_takes_material_with_a_booking(client, manager, venue, filament):
    firm = factories.member()
    row = book(actor=firm, resource=make_room(manager, venue), starts=at(9), ends=at(10))
    factories.sign_in(client, firm)
    assert "领用耗材" in client.get(reverse("booking:booking", args=[row.pk])).content.decode()
    page = reverse("booking:take-with", args=[row.pk])
    assert "¥60.50/卷" in client.get(page).content.decode()
    assert client.post(page, {"material": filament.pk, "quantity": "11"}).status_code == 422
    client.post(page, {"material": filament.pk, "quantity": "2"})
    assert "¥121.00" in client.get(page).content.decode()
    assert client.get(reverse("booking:material", args=[filament.pk])).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_take_what_is_not_there(regions, monkeypatch):
    manager = factories.member(role="manager")
    filament = make_material(manager, make_venue(manager), stock=3)

    def take():
        take_at_counter(actor=manager, material=filament, quantity=D(2), reason="自用")
        return "taken"

    assert sorted(at_once(*[take] * 4)) == ["not_enough", "not_enough", "not_enough", "taken"]
    assert stock_of(filament) == 1
    # the control: without the lock both read three, both take two, and the ledger is no longer what is there
    receive_stock(actor=manager, material=filament, quantity=D(2))
    meet = threading.Barrier(2)

    def read_together(row):
        found = Material._base_manager.get(pk=row.pk)
        meet.wait(timeout=20)
        return found

    monkeypatch.setattr(materials, "lock_row", read_together)
    assert at_once(take, take) == ["taken", "taken"]
    there = Material._base_manager.get(pk=filament.pk).stock
    assert entries().aggregate(n=Sum("change"))["n"] == -1 != there == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_is_given_back_once_by_two(regions):
    manager = factories.member(role="manager")
    filament = make_material(manager, make_venue(manager), stock=3)
    taken = take_at_counter(actor=manager, material=filament, quantity=D(2), reason="自用")
    outcomes = at_once(*[lambda: give_back_material(actor=manager, entry=taken, reason="拿错了").act] * 3)
    assert sorted(outcomes) == ["give_back", "given_back", "given_back"]
    assert stock_of(filament) == 3


@pytest.mark.django_db(transaction=True)
def test_nothing_is_taken_with_a_booking_that_is_called_off_just_now(regions, monkeypatch):
    manager, guest = factories.member(role="manager"), factories.founder()
    venue = make_venue(manager)
    filament = make_material(manager, venue, stock=3)
    row = book(actor=guest, resource=make_room(manager, venue), starts=at(9), ends=at(10))
    asked, is_off, may = threading.Event(), threading.Event(), materials.may_take_with

    def ask_slowly(actor, booking):
        found = may(actor, booking)
        asked.set()
        wait_until_one_waits(is_off)
        return found

    monkeypatch.setattr(materials, "may_take_with", ask_slowly)

    def call_off():
        asked.wait(timeout=20)
        try:
            return str(move_booking(booking=row, verb="call_off", actor=manager, reason="停电").stage)
        finally:
            is_off.set()

    def take():
        with transaction.atomic():
            take_with_booking(actor=guest, booking=row, material=filament, quantity=D(1))
            return Booking._base_manager.get(pk=row.pk).stage

    assert at_once(take, call_off) == ["confirmed", "cancelled"]
    with pytest.raises(Refused) as refusal:
        take_with_booking(actor=guest, booking=row, material=filament, quantity=D(1))
    assert (refusal.value.code, stock_of(filament)) == ("not_now", 2)


def test_quantities_and_sums_are_said_without_useless_zeros(client, manager, venue):
    screws = make_material(manager, venue, stock=20, name="螺丝", unit="包", price=D("12.50"))
    guest = factories.founder()
    row = book(actor=guest, resource=make_room(manager, venue), starts=at(9), ends=at(10))
    factories.sign_in(client, guest)
    address = reverse("booking:take-with", args=[row.pk])
    page = client.post(address, {"material": screws.pk, "quantity": "2"}, follow=True).content.decode()
    assert "已领用螺丝2包，¥25.00计入当月账单。" in page
    factories.sign_in(client, manager)
    page = client.get(reverse("booking:material", args=[screws.pk])).content.decode()
    assert 'name="counted" value="18"' in page
    assert "2.00" not in page


def test_what_is_given_back_after_it_was_charged_is_taken_off_the_next_statement(client, manager):
    firm = factories.member()
    tenancy, month = make_tenancy(manager, firm), timezone.localdate().replace(day=1)
    venue = make_venue(manager, name="工坊")
    tenancy.space.sites.update(venue=venue)
    screws, holder = make_material(manager, venue, price=D("12.50")), Holder(None, firm.organisation_id)
    said = {"actor": manager, "material": screws, "holder": holder}
    taken = take_at_counter(quantity=D(2), **said)
    first = bill(manager, tenancy, month)
    give_back_material(actor=manager, entry=taken, reason="没用上")
    factories.sign_in(client, manager)
    page = client.get(reverse("billing:statement", args=[first.pk])).content.decode()
    assert "出账后有耗材退回" in page
    assert draft_month(tenancy.space, month) == [], "nothing is owed to a statement of its own"
    take_at_counter(quantity=D(1), **said)
    second = bill(manager, tenancy, month)
    assert (second.gross, second.total) == (0, 0), "no more is taken off than there is"
    take_at_counter(quantity=D("1.5"), **said)
    third = bill(manager, tenancy, month)
    assert third.total == D("18.75") - D("12.50")
    (credit,) = Charge._base_manager.filter(statement=third, credits__isnull=False)
    assert credit.name == f"退回抵扣：打印丝（原账单{first.number}）"
    refuse("credited", "", revoke_statement, statement=first, actor=manager, reason="重出")
    revoke_statement(statement=third, actor=manager, reason="重出")
    assert bill(manager, tenancy, month).total == D("18.75") - D("12.50"), "what was taken back is taken off again"
    assert "出账后有耗材退回" not in client.get(reverse("billing:statement", args=[first.pk])).content.decode()


ACTS = st.lists(
    st.tuples(st.sampled_from(["take", "back", "bill", "revoke"]), st.integers(0, 9), st.integers(1, 400)),
    min_size=4,
    max_size=14,
)


@given(ACTS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_acts_what_is_owed_is_what_was_kept_to_the_cent(regions, acts):
    with transaction.atomic():
        owe_what_was_kept(acts)
        transaction.set_rollback(True)


def owe_what_was_kept(acts):
    manager, firm = factories.member(role="manager"), factories.member()
    tenancy, month = make_tenancy(manager, firm), timezone.localdate().replace(day=1)
    venue = make_venue(manager, name="工坊")
    tenancy.space.sites.update(venue=venue)
    screws, holder = make_material(manager, venue, stock=9999, price=D("0.37")), Holder(None, firm.organisation_id)
    for act, which, hundredths in acts:
        taken = list(entries().filter(act="take", reversed_by=None))
        issued = list(Statement._base_manager.filter(stage="issued"))
        with suppress(Refused):
            if act == "take":
                take_at_counter(actor=manager, material=screws, quantity=D(hundredths) / 100, holder=holder)
            elif act == "back" and taken:
                give_back_material(actor=manager, entry=taken[which % len(taken)], reason="退")
            elif act == "bill":
                bill(manager, tenancy, month)
            elif act == "revoke" and issued:
                revoke_statement(statement=issued[which % len(issued)], actor=manager, reason="撤")
        assert all(row.total >= 0 for row in Statement._base_manager.all())
    take_at_counter(actor=manager, material=screws, quantity=D(999), holder=holder)
    bill(manager, tenancy, month)
    owed = Statement._base_manager.filter(stage="issued").aggregate(sum=Sum("total"))["sum"]
    kept = entries().filter(act="take", reversed_by=None).aggregate(sum=Sum("amount"))["sum"]
    assert owed == kept
    assert Charge._base_manager.aggregate(sum=Sum("amount"))["sum"] == kept
