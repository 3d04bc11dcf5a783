"""Tenants of before the platform: entered by the operator, in no figure and no fact until the tenant confirms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.accounts.models import Organisation
from chuangbao.booking.models import AccessPass
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.models import Notice
from chuangbao.core.workbench import todos_of
from chuangbao.core.workflow.refusals import Refused
from chuangbao.spaces.domain.sites import add_site
from chuangbao.tenants.domain.counting import count_flows, count_stock
from chuangbao.tenants.domain.entering import confirm_entry, enter_tenant, refuse_entry
from chuangbao.tenants.domain.warnings import find_doubles
from chuangbao.tenants.models import Team, Tenancy
from tenants.scene import all_tenancies, begin, host_and_space
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")


def since():
    """The day on which tenants of these tests began."""
    return timezone.localdate() - timedelta(days=400)


@pytest.fixture
def scene():
    host, space = host_and_space()
    return host, space, factories.member()


def code_of(firm):
    return Organisation.objects.get(pk=firm.organisation_id).code


def enter(scene, **given):
    host, space, firm = scene
    return enter_tenant(space=space, actor=host, **{"code": code_of(firm), "starts_on": since(), **given})


def passes():
    return unscoped(AccessPass, because="a test")


def figures():
    return count_flows(all_tenancies(), since(), timezone.localdate())


def test_an_entry_counts_nowhere_until_the_firm_confirms_it(scene):
    host, _space, firm = scene
    row = enter(scene)
    assert (row.stage, row.entry, row.firm_since, row.project) == ("incubating", "stated", since(), "未填写")
    assert (
        figures().firms,
        figures().entered,
        figures().unconfirmed,
        count_stock(all_tenancies(), timezone.localdate()),
    ) == (
        0,
        0,
        1,
        0,
    )
    assert not passes().exists()
    assert Notice.objects.get(event="tenancy.entered").person_id == firm.person_id
    assert "请确认是否入驻" in str([todo.title for _g, todos in todos_of(firm) for todo in todos])
    for actor in (host, factories.member(), factories.founder()):
        with pytest.raises(Forbidden):
            confirm_entry(tenancy=row, actor=actor)
    row = confirm_entry(tenancy=row, actor=firm)
    assert (row.entry, figures().firms, figures().unconfirmed) == ("confirmed", 1, 0)
    assert passes().filter(for_organization=firm.organisation_id).count() == 1
    with pytest.raises(Refused) as refusal:
        confirm_entry(tenancy=row, actor=firm)
    assert refusal.value.code == "nothing_to_confirm"
    with pytest.raises(Refused) as refusal:
        refuse_entry(tenancy=row, actor=firm)
    assert refusal.value.code == "confirmed_before"


def test_a_firm_that_says_no_is_no_tenant_and_can_apply_itself(scene):
    host, space, firm = scene
    row = enter(scene)
    with pytest.raises(Refused):
        refuse_entry(tenancy=row, actor=host)
    row = refuse_entry(tenancy=row, actor=firm)
    assert (row.stage, figures()) == ("withdrawn", count_flows(all_tenancies().none(), since(), timezone.localdate()))
    assert not visible(Tenancy, to=factories.officer("spaces")).exists()
    assert Notice.objects.filter(event="tenancy.refuse", person=host.person_id).exists()
    assert begin(firm, space, host).stage == "incubating"


def test_a_tenant_without_a_code_stays_marked(scene):
    row = enter(scene, code="", team_name="演示·老团队", team_kind="shop", term_ends_on=timezone.localdate())
    assert (row.name, row.team.kind, row.team.leader, row.is_stated) == ("演示·老团队", "shop", None, True)
    assert (figures().teams, figures().unconfirmed) == (0, 1)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"starts_on": 1}, "future_day", "starts_on"),
        ({"starts_on": -8000}, "too_early", "starts_on"),
        ({"term_ends_on": -401}, "order", "term_ends_on"),
        ({"code": "123"}, "code-length", "code"),
        ({"code": "", "team_name": " "}, "name_needed", "team_name"),
    ],
)
def test_what_is_wrong_is_said_beside_it(scene, given, code, field):
    """A number is so many days from now."""
    given = {k: timezone.localdate() + timedelta(days=v) if isinstance(v, int) else v for k, v in given.items()}
    with pytest.raises(Refused) as refusal:
        enter(scene, **given)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not all_tenancies().exists()
    assert not unscoped(Team, because="a test").exists()


def test_nobody_enters_an_unverified_firm_the_own_one_or_one_that_is_there(scene):
    host, space, firm = scene
    unverified = factories.organisation(stage="draft")
    with pytest.raises(Refused) as refusal:
        enter(scene, code=unverified.code)
    assert refusal.value.code == "no_firm"
    with pytest.raises(Refused) as refusal:
        enter(scene, code=code_of(host))
    assert refusal.value.code == "own_space"
    begin(firm, space, host)
    with pytest.raises(Refused) as refusal:
        enter(scene)
    assert refusal.value.code == "applied_before"
    for actor in (firm, factories.member(Organisation.objects.get(pk=host.organisation_id), role="clerk")):
        with pytest.raises((Forbidden, Refused)):
            enter_tenant(space=space, actor=actor, code="", team_name="演示", starts_on=since())
    assert all_tenancies().count() == 1


def test_an_entry_makes_no_firm_a_double_and_gives_no_pass_at_a_new_site(scene):
    host, space, firm = scene
    other_host, other = host_and_space("演示·另一空间")
    begin(firm, other, other_host)
    enter(scene)
    assert not find_doubles(all_tenancies()).exists()
    tenant = factories.member()
    begin(tenant, space, host)
    add_site(space=space, actor=host, name="二号楼", address="演示路2号")
    assert passes().filter(for_organization=tenant.organisation_id).count() == 2
    assert not passes().filter(for_organization=firm.organisation_id, venue__site__space=space).exists()


@pytest.mark.django_db(transaction=True)
def test_confirming_and_refusing_at_once_ends_in_one_of_both(scene):
    firm = scene[2]
    row = enter(scene)
    said = at_once(
        lambda: confirm_entry(tenancy=row, actor=firm).entry, lambda: refuse_entry(tenancy=row, actor=firm).stage
    )
    kept = all_tenancies().get()
    assert (kept.entry, kept.stage) in {("confirmed", "incubating"), ("stated", "withdrawn")}
    assert len({"confirmed", "withdrawn"} & set(said)) == 1
    connection.close()


def test_the_pages_of_both_sides(scene):
    host, space, firm = scene
    operator, tenant = (factories.sign_in(Client(), actor) for actor in (host, firm))
    address = reverse("tenants:enter", args=[space.pk])
    assert operator.get(address).status_code == 200
    sent = {"code": code_of(firm), "starts_on": f"{timezone.localdate() + timedelta(days=3)}", "team_kind": "other"}
    answer = operator.post(address, sent | {"code": "91110108551385082P"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"code", "starts_on"})
    assert operator.post(address, sent).status_code == 422
    row_page = operator.post(address, sent | {"starts_on": f"{since()}"}).url
    row = all_tenancies().get()
    assert row_page == reverse("tenants:tenancy", args=[row.pk])
    assert "运营方补录，待入驻方确认" in operator.get(row_page).content.decode()
    assert "待确认" in operator.get(reverse("tenants:board")).content.decode()
    own = reverse("tenants:own", args=[row.pk])
    assert "请确认是否在此入驻" in tenant.get(own).content.decode()
    assert tenant.post(reverse("tenants:confirm", args=[row.pk])).url == own
    assert tenant.post(reverse("tenants:confirm", args=[row.pk])).status_code == 422
    assert tenant.post(reverse("tenants:refuse", args=[row.pk])).status_code == 422
    assert "请确认是否在此入驻" not in tenant.get(own).content.decode()
    assert tenant.get(address).status_code == 403
