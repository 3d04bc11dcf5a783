"""Two at once on one tenancy or space: one waits for the other; beside each guard the control that fails without it."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone

import factories
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.models import History
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.tenants.domain import agreements, placing
from chuangbao.tenants.domain.agreements import offer_agreement, sign_agreement
from chuangbao.tenants.domain.deciding import admit_tenant, decline_tenant
from chuangbao.tenants.domain.ending import graduate_tenant, leave_space
from chuangbao.tenants.domain.handing import tick_handover
from chuangbao.tenants.domain.placing import add_cohort, drop_cohort, place_tenant
from chuangbao.tenants.models import Agreement, Cohort
from tenants.scene import admit, all_tenancies, apply_as, begin, host_and_space
from together import at_once, wait_until_one_waits

pytestmark = [pytest.mark.usefixtures("regions"), pytest.mark.django_db(transaction=True)]
TERM = timedelta(days=365)


@pytest.fixture
def scene():
    return host_and_space()


def without_lock(monkeypatch, room):
    """Let both read before either writes, as they would without the lock."""
    both = threading.Barrier(2, timeout=10)
    met = threading.local()

    def read(row):
        fresh = type(row)._base_manager.get(pk=row.pk)
        if not getattr(met, "once", False):
            met.once = True
            both.wait()
        return fresh

    monkeypatch.setattr(room, "lock_row", read)


def place_twice(host, row):
    def place(desks):
        return lambda: place_tenant(tenancy=row, actor=host, seen=row.revision, is_virtual=False, desks=desks).desks

    return at_once(place(2), place(3))


def test_of_two_who_place_a_tenant_at_once_one_is_told_to_look_again(scene):
    host, space = scene
    row = apply_as(factories.founder(), space)
    said = place_twice(host, row)
    assert "changed" in said
    assert all_tenancies().get().desks in said


def test_control_without_the_lock_one_of_two_is_lost(scene, monkeypatch):
    host, space = scene
    row = apply_as(factories.founder(), space)
    without_lock(monkeypatch, placing)
    assert sorted(place_twice(host, row)) == [2, 3]  # both were told that it is kept


def offer_both(host, space):
    today = timezone.localdate()
    rows = [admit(apply_as(factories.founder(), space, team_name=name), host) for name in ("甲", "乙")]

    def offer(row):
        return lambda: (
            offer_agreement(tenancy=row, actor=host, starts_on=today, term_ends_on=today + TERM).place_in_year
        )

    return at_once(*map(offer, rows))


def test_two_agreements_of_a_space_at_once_have_two_numbers(scene):
    assert sorted(offer_both(*scene)) == [1, 2]


def test_control_without_the_lock_they_want_the_same_number(scene, monkeypatch):
    without_lock(monkeypatch, agreements)
    both, number = threading.Barrier(2, timeout=10), agreements.number_agreement
    monkeypatch.setattr(agreements, "number_agreement", lambda made: (number(made), both.wait()))
    assert "offered_before" in offer_both(*scene)  # what the unique number leaves of two


def test_admitting_and_declining_at_once_comes_to_one_of_both(scene):
    host, space = scene
    row = apply_as(factories.founder(), space)
    said = at_once(
        lambda: admit_tenant(tenancy=row, actor=host).stage,
        lambda: decline_tenant(tenancy=row, actor=host, reason="没有空位").stage,
    )
    kept = all_tenancies().get()
    assert kept.stage in said
    assert (kept.stage == "declined") == (kept.ended_on is not None)  # 不接收也可在接收之后


def test_both_sides_at_once_confirm_once_and_a_second_click_says_so(scene):
    host, space = scene
    firm = factories.member()
    row, today = admit(apply_as(firm, space), host), timezone.localdate()
    paper = offer_agreement(tenancy=row, actor=host, starts_on=today, term_ends_on=today + TERM)
    said = at_once(*[lambda: sign_agreement(agreement=paper, actor=firm, seen=paper.content_hash).stage] * 2)
    assert "signed" in said
    assert len(set(said)) == 2
    assert all_tenancies().get().stage == "incubating"
    assert unscoped(Agreement, because="a test").get().signed_by_id == firm.person_id


def test_leaving_and_graduating_at_once_comes_to_one_end(scene):
    host, space = scene
    firm = factories.member()
    row = begin(firm, space, host)
    said = at_once(
        lambda: leave_space(tenancy=row, actor=firm).stage,
        lambda: graduate_tenant(tenancy=row, actor=host, grounds={"d": "并购协议"}).stage,
    )
    kept = all_tenancies().get()
    assert kept.stage in said
    assert len({"left", "graduated"} & set(said)) == 1
    assert kept.grounds.exists() == (kept.stage == "graduated")


def test_both_sides_who_tick_at_once_do_not_undo_each_other(scene):
    host, space = scene
    founder = factories.founder()
    row = begin(founder, space, host)
    line = leave_space(tenancy=row, actor=founder).handovers.first()
    for done in (True, False):
        tick = partial(tick_handover, handover=line, done=done)
        at_once(*[partial(tick, actor=who) for who in (host, founder) * 2])
        line.refresh_from_db()
        assert (line.done_on is not None) is done
    assert History.objects.filter(verb="tenancy.hand_over").count() == 2


def test_an_application_is_admitted_once_by_two(scene):
    host, space = scene
    row = apply_as(factories.founder(), space)
    outcomes = at_once(*[lambda: admit_tenant(tenancy=row, actor=host).stage] * 3)
    assert outcomes.count("admitted") == 1
    assert len(set(outcomes) - {"admitted"}) == 1
    assert all_tenancies().get().stage == "admitted"


def test_a_cohort_that_a_colleague_removes_takes_no_tenant(scene):
    host, space = scene
    row = apply_as(factories.founder(), space)
    cohort = add_cohort(space=space, actor=host, name="春季")
    said = at_once(
        lambda: place_tenant(tenancy=row, actor=host, seen=row.revision, is_virtual=False, cohort=cohort).cohort_id,
        lambda: drop_cohort(cohort=cohort, actor=host),
    )
    kept = unscoped(Cohort, because="a test").first()
    assert (all_tenancies().get().cohort_id, kept and kept.pk) in {(cohort.pk, cohort.pk), (None, None)}
    assert {"gone", "has_tenants"} & set(said)


def come_second(monkeypatch, first, second):
    """Do two things of which the first has all its locks before the second asks for one; what each came to."""
    held = threading.Event()

    def hold(*given, **said):
        held.set()
        wait_until_one_waits()
        return record(*given, **said)

    def follow():
        assert held.wait(10)
        return second()

    record = placing.record
    monkeypatch.setattr(placing, "record", hold)
    return at_once(first, follow)


@pytest.mark.parametrize(
    ("order", "outcome"), [(("place", "drop"), ["春季", "has_tenants"]), (("drop", "place"), [None, "gone"])]
)
def test_whichever_comes_first_to_a_cohort_is_done_and_the_other_is_told(scene, monkeypatch, order, outcome):
    host, space = scene
    row = apply_as(factories.founder(), space)
    cohort = add_cohort(space=space, actor=host, name="春季")
    acts = {
        "place": lambda: str(
            place_tenant(tenancy=row, actor=host, seen=row.revision, is_virtual=False, cohort=cohort).cohort.name
        ),
        "drop": lambda: drop_cohort(cohort=cohort, actor=host),
    }
    assert come_second(monkeypatch, *(acts[name] for name in order)) == outcome


def test_who_locks_a_cohort_waits_for_none_who_holds_its_space(scene):
    """Else one who places and one who removes would wait for each other: the usual order of cohorts is by space."""
    host, space = scene
    cohort = add_cohort(space=space, actor=host, name="春季")

    def lock_at_once():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            return lock_row(cohort).pk

    with transaction.atomic():
        lock_row(space)
        assert at_once(lock_at_once) == [cohort.pk]


def test_twenty_applications_of_one_person_sent_at_once_are_one(scene):
    _host, space = scene
    founder = factories.founder()
    said = at_once(*(lambda n=n: apply_as(founder, space, team_name=f"第{n}团队").pk for n in range(20)))
    assert said.count("too_many_open") == 19
    assert all_tenancies().count() == 1
