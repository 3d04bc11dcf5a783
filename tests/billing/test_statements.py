"""Billing a month: everything once, numbered without gaps, reversed and not changed; what is waived is seen as support."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factories
from billing.scene import HALF, JUNE, WHY, bill, make_line, make_tenancy, pay
from booking.scene import make_room, make_venue
from chuangbao.billing.domain.charging import count_foreign_bookings, draft_month
from chuangbao.billing.domain.contracts import Waiver, add_line, change_price, end_contract
from chuangbao.billing.domain.reminding import remind_all
from chuangbao.billing.domain.statements import issue_month, replace_statement, revoke_statement
from chuangbao.billing.models import Charge, ChargePart, Payment, PaymentShare, Reminder, Statement
from chuangbao.billing.queries import count_credit, list_income
from chuangbao.billing.tasks import remind_payers
from chuangbao.booking.domain.bookings import book, move_booking
from chuangbao.booking.domain.passes import admit_organization
from chuangbao.booking.domain.rates import set_allowance, set_rate
from chuangbao.booking.models import AllowanceUse, Booking
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.models import Notice
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.models import Award, Fact
from spaces.samples import make_space
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")
JULY = date(2026, 7, 1)


@pytest.fixture
def host():
    return factories.member()


@pytest.fixture
def firm():
    return factories.member()


@pytest.fixture
def tenancy(host, firm):
    return make_tenancy(host, firm)


def rows(model):
    return unscoped(model, because=WHY)


def list_amounts(statement):
    return list(rows(Charge).filter(statement=statement).order_by("pk").values_list("name", "amount"))


def use(room, actor, hour, price, stage="done"):
    starts = datetime(2026, 6, 10, hour, tzinfo=UTC)
    span = (starts, starts + timedelta(hours=1))
    return Booking.objects.create(
        resource=room, for_organization_id=actor.organisation_id, person_id=actor.person_id, price=price, stage=stage,
        starts=span[0], ends=span[1], blocked=span,
    )  # fmt: skip


def test_a_month_is_billed_once_and_what_came_later_after_it(host, firm, tenancy):
    make_line(host, tenancy, first=date(2026, 6, 10))
    first = bill(host, tenancy)
    year = timezone.localdate().year
    assert (first.number, first.total) == (f"ZD{year}-{tenancy.space_id:05d}-0001", Decimal("700.00"))
    part = rows(ChargePart).get()
    assert (part.days, part.month_days, part.price, part.gross) == (21, 30, Decimal(1000), Decimal(700))
    with pytest.raises(Refused) as refusal:
        bill(host, tenancy)
    assert refusal.value.code == "nothing_to_charge"
    assert Statement._base_manager.count() == 1
    make_line(host, tenancy, "10.00", kind="service", name="代账")
    second = bill(host, tenancy)
    assert (second.place_in_year, list_amounts(second)) == (2, [("代账", Decimal("10.00"))])
    told = Notice.objects.filter(person=firm.person_id, event="billing.issued")
    assert told.count() == 2


def test_a_new_price_holds_from_its_day_and_the_old_tenant_keeps_the_old_one(host, tenancy):
    line = make_line(host, tenancy, "100.00", first=date(2026, 1, 5), unit="desk", quantity=Decimal(3))
    old = make_line(host, make_tenancy(host, space=tenancy.space), "100.00")
    change_price(line=line, price=Decimal(200), first=date(2026, 6, 16), actor=host, waiver=HALF)
    statement = bill(host, tenancy)
    assert [(p.days, p.gross, p.waived) for p in rows(ChargePart).order_by("pk")] == [
        (15, Decimal("150.00"), Decimal(0)),
        (15, Decimal("300.00"), Decimal("150.00")),
    ]
    assert (statement.gross, statement.waived, statement.total) == (Decimal(450), Decimal(150), Decimal(300))
    assert bill(host, old.tenancy).total == Decimal(100)


def test_bookings_that_were_used_are_charged_to_their_tenant_once(host, firm, tenancy):
    room = make_room(host)
    site = tenancy.space.sites.get()
    site.venue = room.venue
    site.save()
    use(room, firm, 1, Decimal(50))
    use(room, firm, 3, Decimal(60), stage="cancelled")
    use(room, firm, 5, None)
    use(room, factories.member(), 7, Decimal(70))
    assert count_foreign_bookings(tenancy.space, JUNE) == 1
    statement = bill(host, tenancy)
    assert [amount for _name, amount in list_amounts(statement)] == [Decimal(50)]
    assert "2026-06-10 09:00" in list_amounts(statement)[0][0]
    assert draft_month(tenancy.space, JUNE) == []


def test_a_booking_over_the_end_of_a_month_is_charged_once_with_the_month_in_which_it_begins(host, firm, tenancy):
    room = make_room(host)
    site = tenancy.space.sites.get()
    site.venue = room.venue
    site.save()
    span = (datetime(2028, 2, 29, 14, tzinfo=UTC), datetime(2028, 2, 29, 18, tzinfo=UTC))  # 22:00 to 2:00 in Changchun
    row = use(room, firm, 1, Decimal(80))
    rows(Booking).filter(pk=row.pk).update(starts=span[0], ends=span[1], blocked=span)
    (draft,) = draft_month(tenancy.space, date(2028, 2, 1))
    (charge,) = draft.charges
    assert (charge.amount, charge.name) == (80, f"{room.name} 2028-02-29 22:00–2028-03-01 02:00")
    assert draft_month(tenancy.space, date(2028, 3, 1)) == []


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), min_size=1, max_size=6),
    st.decimals("0.01", "999.99", places=2),
    st.integers(1, 900),
)
def test_a_month_charges_what_its_bookings_said(host, firm, tenancy, times, price, minutes):
    with transaction.atomic():
        month = (timezone.localdate().replace(day=1) + timedelta(days=40)).replace(day=1)
        room = make_room(host, make_venue(host, name="计价场所"), price_per_hour=Decimal("66.66"))
        rows(tenancy.space.sites.model).filter(space=tenancy.space).update(venue=room.venue)
        admit_organization(actor=host, venue=room.venue, organization=tenancy.organization)
        set_rate(actor=host, venue=room.venue, price=price, first=date(2020, 1, 1), group="tenant")
        set_rate(actor=host, venue=room.venue, price=price / 3, first=date(2020, 1, 1), group="tenant", days="rest")
        set_allowance(actor=host, venue=room.venue, group="tenant", minutes=minutes, first=month)
        made = []
        for at_half, length in times:
            starts = datetime.combine(month, time(), ZoneInfo("Asia/Shanghai")) + timedelta(minutes=30 * at_half * 13)
            with suppress(Refused):
                made.append(
                    book(actor=firm, resource=room, starts=starts, ends=starts + timedelta(minutes=30 * length))
                )
        if len(made) > 1:
            move_booking(booking=made.pop(0), verb="cancel", actor=firm)
        rows(Booking).filter(pk__in=[row.pk for row in made]).update(stage="done")
        said = sum((row.price for row in made), Decimal(0))
        drafts = draft_month(tenancy.space, month)
        assert sum(draft.total for draft in drafts) == said
        used = sum(row.quote.free_minutes for row in made)
        assert used <= minutes
        assert list(rows(AllowanceUse).values_list("used", flat=True)) == [used]
        if said:
            statement = bill(host, tenancy, month)
            assert sum(amount for _name, amount in list_amounts(statement)) == said
            assert all("本场所入驻企业" in name for name, _amount in list_amounts(statement))
        transaction.set_rollback(True)


def test_a_team_pays_for_what_its_leader_booked(host):
    leader = factories.founder()
    tenancy = make_tenancy(host, leader=leader.person_id)
    room = make_room(host)
    site = tenancy.space.sites.get()
    site.venue = room.venue
    site.save()
    use(room, leader, 1, Decimal(50))
    make_line(host, tenancy, waiver=HALF)
    statement = bill(host, tenancy)
    assert (statement.payer, statement.total) == ("演示团队", Decimal(550))
    assert Notice.objects.filter(person=leader.person_id, event="billing.issued").exists()
    assert list(visible(Statement, to=leader)) == [statement]
    assert not rows(Fact).exists()


def test_a_tenant_who_left_is_charged_to_the_last_day(host, tenancy):
    make_line(host, tenancy)
    tenancy.ended_on, tenancy.stage = date(2026, 6, 12), "left"
    tenancy.save()
    assert bill(host, tenancy).total == Decimal(400)
    assert draft_month(tenancy.space, JULY) == []


@pytest.mark.parametrize(
    ("first", "last", "changed", "month", "total"),
    [
        (date(2024, 2, 29), None, None, date(2024, 2, 1), "34.48"),  # 1 of 29 days
        (date(2024, 1, 1), date(2024, 2, 29), None, date(2024, 2, 1), "1000"),
        (date(2024, 1, 1), date(2025, 2, 28), None, date(2025, 2, 1), "1000"),
        (date(2026, 1, 31), None, None, date(2026, 1, 1), "32.26"),  # 1 of 31 days
        (date(2026, 1, 31), None, None, date(2026, 2, 1), "1000"),
        (date(2026, 1, 1), date(2026, 5, 30), None, date(2026, 5, 1), "967.74"),  # 30 of 31 days
        (date(2026, 1, 1), date(2026, 5, 31), None, date(2026, 5, 1), "1000"),
        (date(2026, 1, 1), None, date(2026, 5, 31), date(2026, 5, 1), "1032.26"),  # 30 at 1000 and 1 at 2000
        (date(2026, 1, 1), None, date(2026, 5, 31), date(2026, 6, 1), "2000"),
        (date(2026, 1, 1), None, date(2026, 6, 1), date(2026, 5, 1), "1000"),
        (date(2026, 1, 1), None, date(2026, 2, 15), date(2026, 2, 1), "1500"),  # 14 and 14 of 28
        (date(2024, 1, 1), None, date(2024, 2, 29), date(2024, 2, 1), "1034.48"),  # 28 at 1000 and 1 at 2000
    ],
)
def test_a_contract_begins_ends_and_changes_on_the_odd_days_of_months(host, first, last, changed, month, total):
    tenancy = make_tenancy(host, starts_on=first)
    line = make_line(host, tenancy, first=first)
    if changed:
        change_price(line=line, price=Decimal(2000), first=changed, actor=host)
    if last:
        end_contract(contract=line.contract, last=last, actor=host)
    assert bill(host, tenancy, month).total == Decimal(total)


def test_a_statement_is_revoked_by_rows_with_the_other_sign_and_billed_again(host, firm, tenancy):
    make_line(host, tenancy)
    statement = bill(host, tenancy)
    pay(host, statement, "400")
    revoked = revoke_statement(statement=statement, actor=host, reason="多收了")
    assert (revoked.stage, revoked.end_reason, revoked.ended_on) == ("revoked", "多收了", timezone.localdate())
    assert [amount for _name, amount in list_amounts(statement)] == [Decimal(1000), Decimal(-1000)]
    assert count_credit(tenancy) == Decimal(400)
    again = bill(host, tenancy)
    assert again.place_in_year == 2
    assert rows(Charge).get(statement=again).run == 1
    assert count_credit(tenancy) == 0
    assert sum(rows(PaymentShare).filter(statement=again).values_list("amount", flat=True)) == Decimal(400)
    assert Notice.objects.filter(person=firm.person_id, event="billing.revoked").exists()
    with pytest.raises(Refused) as refusal:
        revoke_statement(statement=statement, actor=host, reason="x")
    assert refusal.value.code == "not_in_issued"


def test_a_statement_is_replaced_by_what_holds_now(host, tenancy):
    make_line(host, tenancy)
    statement = bill(host, tenancy)
    add_line(
        contract=tenancy.contracts.get(), kind="property", name="物业", unit="m2", quantity=Decimal("20.5"),
        price=Decimal("2.00"), first=JUNE, actor=host,
    )  # fmt: skip
    newer = replace_statement(statement=statement, actor=host, reason="漏了物业费")
    statement.refresh_from_db()
    assert (statement.stage, newer.replaces, newer.total) == ("replaced", statement, Decimal("1041.00"))
    months = dict(list_income(tenancy.space, 2026))
    assert (months[JUNE]["I72"], months[JUNE]["I71"], months[JUNE]["waived"]) == (Decimal(1041), 0, 0)


def test_what_is_waived_is_a_fact_of_the_firm_and_a_subsidy_a_grant_that_it_had(host, firm):
    from chuangbao.core.engine.current import current_pack

    measure = next(m.id for m in current_pack().measures.values() if not m.model)
    tenancy = make_tenancy(host, firm)
    month = timezone.localdate().replace(day=1)
    subsidy = Waiver(Decimal("0.3"), "subsidy", "city", measure)
    make_line(host, tenancy, first=month, waiver=subsidy)
    statement = bill(host, tenancy, month)
    award = rows(Award).get()
    assert (award.measure, award.amount, award.level, award.source) == (measure, Decimal(300), "city", "platform")
    assert award.subject.organisation_id == firm.organisation_id
    fact = rows(Fact).get(name="space_cost_waived_year")
    assert (fact.number, fact.source, fact.as_of) == (Decimal(300), "platform", timezone.localdate())
    revoke_statement(statement=statement, actor=host, reason="不符合")
    award.refresh_from_db()
    assert award.stage == "withdrawn"
    assert rows(Fact).filter(name="space_cost_waived_year").order_by("-pk").first().number == 0


def test_who_is_late_is_reminded_once_a_step(host, firm, tenancy):
    make_line(host, tenancy)
    statement = bill(host, tenancy)
    due = statement.due_on
    days = [-4, -3, -2, 1, 2, 9, 40]
    assert [remind_all(due + timedelta(days=n)) for n in days] == [0, 1, 0, 1, 0, 1, 1]
    assert list(rows(Reminder).order_by("pk").values_list("step", flat=True)) == [-3, 1, 7, 30]
    pay(host, statement, "1000")
    assert remind_all(due + timedelta(days=400)) == 0
    assert remind_payers() == 0
    assert Notice.objects.filter(person=firm.person_id, event="billing.late").count() == 3


def test_strangers_bill_and_see_nothing(host, firm, tenancy):
    make_line(host, tenancy)
    for other in (factories.member(), firm, factories.member(tenancy.space.operator, "clerk")):
        with pytest.raises(Forbidden):
            issue_month(space=tenancy.space, month=JUNE, actor=other, tenancies=[tenancy.pk])
    assert not rows(Statement).exists()
    statement = bill(host, tenancy)
    with pytest.raises(Refused) as refusal:
        revoke_statement(statement=statement, actor=firm, reason="x")
    assert refusal.value.code == "not_permitted"
    assert list(visible(Statement, to=firm)) == [statement]
    assert not visible(Statement, to=factories.member()).exists()
    assert not visible(Charge, to=factories.founder()).exists()


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"month": date(2099, 1, 1)}, "too_early", "month"),
        ({"tenancies": []}, "nobody", "tenancies"),
        ({"tenancies": [0]}, "nothing_to_charge", ""),
    ],
)
def test_what_cannot_be_billed_is_said(host, tenancy, given, code, field):
    make_line(host, tenancy)
    with pytest.raises(Refused) as refusal:
        issue_month(**{"space": tenancy.space, "month": JUNE, "actor": host, "tenancies": [tenancy.pk], **given})
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not rows(Statement).exists()


@pytest.mark.parametrize("model", [Charge, ChargePart, Payment, PaymentShare])
def test_the_database_lets_nobody_change_money(host, tenancy, model):
    make_line(host, tenancy)
    pay(host, bill(host, tenancy), "10")
    row = rows(model).first()
    column = "days" if model is ChargePart else "amount"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows(model).filter(pk=row.pk).update(**{column: 7})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows(model).filter(pk=row.pk)._raw_delete("default")
    assert getattr(rows(model).get(pk=row.pk), column) == getattr(row, column)


@pytest.mark.django_db(transaction=True)
def test_two_who_bill_a_month_at_once_charge_everything_once(regions, monkeypatch):
    host = factories.member()
    space = make_space(host)
    there = [make_tenancy(host, space=space) for _ in range(3)]
    for tenancy in there:
        make_line(host, tenancy)
    ids = [tenancy.pk for tenancy in there]
    outcomes = at_once(
        *[lambda: len(issue_month(space=space, month=JUNE, actor=host, tenancies=ids)) for _ in range(4)]
    )
    assert sorted(map(str, outcomes)) == ["3", "nothing_to_charge", "nothing_to_charge", "nothing_to_charge"]
    assert sorted(rows(Statement).values_list("place_in_year", flat=True)) == [1, 2, 3]
    assert rows(Charge).count() == 3
    # the control: without the locks the database alone refuses the second, as a fault
    from chuangbao.billing.domain import statements

    monkeypatch.setattr(statements, "lock_row", lambda row: row)
    monkeypatch.setattr(statements, "lock_tenants", lambda _space, wanted: list(wanted))

    def without_lock():
        try:
            return len(issue_month(space=space, month=JULY, actor=host, tenancies=ids))
        except DatabaseError as error:
            return type(error).__name__

    assert "IntegrityError" in at_once(*[without_lock] * 4)
    assert rows(Charge).filter(month=JULY).count() == 3


def test_who_left_early_reads_the_time_that_is_charged(host, firm, tenancy):
    venue = make_venue(host, name="演示·场所")
    tenancy.space.sites.update(venue=venue)
    room = make_room(host, venue, name="演示·讨论室", price_per_hour=Decimal(60))
    starts = datetime.combine(timezone.localdate() + timedelta(days=3), time(13), ZoneInfo("Asia/Shanghai"))
    row = book(actor=firm, resource=room, starts=starts, ends=starts + timedelta(hours=1))
    Booking.objects.filter(pk=row.pk).update(stage="left", ends=starts + timedelta(minutes=10))
    (draft,) = draft_month(tenancy.space, starts.date().replace(day=1))
    (charge,) = draft.charges
    assert charge.amount == 60
    assert charge.name.startswith(f"演示·讨论室 {starts:%Y-%m-%d} 13:00–14:00，13:10提前离开")
