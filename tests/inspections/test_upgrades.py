"""Upgrade plans: from kind to kind by milestones with evidence; the operator decides, officers of the area see it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.workflow.refusals import Refused
from chuangbao.inspections.domain import upgrades as domain
from chuangbao.inspections.domain.upgrades import (
    add_plan_milestone,
    move_upgrade,
    plan_upgrade,
    reach_plan_milestone,
)
from chuangbao.inspections.models import PlanMilestone, UpgradePlan
from chuangbao.spaces.domain.ending import close_space
from chuangbao.spaces.models import Space
from inspections.samples import make_plan
from plans.scene import upload
from spaces.samples import make_space
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")
WHY = "a test"


@pytest.fixture
def host():
    return factories.member()


def refuse(code, act, field="", **given):
    with pytest.raises(Refused) as refusal:
        act(**given)
    assert (refusal.value.code, refusal.value.field or "") == (code, field)


def test_a_plan_goes_from_draft_to_its_end_and_changes_nothing_of_the_space(host):
    officer, today = factories.officer("spaces"), timezone.localdate()
    space = make_space(host)
    plan = make_plan(space, host)
    assert not visible(UpgradePlan, to=officer).exists()
    move_upgrade(plan=plan, verb="begin", actor=host)
    assert visible(UpgradePlan, to=officer).get() == plan
    assert not visible(UpgradePlan, to=factories.member()).exists()
    refuse("open_milestones", move_upgrade, plan=plan, verb="reach", actor=host)
    one = visible(PlanMilestone, to=officer).get()
    reach_plan_milestone(milestone=one, reached_on=today, evidence="验收单", actor=host, file=upload())
    refuse("kind_differs", move_upgrade, plan=plan, verb="reach", actor=host)
    unscoped(Space, because=WHY).filter(pk=space.pk).update(kind="incubator")
    done = move_upgrade(plan=plan, verb="reach", actor=host)
    assert (done.stage, done.ended_on) == ("reached", today)
    refuse("over", add_plan_milestone, plan=plan, title="x", due_on=today, actor=host)
    make_plan(space, host, to_kind="accelerator")


def test_what_is_wrong_is_said_and_changes_nothing(host, monkeypatch):
    space, today = make_space(host), timezone.localdate()
    days = {"starts_on": today, "due_on": today + timedelta(days=30)}
    given = {"space": space, "aim": "x", "actor": host, **days}
    refuse("same_kind", plan_upgrade, "to_kind", **given, to_kind="maker")
    refuse("due_before", plan_upgrade, "due_on", **given | {"due_on": today - timedelta(days=1)}, to_kind="cafe")
    with pytest.raises(Forbidden):
        plan_upgrade(**given | {"actor": factories.member()}, to_kind="cafe")
    assert not unscoped(UpgradePlan, because=WHY).exists()
    plan = plan_upgrade(**given, to_kind="cafe")
    refuse("planned_before", plan_upgrade, **given, to_kind="cafe")
    refuse("no_milestones", move_upgrade, plan=plan, verb="begin", actor=host)
    late = {"due_on": today + timedelta(days=31)}
    refuse("outside", add_plan_milestone, "due_on", plan=plan, title="x", actor=host, **late)
    one = add_plan_milestone(plan=plan, title="装修", due_on=today, actor=host)
    refuse("title_taken", add_plan_milestone, "title", plan=plan, title="装修", due_on=today, actor=host)
    monkeypatch.setattr(domain, "MOST_MILESTONES", 1)
    refuse("too_many", add_plan_milestone, plan=plan, title="设备", due_on=today, actor=host)
    reach = {"milestone": one, "actor": host}
    tomorrow = today + timedelta(days=1)
    refuse("future_day", reach_plan_milestone, "reached_on", **reach, reached_on=tomorrow, evidence="x")
    refuse("evidence_needed", reach_plan_milestone, "evidence", **reach, reached_on=today, evidence=" ")
    refuse("reason_needed", move_upgrade, "reason", plan=plan, verb="drop", actor=host)
    refuse("not_permitted", move_upgrade, plan=plan, verb="drop", actor=factories.member(), reason="x")
    assert move_upgrade(plan=plan, verb="drop", actor=host, reason="资金不足").end_reason == "资金不足"
    close_space(space=space, actor=host, reason="停办")
    refuse("ended", plan_upgrade, **given, to_kind="cafe")


@pytest.mark.django_db(transaction=True)
def test_of_two_plans_at_once_one_is_refused(host):
    space, today = make_space(host), timezone.localdate()
    given = {"space": space, "aim": "x", "actor": host, "starts_on": today, "due_on": today}
    came = at_once(*[lambda: plan_upgrade(**given, to_kind="cafe").stage] * 2)
    assert sorted(came) == ["draft", "planned_before"]


def test_from_the_page_of_a_space_to_a_finished_plan(client, host, django_assert_num_queries):
    space, today = make_space(host), timezone.localdate()
    factories.sign_in(client, host)
    new = reverse("inspections:plan_new", args=[space.pk])
    assert new in client.get(reverse("spaces:space", args=[space.pk])).content.decode()
    form = {"to_kind": "incubator", "aim": "扩建", "starts_on": str(today), "due_on": str(today)}
    assert client.post(new, form | {"aim": ""}).status_code == 422
    page = client.post(new, form).url
    plan = unscoped(UpgradePlan, because=WHY).get()

    def move(verb, **sent):
        return client.post(reverse("inspections:plan_move", args=[plan.pk, verb]), sent)

    assert move("begin").status_code == 422
    assert move("milestone", title="装修", due_on="2020-01-01").status_code == 422
    assert move("milestone", title="装修", due_on=str(today)).url == page
    assert move("begin").url == page
    assert move("nothing").status_code == 404
    assert "升级节点：装修" in client.get(reverse("portal:desk")).content.decode()
    one = unscoped(PlanMilestone, because=WHY).get()
    reach = reverse("inspections:plan_reach", args=[plan.pk, one.pk])
    file = reverse("inspections:plan_file", args=[plan.pk, one.pk])
    assert client.get(file).status_code == 404
    assert client.post(reach, {"reached_on": str(today), "evidence": ""}).status_code == 422
    assert client.post(reach, {"reached_on": str(today), "evidence": "验收单", "file": upload()}).url == page
    assert client.get(file).status_code == 200
    client.get(page)
    with django_assert_num_queries(8):
        seen = client.get(page).content.decode()
    assert "验收单" in seen
    assert "节点完成1/1" in client.get(reverse("inspections:plans"), {"q": "空间", "stage": "running"}).content.decode()
    assert "没有符合的计划" in client.get(reverse("inspections:plans"), {"q": "没有"}).content.decode()
    book = load_workbook(BytesIO(client.get(reverse("inspections:plans_workbook")).content))
    assert [cell.value for cell in next(book.active.iter_rows(min_row=2))][5:] == [1, 1]
    assert move("drop").status_code == 422
    assert move("drop", reason="改为合作").url == page
