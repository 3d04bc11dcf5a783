"""Who read sensitive data is seen by those whom it concerns; what is sealed in one place is not told in the next."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
import runsworld
from chuangbao.accounts.models import Membership
from chuangbao.checkup.domain import checkups, sharing
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.audit.log import record
from chuangbao.core.audit.readings import readings_of_organisation, readings_of_person
from chuangbao.core.engine.current import current_pack
from chuangbao.core.models import History, Region
from chuangbao.core.storage.files import keep
from chuangbao.core.storage.filetypes import PAPERS
from chuangbao.facts.domain.sensitive import sensitive_facts, telling_measures
from chuangbao.facts.domain.standing import SEALED, holdings
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import open_to, subject_of
from chuangbao.facts.models import Fact, Source
from chuangbao.matching.models import Entitlement, PopulationRun

pytestmark = pytest.mark.usefixtures("regions")
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 40
VETERANS, SOLDIER = "2.3.1-veterans", "自主就业退役士兵"
WHY = "核对退役证件"


@pytest.fixture
def student():
    """A person with a sealed fact and its evidence, opened to the offices of a county."""
    actor = factories.as_self(factories.person("林晓"))
    subject = subject_of(actor)
    proof = keep(
        upload=SimpleUploadedFile("林晓退伍证.png", PNG, "image/png"), actor=actor, purpose="facts.evidence",
        sensitive=True, allowed=PAPERS,
    )  # fmt: skip
    state(subject=subject, name="person_group", value=[SOLDIER], actor=actor, evidence=proof)
    open_to(subject=subject, place=Region.objects.get(pk=factories.COUNTY), actor=actor)
    return actor


@pytest.fixture
def office(client):
    actor = factories.officer("register", "supervisor")
    factories.sign_in(client, actor)
    return actor


def my_page(client, actor):
    factories.sign_in(client, actor)
    return client.get(reverse("accounts:me")).content.decode()


def evidence_of(actor):
    return reverse("facts:evidence", args=[Fact.objects.get(subject=subject_of(actor), name="person_group").pk])


def reveal(client, student):
    client.post(reverse("facts:reveal", args=[subject_of(student).pk]), {"reason": WHY})


def open_evidence(client, student):
    client.post(evidence_of(student), {"reason": WHY})


def see_by_name(client, student):
    entitle(student)
    client.post(reverse("matching:entitled_sealed"), {"reason": WHY})


def export_by_name(client, student):
    entitle(student)
    client.post(reverse("matching:entitled_sealed"), {"reason": WHY, "do": "export"})


def entitle(student, measure=VETERANS):
    run, _new = PopulationRun.objects.get_or_create(day=timezone.localdate(), finished_at=timezone.now())
    Entitlement.objects.create(
        subject=subject_of(student), region=factories.COUNTY, measure=measure, version="1", status="eligible", since=run
    )


@pytest.mark.parametrize("way", [reveal, open_evidence, see_by_name, export_by_name])
def test_each_way_to_read_is_seen_by_the_person(client, student, office, way):
    assert not readings_of_person(student.person_id).exists()
    way(client, student)
    (row,) = readings_of_person(student.person_id)
    assert (row.person_id, row.reason, row.data["facts"]) == (office.person_id, WHY, ["person_group"])
    page = my_page(client, student)
    assert WHY in page
    assert "人员类别" in page
    assert "科技" in page  # the office that read it
    assert "尚无人读取" not in page


def test_a_run_over_everybody_is_seen_by_those_whose_sealed_facts_it_read(client, student):
    stranger = factories.founder()
    before = History.objects.count()
    runsworld.run()
    (row,) = readings_of_person(student.person_id)
    assert row.kind == "policies.populationrun"
    assert row.pk > before
    assert "系统自动批量判定" in my_page(client, student)
    assert "尚无人读取" in my_page(client, stranger)
    late = factories.founder()
    state(subject=subject_of(late), name="person_group", value=[SOLDIER], actor=late)
    assert not readings_of_person(late.person_id).exists()  # the run was before there was anything to read


def test_reading_ones_own_is_no_reading_by_somebody(client, student):
    factories.sign_in(client, student)
    assert client.get(reverse("facts:subject", args=[subject_of(student).pk])).status_code == 200
    assert client.get(evidence_of(student)).status_code == 200
    assert "尚无人读取" in my_page(client, student)
    assert History.objects.filter(verb="file.read", data__about=student.person_id).exists()


def test_a_row_sealed_before_readings_had_a_name_is_still_read(student):
    record(factories.officer(), "read_sensitive", subject_of(student), reason="旧", data={"facts": ["person_group"]})
    assert [row.reason for row in readings_of_person(student.person_id)] == ["旧"]


def test_members_see_who_read_what_is_sealed_of_their_organisation(client, office):
    owner = factories.member()
    subject = subject_of(owner)
    state(subject=subject, name="equity_spread", value=5, actor=SYSTEM, source=Source.REGISTER, register="税务")
    reveal(client, owner)
    (row,) = readings_of_organisation(owner.organisation_id)
    assert row.person_id == office.person_id
    factories.sign_in(client, owner)
    address = reverse("accounts:organisation", args=[owner.organisation_id])
    assert client.get(reverse("facts:subject", args=[subject.pk])).status_code == 200  # their own reading
    page = client.get(address).content.decode()
    assert WHY in page
    assert readings_of_organisation(owner.organisation_id).count() == 1
    factories.sign_in(client, office)
    assert "谁读取过本机构的敏感信息" not in client.get(address).content.decode()
    Membership.objects.get(pk=owner.holder_id).organisation.__class__.objects.update(stage="unverified")
    factories.sign_in(client, owner)
    assert "谁读取过本机构的敏感信息" not in client.get(address).content.decode()


def test_the_evidence_of_a_sealed_fact_asks_an_officer_why(client, student, office):
    address = evidence_of(student)
    asked = client.get(address)
    assert asked.status_code == 200
    assert asked["Content-Type"].startswith("text/html")
    refused = client.post(address, {"reason": " "})
    assert refused.status_code == 422
    assert not readings_of_person(student.person_id).exists()
    page = client.get(reverse("facts:fact", args=[subject_of(student).pk, "person_group"])).content.decode()
    assert "退伍证" not in page
    opened = client.post(address, {"reason": WHY})
    assert opened["Content-Type"] == "image/png"


def test_the_evidence_of_an_open_fact_is_served_and_seen(client, office):
    alone = factories.founder()
    subject = subject_of(alone)
    proof = keep(upload=factories.upload(), actor=alone, purpose="facts.evidence", sensitive=True, allowed=PAPERS)
    row = state(subject=subject, name="expand_hires", value=2, actor=alone, evidence=proof)
    open_to(subject=subject, place=Region.objects.get(pk=factories.COUNTY), actor=alone)
    assert client.get(reverse("facts:evidence", args=[row.pk]))["Content-Type"] == "application/pdf"
    assert [r.verb for r in readings_of_person(alone.person_id)] == ["file.read"]


def test_that_there_is_none_of_a_sensitive_fact_is_sealed_as_well(student, office, monkeypatch):
    name = "agreed_share"
    monkeypatch.setitem(current_pack().facts, name, replace(current_pack().facts[name], sensitive=True))
    subject = subject_of(student)
    state(subject=subject, name=name, value=None, actor=student)
    today = timezone.localdate()
    assert holdings(subject, day=today, actor=office, why="")[name, ""].standing.value is SEALED
    assert holdings(subject, day=today, actor=office, why=WHY)[name, ""].standing.value is None


def names_told(client):
    """What an office reads by name without saying why: lists, workbooks, explanations."""
    texts = []
    for status in ("eligible", "near"):
        asked = [{"status": status, "measure": measure} for measure in ("", *telling_measures())]
        texts += [client.get(reverse("matching:entitled"), given).content.decode() for given in asked]
        book = client.get(reverse("matching:entitled_export"), {"status": status})
        rows = load_workbook(io.BytesIO(book.content)).active.iter_rows()
        texts.append("\n".join(str(cell.value) for row in rows for cell in row))
    return "\n".join(texts)


def test_no_list_or_workbook_names_a_person_whose_verdict_tells_a_sensitive_fact(client, student, office):
    assert VETERANS in telling_measures()
    run = PopulationRun.objects.create(day=timezone.localdate(), finished_at=timezone.now())
    for number, measure in enumerate(telling_measures()):
        status = "near" if number % 2 else "eligible"
        Entitlement.objects.create(
            subject=subject_of(student), region=factories.COUNTY, measure=measure, version="1", status=status, since=run
        )
    told = names_told(client)
    assert "林晓" not in told
    assert "条由敏感信息决定" in told
    assert not readings_of_person(student.person_id).exists()
    page = client.get(reverse("matching:explanation", args=[subject_of(student).pk, VETERANS])).content.decode()
    assert "该事项由敏感信息决定" in page
    refused = client.post(reverse("matching:entitled_sealed"), {"reason": ""})
    assert refused.status_code == 422
    assert "林晓" not in refused.content.decode()


def test_for_a_reason_the_names_are_shown_and_each_reading_is_about_the_person(client, student, office):
    entitle(student)
    page = client.post(reverse("matching:entitled_sealed"), {"reason": WHY}).content.decode()
    assert "林晓" in page
    book = client.post(reverse("matching:entitled_sealed"), {"reason": WHY, "do": "export"})
    assert "林晓" in [row[0].value for row in load_workbook(io.BytesIO(book.content)).active.iter_rows()]
    assert readings_of_person(student.person_id).count() == 2


def test_one_of_another_county_is_not_shown_for_any_reason(client, student):
    entitle(student)
    factories.sign_in(client, factories.officer("supervisor", region=factories.NEIGHBOUR))
    assert "林晓" not in client.post(reverse("matching:entitled_sealed"), {"reason": WHY}).content.decode()
    assert not readings_of_person(student.person_id).exists()


def test_a_measure_that_reads_no_sensitive_fact_is_listed_by_name(client, student, office):
    entitle(student, runsworld.MEASURE)
    assert runsworld.MEASURE not in telling_measures()
    assert sensitive_facts([runsworld.MEASURE]) == frozenset()
    assert "林晓" in client.get(reverse("matching:entitled")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("audience", [a.id for a in current_pack().audiences])
def test_a_shared_copy_says_who_one_is_only_where_that_tells_nothing_sensitive(client, audience):
    pack = current_pack()
    made = checkups.begin_checkup(pack=pack, who=audience, want="", day=timezone.localdate())
    copy = sharing.share_copy(checkup=made, pack=pack, given=list(made.answers.all()))
    tells = {one.id for one in pack.audiences if one.sensitive}
    assert tells == {"job_seeker"}
    assert copy.who == ("" if audience in tells else audience)
    assert not any(pack.facts[row.fact].sensitive for row in copy.answers.all() if row.fact in pack.facts)


@pytest.mark.django_db
def test_a_shared_link_is_taken_back(client):
    pack = current_pack()
    made = checkups.begin_checkup(pack=pack, who="student", want="", day=timezone.localdate())
    client.post(reverse("checkup:share", args=[made.token]))
    (copy,) = sharing.list_shared_copies(made)
    shared, step = reverse("checkup:shared", args=[copy.token]), reverse("checkup:step", args=[made.token])
    assert client.get(shared).status_code == 200
    assert shared in client.get(step).content.decode()
    other = checkups.begin_checkup(pack=pack, who="", want="", day=timezone.localdate())
    client.post(reverse("checkup:unshare", args=[other.token, copy.pk]))  # not a copy of that one
    assert client.get(shared).status_code == 200
    client.post(reverse("checkup:unshare", args=[made.token, copy.pk]))
    assert client.get(shared).status_code == 404
    assert client.get(reverse("checkup:pdf", args=[copy.token])).status_code == 404
    assert shared not in client.get(step).content.decode()


@pytest.mark.parametrize(
    ("at_first", "later", "opens"),
    [("verified", "verified", True), ("verified", "unverified", False), ("unverified", "unverified", True),
     ("unverified", "verified", True), ("verified", "closed", False), ("unverified", "closed", False)],
)  # fmt: skip
def test_a_copy_of_an_organisations_check_up_does_not_outlive_its_standing(client, at_first, later, opens):
    from chuangbao.accounts.models import Organisation
    from chuangbao.checkup.domain import own

    there = factories.organisation(stage=at_first)
    actor = factories.member(there)
    made = own.begin_own_checkup(actor=actor, pack=current_pack(), who="", want="", day=timezone.localdate())
    copy = sharing.share_copy(checkup=made, pack=current_pack(), given=[], membership=actor.holder_id)
    Organisation.objects.update(stage=later)
    assert (client.get(reverse("checkup:shared", args=[copy.token])).status_code == 200) is opens
