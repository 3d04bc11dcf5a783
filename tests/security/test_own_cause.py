"""Nobody decides in their own cause (回避): one predicate on every decision of an officer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.accounts.domain.acting import as_officer
from chuangbao.accounts.domain.organisations import claim_organisation, decide_claim, settle_standing
from chuangbao.accounts.models import Invitation, Membership, Organisation, OrganisationClaim, Person
from chuangbao.accounts.permissions import may_decide_claim, may_keep_office, may_verify_organisation
from chuangbao.authoring.permissions import may_draft, may_replace, may_review
from chuangbao.core.access.permissions import not_in_own_cause
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.resolving import resolve
from chuangbao.facts.domain.stating import state, verify, withdraw
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.models import Subject
from chuangbao.facts.permissions import may_correct, may_state, may_verify
from chuangbao.spaces.permissions import may_keep_project

pytestmark = pytest.mark.usefixtures("regions")
NO_DECISION = {may_draft.name, may_replace.name, may_keep_office.name, may_keep_project.name}
"""What a writer does with a draft of their own, that a text gives way to its correction, which another published, and
the directory of offices and the register of streets: whether a window is still at its address, or a street project has
begun, is no one's cause; who is a member of it is (``may_decide_member``)."""


def test_every_decision_of_an_officer_is_in_nobodys_own_cause():
    lives = {id(m.life): (m, m.life) for m in apps.get_models() if hasattr(m, "life")}
    moves = [(model, move) for model, life in lives.values() for move in life.moves]
    decided = [
        (m, move) for m, move in moves if "in_capacity:officer" in move.who.name and move.who.name not in NO_DECISION
    ]
    assert len(decided) >= 17
    bare = [f"{m.__name__}.{move.verb}" for m, move in decided if not_in_own_cause.name not in move.who.name]
    assert bare == []
    for predicate in (may_verify_organisation, may_decide_claim, may_state, may_verify, may_correct, may_review):
        assert not_in_own_cause.name in predicate.name


@pytest.fixture
def firm():
    return factories.organisation("企业甲", stage="verified")


@pytest.fixture
def officer():
    return factories.officer("register")


def claimant(who, firm):
    claim_organisation(actor=factories.as_self(Person.objects.get(pk=who)), code=firm.code, reason="我的")


def member(who, firm):
    Membership.objects.create(person_id=who, organisation=firm, role="owner")


def past_member(who, firm):
    ended = timezone.now() - timedelta(days=364)
    Membership.objects.create(person_id=who, organisation=firm, role="clerk", ended_at=ended)


def guest(who, firm):
    address = Person.objects.get(pk=who).email
    inviter = factories.membership(where=firm)
    Invitation.objects.create(organisation=firm, email=address, role="owner", invited_by_id=inviter.person_id)


TIES = (claimant, member, past_member, guest)


@pytest.mark.parametrize("tie", TIES)
def test_an_officer_decides_nothing_about_what_is_theirs(firm, officer, tie):
    owner = factories.member(firm)
    said = state(subject=subject_of(owner), name="expand_hires", value=3, actor=owner)
    claim = claim_organisation(actor=factories.founder(), code=firm.code, reason="x")
    tie(officer.person_id, firm)
    subject = Subject.objects.get(organisation=firm)
    for verb, reason in (("doubt", "x"), ("close", "x")):
        with pytest.raises(Refused) as found:
            settle_standing(organisation=firm, actor=officer, verb=verb, reason=reason)
        assert found.value.code == "not_permitted"
    for verb in ("grant", "refuse"):
        with pytest.raises(Refused) as found:
            decide_claim(claim=claim, actor=officer, verb=verb, reason="x", replace=True)
        assert found.value.code == "not_permitted"
    with pytest.raises(PermissionDenied):
        state(subject=subject, name="expand_hires", value=9, actor=officer)
    with pytest.raises(PermissionDenied):
        resolve(fact=said, reason="x", actor=officer, until=date(2099, 1, 1))
    with pytest.raises(Refused):
        verify(fact=said, until=date(2099, 1, 1), actor=officer)
    with pytest.raises(Refused):
        withdraw(fact=said, reason="x", actor=officer)
    firm.refresh_from_db()
    claim.refresh_from_db()
    said.refresh_from_db()
    assert (firm.stage, claim.stage, said.stage) == ("verified", "open", "stated")


def test_a_colleague_without_a_tie_decides(firm, officer):
    claim = claim_organisation(actor=factories.founder(), code=firm.code, reason="x")
    member(officer.person_id, firm)
    colleague = factories.officer("register")
    assert decide_claim(claim=claim, actor=colleague, verb="grant", reason="核对").stage == "granted"
    assert settle_standing(organisation=firm, actor=colleague, verb="doubt", reason="x").stage == "unverified"


def test_a_tie_of_long_ago_is_over(firm, officer):
    ended = timezone.now() - timedelta(days=366)
    Membership.objects.create(person_id=officer.person_id, organisation=firm, role="owner", ended_at=ended)
    assert settle_standing(organisation=firm, actor=officer, verb="doubt", reason="x").stage == "unverified"


def test_ones_own_facts_are_not_verified_in_a_post(officer):
    who = Person.objects.get(pk=officer.person_id)
    own = subject_of(factories.as_self(who))
    assert own.persons_concerned() == {who.pk}
    assert not may_verify.test(officer, state(subject=own, name="degree", value="博士", actor=factories.as_self(who)))


def test_the_attack_of_one_officer_on_an_enterprise_of_the_area_is_refused(client, firm):
    who = factories.person("赵科")
    post = as_officer(factories.post(who, duties=("register",)))
    client.force_login(who)
    client.post(reverse("accounts:claim"), {"code": firm.code, "reason": "我的"})
    claim = firm.claims.get()
    factories.sign_in(client, post)
    page = client.get(reverse("accounts:organisation", args=[firm.pk])).content.decode()
    assert "须回避" in page
    answer = client.post(reverse("accounts:decide", args=[claim.pk, "grant"]), {"replace": "on", "reason": "x"})
    assert answer.status_code == 403
    assert not Membership.objects.filter(organisation=firm, person=who).exists()


@pytest.mark.parametrize("verb", ["verify", "doubt", "close"])
def test_officers_settle_no_agency_whose_posts_would_end_with_it(client, verb):
    """A county officer could end every post of the area, the own chief's too: an agency is the administrators'."""
    officer, colleague = factories.officer("register"), factories.officer("policy_editor")
    for agency in (colleague.organisation_id, officer.organisation_id):
        factories.sign_in(client, officer)
        before = Organisation.objects.get(pk=agency).stage
        answer = client.post(reverse("accounts:standing", args=[agency, verb]), {"reason": "整理"})
        assert answer.status_code == 422
        assert Organisation.objects.get(pk=agency).stage == before == "verified"
        page = client.get(reverse("accounts:organisation", args=[agency])).content.decode()
        assert f"/organisations/{agency}/close/" not in page
    factories.sign_in(client, colleague)
    assert client.get("/policies/desk/").status_code == 200


def test_nobody_claims_an_agency_and_no_officer_grants_it(officer):
    agency = factories.organisation("县科技局", kind="agency")
    with pytest.raises(Refused, match="主管部门") as refused:
        claim_organisation(actor=factories.founder(), code=agency.code, reason="是我的")
    assert (refused.value.code, refused.value.field) == ("agency", "code")
    older = OrganisationClaim.objects.create(organisation=agency, person=factories.person(), reason="早先提出")
    with pytest.raises(Refused) as refused:
        decide_claim(claim=older, actor=officer, verb="grant")
    assert refused.value.code == "not_permitted"
    assert not Membership.objects.filter(organisation=agency).exists()


def test_an_officer_sets_nobody_aside_for_their_own_word(firm, officer):
    owner, until = factories.member(firm), date(2099, 1, 1)
    said = state(subject=subject_of(owner), name="expand_hires", value=3, actor=owner)
    word = state(subject=said.subject, name="expand_hires", value=5, actor=officer)
    with pytest.raises(Refused) as refused:
        resolve(fact=word, reason="以我为准", actor=officer, until=until)
    assert refused.value.code == "own_word"
    assert set(said.subject.facts.values_list("stage", flat=True)) == {"stated"}
    (aside,) = resolve(fact=word, reason="核对名册", actor=factories.officer("register"), until=until)
    assert (aside.pk, aside.stage) == (said.pk, "withdrawn")
