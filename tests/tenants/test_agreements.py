"""Agreements: numbered, one text for both, confirmed by the tenant; with it come the tenancy and the pass."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

import factories
from chuangbao.booking.models import AccessPass
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.models import Notice
from chuangbao.core.workflow.refusals import Refused
from chuangbao.tenants.domain.agreements import offer_agreement, sign_agreement, void_agreement
from chuangbao.tenants.domain.applying import withdraw_application
from chuangbao.tenants.domain.deciding import decline_tenant
from chuangbao.tenants.domain.ending import leave_space
from chuangbao.tenants.models import Agreement
from tenants.scene import admit, all_tenancies, apply_as, host_and_space
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")
DAYS = {"starts_on": date(2026, 3, 1), "term_ends_on": date(2028, 2, 29)}


def offer(row, host, **given):
    return offer_agreement(tenancy=row, actor=host, **{**DAYS, **given})


def passes():
    return unscoped(AccessPass, because="a test")


def agreements():
    return unscoped(Agreement, because="a test")


def test_both_sides_confirm_one_text_and_the_tenancy_begins():
    host, space = host_and_space()
    firm = factories.member(factories.organisation("演示科技有限公司"))
    row = admit(apply_as(firm, space), host)
    all_tenancies().filter(pk=row.pk).update(desks=2, area=15)
    made = offer(row, host, fees="每工位每月300元")
    assert made.number == f"RZ{timezone.localdate().year}-{space.pk:05d}-0001"
    assert all(
        said in made.content for said in ("演示科技有限公司", "每工位每月300元", "2个工位", "可随时自行决定退出")
    )
    with pytest.raises(Refused) as refusal:
        sign_agreement(agreement=made, actor=firm, seen="0" * 64)
    assert refusal.value.code == "other_text"
    with pytest.raises(Refused) as refusal:
        sign_agreement(agreement=made, actor=host, seen=made.content_hash)
    assert refusal.value.code == "not_permitted"
    assert (agreements().get().signed_at, all_tenancies().get().stage) == (None, "admitted")
    sign_agreement(agreement=made, actor=firm, seen=made.content_hash)
    row = all_tenancies().get()
    assert (row.stage, row.starts_on, row.firm_since) == ("incubating", DAYS["starts_on"], DAYS["starts_on"])
    assert agreements().get().signed_by_id == firm.person_id
    assert Notice.objects.filter(event="tenancy.begin", person=host.person_id).exists()


def test_a_pass_comes_with_admission_and_goes_with_the_end():
    host, space = host_and_space()
    founder, firm = factories.founder(), factories.member()
    first, second = admit(apply_as(founder, space), host), admit(apply_as(firm, space), host)
    venue = space.sites.get().venue
    assert set(passes().values_list("venue", "person", "for_organization")) == {
        (venue.pk, founder.person_id, None),
        (venue.pk, None, firm.organisation_id),
    }
    made = offer(second, host)
    withdraw_application(tenancy=first, actor=founder)
    told = Notice.objects.filter(person=firm.person_id, event="tenancy.agreement", read_at=None)
    assert told.count() == 1
    sign_agreement(agreement=made, actor=firm, seen=made.content_hash)
    assert not told.exists(), "what was answered is no longer new"
    assert passes().count() == 1
    leave_space(tenancy=second, actor=firm)
    assert not passes().exists()


def test_an_agreement_is_taken_back_and_goes_when_the_application_does():
    host, space = host_and_space()
    founder = factories.founder()
    row = admit(apply_as(founder, space), host)
    first = offer(row, host)
    assert "开放工位" in first.content
    with pytest.raises(Refused) as refusal:
        offer(row, host)
    assert refusal.value.code == "offered_before"
    void_agreement(agreement=first, actor=founder, reason="期限写错")
    second = offer(row, host)
    withdraw_application(tenancy=row, actor=founder)
    assert set(agreements().values_list("stage", flat=True)) == {"void"}
    with pytest.raises(Refused):
        sign_agreement(agreement=second, actor=founder, seen=second.content_hash)
    assert all_tenancies().get().stage == "withdrawn"


def test_a_team_whose_leader_is_erased_has_no_pass_to_give_or_take():
    host, space = host_and_space()
    row = apply_as(factories.founder(), space)
    type(row.team)._base_manager.update(leader=None)
    assert admit(all_tenancies().get(), host).stage == "admitted"
    assert not passes().exists()
    assert decline_tenant(tenancy=row, actor=host, reason="无法联系").stage == "declined"


def test_what_cannot_be_offered_is_refused():
    host, space = host_and_space()
    row = apply_as(factories.founder(), space, is_virtual=True)
    with pytest.raises(Refused) as refusal:
        offer(row, host)
    assert refusal.value.code == "not_admitted"
    row = admit(row, host)
    with pytest.raises(Refused) as refusal:
        offer(row, host, term_ends_on=date(2026, 1, 1))
    assert (refusal.value.code, refusal.value.field) == ("order", "term_ends_on")
    with pytest.raises(Forbidden):
        offer(row, factories.member())
    assert not agreements().exists()
    assert "虚拟入驻" in offer(row, host).content


@pytest.mark.django_db(transaction=True)
def test_two_confirm_at_once_and_it_begins_once():
    host, space = host_and_space()
    firm = factories.member()
    made = offer(admit(apply_as(firm, space), host), host)
    colleague = factories.member(factories.Organisation.objects.get(pk=firm.organisation_id), "manager")

    def sign(actor):
        return sign_agreement(agreement=made, actor=actor, seen=made.content_hash).stage

    said = at_once(lambda: sign(firm), lambda: sign(colleague))
    assert sorted(said) == ["not_in_offered", "signed"]
    assert all_tenancies().get().stage == "incubating"


@pytest.mark.django_db(transaction=True)
def test_two_agreements_offered_at_once_have_two_numbers():
    host, space = host_and_space()
    rows = [admit(apply_as(factories.founder(), space), host) for _each in range(2)]
    numbers = at_once(*(lambda row=row: offer(row, host).number for row in rows))
    assert sorted(number[-4:] for number in numbers) == ["0001", "0002"]


def test_the_pages_of_an_agreement(client):
    host, space = host_and_space()
    founder = factories.founder()
    row = admit(apply_as(founder, space), host)
    factories.sign_in(client, host)
    wrong = {"starts_on": "2026-03-01", "term_ends_on": "2026-01-01"}
    offer_at = reverse("tenants:offer", args=[row.pk])
    assert client.post(offer_at, wrong).status_code == 422
    at = client.post(offer_at, wrong | {"term_ends_on": "2028-01-01"}).url
    made = agreements().get()
    page = client.get(at).content.decode()
    assert made.content_hash in page
    assert reverse("tenants:sign", args=[made.pk]) not in page
    factories.sign_in(client, founder)
    assert reverse("tenants:sign", args=[made.pk]) in client.get(at).content.decode()
    sign = reverse("tenants:sign", args=[made.pk])
    assert client.post(sign, {"seen": made.content_hash}).status_code == 422
    assert client.post(sign, {"seen": "x", "agreed": "on"}).status_code == 422
    own = reverse("tenants:own", args=[row.pk])
    assert client.post(sign, {"seen": made.content_hash, "agreed": "on"}).url == own
    assert made.number in client.get(own).content.decode()
    assert client.post(reverse("tenants:void", args=[made.pk])).status_code == 422
    pdf = client.get(reverse("tenants:agreement_pdf", args=[made.pk]))
    words = PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
    assert made.number in words
    factories.sign_in(client, factories.member())
    assert client.get(at).status_code == 404


def test_taking_an_agreement_back_asks_for_a_reason_that_the_other_side_reads(client):
    host, space = host_and_space()
    founder = factories.founder()
    row = admit(apply_as(founder, space), host)
    for actor, other in ((host, founder), (founder, host)):
        made = offer(row, host)
        factories.sign_in(client, actor)
        at = reverse("tenants:void", args=[made.pk])
        assert (
            "<summary>作废协议</summary>" in client.get(reverse("tenants:agreement", args=[made.pk])).content.decode()
        )
        assert client.post(at).status_code == 422
        assert agreements().get(pk=made.pk).stage == "offered"
        assert client.post(at, {"reason": "期限写错"}).status_code == 302
        assert agreements().get(pk=made.pk).stage == "void"
        notice = Notice.objects.filter(event="tenancy.taken_back", data__number=made.number).get()
        assert (notice.person_id, notice.data["reason"]) == (other.person_id, "期限写错")


def test_an_area_is_written_without_useless_zeros(client):
    host, space = host_and_space()
    admit(row := apply_as(factories.founder(), space), host)
    all_tenancies().filter(pk=row.pk).update(desks=3, area=12)
    assert "3个工位，12平方米。" in offer(all_tenancies().get(), host).content
    factories.sign_in(client, host)
    assert 'name="area" value="12"' in client.get(reverse("tenants:tenancy", args=[row.pk])).content.decode()


@pytest.mark.parametrize(
    ("desks", "area", "said"),
    [(2, None, "位置：2个工位。"), (None, 30, "位置：30平方米。"), (0, 0, "开放工位"), (None, None, "开放工位")],
)
def test_a_place_names_only_what_is_known_of_it(client, desks, area, said):
    host, space = host_and_space()
    founder = factories.founder()
    admit(row := apply_as(founder, space), host)
    all_tenancies().filter(pk=row.pk).update(desks=desks, area=area)
    content = offer(all_tenancies().get(), host).content
    assert said in content
    assert "0平方米" not in content.replace("30平方米", "")
    factories.sign_in(client, founder)
    own = client.get(reverse("tenants:own", args=[row.pk])).content.decode()
    assert "— m²" not in own


def test_what_goes_into_the_agreement_is_asked_before_it_is_offered(client):
    host, space = host_and_space()
    admit(row := apply_as(factories.founder(), space), host)
    factories.sign_in(client, host)
    page = client.get(reverse("tenants:tenancy", args=[row.pk])).content.decode()
    assert page.count('id="place"') == 1
    assert page.index('id="place"') < page.index('id="agreement"')


def test_the_next_step_leads_to_the_agreement_and_a_renewal_is_folded_away(client):
    host, space = host_and_space()
    founder = factories.founder()
    admit(row := apply_as(founder, space), host)
    agreement = offer(row, host)
    factories.sign_in(client, founder)
    own = client.get(reverse("tenants:own", args=[row.pk])).content.decode()
    assert "阅读并确认协议" in own[own.index("下一步") : own.index("申请日期")]
    sign_agreement(agreement=agreement, actor=founder, seen=agreement.content_hash)
    assert "阅读并确认协议" not in client.get(reverse("tenants:own", args=[row.pk])).content.decode()
    factories.sign_in(client, host)
    page = client.get(reverse("tenants:tenancy", args=[row.pk])).content.decode()
    renewal = page[: page.index("续签入驻期")].rstrip()
    assert renewal[renewal.rindex("<details") :].startswith("<details>")
