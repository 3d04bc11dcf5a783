"""Two at once: real threads, real sessions, real PostgreSQL; nothing is lost, nothing leaks, and nobody sees a fault."""

from __future__ import annotations

import time
from datetime import date

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

import factories
from chuangbao.accounts.domain import members, organisations, posts
from chuangbao.accounts.domain.acting import as_self
from chuangbao.accounts.domain.persons import erase_person
from chuangbao.accounts.models import AdminDuty, Invitation, Membership, Organisation, Person, Post
from chuangbao.authoring.domain.drafts import begin_draft, submit_draft
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.engine.regions import load_regions
from chuangbao.core.models import History
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.models import Fact
from chuangbao.policies.models import MeasureVersion, RegisteredMeasure
from measuretext import REF, text_of
from together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


@pytest.fixture(autouse=True)
def regions(settings):
    settings.RATE_LIMITS = False
    load_regions()


def client_of(actor):
    return factories.sign_in(Client(), actor)


def freshly(client):
    """Somebody who has just shown who they are."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


def sending(client, address, data):
    """A POST to be made later; its status."""
    return lambda: client.post(address, data).status_code


def owners_of(where):
    return Membership.objects.filter(organisation=where, role="owner", ended_at=None)


def test_two_founders_of_one_code_found_it_once():
    for _round in range(ROUNDS):
        code = factories.credit_code()
        given = {"code": code, "name": "同一企业", "kind": "enterprise", "region": factories.COUNTY}
        clients = [client_of(factories.founder()) for _ in range(3)]
        assert sorted(at_once(*[sending(c, "/organisations/new/", given) for c in clients])) == [302, 422, 422]
        assert owners_of(Organisation.objects.get(code=code)).count() == 1


def test_an_invitation_is_accepted_once_however_often_it_is_pressed():
    for number in range(ROUNDS):
        where = factories.organisation()
        person = factories.person(email=f"friend-{number}@example.org")
        invited = members.invite(organisation=where, actor=factories.member(where), email=person.email, role="clerk")
        address = f"/invitations/{invited.token}/"
        found = at_once(*[sending(client_of(as_self(person)), address, {}) for _ in range(3)])
        assert 302 in found
        assert set(found) <= {302, 404, 422}
        assert Membership.objects.filter(person=person, ended_at=None).count() == 1
        assert History.objects.filter(verb="member.join", person=person).count() == 1


def test_an_invitation_is_withdrawn_or_accepted_and_never_both():
    for number in range(ROUNDS):
        where = factories.organisation()
        owner, person = factories.member(where), factories.person(email=f"guest-{number}@example.org")
        row = members.invite(organisation=where, actor=owner, email=person.email, role="clerk")
        at_once(
            lambda row=row, person=person: members.accept_invitation(invitation=row, actor=as_self(person)),
            lambda row=row, owner=owner: members.withdraw_invitation(invitation=row, actor=owner),
        )
        now = Invitation.objects.get(pk=row.pk)
        assert (now.accepted_at is None) != (now.withdrawn_at is None)
        assert Membership.objects.filter(person=person).exists() == (now.accepted_at is not None)


@pytest.mark.parametrize("way", ["leave", "role", "erase", "each other", "leave and erase"])
def test_of_two_owners_who_go_at_once_one_stays(way):
    for _round in range(ROUNDS):
        where = factories.organisation()
        rows = [factories.membership(where=where) for _ in range(2)]
        actors = [factories.as_member(row) for row in rows]
        acts = [going(way, rows, actors, n) for n in (0, 1)]
        found = at_once(*acts)
        assert owners_of(where).count() == 1, f"{way}: {found}"


def going(way, rows, actors, n):
    """How one of two owners goes."""
    if way == "erase" or (way == "leave and erase" and n):
        return lambda: erase_person(actor=as_self(rows[n].person))
    if way == "role":
        return lambda: members.change_role(membership=rows[n], actor=actors[n], role="clerk")
    return lambda: members.end_membership(membership=rows[1 - n if way == "each other" else n], actor=actors[n])


def test_of_two_security_administrators_who_end_each_other_one_stays():
    for _round in range(ROUNDS):
        rows = [AdminDuty.objects.create(person=factories.person(), kind="security_admin") for _ in range(2)]
        clients = [freshly(client_of(factories.as_admin(row))) for row in rows]
        found = at_once(*[
            sending(clients[n], f"/administration/duties/{rows[1 - n].pk}/end/", {"reason": "x"}) for n in (0, 1)
        ])  # fmt: skip
        assert set(found) <= {302, 403, 404}
        assert AdminDuty.objects.filter(kind="security_admin", ended_at=None).count() == 1
        AdminDuty.objects.update(ended_at=timezone.now())


def test_two_officers_appoint_one_person_once():
    agency = factories.organisation(kind="agency")
    person = factories.person(email="new-officer@example.org")
    given = {"email": person.email, "agency": agency.pk, "department": "科技", "region": factories.COUNTY,
             "duties": "register", "start": "2026-01-01", "end": "2027-01-01"}  # fmt: skip
    clients = [client_of(factories.admin("system_admin")) for _ in range(2)]
    for client in clients:
        freshly(client)
    assert sorted(at_once(*[sending(c, "/administration/posts/new/", given) for c in clients])) == [302, 422]
    assert Post.objects.filter(person=person).count() == 1


def test_nobody_becomes_officer_and_administrator_at_once():
    for number in range(ROUNDS):
        agency, person = factories.organisation(kind="agency"), factories.person(email=f"both-{number}@example.org")
        to = posts.Appointment(agency=agency, department="科技", region=factories.COUNTY, duties=["register"],
                               start=date(2026, 1, 1), end=date(2099, 1, 1))  # fmt: skip
        admin = factories.admin("system_admin")
        at_once(
            lambda person=person, to=to, actor=admin: posts.appoint_officer(actor=actor, email=person.email, to=to),
            lambda person=person: posts.appoint_administrator(actor=SYSTEM, email=person.email, kind="audit_admin"),
        )
        held = Post.objects.filter(person=person).count(), AdminDuty.objects.filter(person=person).count()
        assert sorted(held) == [0, 1], held


def test_a_claim_is_decided_once():
    where = factories.organisation()
    claim = organisations.claim_organisation(actor=factories.founder(), code=where.code, reason="x")
    clients = [client_of(factories.officer("register")) for _ in range(2)]
    verbs = ["grant", "refuse"]
    found = at_once(
        *[sending(c, f"/claims/{claim.pk}/{verb}/", {"reason": "x"}) for c, verb in zip(clients, verbs, strict=True)]
    )
    assert sorted(found) == [302, 422]
    claim.refresh_from_db()
    assert owners_of(where).exists() == (claim.stage == "granted")


@pytest.fixture
def draft():
    measure = RegisteredMeasure.objects.create(ref=REF, region_id=factories.COUNTY, department="科技")
    return begin_draft(measure=measure, content=text_of(), actor=factories.officer("policy_editor"))


def test_two_officers_save_one_draft_and_neither_text_is_lost(draft):
    texts = [text_of(figure=20), text_of(figure=30)]
    clients = [client_of(factories.officer("policy_editor")) for _ in texts]
    answers = at_once(*[
        lambda c=c, text=text: c.post(f"/policies/desk/versions/{draft.pk}/text/", {
            "content": text, "base": text_of(), "revision": draft.revision, "do": "save-text",
        })
        for c, text in zip(clients, texts, strict=True)
    ])  # fmt: skip
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    slower = next(answer for answer in answers if answer.status_code == 409)
    draft.refresh_from_db()
    assert draft.content in texts
    other = next(text for text in texts if text != draft.content)
    from lxml import html

    area = html.fromstring(slower.content.decode()).xpath("//textarea[@name='content']")[0]
    assert area.text_content().strip() == other.strip(), "what the slower one typed stands on their page"
    assert History.objects.filter(verb="save", kind="policies.measureversion", object_id=draft.pk).count() == 1


def test_a_draft_is_saved_or_submitted_and_the_page_says_which(draft):
    writer, colleague = (client_of(factories.officer("policy_editor")) for _ in range(2))
    data = {"content": text_of(figure=20), "base": text_of(), "revision": draft.revision, "do": "save-text"}
    found = at_once(
        sending(writer, f"/policies/desk/versions/{draft.pk}/text/", data),
        sending(colleague, f"/policies/desk/versions/{draft.pk}/submit/", {}),
    )
    assert set(found) <= {302, 409, 422}
    assert MeasureVersion.objects.get(pk=draft.pk).stage in {"draft", "in_review"}


def test_two_reviewers_publish_once(draft):
    waiting = submit_draft(draft=draft, actor=factories.officer("policy_editor"))
    clients = [client_of(factories.officer("policy_reviewer")) for _ in range(3)]
    address = f"/policies/desk/versions/{waiting.pk}/publish/"
    found = at_once(*[sending(c, address, {"publish-valid_from": "2026-01-01"}) for c in clients])
    assert sorted(found) == [302, 409, 409] or sorted(set(found)) in ([302, 403], [302, 403, 409])
    assert History.objects.filter(verb="publish", object_id=waiting.pk, kind="policies.measureversion").count() == 1


def test_two_people_state_facts_of_one_subject_and_all_of_them_stay():
    where = factories.organisation()
    subject = subject_of(factories.member(where))
    clients = [client_of(factories.member(where)) for _ in range(4)]
    address = f"/facts/subjects/{subject.pk}/expand_hires/"
    found = at_once(
        *[sending(c, address, {"expand_hires": str(n), "as_of": "2026-01-05"}) for n, c in enumerate(clients)]
    )
    assert found == [302] * 4
    assert sorted(int(row.number) for row in Fact.objects.filter(subject=subject, name="expand_hires")) == [0, 1, 2, 3]


def taken(what, actor):
    """Take away what somebody held, as others do while they have a page open."""
    number = actor.holder_id
    if what == "membership":
        Membership.objects.filter(pk=number).update(ended_at=timezone.now())
    elif what == "post":
        row = Post.objects.get(pk=number)
        row.term = DateRange(row.term.lower, timezone.localdate())
        row.save()
    else:
        Person.objects.filter(pk=actor.person_id).update(is_active=False)


@pytest.mark.parametrize("what", ["membership", "account"])
def test_a_role_taken_away_between_the_page_and_the_form_is_gone(what):
    owner = factories.member()
    subject, client = subject_of(owner), client_of(owner)
    address = f"/facts/subjects/{subject.pk}/expand_hires/"
    assert client.get(address).status_code == 200
    taken(what, owner)
    answer = client.post(address, {"expand_hires": "3", "as_of": "2026-01-05"})
    assert answer.status_code == (404 if what == "membership" else 302)
    assert not Fact.objects.filter(subject=subject).exists()
    assert client.get(f"/facts/subjects/{subject.pk}/").status_code in {302, 404}
    assert client.post(
        f"/organisations/{owner.organisation_id}/invite/", {"email": "x@example.org", "role": "owner"}
    ).status_code in {302, 403, 404}
    assert not Invitation.objects.exists()


def test_a_post_that_ended_while_its_page_was_open_writes_nothing(draft):
    editor = factories.officer("policy_editor")
    client = client_of(editor)
    address = f"/policies/desk/versions/{draft.pk}/text/"
    assert client.get(address).status_code == 200
    taken("post", editor)
    data = {"content": text_of(figure=20), "base": text_of(), "revision": draft.revision, "do": "save-text"}
    assert client.post(address, data).status_code == 403
    draft.refresh_from_db()
    assert draft.content == text_of()


def test_a_form_sent_twice_at_the_same_moment_acts_once():
    actor = factories.founder()
    clients, token = [client_of(actor) for _ in range(3)], "0b7c2f0e-5d43-4c55-9a53-0a3b1ad7a111"
    given = {
        "code": factories.credit_code(),
        "name": "企业",
        "kind": "enterprise",
        "region": factories.COUNTY,
        "once": token,
    }
    assert at_once(*[sending(c, "/organisations/new/", given) for c in clients]) == [302, 302, 302]
    assert Organisation.objects.count() == 1


def test_the_guard_is_what_keeps_the_last_owner():
    """A control: without the lock both of two owners get away."""
    where = factories.organisation()
    rows = [factories.membership(where=where) for _ in range(2)]

    def careless(row):
        with transaction.atomic():
            others = Membership.objects.filter(organisation=where, role="owner", ended_at=None).exclude(pk=row.pk)
            if others.exists():
                time.sleep(0.2)
                Membership.objects.filter(pk=row.pk).update(ended_at=timezone.now())

    at_once(*[lambda row=row: careless(row) for row in rows])
    assert owners_of(where).count() == 0
