"""What the rules say of a space: what a tenant gets, and how ready it is for being recognised, by its records."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.booking.models import Resource
from chuangbao.core.access.row_access import unscoped
from chuangbao.inspections.domain.benefits import list_benefits
from chuangbao.inspections.domain.readiness import (
    find_entry,
    gather_facts,
    judge_readiness,
    list_recognitions,
)
from chuangbao.spaces.models import Site
from chuangbao.tenants.models import Milestone, Tenancy
from spaces.samples import make_space

pytestmark = pytest.mark.usefixtures("regions")
NATIONAL = "rec-makerspace-national"


@pytest.fixture
def host():
    return factories.member()


def of(found, measure):
    return next(one for one in found if one.measure.id == measure)


def test_records_become_facts_and_what_they_do_not_say_is_left_out(host):
    space = make_space(host, opened_on=timezone.localdate() - relativedelta(months=20))
    site = unscoped(Site, because="a test").select_related("venue").get(space=space)
    Resource.objects.create(venue=site.venue, kind="hot_desk", name="流动工位", capacity=31)
    first = timezone.localdate() - timedelta(days=400)
    done = timezone.localdate().replace(month=1, day=15) - relativedelta(years=1)
    firm = Tenancy.objects.create(
        space=space, organization=factories.organisation(), starts_on=first, firm_since=first, project="x",
        stage="incubating",
    )  # fmt: skip
    Milestone.objects.create(tenancy=firm, kind="finance", title="天使轮", reached_on=done)
    facts = gather_facts(space)
    assert facts == {
        "org_kind": "makerspace", "months_run": 20, "years_operating": 1, "desks": 31, "area_m2": 1000,
        "service_m2": 850, "public_area_share": facts["public_area_share"],
        "tenant_area_share": facts["tenant_area_share"], "tenants": 1, "graduates_total": 0, "tenants_last_year": 1,
        "graduated_last_year": 0, "financed_year": 1,
    }  # fmt: skip
    assert float(facts["public_area_share"]) == 0.85
    found = {one.id: one.verdict for one in of(judge_readiness(space, host, is_own=True), NATIONAL).answer.conditions}
    assert (found["kind"], found["months"], found["site"], found["public"]) == (True, True, True, True)
    assert found["mentors"] is None


def test_a_bare_entry_says_little_and_nothing_is_guessed(host):
    space = make_space(host, kind="other", opened_on=timezone.localdate() + timedelta(days=5))
    unscoped(Site, because="a test").filter(space=space).update(total_area=None, tenant_area=None, service_area=None,
                                                              office_area=None, other_area=None)  # fmt: skip
    assert gather_facts(space) == {}
    special = make_space(host, name="演示·专业孵化器", kind="professional")
    assert gather_facts(special)["incubator_type"] == "specialised"
    ready = of(judge_readiness(space, host, is_own=False), NATIONAL)
    assert (ready.met_conditions, ready.unmet_conditions, ready.is_ready) == (0, 0, False)
    assert ready.unknown_conditions == len(ready.answer.conditions)
    assert dict(ready.missing)["mentors"] == ""
    judged = {one.measure.id for one in judge_readiness(space, host, is_own=False)}
    assert "rec-incubator-baishan" not in judged  # it is that of another place
    assert {NATIONAL, "rec-incubator-national", "rec-incubator-jilin"} <= set(list_recognitions())


def test_operator_and_officers_read_it_and_others_do_not(client, host, django_assert_num_queries):
    space = make_space(host, opened_on=timezone.localdate() - relativedelta(months=8))
    page = reverse("inspections:readiness", args=[space.pk])
    factories.sign_in(client, host)
    seen = client.get(page).content.decode()
    for words in ("国家众创空间备案", "逐项查看", "运营满18个月", reverse("tenants:board"), reverse("facts:mine")):
        assert words in seen
    client.get(page)
    with django_assert_num_queries(11):
        client.get(page)
    factories.sign_in(client, factories.officer("spaces"))
    assert client.get(page).status_code == 200
    for other in (factories.member(), factories.officer("spaces", region=factories.NEIGHBOUR)):
        factories.sign_in(client, other)
        assert client.get(page).status_code == 404


def test_everybody_reads_what_a_tenant_gets(client, host, django_assert_num_queries):
    space = make_space(host)
    holds, may = list_benefits(space)
    assert holds
    assert not {one.measure.id for one in [*holds, *may]} & set(list_recognitions())
    page = reverse("inspections:benefits", args=[space.pk])
    assert page in client.get(reverse("spaces:space", args=[space.pk])).content.decode()
    client.get(page)
    with django_assert_num_queries(3):
        seen = client.get(page).content.decode()
    assert "小微企业为例" in seen
    assert reverse("policies:measure", args=[holds[0].measure.id]) in seen


def test_each_missing_fact_has_the_page_on_which_it_is_entered(host):
    space = make_space(host)
    pages = {
        "area_m2": reverse("spaces:space", args=[space.pk]),
        "desks": reverse("booking:venues"),
        "tenants": reverse("tenants:board"),
        "months_run": reverse("spaces:edit", args=[space.pk]),
        "mentors": reverse("facts:mine"),
    }
    assert {fact: find_entry(fact, space, None) for fact in pages} == pages
    assert find_entry("mentors", space, 7) == reverse("facts:fact", args=[7, "mentors"])
