"""A term ends: both sides hear it in good time, and another agreement renews it. Cohorts are changed and removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.models import History, Notice
from chuangbao.core.workbench import todos_of
from chuangbao.core.workflow.refusals import Refused
from chuangbao.tenants.domain.agreements import offer_agreement, sign_agreement
from chuangbao.tenants.domain.placing import add_cohort, change_cohort, drop_cohort
from chuangbao.tenants.domain.reminding import remind_of_term, remind_of_terms
from chuangbao.tenants.models import Agreement, Cohort
from chuangbao.tenants.tasks import remind_tenants
from tenants.scene import all_tenancies, begin, host_and_space
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def scene():
    host, space = host_and_space()
    firm = factories.member()
    return host, firm, begin(firm, space, host)


def list_told():
    return list(Notice.objects.filter(event="tenancy.term").order_by("pk").values_list("person_id", flat=True))


def test_both_sides_hear_sixty_and_thirty_days_before_each_once(scene):
    host, firm, row = scene
    end = row.term_ends_on
    seen = [remind_of_terms(end - timedelta(days=days)) for days in (61, 60, 59, 31, 30, 29, 1, 0)]
    assert seen == [0, 1, 0, 0, 1, 0, 0, 0]
    assert list_told() == [host.person_id, firm.person_id] * 2
    assert History.objects.filter(verb="tenancy.remind").count() == 2
    assert remind_of_terms(end + timedelta(days=1)) == 0


def test_a_term_that_came_late_into_view_is_told_once_and_another_term_again(scene):
    _host, _firm, row = scene
    end = row.term_ends_on
    assert [remind_of_terms(end - timedelta(days=days)) for days in (10, 9)] == [1, 0]
    all_tenancies().update(term_ends_on=end + timedelta(days=100))
    assert remind_of_terms(end + timedelta(days=80)) == 1
    all_tenancies().update(term_ends_on=None)
    assert remind_of_term(row, end) is False


def test_the_worker_reminds_by_the_day_of_the_province(scene):
    day = scene[2].term_ends_on - timedelta(days=30)
    assert remind_tenants(int(datetime(day.year, day.month, day.day, 1, 10, tzinfo=UTC).timestamp())) == 1
    assert remind_tenants() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_once(scene):
    day = scene[2].term_ends_on
    assert sorted(at_once(lambda: remind_of_terms(day), lambda: remind_of_terms(day))) == [0, 1]
    assert len(list_told()) == 2


def test_a_term_that_ends_waits_on_the_desk_of_the_operator(scene):
    host, _firm, row = scene
    assert not any(todo.url.endswith(f"/tenants/{row.pk}/") for _g, todos in todos_of(host) for todo in todos)
    all_tenancies().update(starts_on=timezone.localdate() - timedelta(days=9), term_ends_on=timezone.localdate())
    assert any(todo.url.endswith(f"/tenants/{row.pk}/") for _g, todos in todos_of(host) for todo in todos)


def offer(row, host, days):
    first = row.term_ends_on + timedelta(days=1)
    return offer_agreement(
        tenancy=row, actor=host, starts_on=first, term_ends_on=row.term_ends_on + timedelta(days=days)
    )


def test_another_agreement_renews_the_term_when_both_have_confirmed_it(scene):
    host, firm, row = scene
    before = row.term_ends_on
    paper = offer(row, host, 365)
    assert all_tenancies().get().term_ends_on == before
    with pytest.raises(Refused) as refusal:
        offer(row, host, 365)
    assert refusal.value.code == "offered_before"
    sign_agreement(agreement=paper, actor=firm, seen=paper.content_hash)
    kept = all_tenancies().get()
    assert (kept.stage, kept.term_ends_on, kept.starts_on) == ("incubating", paper.term_ends_on, row.starts_on)
    assert Notice.objects.filter(event="tenancy.renewed", person=host.person_id).exists()
    assert offer(kept, host, 365).stage == "offered"
    assert unscoped(Agreement, because="a test").filter(stage="signed").count() == 1


@pytest.mark.parametrize(
    ("first", "last", "code", "field"),
    [(0, -1, "order", "term_ends_on"), (0, 0, "no_longer", "term_ends_on"), (0, 4000, "too_far", "term_ends_on"),
     (90_000, 90_100, "too_far", "starts_on")],
)  # fmt: skip
def test_a_term_is_in_reach_and_ends_later(scene, first, last, code, field):
    host, _firm, row = scene
    today = timezone.localdate()
    days = {"starts_on": today + timedelta(days=first), "term_ends_on": today + timedelta(days=last)}
    with pytest.raises(Refused) as refusal:
        offer_agreement(tenancy=row, actor=host, **days)
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_a_stated_tenant_who_confirms_an_agreement_is_confirmed(scene):
    host, firm, row = scene
    all_tenancies().update(entry="stated")
    row.refresh_from_db()
    paper = offer(row, host, 100)
    sign_agreement(agreement=paper, actor=firm, seen=paper.content_hash)
    assert all_tenancies().get().entry == "confirmed"


def cohorts():
    return unscoped(Cohort, because="a test")


def test_a_cohort_is_changed_and_removed_while_nobody_is_in_it(scene):
    host, _firm, row = scene
    first = add_cohort(space=row.space, actor=host, name="春季")
    other = add_cohort(space=row.space, actor=host, name="秋季")
    with pytest.raises(Refused) as refusal:
        change_cohort(cohort=other, actor=host, name="春季")
    assert (refusal.value.code, refusal.value.field) == ("name_taken", "name")
    all_tenancies().update(cohort=first)
    with pytest.raises(Refused) as refusal:
        drop_cohort(cohort=first, actor=host)
    assert refusal.value.code == "has_tenants"
    drop_cohort(cohort=other, actor=host)
    assert cohorts().get() == first


def test_the_page_of_a_cohort(scene):
    host, _firm, row = scene
    cohort = add_cohort(space=row.space, actor=host, name="春季")
    client = factories.sign_in(Client(), host)
    at = reverse("tenants:cohort", args=[row.space_id, cohort.pk])
    assert "春季" in client.get(at).content.decode()
    wrong = {"name": "春", "starts_on": "2026-03-01", "ends_on": "2026-02-01"}
    assert client.post(at, wrong).status_code == 422
    back = reverse("tenants:cohorts", args=[row.space_id])
    assert client.post(at, wrong | {"ends_on": ""}).url == back
    assert cohorts().get().name == "春"
    drop = reverse("tenants:cohort_drop", args=[row.space_id, cohort.pk])
    assert client.get(drop).url == at
    all_tenancies().update(cohort=cohort)
    assert client.post(drop).status_code == 422
    all_tenancies().update(cohort=None)
    assert client.post(drop).url == back
    assert not cohorts().exists()
    stranger = factories.sign_in(Client(), factories.member())
    assert stranger.get(at).status_code == 404
