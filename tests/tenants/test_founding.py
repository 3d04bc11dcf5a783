"""A team founds its firm, and the place goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.accounts.domain.acting import as_member
from chuangbao.accounts.models import Person
from chuangbao.booking.models import AccessPass
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.audit.log import history_of
from chuangbao.core.models import Notice
from chuangbao.core.workflow.refusals import Refused
from chuangbao.tenants.domain.counting import count_flows
from chuangbao.tenants.domain.founding import found_firm
from tenants.scene import all_tenancies, apply_as, begin, host_and_space

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(regions):
    host, space = host_and_space()
    founder = factories.founder()
    row = begin(founder, space, host, since=timezone.localdate() - timedelta(days=90))
    return host, space, founder, row


def firm_of(founder, role="owner"):
    return factories.membership(Person.objects.get(pk=founder.person_id), role=role).organisation


def test_the_firm_takes_the_place_of_its_team(scene):
    host, space, founder, row = scene
    firm = firm_of(founder)
    found_firm(tenancy=row, actor=founder, organization=firm)
    row = all_tenancies().get(pk=row.pk)
    assert (row.organization, row.team, row.founded_by.leader_id, row.firm_since) == (
        firm,
        None,
        founder.person_id,
        timezone.localdate(),
    )
    assert set(AccessPass._base_manager.filter(venue__site__space=space).values_list("for_organization", "person")) == {
        (firm.pk, None)
    }
    assert next(line.verb for line in history_of(row)) == "tenancy.found"
    assert Notice._base_manager.filter(person=host.person_id, event="tenancy.found").exists()
    rows = all_tenancies().filter(space=space)
    before, after = (
        count_flows(rows, day, day) for day in (timezone.localdate() - timedelta(days=1), timezone.localdate())
    )
    assert (before.firms, before.teams, before.founded) == (0, 1, 0)
    assert (after.firms, after.teams, after.founded, after.entered) == (1, 0, 1, 1)
    assert after.firms == before.firms + after.entered - after.graduated - after.left


def test_only_the_leader_and_only_with_a_firm_of_theirs(scene):
    host, space, founder, row = scene
    with pytest.raises(Forbidden):
        found_firm(tenancy=row, actor=host, organization=factories.organisation())
    for firm in (factories.organisation(), firm_of(founder, role="clerk"), host_and_space("演示·别处")[1].operator):
        with pytest.raises(Refused) as told:
            found_firm(tenancy=row, actor=founder, organization=firm)
        assert (told.value.code, told.value.field) == ("not_yours", "organization")
    own = firm_of(founder)
    apply_as(as_member(own.memberships.first()), space)
    with pytest.raises(Refused, match=r"已在本空间|place here already") as told:
        found_firm(tenancy=row, actor=founder, organization=own)
    assert told.value.code == "applied_before"
    row.refresh_from_db()
    assert (row.organization, row.founded_by) == (None, None)


def test_an_application_is_no_team_that_incubates(scene):
    _host, space, founder, _row = scene
    asked = apply_as(founder, space, team_name="演示·第二团队")
    with pytest.raises(Refused) as told:
        found_firm(tenancy=asked, actor=founder, organization=firm_of(founder))
    assert told.value.code == "not_a_team"


def test_the_page_leads_from_no_firm_to_the_place_of_the_firm(client, scene):
    _host, _space, founder, row = scene
    factories.sign_in(client, founder)
    own, found = reverse("tenants:own", args=[row.pk]), reverse("tenants:found", args=[row.pk])
    assert "我的机构" in client.get(own).content.decode()
    firm = firm_of(founder)
    refused = client.post(found, {"organization": factories.organisation().pk})
    assert (refused.status_code, 'aria-invalid="true"' in refused.content.decode()) == (422, True)
    done = client.post(found, {"organization": firm.pk}, follow=True)
    assert "从今天起" in done.content.decode()
    assert all_tenancies().get(pk=row.pk).organization == firm
    assert client.get(own).status_code == 404
