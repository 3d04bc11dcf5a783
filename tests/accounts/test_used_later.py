"""What was granted is checked again when it is used: invitations, claims and capacities after a decision on somebody."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

import factories
from chuangbao.accounts.domain import members, organisations, persons
from chuangbao.accounts.domain.acting import actor_for, choices
from chuangbao.accounts.models import Invitation, Membership, Organisation, OrganisationClaim, Person
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import visible
from chuangbao.core.workflow.refusals import Refused

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def there():
    return factories.organisation("被抢注的企业")


def leaves(inviter, _there):
    members.end_membership(membership=Membership.objects.get(pk=inviter.holder_id), actor=inviter)


def is_sent_away(inviter, there):
    members.end_membership(membership=Membership.objects.get(pk=inviter.holder_id), actor=factories.member(there))


def is_demoted(inviter, there):
    row = Membership.objects.get(pk=inviter.holder_id)
    members.change_role(membership=row, actor=factories.member(there), role="clerk")


def is_replaced_by_a_claim(_inviter, there):
    claim = organisations.claim_organisation(actor=factories.founder(), code=there.code, reason="法定代表人")
    organisations.decide_claim(claim=claim, actor=factories.officer(), verb="grant", reason="执照", replace=True)


def erases_the_account(inviter, _there):
    persons.erase_person(actor=factories.as_self(Person.objects.get(pk=inviter.person_id)))


def has_its_organisation_closed(_inviter, there):
    factories.close(there, factories.officer())


def was_ended_without_a_word(inviter, _there):
    """A row changed by other means, such as a program of the operator: nothing withdrew the invitation."""
    Membership.objects.filter(pk=inviter.holder_id).update(ended_at="2026-01-01T00:00Z")


def was_closed_without_a_word(_inviter, there):
    Organisation.objects.filter(pk=there.pk).update(stage="closed")


FATES = [
    leaves, is_sent_away, is_demoted, is_replaced_by_a_claim, erases_the_account, has_its_organisation_closed,
    was_ended_without_a_word, was_closed_without_a_word,
]  # fmt: skip


@pytest.mark.parametrize("role", ["owner", "clerk"])
@pytest.mark.parametrize("fate", FATES)
def test_an_invitation_does_not_outlive_who_sent_it(client, there, fate, role):
    factories.membership(where=there)  # another owner, so that the inviter may go
    inviter, guest = factories.member(there), factories.founder()
    address = Person.objects.get(pk=guest.person_id).email
    row = members.invite(organisation=there, actor=inviter, email=address, role=role)
    fate(inviter, there)
    with pytest.raises(Refused):
        members.accept_invitation(invitation=row, actor=guest)
    factories.sign_in(client, guest)
    assert client.post(reverse("accounts:invitation", args=[row.token])).status_code in {404, 422}
    assert not Membership.objects.filter(person=guest.person_id).exists()


def test_an_owner_who_becomes_manager_leaves_only_invitations_that_a_manager_may_give(there):
    owner = factories.member(there)
    rows = {
        role: members.invite(organisation=there, actor=owner, email=f"{role}@example.org", role=role)
        for role in ("owner", "manager", "clerk")
    }
    row = Membership.objects.get(pk=owner.holder_id)
    members.change_role(membership=row, actor=factories.member(there), role="manager")
    assert {role: members.invitation_by_token(i.token) is not None for role, i in rows.items()} == {
        "owner": False, "manager": True, "clerk": True,
    }  # fmt: skip


def test_the_thief_does_not_come_back_by_an_invitation(client):
    """As it was done: found by a public code, invite an accomplice as owner, lose the organisation, accept."""
    thief, rightful, accomplice = factories.founder(), factories.founder(), factories.founder()
    made = organisations.found_organisation(
        actor=thief, kind="enterprise", name="x", code=factories.credit_code(), region=factories.COUNTY
    )
    address = Person.objects.get(pk=accomplice.person_id).email
    row = members.invite(organisation=made.organisation, actor=factories.as_member(made), email=address, role="owner")
    claim = organisations.claim_organisation(actor=rightful, code=made.organisation.code, reason="法定代表人")
    organisations.decide_claim(claim=claim, actor=factories.officer(), verb="grant", reason="执照", replace=True)
    factories.sign_in(client, accomplice)
    client.post(reverse("accounts:invitation", args=[row.token]))
    assert [m.person_id for m in Membership.objects.filter(ended_at=None)] == [rightful.person_id]


@pytest.mark.django_db(transaction=True)
def test_accepting_while_the_claim_is_decided_leaves_no_member_of_before(regions):
    there = factories.organisation()
    guest = factories.founder()
    row = members.invite(
        organisation=there,
        actor=factories.member(there),
        role="clerk",
        email=Person.objects.get(pk=guest.person_id).email,
    )
    claim = organisations.claim_organisation(actor=factories.founder(), code=there.code, reason="x")
    office, gate = factories.officer(), threading.Barrier(2)

    def decide():
        gate.wait()
        organisations.decide_claim(claim=claim, actor=office, verb="grant", reason="x", replace=True)
        connection.close()

    other = threading.Thread(target=decide)
    other.start()
    gate.wait()
    with suppress(Refused):
        members.accept_invitation(invitation=row, actor=guest)
    other.join()
    assert [m.person_id for m in Membership.objects.filter(ended_at=None)] == [claim.person_id]


@pytest.mark.parametrize(("stage", "acts"), [("unverified", True), ("verified", True), ("closed", False)])
def test_a_closed_organisation_gives_no_capacity(client, there, stage, acts):
    member = factories.member(there)
    person = Person.objects.get(pk=member.person_id)
    post = factories.post(agency=there)
    Organisation.objects.filter(pk=there.pk).update(stage=stage)
    assert (actor_for(person, member.acting).capacity is Capacity.MEMBER) is acts
    assert (actor_for(post.person, f"officer:{post.pk}").capacity is Capacity.OFFICER) is acts
    assert (len(choices(person)) == 2) is acts
    factories.sign_in(client, member)
    answer = client.post(reverse("accounts:invite", args=[there.pk]), {"email": "a@example.org", "role": "clerk"})
    assert answer.status_code == (302 if acts else 403)


def test_a_closed_organisation_cannot_be_claimed_and_an_open_claim_not_granted(there):
    claim = organisations.claim_organisation(actor=factories.founder(), code=there.code, reason="x")
    has_its_organisation_closed(None, there)
    with pytest.raises(Refused) as refusal:
        organisations.claim_organisation(actor=factories.founder(), code=there.code, reason="x")
    assert refusal.value.code == "closed"
    with pytest.raises(Refused) as refusal:
        organisations.decide_claim(claim=claim, actor=factories.officer(), verb="grant")
    assert refusal.value.code == "closed"
    assert not Membership.objects.exists()
    organisations.decide_claim(claim=claim, actor=factories.officer(), verb="refuse", reason="已注销")


def test_a_closed_organisation_invites_nobody_even_by_the_verb(there):
    owner = factories.member(there)
    Organisation.objects.filter(pk=there.pk).update(stage="closed")
    with pytest.raises(Refused) as refusal:
        members.invite(organisation=there, actor=owner, email="a@example.org", role="clerk")
    assert refusal.value.code == "closed"


def test_the_claim_of_an_erased_account_is_not_granted(there):
    claim = organisations.claim_organisation(actor=factories.founder(), code=there.code, reason="x")
    Person.objects.filter(pk=claim.person_id).update(is_active=False)
    with pytest.raises(Refused) as refusal:
        organisations.decide_claim(claim=OrganisationClaim.objects.get(), actor=factories.officer(), verb="grant")
    assert refusal.value.code == "erased"


def test_letters_of_an_unverified_organisation_carry_no_free_text_and_are_few():
    there = factories.organisation("【财政厅】您的补贴待领 请点击", stage="unverified")
    owner = factories.member(there)
    for number in range(members.INVITED_UNVERIFIED):
        members.invite(organisation=there, actor=owner, email=f"p{number}@example.org", role="clerk")
    letters = [f"{letter.subject}\n{letter.body}" for letter in mail.outbox]
    inviter = Person.objects.get(pk=owner.person_id).email
    assert len(letters) == 5
    assert all("财政厅" not in letter and inviter in letter for letter in letters)
    with pytest.raises(Refused) as refusal:
        members.invite(organisation=there, actor=owner, email="one-more@example.org", role="clerk")
    assert (refusal.value.code, refusal.value.field) == ("unverified", "email")
    for row in Invitation.objects.all():  # withdrawing one does not give another letter
        members.withdraw_invitation(invitation=row, actor=owner)
    with pytest.raises(Refused):
        members.invite(organisation=there, actor=owner, email="one-more@example.org", role="clerk")


@pytest.mark.parametrize(
    ("duty", "sees"),
    [("register", True), ("supervisor", True), ("policy_editor", False), ("policy_reviewer", False)],
)
def test_organisations_and_their_members_are_seen_by_duty(client, there, duty, sees):
    row = factories.membership(factories.person("王小明"), there)
    actor = factories.officer(duty)
    assert visible(Organisation, to=actor).filter(pk=there.pk).exists() is sees
    assert visible(Membership, to=actor).filter(pk=row.pk).exists() is sees
    factories.sign_in(client, actor)
    expected = 200 if sees else 403
    assert client.get(reverse("accounts:area")).status_code == expected
    assert client.get(reverse("accounts:area_workbook")).status_code == expected
    assert client.get(reverse("accounts:organisation", args=[there.pk])).status_code == (200 if sees else 404)
