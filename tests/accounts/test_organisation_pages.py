"""Organisations are found by code, claimed, looked after by their members and by the officers of the place."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.accounts.domain import members, organisations
from chuangbao.accounts.models import Invitation, Membership, Organisation, OrganisationClaim, Person
from chuangbao.core.models import History, Notice
from chuangbao.core.workflow.refusals import Refused

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def signed_in(client):
    """A client signed in as somebody, and who that is."""

    def sign_in(actor=None):
        who = actor or factories.founder()
        factories.sign_in(client, who)
        return who

    return sign_in


def form(**changes):
    given = {
        "code": factories.credit_code(),
        "name": "长春晨光科技有限公司",
        "kind": "enterprise",
        "region": factories.COUNTY,
    }
    return given | changes


def test_an_enterprise_is_founded_by_its_code_and_one_acts_for_it(client, signed_in):
    who = signed_in()
    assert client.get(reverse("accounts:found")).status_code == 200
    page = client.post(reverse("accounts:found"), form(), follow=True)
    row = Organisation.objects.get()
    assert page.status_code == 200
    assert "您现在代表该机构" in page.content.decode()
    assert client.session["acting"] == f"member:{Membership.objects.get(person=who.person_id).pk}"
    assert row.stage == "unverified"
    assert "待核验" in page.content.decode()


@pytest.mark.parametrize("code", ["91220101", "91220101X234567890", "I1220101123456789X"])
def test_a_mistyped_code_is_explained_beside_its_field_and_nothing_is_lost(client, signed_in, code):
    signed_in()
    page = client.post(reverse("accounts:found"), form(code=code))
    assert page.status_code == 422
    assert 'id="id_code' in page.content.decode()
    assert "长春晨光科技有限公司" in page.content.decode()
    assert not Organisation.objects.exists()


def test_a_code_that_is_registered_already_leads_to_a_claim(client, signed_in):
    there = factories.organisation()
    who = signed_in()
    page = client.post(reverse("accounts:found"), form(code=there.code))
    assert page.status_code == 422
    assert f"{reverse('accounts:claim')}?code={there.code}" in page.content.decode()
    assert there.code in client.get(reverse("accounts:claim"), {"code": there.code}).content.decode()
    given = {"code": there.code, "reason": "法定代表人"}
    assert client.post(reverse("accounts:claim"), given).url == reverse("accounts:organisations")
    again = client.post(reverse("accounts:claim"), given)
    assert (again.status_code, "正在处理" in again.content.decode()) == (422, True)
    assert "待处理" in client.get(reverse("accounts:organisations")).content.decode()
    assert OrganisationClaim.objects.get().person_id == who.person_id
    unknown = client.post(reverse("accounts:claim"), given | {"code": factories.credit_code()})
    assert unknown.status_code == 422


def test_two_who_found_the_same_at_once_are_told(monkeypatch):
    there = factories.organisation()
    monkeypatch.setattr(organisations, "known_by_code", lambda _code: None)
    with pytest.raises(Refused) as refused:
        organisations.found_organisation(
            actor=factories.founder(), kind="enterprise", name="x", code=there.code, region=factories.COUNTY
        )
    assert refused.value.code == "taken"


def test_a_member_needs_no_claim(client, signed_in):
    there = factories.organisation()
    actor = factories.member(there)
    signed_in(actor)
    assert client.post(reverse("accounts:claim"), {"code": there.code, "reason": "x"}).status_code == 422


def test_an_officer_of_the_place_grants_a_claim_and_the_dispute_replaces_the_owner(client, signed_in):
    there = factories.organisation()
    old = factories.membership(where=there)
    claimant = factories.founder()
    claim = organisations.claim_organisation(actor=claimant, code=there.code, reason="执照在我手里")
    factories.sign_in(client, factories.officer(region=factories.NEIGHBOUR))
    grant = reverse("accounts:decide", args=[claim.pk, "grant"])
    assert client.post(grant).status_code == 404
    factories.sign_in(client, factories.officer("policy_editor"))
    assert client.post(grant).status_code == 403
    factories.sign_in(client, factories.officer())
    page = client.get(reverse("accounts:organisation", args=[there.pk])).content.decode()
    assert "执照在我手里" in page
    assert client.post(reverse("accounts:decide", args=[claim.pk, "nonsense"])).status_code == 404
    assert client.post(grant, {"replace": "on", "reason": "执照原件核对无误"}).status_code == 302
    assert list(there.memberships.filter(ended_at=None).values_list("person_id", flat=True)) == [claimant.person_id]
    assert Notice.objects.get(person=claimant.person_id).event == "claim.granted"
    assert History.objects.filter(verb="member.end", object_id=old.pk).exists()
    assert client.post(grant).status_code == 422


def test_a_claim_is_refused_with_a_reason(client, signed_in):
    there = factories.organisation()
    claim = organisations.claim_organisation(actor=factories.founder(), code=there.code, reason="x")
    factories.sign_in(client, factories.officer())
    refuse = reverse("accounts:decide", args=[claim.pk, "refuse"])
    assert client.post(refuse, {"reason": ""}).status_code == 422
    assert client.post(refuse, {"reason": "未提供证明"}).status_code == 302
    assert not there.memberships.exists()


def test_a_claim_of_a_member_keeps_one_membership():
    there = factories.organisation()
    claimant = factories.founder()
    claim = organisations.claim_organisation(actor=claimant, code=there.code, reason="x")
    factories.membership(Person.objects.get(pk=claimant.person_id), there, "clerk")
    organisations.decide_claim(claim=claim, actor=factories.officer(), verb="grant")
    assert there.memberships.count() == 1


def test_an_officer_verifies_and_the_owner_is_told(client):
    there = factories.organisation(stage="unverified")
    owner = factories.membership(where=there)
    factories.sign_in(client, factories.officer())
    address = reverse("accounts:standing", args=[there.pk, "verify"])
    assert client.post(address).status_code == 302
    assert Notice.objects.get(person=owner.person_id).event == "organisation.standing"
    doubt = reverse("accounts:standing", args=[there.pk, "doubt"])
    assert client.post(doubt, {"reason": ""}).status_code == 422
    assert client.post(reverse("accounts:standing", args=[there.pk, "nonsense"])).status_code == 404


def test_the_neighbours_officer_sees_and_does_nothing(client):
    there = factories.organisation()
    factories.sign_in(client, factories.officer(region=factories.NEIGHBOUR))
    assert client.get(reverse("accounts:organisation", args=[there.pk])).status_code == 404
    assert client.post(reverse("accounts:standing", args=[there.pk, "verify"])).status_code == 404
    assert there.name not in client.get(reverse("accounts:area")).content.decode()


def test_the_list_of_an_area_is_searched_filtered_paged_and_exported(client, django_assert_num_queries):
    for number in range(30):
        factories.organisation(f"第{number:02}号企业", stage="verified" if number % 2 else "unverified")
    wanted = factories.organisation("松江光电", kind="space")
    factories.sign_in(client, factories.officer(region=factories.CITY))
    address = reverse("accounts:area")
    client.get(address)
    with django_assert_num_queries(7):
        page = client.get(address).content.decode()
    assert "找到31条" in page or "找到32条" in page
    assert "松江光电" in client.get(address, {"q": "光电"}).content.decode()
    assert "松江光电" in client.get(address, {"q": wanted.code[:9]}).content.decode()
    assert "松江光电" not in client.get(address, {"kind": "enterprise"}).content.decode()
    assert "没有符合的机构" in client.get(address, {"q": "没有"}).content.decode()
    assert client.get(address, {"kind": "nonsense", "page": "zz"}).status_code == 200
    book = client.get(reverse("accounts:area_workbook"), {"stage": "verified"})
    assert book["Content-Type"].endswith("sheet")
    assert client.get(reverse("accounts:area_workbook")).status_code == 200
    taken = History.objects.filter(verb="export", kind="accounts.organisation").order_by("pk")
    assert [row.data["rows"] for row in taken] == [17, 32]


def invited(where=None, email="colleague@example.org", role="clerk", by="owner"):
    there = where or factories.organisation()
    return members.invite(organisation=there, actor=factories.member(there, by), email=email, role=role)


def test_a_colleague_is_invited_by_letter_and_joins_once(client):
    there = factories.organisation()
    owner = factories.member(there)
    factories.sign_in(client, owner)
    invite = reverse("accounts:invite", args=[there.pk])
    token = {"once": str(uuid4())}
    given = {"email": "Colleague@Example.org", "role": "clerk"} | token
    assert client.post(invite, given).status_code == 302
    assert client.post(invite, given).status_code == 302  # pressed twice
    row = Invitation.objects.get()
    token = re.search(r"/invitations/([\w-]{40,})/", mail.outbox[0].body)[1]
    page = client.get(reverse("accounts:organisation", args=[there.pk])).content.decode()
    assert "colleague@example.org" in page
    assert client.post(invite, {"email": "colleague@example.org", "role": "clerk"}).status_code == 422
    join = reverse("accounts:invitation", args=[token])
    client.logout()
    assert client.post(join).url.startswith(reverse("account_login"))
    factories.sign_in(client, factories.founder())
    assert client.post(join).status_code == 422
    colleague = factories.person("李四", email="colleague@example.org")
    client.force_login(colleague)
    assert there.name in client.get(join).content.decode()
    assert client.post(join).url == reverse("accounts:organisation", args=[there.pk])
    assert client.get(join).status_code == 404
    assert Notice.objects.get(event="member.joined").data == {"person": colleague.pk}
    with pytest.raises(Refused, match="已使用"):
        members.accept_invitation(invitation=row, actor=owner)


def test_whoever_joined_another_way_joins_once():
    there = factories.organisation()
    row = invited(there)
    colleague = factories.person(email="colleague@example.org")
    factories.membership(colleague, there, "clerk")
    from chuangbao.accounts.domain.acting import as_self

    members.accept_invitation(invitation=row, actor=as_self(colleague))
    assert there.memberships.filter(person=colleague).count() == 1


def test_an_expired_invitation_can_be_sent_anew():
    there = factories.organisation()
    row = invited(there)
    Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(days=1))
    assert members.invitation_by_token(row.token) is None
    assert invited(there).pk != row.pk


def test_an_invitation_is_withdrawn(client):
    there = factories.organisation()
    row = invited(there)
    factories.sign_in(client, factories.member(there, "manager"))
    address = reverse("accounts:withdraw", args=[there.pk, row.pk])
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 302
    assert History.objects.filter(verb="member.uninvite").count() == 1
    assert members.invitation_by_token(row.token) is None


def test_a_member_is_not_invited_again_and_a_manager_makes_no_owners():
    there = factories.organisation()
    colleague = factories.person(email="colleague@example.org")
    factories.membership(colleague, there, "clerk")
    with pytest.raises(Refused) as refused:
        invited(there)
    assert refused.value.code == "member"
    with pytest.raises(Refused) as refused:
        invited(email="new@example.org", role="owner", by="manager")
    assert refused.value.code == "owners_only"


def test_a_clerk_manages_nobody(client):
    there = factories.organisation()
    factories.sign_in(client, factories.member(there, "clerk"))
    assert client.post(reverse("accounts:invite", args=[there.pk]), {}).status_code == 403
    assert "邀请同事" not in client.get(reverse("accounts:organisation", args=[there.pk])).content.decode()


def test_nobody_invites_into_another_organisation(client):
    there = factories.organisation()
    factories.sign_in(client, factories.member())
    assert (
        client.post(
            reverse("accounts:invite", args=[there.pk]), {"email": "a@example.org", "role": "clerk"}
        ).status_code
        == 404
    )


def test_roles_change_and_the_last_owner_stays(client):
    there = factories.organisation()
    owner = factories.member(there)
    clerk = factories.membership(where=there, role="clerk")
    mine = there.memberships.get(person=owner.person_id)
    factories.sign_in(client, owner)
    address = reverse("accounts:member", args=[there.pk, clerk.pk])
    own = reverse("accounts:member", args=[there.pk, mine.pk])
    alone = client.post(own, {"role": "clerk"})
    assert (alone.status_code, "唯一的负责人" in alone.content.decode()) == (422, True)
    assert client.post(own, {"end": "1"}).status_code == 422
    assert client.post(address, {"role": "king"}).status_code == 422
    assert client.post(address, {"role": "owner"}).status_code == 302
    assert client.post(own, {"end": "1"}).url == reverse("accounts:organisations")
    assert client.get(reverse("accounts:organisation", args=[there.pk])).status_code == 404
    assert History.objects.filter(verb="member.role").count() == 1


def test_a_member_is_sent_away_once(client):
    there = factories.organisation()
    clerk = factories.membership(where=there, role="clerk")
    owner = factories.member(there)
    factories.sign_in(client, owner)
    address = reverse("accounts:member", args=[there.pk, clerk.pk])
    assert client.post(address, {"end": "1"}).status_code == 302
    with pytest.raises(Refused) as refused:
        members.end_membership(membership=clerk, actor=owner)
    assert refused.value.code == "gone"


def test_a_manager_does_not_unmake_an_owner():
    there = factories.organisation()
    owner = factories.membership(where=there)
    with pytest.raises(Refused) as refused:
        members.change_role(membership=owner, actor=factories.member(there, "manager"), role="clerk")
    assert refused.value.code == "owners_only"
