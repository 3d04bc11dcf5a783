"""An organisation that nobody has verified: its members see only what they said themselves, on every way there is."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

import factories
import runsworld
from chuangbao.accounts.domain.organisations import settle_standing
from chuangbao.authoring.domain.known import known_people
from chuangbao.checkup.domain import own
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import visible
from chuangbao.core.models import Notice
from chuangbao.facts.domain.standing import holdings, known_values
from chuangbao.facts.domain.stating import state, verify, withdraw
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.models import Fact, Source
from chuangbao.matching.models import Entitlement, Offer

pytestmark = pytest.mark.usefixtures("regions")
SAID = {
    Source.SELF: ("expand_hires", 11),
    Source.PLATFORM: ("jobs_incl_self", 12),
    Source.REGISTER: ("taxable_income", 1234567),
    Source.OFFICER: ("revenue", 98765432),
}
SEALED = ("equity_spread", 7766554)
SEEN = {
    "unverified": {Source.SELF, Source.PLATFORM},
    "verified": set(Source),
}


def owner_of(stage):
    """The owner of an organisation of a standing, of which every source has said something."""
    there = factories.organisation("抢注的企业", stage=stage)
    actor = factories.member(there)
    subject = subject_of(actor)
    office = factories.officer()
    for source, (name, value) in SAID.items():
        by = {Source.SELF: actor, Source.OFFICER: office}.get(source, SYSTEM)
        register = "税务" if source == Source.REGISTER else ""
        state(subject=subject, name=name, value=value, actor=by, source=source, register=register)
    name, value = SEALED
    state(subject=subject, name=name, value=value, actor=SYSTEM, source=Source.REGISTER, register="税务")
    return actor, subject


@pytest.mark.parametrize("stage", SEEN)
@pytest.mark.parametrize("source", SAID)
def test_what_a_member_sees_of_each_source_in_each_standing(stage, source):
    actor, subject = owner_of(stage)
    seen = source in SEEN[stage]
    name, _value = SAID[source]
    assert ((name, "") in holdings(subject, day=timezone.localdate(), actor=actor, why="own page")) is seen
    assert bool(known_values(subject, name, actor=actor, why="own page")) is seen
    assert visible(Fact, to=actor).filter(name=name).exists() is seen
    assert known_values(subject, name, actor=factories.officer(), why="")  # the office of the place sees all of it
    assert name in {f.name for f in visible(Fact, to=factories.officer())}


OUTSIDE = ("1,234,567", "1234567", "98,765,432", "98765432", "7,766,554", "7766554", "123.46", "9876.54", "776.66")


def told_of(text):
    return [figure for figure in OUTSIDE if figure in text]


def ways(client, subject):
    """Everything that answers a member about the facts of the organisation, as one text."""
    pages = [
        f"/facts/subjects/{subject.pk}/",
        *(f"/facts/subjects/{subject.pk}/{n}/" for n, _v in (*SAID.values(), SEALED)),
    ]
    texts = {page: client.get(page).content.decode() for page in pages}
    texts["reveal"] = client.post(f"/facts/subjects/{subject.pk}/reveal/", {"reason": "好奇"}).content.decode()
    book = load_workbook(io.BytesIO(client.get(f"/facts/subjects/{subject.pk}/facts.xlsx").content))
    texts["workbook"] = "\n".join(str(cell.value) for row in book.active.iter_rows() for cell in row)
    started = client.post("/checkup/", {"who": "", "want": ""})
    texts["check-up"] = client.get(started["Location"]).content.decode()
    for name in ("taxable_income", "revenue", "equity_spread"):
        texts[f"check-up asks {name}"] = client.get(started["Location"], {"fact": name}).content.decode()
    return texts


def test_no_page_workbook_or_check_up_tells_a_member_of_an_unverified_one_what_registers_say(client):
    actor, subject = owner_of("unverified")
    factories.sign_in(client, actor)
    found = {way: told_of(text) for way, text in ways(client, subject).items()}
    assert {way: figures for way, figures in found.items() if figures} == {}
    page = client.get(f"/facts/subjects/{subject.pk}/").content.decode()
    assert "您的机构尚未核验" in page
    assert "您的机构尚未核验" in client.get("/policies/for-me/").content.decode()


def test_the_same_ways_tell_it_once_an_officer_has_verified(client):
    actor, subject = owner_of("unverified")
    settle_standing(organisation=subject.organisation, actor=factories.officer(), verb="verify")
    factories.sign_in(client, actor)
    found = {way for way, text in ways(client, subject).items() if told_of(text)}
    assert {f"/facts/subjects/{subject.pk}/", "workbook", f"/facts/subjects/{subject.pk}/equity_spread/"} <= found
    assert "您的机构尚未核验" not in client.get(f"/facts/subjects/{subject.pk}/").content.decode()


def test_evidence_of_what_an_officer_stated_is_hidden_with_it(client):
    from chuangbao.core.storage.files import keep
    from chuangbao.core.storage.filetypes import PAPERS

    actor, subject = owner_of("unverified")
    office = factories.officer()
    proof = keep(upload=factories.upload(), actor=office, purpose="facts.evidence", allowed=PAPERS)
    row = state(subject=subject, name="assets", value=5, actor=office, evidence=proof)
    factories.sign_in(client, actor)
    assert client.get(f"/facts/statements/{row.pk}/evidence/").status_code == 404
    assert client.post(f"/facts/statements/{row.pk}/dispute/", {"reason": "x"}).status_code == 404


def entitled_firm(stage):
    """A firm to which a run entitles by what a register says, and the actor who owns it."""
    firm = runsworld.firm(runsworld.SMALL, stage=stage)
    return firm, factories.member(firm.organisation)


def test_a_run_tells_an_unverified_one_nothing_and_its_office_all(client):
    firm, actor = entitled_firm("unverified")
    runsworld.run()
    assert Entitlement.objects.filter(subject=firm, status="eligible").exists()
    assert not Notice.objects.filter(person=actor.person_id).exists()
    assert not Offer.objects.filter(subject=firm).exists()
    assert not visible(Entitlement, to=actor).exists()
    factories.sign_in(client, actor)
    page = client.get("/policies/for-me/").content.decode()
    assert runsworld.MEASURE not in page
    reasons = client.get(f"/policies/explanation/{firm.pk}/{runsworld.MEASURE}/")
    assert "860,000" not in reasons.content.decode()
    assert visible(Entitlement, to=factories.officer("supervisor")).filter(subject=firm).exists()
    settle_standing(organisation=firm.organisation, actor=factories.officer(), verb="verify")
    runsworld.run()
    assert Notice.objects.filter(person=actor.person_id, event__startswith="policies.found").exists()
    assert runsworld.MEASURE in client.get("/policies/for-me/").content.decode()


def test_an_unverified_one_again_sees_nothing_of_what_it_saw(client):
    firm, actor = entitled_firm("verified")
    runsworld.run()
    factories.sign_in(client, actor)
    assert runsworld.MEASURE in client.get("/policies/for-me/").content.decode()
    settle_standing(organisation=firm.organisation, actor=factories.officer(), verb="doubt", reason="冒用执照")
    assert runsworld.MEASURE not in client.get("/policies/for-me/").content.decode()
    made = own.begin_own_checkup(actor=actor, pack=runsworld.current_pack(), who="", want="", day=timezone.localdate())
    assert own.answers_of(made, actor).raw == {}


def test_verdicts_of_an_earlier_check_up_are_withheld_with_the_facts_they_came_from():
    from chuangbao.checkup.domain.result import result_of

    firm, actor = entitled_firm("verified")
    pack = runsworld.current_pack()
    first = own.begin_own_checkup(actor=actor, pack=pack, who="", want="", day=timezone.localdate())
    own.keep_verdicts(first, result_of(first, own.answers_of(first, actor)).answers)
    settle_standing(organisation=firm.organisation, actor=factories.officer(), verb="doubt", reason="冒用执照")
    second = own.begin_own_checkup(actor=actor, pack=pack, who="", want="", day=timezone.localdate())
    assert own.list_changes(second, result_of(second, own.answers_of(second, actor)).answers, actor=actor) == (
        None,
        [],
    )


def test_a_published_measure_is_asked_of_what_an_unverified_one_sees_itself():
    actor, subject = owner_of("unverified")
    (watched,) = known_people("enterprise", timezone.localdate())
    assert watched.person == actor.person_id
    assert dict(watched.facts) == {"expand_hires": 11, "jobs_incl_self": 12}
    settle_standing(organisation=subject.organisation, actor=factories.officer(), verb="verify")
    assert "taxable_income" in dict(next(known_people("enterprise", timezone.localdate())).facts)


def test_nobody_is_told_that_a_hidden_fact_was_verified_or_set_aside():
    actor, subject = owner_of("unverified")
    office = factories.officer()
    fact = Fact.objects.get(subject=subject, name="taxable_income")
    verify(fact=fact, until=timezone.localdate() + timedelta(days=9), actor=office)
    withdraw(fact=fact, reason="误报", actor=office)
    assert not Notice.objects.filter(person=actor.person_id).exists()
    said = Fact.objects.get(subject=subject, name="expand_hires")
    verify(fact=said, until=timezone.localdate() + timedelta(days=9), actor=office)
    assert Notice.objects.get(person=actor.person_id).event == "facts.verify"


def test_a_persons_own_facts_are_seen_whoever_states_them():
    alone = factories.founder()
    subject = subject_of(alone)
    state(
        subject=subject,
        name="person_group",
        value=["毕业年度毕业生"],
        actor=SYSTEM,
        source=Source.REGISTER,
        register="x",
    )
    assert visible(Fact, to=alone).count() == 1


def test_a_closed_one_is_judged_by_no_run_and_told_nothing():
    firm, actor = entitled_firm("verified")
    factories.close(firm.organisation, factories.officer())
    told = Notice.objects.filter(person=actor.person_id).count()
    runsworld.run()
    assert not Entitlement.objects.filter(subject=firm).exists()
    assert list(known_people("enterprise", timezone.localdate())) == []
    assert Notice.objects.filter(person=actor.person_id).count() == told
