"""From the application to the end: who may move a tenancy on, and what is refused changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.models import History, Notice
from chuangbao.core.privacy import HOLDINGS
from chuangbao.core.workflow.refusals import Refused
from chuangbao.spaces.domain.ending import close_space
from chuangbao.tenants.domain.applying import apply_for_place, withdraw_application
from chuangbao.tenants.domain.deciding import admit_tenant, decline_tenant
from chuangbao.tenants.domain.ending import end_tenancy, graduate_tenant, leave_space
from chuangbao.tenants.enums import EndCause
from chuangbao.tenants.models import Team, Tenancy
from tenants.scene import admit, all_tenancies, apply_as, begin, host_and_space
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def scene():
    return host_and_space()


def test_a_team_applies_and_is_admitted_and_both_sides_hear_of_it(scene):
    host, space = scene
    founder = factories.founder()
    row = apply_as(founder, space, is_virtual=True)
    row = admit_tenant(tenancy=row, actor=host)
    assert (row.stage, row.name, row.region_id, row.is_virtual) == ("admitted", "演示团队", space.region_id, True)
    assert row.admitted_on == timezone.localdate()
    told = Notice.objects.filter(event__startswith="tenancy.").order_by("pk").values_list("event", "person_id")
    assert list(told) == [
        ("tenancy.applied", host.person_id),
        ("tenancy.admit", founder.person_id),
    ]
    verbs = History.objects.filter(kind="tenants.tenancy").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["tenancy.apply", "admit"]


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"team_name": " "}, "team_name_needed", "team_name"),
        ({"project": " "}, "project_needed", "project"),
    ],
)
def test_what_an_application_lacks_is_said_beside_it(scene, given, code, field):
    said = {"team_name": "演示", "project": "软件", **given}
    with pytest.raises(Refused) as refusal:
        apply_for_place(space=scene[1], actor=factories.founder(), **said)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not all_tenancies().exists()


def test_an_operator_is_no_tenant_of_its_own_space_and_a_closed_space_takes_none(scene):
    host, space = scene
    with pytest.raises(Refused) as refusal:
        apply_as(host, space)
    assert refusal.value.code == "own_space"
    close_space(space=space, actor=host, reason="到期")
    with pytest.raises(Refused) as refusal:
        apply_as(factories.member(), space)
    assert refusal.value.code == "ended"
    with pytest.raises(Forbidden):
        apply_as(factories.officer("spaces"), space)
    assert not all_tenancies().exists()


@pytest.mark.django_db(transaction=True)
def test_one_open_tenancy_per_space_and_party_also_when_two_colleagues_apply_at_once(scene):
    _host, space = scene
    firm = factories.member()
    said = at_once(lambda: apply_as(firm, space).pk, lambda: apply_as(firm, space).pk)
    assert "applied_before" in said
    assert all_tenancies().count() == 1
    withdraw_application(tenancy=all_tenancies().get(), actor=firm)
    assert apply_as(firm, space).stage == "applied"


def test_a_person_has_one_application_open_in_a_space_whatever_the_teams_are_called(client, scene):
    _host, space = scene
    founder = factories.founder()
    waiting = apply_as(founder, space)
    factories.sign_in(client, founder)
    sent = {"team_name": "又一团队", "team_kind": "team", "members": "1", "origin": "other", "project": "x"}
    answer = client.post(reverse("tenants:apply", args=[space.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "已有一份未办结的申请，请等待答复" in page
    assert reverse("tenants:own", args=[waiting.pk]) in page
    assert apply_as(founder, host_and_space("演示·另一空间")[1]).stage == "applied"
    withdraw_application(tenancy=waiting, actor=founder)
    assert apply_as(founder, space, team_name="又一团队").stage == "applied"


def test_a_team_of_one_name_is_one_team(scene):
    founder = factories.founder()
    apply_as(founder, scene[1], members=2)
    other = host_and_space("演示·另一空间")[1]
    apply_as(founder, other, members=5)
    assert [team.members for team in unscoped(Team, because="a test")] == [5]


def test_declining_needs_a_reason_and_the_tenant_reads_it(scene):
    host, space = scene
    firm = factories.member()
    row = apply_as(firm, space)
    with pytest.raises(Refused) as refusal:
        decline_tenant(tenancy=row, actor=host, reason=" ")
    assert (refusal.value.code, refusal.value.field) == ("reason_needed", "reason")
    assert all_tenancies().get().stage == "applied"
    row = decline_tenant(tenancy=row, actor=host, reason="没有空位")
    assert (row.stage, row.end_reason) == ("declined", "没有空位")
    assert Notice.objects.filter(event="tenancy.decline", person=firm.person_id).exists()


def test_only_a_manager_of_the_operator_admits(scene):
    host, space = scene
    row = apply_as(factories.member(), space)
    clerk = factories.member(factories.organisation(kind="space"), role="clerk")
    for actor in (clerk, factories.member(), factories.officer("spaces")):
        with pytest.raises(Refused) as refusal:
            admit_tenant(tenancy=row, actor=actor)
        assert refusal.value.code == "not_permitted"
    assert all_tenancies().get().stage == "applied"
    assert admit(row, host).stage == "admitted"


def test_a_tenant_leaves_at_once_and_asks_nobody(scene):
    host, space = scene
    founder = factories.founder()
    row = begin(founder, space, host, since=timezone.localdate() - timedelta(days=40))
    with pytest.raises(Refused):
        leave_space(tenancy=row, actor=host)
    row = leave_space(tenancy=row, actor=founder, reason="搬家")
    assert (row.stage, row.ended_on, row.is_open) == ("left", timezone.localdate(), False)
    assert Notice.objects.filter(event="tenancy.leave", person=host.person_id).exists()


def test_a_clerk_of_the_firm_does_not_leave_for_it(scene):
    host, space = scene
    firm = factories.organisation()
    row = begin(factories.member(firm), space, host)
    with pytest.raises(Refused):
        leave_space(tenancy=row, actor=factories.member(firm, role="clerk"))
    assert all_tenancies().get().stage == "incubating"


def test_the_operator_lets_one_graduate_and_ends_another(scene):
    host, space = scene
    first = graduate_tenant(tenancy=begin(factories.member(), space, host), actor=host, grounds={"d": "并购协议"})
    second = begin(factories.member(), space, host)
    with pytest.raises(Refused):
        end_tenancy(tenancy=second, actor=host, cause=EndCause.TERM, reason="")
    second = end_tenancy(tenancy=second, actor=host, cause=EndCause.TERM, reason="期满")
    assert (first.stage, second.stage, second.end_cause) == ("graduated", "ended", "term")


def test_the_database_holds_what_a_tenancy_must_be(scene):
    host, space = scene
    row = begin(factories.member(), space, host)
    team = Team.objects.create(name="x")
    wrong = [
        {"team": team},
        {"organization": None},
        {"is_virtual": True, "desks": 3},
        {"stage": "left", "ended_on": None},
        {"ended_on": row.starts_on - timedelta(days=1)},
        {"term_ends_on": row.starts_on - timedelta(days=1)},
        {"stage": "ended", "ended_on": row.starts_on, "end_cause": ""},
        {"starts_on": None},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            all_tenancies().filter(pk=row.pk).update(**values)
    assert all_tenancies().get().stage == "incubating"


def test_each_sees_the_own_and_officers_what_began(scene):
    host, space = scene
    firm, founder = factories.member(), factories.founder()
    begun, asked = begin(firm, space, host), apply_as(founder, space)
    seen = {
        "host": host,
        "firm": firm,
        "founder": founder,
        "officer": factories.officer("spaces"),
        "neighbour": factories.officer("spaces", region=factories.NEIGHBOUR),
        "stranger": factories.member(),
    }
    found = {name: set(visible(Tenancy, to=actor).values_list("pk", flat=True)) for name, actor in seen.items()}
    assert found == {
        "host": {begun.pk, asked.pk},
        "firm": {begun.pk},
        "founder": {asked.pk},
        "officer": {begun.pk},
        "neighbour": set(),
        "stranger": set(),
    }


def test_what_is_held_of_a_founder_is_exported_and_unnamed(scene):
    founder = factories.founder()
    row = apply_as(founder, scene[1], phone="13900000000")
    assert HOLDINGS["tenancies"].export(founder.person_id)[0]["phone"] == "13900000000"
    assert HOLDINGS["teams"].export(founder.person_id)[0]["name"] == "演示团队"
    assert (HOLDINGS["tenancies"].erase(founder.person_id), HOLDINGS["teams"].erase(founder.person_id)) == (1, 1)
    row = all_tenancies().get(pk=row.pk)
    assert (row.applied_by, row.phone, row.team.leader) == (None, "", None)
