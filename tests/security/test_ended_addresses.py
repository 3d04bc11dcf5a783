"""An address that was given out opens no longer than the right of who gave it: copies, files, invitations."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.accounts.domain import leaving, members, organisations
from chuangbao.accounts.domain.persons import erase_person
from chuangbao.accounts.models import Membership, Person
from chuangbao.checkup.domain.sharing import list_shared_copies
from chuangbao.checkup.models import CheckUp
from chuangbao.core.models import StoredFile
from chuangbao.core.storage.files import keep
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of

pytestmark = pytest.mark.usefixtures("library", "regions")


@pytest.fixture
def firm():
    return factories.organisation(stage="verified")


@pytest.fixture
def owner(firm):
    return factories.member(firm)


@pytest.fixture
def clerk(firm, owner):
    return factories.member(firm, "clerk")


def share_as(client, actor):
    """A check-up with a figure of the organisation, shared; its addresses."""
    own = factories.sign_in(client, actor)
    state(subject=subject_of(actor), name="employees_avg", value=18, actor=actor)
    step = own.post("/checkup/", {"who": "company", "want": "none", "region": ""}).url
    shared = own.post(f"{step}share/").url.partition("?")[0]
    token = shared.strip("/").split("/")[-1]
    return step, [shared, reverse("checkup:shared_code", args=[token]), reverse("checkup:pdf", args=[token])]


def membership_of(actor):
    return Membership.objects.get(pk=actor.holder_id)


def leave(owner, clerk):
    members.end_membership(membership=membership_of(clerk), actor=clerk)


def send_away(owner, clerk):
    members.end_membership(membership=membership_of(clerk), actor=owner)


def lose_to_a_claim(owner, clerk):
    rival = factories.founder()
    firm = membership_of(owner).organisation
    claim = organisations.claim_organisation(actor=rival, code=firm.code, reason="我是法定代表人")
    organisations.decide_claim(claim=claim, actor=factories.officer(), verb="grant", reason="执照核对", replace=True)


def dissolve(owner, clerk):
    leaving.dissolve_organisation(organisation=membership_of(owner).organisation, actor=owner, reason="停业")


def close(owner, clerk):
    firm = membership_of(owner).organisation
    factories.close(firm, factories.officer())


def doubt(owner, clerk):
    firm = membership_of(owner).organisation
    organisations.settle_standing(organisation=firm, actor=factories.officer(), verb="doubt", reason="冒用")


def erase(owner, clerk):
    erase_person(actor=clerk)


def shut_out(owner, clerk):
    Person.objects.filter(pk=clerk.person_id).update(is_active=False)


ENDS = [leave, send_away, lose_to_a_claim, dissolve, close, doubt, erase, shut_out]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_a_copy_ends_with_the_right_of_who_shared_it(client, owner, clerk, end):
    _step, addresses = share_as(client, clerk)
    client.logout()
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    end(owner, clerk)
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


def test_a_copy_of_another_member_goes_on_and_an_ended_one_is_no_longer_listed(client, firm, owner, clerk):
    _step, theirs = share_as(client, clerk)
    step, ours = share_as(client, owner)
    checkup = CheckUp.objects.get(shared_by=clerk.holder_id).copied_from
    send_away(owner, clerk)
    assert client.get(theirs[0]).status_code == 404
    assert client.get(ours[0]).status_code == 200
    assert "/checkup/shared/" in client.get(step).content.decode()
    checkup.token = "x"
    assert list_shared_copies(checkup) == []


def test_joining_again_does_not_open_it_again(client, firm, owner, clerk):
    _step, addresses = share_as(client, clerk)
    send_away(owner, clerk)
    factories.membership(Person.objects.get(pk=clerk.person_id), firm, role="clerk")
    assert client.get(addresses[0]).status_code == 404


def test_a_copy_of_an_organisation_that_names_no_member_is_shut(client, owner):
    _step, addresses = share_as(client, owner)
    CheckUp.objects.filter(shared=True).update(shared_by=None)
    assert client.get(addresses[0]).status_code == 404


def test_a_visitor_and_a_person_share_as_before(client):
    step = client.post("/checkup/", {"who": "student", "want": "none", "region": ""}).url
    assert client.get(client.post(f"{step}share/").url).status_code == 200
    alone = factories.founder()
    own = factories.sign_in(client, alone)
    step = own.post("/checkup/", {"who": "student", "want": "none", "region": ""}).url
    address = own.post(f"{step}share/").url
    client.logout()
    assert client.get(address).status_code == 200
    Person.objects.filter(pk=alone.person_id).update(is_active=False)
    assert client.get(address).status_code == 404


def bring(actor):
    return keep(upload=SimpleUploadedFile("社保.pdf", b"%PDF-1.4\n%%EOF\n"), actor=actor, purpose="facts.evidence")


def test_who_left_an_organisation_no_longer_fetches_what_they_brought_for_it(client, firm, owner, clerk):
    row = bring(clerk)
    address = reverse("core:file", args=[row.key])
    factories.sign_in(client, clerk)
    assert client.get(address).status_code == 200
    send_away(owner, clerk)
    assert client.get(address).status_code == 404
    person = Person.objects.get(pk=clerk.person_id)
    again = factories.as_member(factories.membership(person, firm, role="clerk"))
    factories.sign_in(client, again)
    assert client.get(address).status_code == 404


def test_an_officer_whose_post_has_ended_no_longer_fetches_what_they_brought_in_it(client):
    officer = factories.officer()
    address = reverse("core:file", args=[bring(officer).key])
    factories.sign_in(client, officer)
    assert client.get(address).status_code == 200
    day = timezone.localdate()
    Person.objects.get(pk=officer.person_id).posts.update(term=(day.replace(year=2020), day.replace(year=2021)))
    assert client.get(address).status_code == 404


def test_the_migration_reads_the_capacity_of_files_from_the_record(owner):
    row, alone = bring(owner), bring(factories.founder())
    StoredFile.objects.update(holder="")
    with connection.cursor() as cursor:
        cursor.execute(import_module("chuangbao.core.migrations.0013_capacity_of_files").READ)
    assert StoredFile.objects.get(pk=row.pk).holder == owner.acting
    assert StoredFile.objects.get(pk=alone.pk).holder == "self"


def test_an_invitation_opens_no_page_once_its_inviter_is_gone(client, firm, owner):
    manager = factories.member(firm, "manager")
    sent = members.invite(organisation=firm, actor=manager, email="colleague@example.org", role="clerk")
    address = reverse("accounts:invitation", args=[sent.token])
    assert client.get(address).status_code == 200
    send_away(owner, manager)
    assert firm.name not in client.get(address).content.decode()
