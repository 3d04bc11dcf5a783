"""An organisation is closed, and opened again, by two officers: one proposes, another confirms."""

from __future__ import annotations

import pytest
from django.urls import reverse

import factories
from chuangbao.accounts.domain.organisations import settle_standing
from chuangbao.core.models import Proposal
from chuangbao.core.workbench import todos_of
from chuangbao.core.workflow.refusals import Refused

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def firm(regions):
    return factories.membership().organisation


def place_of(row):
    return reverse("accounts:organisation", args=[row.pk])


def send(client, actor, address, reason="吊销执照"):
    return factories.sign_in(client, actor).post(address, {"reason": reason})


def test_one_officer_alone_closes_no_enterprise(client, firm):
    """The hole: one officer closed an enterprise, nobody could act for it, and there was no way back."""
    officer = factories.officer()
    assert send(client, officer, f"{place_of(firm)}close/", "").status_code == 422
    assert send(client, officer, f"{place_of(firm)}close/").status_code == 302
    firm.refresh_from_db()
    assert firm.stage == "verified"
    proposal = Proposal.objects.get()
    page = client.get(place_of(firm)).content.decode()
    assert "吊销执照" in page
    assert "close/" not in page
    send(client, officer, f"/desk/proposals/{proposal.pk}/confirm/")
    assert "须由同事复核" in client.get(place_of(firm)).content.decode()
    for given, code in (({}, "proposal_needed"), ({"proposal": proposal}, "same_person")):
        with pytest.raises(Refused) as refused:
            settle_standing(organisation=firm, actor=officer, verb="close", reason="x", **given)
        assert refused.value.code == code
    firm.refresh_from_db()
    assert firm.stage == "verified"


def test_a_colleague_of_the_area_confirms_and_two_open_it_again(client, firm):
    officer, colleague, city = factories.officer(), factories.officer(), factories.officer(region=factories.CITY)
    send(client, officer, f"{place_of(firm)}close/")
    address = f"/desk/proposals/{Proposal.objects.get().pk}/confirm/"
    for stranger in (factories.officer(region=factories.NEIGHBOUR), factories.member(firm)):
        assert send(client, stranger, address).status_code == 404
        assert [label for label, _rows in todos_of(stranger) if "另一人" in label or "second" in label] == []
    for second in (colleague, city):
        assert [one.url for _label, rows in todos_of(second) for one in rows] == [place_of(firm)]
    assert send(client, colleague, address)["Location"] == place_of(firm)
    firm.refresh_from_db()
    assert firm.stage == "closed"
    assert "提请恢复" in client.get(place_of(firm)).content.decode()
    assert send(client, colleague, f"{place_of(firm)}reopen/", "关错了").status_code == 302
    firm.refresh_from_db()
    assert firm.stage == "closed"
    send(client, officer, f"/desk/proposals/{Proposal.objects.latest('pk').pk}/confirm/")
    firm.refresh_from_db()
    assert firm.stage == "unverified"


def test_an_officer_party_to_the_enterprise_confirms_nothing_about_it(client, firm):
    colleague = factories.officer()
    factories.Membership.objects.create(person_id=colleague.person_id, organisation=firm, role="clerk")
    send(client, factories.officer(), f"{place_of(firm)}close/")
    assert send(client, colleague, f"/desk/proposals/{Proposal.objects.get().pk}/confirm/").status_code == 404
    firm.refresh_from_db()
    assert firm.stage == "verified"


def test_withdrawing_a_verification_stays_one_persons_and_reversible(client, firm):
    assert send(client, factories.officer(), f"{place_of(firm)}doubt/").status_code == 302
    firm.refresh_from_db()
    assert firm.stage == "unverified"
