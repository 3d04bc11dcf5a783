"""A published text ends when one person proposes it and another confirms it, and not before today."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

import factories
from chuangbao.authoring.domain.authored import move_on, publish_text
from chuangbao.authoring.domain.documents import bring_document
from chuangbao.authoring.domain.drafts import submit_draft
from chuangbao.authoring.domain.interpretations import begin_interpretation, revise_interpretation
from chuangbao.authoring.domain.publish import publish_version
from chuangbao.core.audit.log import history_of
from chuangbao.core.models import Proposal
from chuangbao.core.workbench import todos_of
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import transition
from chuangbao.policies.domain.reading import read_text

pytestmark = pytest.mark.usefixtures("regions")
SEED = "jilin-2015-31"
TEXT = "关于软件的通知\n\n一、补贴\n\n（一）软件。对软件给予适当补贴。由科技局负责。\n"


def days_on(number):
    return timezone.localdate() + timedelta(number)


def version_of(author, reviewer, draft):
    return publish_version(version=submit_draft(draft=draft, actor=author), valid_from=days_on(-30), actor=reviewer)


def document_of(author, reviewer, _draft):
    text, parsed = read_text(TEXT)
    row = bring_document(ref="cc-1", text=text, parsed=parsed, actor=author)
    return publish_text(row=move_on(row=row, verb="submit", actor=author), valid_from=days_on(-30), actor=reviewer)


def note_of(author, reviewer, _draft):
    values = {"sort": "explanation", "document": SEED, "clause": "2.2.4", "title": "说明", "body": "正文"}
    row = move_on(row=begin_interpretation(values=values, actor=author), verb="submit", actor=author)
    return publish_text(row=row, valid_from=days_on(-30), actor=reviewer)


KINDS = {"versions": version_of, "documents": document_of, "notes": note_of}


@pytest.fixture
def at(client):
    return lambda actor: factories.sign_in(client, actor)


@pytest.fixture(params=KINDS)
def case(request, author, reviewer, draft):
    row = KINDS[request.param](author, reviewer, draft)
    return row, f"/policies/desk/{request.param}/{row.pk}/"


def send(client, place, verb, last, reason="停止执行"):
    return client.post(f"{place}{verb}/", {f"{verb}-valid_to": str(last), f"{verb}-reason": reason})


def titles(actor):
    return [one.title for _label, rows in todos_of(actor) for one in rows]


def test_one_officer_alone_retires_nothing(at, case, reviewer):
    """The hole: one reviewer ended a published measure alone, back to its first day, with no way back."""
    row, place = case
    client = at(reviewer)
    assert send(client, place, "retire", row.valid_from).status_code == 422
    assert send(client, place, "retire", days_on(-1)).status_code == 422
    assert send(client, place, "retire", days_on(0)).status_code == 302
    row.refresh_from_db()
    assert (row.stage, row.valid_to) == ("in_force", None)
    proposal = Proposal.objects.get()
    assert "须由同事复核" in client.post(f"/desk/proposals/{proposal.pk}/confirm/", follow=True).content.decode()
    with pytest.raises(Refused) as refused:
        transition(row, "retire", actor=reviewer, proposal=proposal, reason="x", valid_to=days_on(0))
    assert refused.value.code == "same_person"
    with pytest.raises(Refused) as refused:
        transition(row, "retire", actor=factories.colleague_of(reviewer), reason="x", valid_to=days_on(0))
    assert refused.value.code == "proposal_needed"
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(stage="confirmed", decider=reviewer.person_id)
    row.refresh_from_db()
    assert row.stage == "in_force"


def test_a_colleague_confirms_from_the_to_do_and_the_page(at, case, reviewer):
    row, place = case
    send(at(reviewer), place, "retire", days_on(3))
    colleague, stranger = factories.colleague_of(reviewer), factories.officer("policy_reviewer", department="税务")
    assert any(title.startswith(("废止", "Retire")) for title in titles(colleague))
    assert titles(reviewer) == titles(stranger) == []
    proposal = Proposal.objects.get()
    assert "撤回提请" in at(reviewer).get(place).content.decode()
    assert at(stranger).post(f"/desk/proposals/{proposal.pk}/confirm/").status_code == 404
    client = at(colleague)
    page = client.get(place).content.decode()
    assert "停止执行" in page
    assert f"/desk/proposals/{proposal.pk}/confirm/" in page
    assert "move-retire" not in page, "it is proposed already"
    answer = client.post(f"/desk/proposals/{proposal.pk}/confirm/")
    assert (answer.status_code, answer["Location"]) == (302, place)
    row.refresh_from_db()
    proposal.refresh_from_db()
    assert (row.stage, row.valid_to) == ("retired", days_on(3))
    assert (proposal.stage, proposal.decider_id) == ("confirmed", colleague.person_id)
    assert [h.verb for h in history_of(row)[:2]] == ["retire", "proposal.open"]
    assert client.post(f"/desk/proposals/{proposal.pk}/decline/", {"reason": "x"}).status_code == 302
    row.refresh_from_db()
    assert row.stage == "retired"
    assert titles(colleague) == []


def test_a_colleague_turns_it_down_with_a_reason(at, draft, author, reviewer):
    row = version_of(author, reviewer, draft)
    place = f"/policies/desk/versions/{row.pk}/"
    send(at(reviewer), place, "retire", days_on(3))
    assert send(at(factories.colleague_of(reviewer)), place, "retire", days_on(3)).status_code == 409
    client, proposal = at(factories.colleague_of(reviewer)), Proposal.objects.get()
    client.post(f"/desk/proposals/{proposal.pk}/decline/", {"reason": " "})
    proposal.refresh_from_db()
    assert proposal.stage == "open"
    client.post(f"/desk/proposals/{proposal.pk}/decline/", {"reason": "仍在执行"})
    proposal.refresh_from_db()
    row.refresh_from_db()
    assert (proposal.stage, row.stage) == ("declined", "in_force")
    assert "仍在执行" in client.get(place).content.decode()
    assert send(at(reviewer), place, "retire", days_on(4)).status_code == 302, "it may be proposed again"


def test_who_proposed_takes_it_back(at, draft, author, reviewer):
    row = version_of(author, reviewer, draft)
    place = f"/policies/desk/versions/{row.pk}/"
    send(at(reviewer), place, "retire", days_on(3))
    proposal = Proposal.objects.get()
    at(factories.colleague_of(reviewer)).post(f"/desk/proposals/{proposal.pk}/withdraw/")
    proposal.refresh_from_db()
    assert proposal.stage == "open"
    at(reviewer).post(f"/desk/proposals/{proposal.pk}/withdraw/")
    proposal.refresh_from_db()
    assert proposal.stage == "withdrawn"
    at(factories.colleague_of(reviewer)).post(f"/desk/proposals/{proposal.pk}/confirm/")
    row.refresh_from_db()
    assert row.stage == "in_force"


def test_a_day_that_has_passed_while_it_waited_is_not_confirmed(at, draft, author, reviewer):
    row = version_of(author, reviewer, draft)
    send(at(reviewer), f"/policies/desk/versions/{row.pk}/", "retire", days_on(0))
    Proposal.objects.update(data={"valid_to": str(days_on(-1))})
    at(factories.colleague_of(reviewer)).post(f"/desk/proposals/{Proposal.objects.get().pk}/confirm/")
    row.refresh_from_db()
    assert (row.stage, Proposal.objects.get().stage) == ("in_force", "open")


def test_no_page_ends_an_explanation_as_if_it_were_revised(at, author, reviewer):
    row = note_of(author, reviewer, None)
    place = f"/policies/desk/notes/{row.pk}/"
    assert send(at(reviewer), place, "supersede", days_on(0)).status_code == 404
    assert at(reviewer).post(f"{place}nothing/").status_code == 404
    draft = revise_interpretation(row=row, actor=author)
    with pytest.raises(Refused) as refused:
        transition(row, "supersede", actor=reviewer, reason="x", valid_to=days_on(0), successor=draft)
    assert refused.value.code == "no_successor"
