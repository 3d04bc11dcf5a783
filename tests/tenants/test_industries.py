"""The share of one industry in a park (3.2.2): by letters and facts of the firms that incubate, the unknown apart."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.accounts.models import Organisation
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.premises.domain.premises import open_premise
from chuangbao.spaces.domain.ending import close_space
from chuangbao.spaces.domain.projects import enter_member, update_project
from chuangbao.spaces.shares import count_share
from premises.samples import make_letter
from spaces.samples import make_project
from tenants.scene import all_tenancies, apply_as, begin, host_and_space

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def officer():
    return factories.officer("spaces")


def say_industry(firm, code):
    state(subject=subject_of(firm), name="industry", value=code, actor=firm)


def test_firms_are_counted_once_by_what_is_known_of_their_industry(client, officer):
    park = make_project(officer, "演示·园区", kind="park", industry="矿泉水", industry_codes="1522 51")
    host, space = host_and_space()
    twin_host, twin = host_and_space("演示·另一空间")
    for one in (space, twin):
        enter_member(project=park, space=one, actor=officer)
    water, trade, rough, silent, other, gone = (factories.member(factories.organisation(f"演示{n}")) for n in range(6))
    for firm in (water, trade, rough, silent, other, gone):
        begin(firm, space, host)
    begin(water, twin, twin_host)
    begin(factories.founder(), space, host)
    apply_as(factories.member(), space)
    all_tenancies().filter(organization=gone.organisation_id).update(stage="left", ended_on=timezone.localdate())
    say_industry(trade, "51")
    say_industry(rough, "15")
    say_industry(other, "65")
    say_industry(water, "65")
    firm = Organisation.objects.get(pk=water.organisation_id)
    premise = open_premise(site=space.sites.get(), room="301", actor=host)
    make_letter(premise, host, firm.name, licensee_code=firm.code, industry_code="1522")
    share = count_share(park)
    assert (share.inside, share.others, share.unknown) == (2, 1, 2)
    assert share.percent == pytest.approx(200 / 3)

    factories.sign_in(client, officer)
    page = client.get(reverse("spaces:project", args=[park.pk])).content.decode()
    assert "66.7%" in page
    assert "另有2家企业行业不详" in page
    factories.sign_in(client, host)
    assert "占比" not in client.get(reverse("spaces:project", args=[park.pk])).content.decode()

    close_space(space=space, actor=host, reason="装修")
    share = count_share(park)
    assert (share.inside, share.others, share.unknown) == (0, 1, 0), "its letters are revoked, its tenants gone"


def test_a_park_without_codes_or_firms_has_no_share(client, officer):
    park = make_project(officer, "演示·园区", kind="park", industry="矿泉水")
    assert count_share(park) is None
    factories.sign_in(client, officer)
    page = reverse("spaces:project", args=[park.pk])
    assert "填写行业代码后自动统计" in client.get(page).content.decode()
    update_project(project=park, actor=officer, seen=1, industry_codes="15")
    park.refresh_from_db()
    assert count_share(park).percent is None
    assert "待数据" in client.get(page).content.decode()
