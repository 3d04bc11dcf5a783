"""Coaching, services and milestones: the tenant has the last word, and only what it confirms counts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.models import Notice
from chuangbao.core.privacy import HOLDINGS
from chuangbao.core.workflow.refusals import Refused
from chuangbao.tenants.domain import support
from chuangbao.tenants.domain.support import add_milestone, answer_service, log_service, reach_milestone
from chuangbao.tenants.models import Milestone, Service
from tenants.scene import apply_as, begin, host_and_space

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def scene():
    host, space = host_and_space()
    founder = factories.founder()
    return host, founder, begin(founder, space, host, since=timezone.localdate() - timedelta(days=30))


def services():
    return unscoped(Service, because="a test")


def log(row, host, **given):
    said = {"kind": "coaching", "given_on": timezone.localdate(), "provider": "演示导师", "hours": Decimal("1.5")}
    return log_service(tenancy=row, actor=host, **{**said, **given})


def test_the_tenant_confirms_or_disputes_and_the_operator_hears(scene):
    host, founder, row = scene
    made = log(row, host)
    assert Notice.objects.filter(event="tenancy.service", person=founder.person_id).exists()
    with pytest.raises(Refused):
        answer_service(service=made, verb="confirm", actor=host)
    with pytest.raises(Refused) as refusal:
        answer_service(service=made, verb="dispute", actor=founder, reason=" ")
    assert refusal.value.field == "reason"
    made = answer_service(service=made, verb="dispute", actor=founder, reason="只有半小时")
    assert (made.stage, made.answer) == ("disputed", "只有半小时")
    assert Notice.objects.filter(event="tenancy.disputed", person=host.person_id).exists()
    made = answer_service(service=made, verb="confirm", actor=founder)
    assert (made.stage, made.answer, made.answered_by_id) == ("confirmed", "", founder.person_id)
    with pytest.raises(Refused):
        answer_service(service=made, verb="withdraw", actor=host)
    assert answer_service(service=log(row, host), verb="withdraw", actor=host).stage == "withdrawn"
    held = HOLDINGS["tenancy_deeds"]
    assert held.export(founder.person_id)[0]["stage"] == "confirmed"
    assert held.erase(founder.person_id) == 1
    assert services().get(pk=made.pk).answered_by is None


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"hours": None}, "hours_needed", "hours"),
        ({"given_on": 1}, "future_day", "given_on"),
        ({"given_on": -31}, "before_first", "given_on"),
    ],
)
def test_what_is_noted_wrongly_is_refused(scene, given, code, field):
    """A day that is a number is so many days from now."""
    host, _founder, row = scene
    if isinstance(days := given.get("given_on"), int):
        given = {"given_on": timezone.localdate() + timedelta(days=days)}
    with pytest.raises(Refused) as refusal:
        log(row, host, **given)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not services().exists()


def test_nothing_is_noted_before_the_tenancy_begins(scene):
    host, _founder, row = scene
    asked = apply_as(factories.member(), row.space)
    with pytest.raises(Refused) as refusal:
        log(asked, host)
    assert refusal.value.code == "not_begun"


def test_the_database_holds_hours_within_a_day(scene):
    host, _founder, row = scene
    made = log(row, host)
    for hours in (None, 0, 25):
        with pytest.raises(IntegrityError), transaction.atomic():
            services().filter(pk=made.pk).update(hours=hours)


def test_milestones_are_set_by_either_side_and_reached(scene, monkeypatch):
    host, founder, row = scene
    first = add_milestone(tenancy=row, actor=founder, kind="income", title="第一个客户")
    add_milestone(tenancy=row, actor=host, kind="registered", title="注册公司")
    with pytest.raises(Refused) as refusal:
        reach_milestone(milestone=first, actor=founder, reached_on=timezone.localdate() + timedelta(days=1))
    assert refusal.value.code == "future_day"
    assert reach_milestone(milestone=first, actor=founder, reached_on=timezone.localdate()).reached_on
    monkeypatch.setattr(support, "MOST_MILESTONES", 2)
    with pytest.raises(Refused) as refusal:
        add_milestone(tenancy=row, actor=host, kind="other", title="三")
    assert refusal.value.code == "too_many"
    assert unscoped(Milestone, because="a test").count() == 2


def test_the_pages_of_both_sides(client, scene):
    host, founder, row = scene
    there, own = reverse("tenants:tenancy", args=[row.pk]), reverse("tenants:own", args=[row.pk])
    factories.sign_in(client, host)
    sent = {"kind": "coaching", "given_on": f"{timezone.localdate()}", "hours": "", "provider": "演示导师"}
    note = reverse("tenants:log", args=[row.pk])
    assert client.post(note, sent).status_code == 422
    assert client.post(note, sent | {"hours": "2"}).url == there
    aim = reverse("tenants:milestone_add", args=[row.pk])
    assert client.post(aim, {"kind": "income", "title": ""}).status_code == 422
    assert client.post(aim, {"kind": "income", "title": "第一个客户"}).url == there
    assert "第一个客户" in client.get(there).content.decode()
    made, goal = services().get(), unscoped(Milestone, because="a test").get()
    factories.sign_in(client, founder)
    page = client.get(own).content.decode()
    assert "演示导师" in page
    dispute = reverse("tenants:service_move", args=[made.pk, "dispute"])
    assert client.post(dispute, {"reason": ""}).status_code == 422
    assert client.post(dispute, {"reason": "只有一小时"}).url == own
    assert client.get(dispute).url == own
    assert client.post(reverse("tenants:service_move", args=[made.pk, "confirm"])).url == own
    assert "入驻方已确认2.0小时" in client.get(own).content.decode()
    assert client.post(reverse("tenants:service_move", args=[made.pk, "nothing"])).status_code == 404
    reach = reverse("tenants:reach", args=[goal.pk])
    assert client.post(reach, {"reached_on": "2999-01-01"}).status_code == 422
    assert client.post(reach, {"reached_on": f"{timezone.localdate()}"}).url == own
    assert client.get(aim).url == own
    assert client.post(aim, {"kind": "other", "title": ""}).status_code == 422
