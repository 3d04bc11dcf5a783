"""Nothing of a person is left when the account is erased: every column, every file, every page, the next run."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage, get_connection
from django.db import connection
from django.urls import reverse
from django.utils import timezone

import factories
import runsworld
from chuangbao.accounts.domain import members, organisations
from chuangbao.accounts.domain.consents import give_consent
from chuangbao.accounts.domain.persons import erase_person, export_person
from chuangbao.accounts.mfa import Adapter
from chuangbao.accounts.models import Invitation, Membership, Person
from chuangbao.authoring.domain.drafts import begin_draft, register_measure
from chuangbao.authoring.models import WorkingCopy
from chuangbao.checkup.domain import own, sharing
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.models import CheckUp
from chuangbao.core.engine.current import current_pack
from chuangbao.core.jobs import jobs
from chuangbao.core.messaging.outbox import queue_letters
from chuangbao.core.models import Job, Letter, Notice, NoticePreference, Region, StoredFile
from chuangbao.core.privacy import HOLDINGS
from chuangbao.core.storage.encryption import EncryptedTextField
from chuangbao.core.storage.files import keep
from chuangbao.core.storage.filetypes import PAPERS
from chuangbao.facts.domain.awarding import record_award
from chuangbao.facts.domain.intake import read_upload
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import open_to, subject_of
from chuangbao.facts.models import Award, AwardRecord, Fact, Subject
from chuangbao.matching.domain.offering import decline
from chuangbao.matching.domain.starting import start_run
from chuangbao.matching.models import Entitlement, Offer, Reason
from chuangbao.policies.domain.subscribe import subscribe, subscribers
from chuangbao.simulations.domain.simulations import begin_simulation
from permissions.world import SAMPLE_FILES

pytestmark = pytest.mark.usefixtures("regions")
NAME, ADDRESS, SECOND = "擦除人王小明", "erase.me@private.example", "second@private.example"
PHONE, CARD = "13987654321", "220102199001011234"
MARKS = (NAME, "erase.me", "second@private", PHONE, CARD)
WORDS = ("character", "text", "json", "ARRAY", "citext")
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 40


@pytest.fixture
def post_folder(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return Path(settings.EMAIL_FILE_PATH)


def proof(actor, name):
    return keep(
        upload=SimpleUploadedFile(name, PNG, "image/png"), actor=actor, purpose="facts.evidence", sensitive=True,
        allowed=PAPERS,
    )  # fmt: skip


AWARD = {"measure": runsworld.MEASURE, "granted_on": "2025-05-20", "amount": "4321", "since": "全部"}


class Everything:
    """One person of whom every kind of row is held, and the people and things around."""

    def __init__(self):
        self.person = factories.person(NAME, email=ADDRESS)
        self.actor = factories.as_self(self.person)
        self.sign_in()
        self.facts()
        self.belong()
        self.work()
        self.hear()
        for samples in SAMPLE_FILES.values():
            getattr(samples, "leave_rows", lambda _person: None)(self.person)

    def sign_in(self):
        for address in (ADDRESS, SECOND):
            EmailAddress.objects.create(user=self.person, email=address, verified=True, primary=address == ADDRESS)
        Authenticator.objects.create(user=self.person, type="totp", data={"secret": Adapter().encrypt("x")})
        extra = {"name": NAME, "phone": PHONE, "id_card": CARD}
        SocialAccount.objects.create(user=self.person, provider="sso", uid=CARD, extra_data=extra)
        session = SessionStore()
        session[SESSION_KEY], session["typed"] = str(self.person.pk), NAME
        session.save()
        now = timezone.now()
        UserSession.objects.create(
            user=self.person, ip="203.0.113.9", session_key=session.session_key, user_agent=f"{NAME} phone",
            created_at=now, last_seen_at=now,
        )  # fmt: skip

    def facts(self):
        self.subject = subject_of(self.actor)
        files = [proof(self.actor, f"低保证{NAME}.png"), proof(factories.officer(), f"退伍证{NAME}.png")]
        group = {"name": "person_group", "value": ["自主就业退役士兵"]}
        state(subject=self.subject, actor=self.actor, evidence=files[0], **group)
        open_to(subject=self.subject, place=Region.objects.get(pk=factories.COUNTY), actor=self.actor)
        state(subject=Subject.objects.get(pk=self.subject.pk), actor=factories.officer(), evidence=files[1], **group)
        record_award(cells=AWARD, actor=self.actor)
        table = SimpleUploadedFile(f"{NAME}.csv", f"信息项,取值\nhires,3\n联系电话,{PHONE}\n".encode())
        read_upload(upload=table, actor=self.actor)
        pack = current_pack()
        self.checkup = own.begin_own_checkup(
            actor=self.actor, pack=pack, who="veteran", want="", day=timezone.localdate()
        )
        own.keep_verdicts(self.checkup, result_of(self.checkup, own.answers_of(self.checkup, self.actor)).answers)
        given = own.answers_of(self.checkup, self.actor).given
        self.shared = sharing.share_copy(checkup=self.checkup, pack=pack, given=given)

    def belong(self):
        there = self.there = factories.organisation("留下的企业")
        colleague = factories.member(there)
        row = members.invite(organisation=there, actor=colleague, email=ADDRESS, role="manager")
        self.membership = members.accept_invitation(invitation=row, actor=self.actor)
        self.member = factories.as_member(self.membership)
        elsewhere = factories.organisation()
        members.invite(organisation=elsewhere, actor=factories.member(elsewhere), email=SECOND.upper(), role="clerk")
        self.guest = members.invite(organisation=there, actor=self.member, email="guest@example.org", role="clerk")
        for code in (factories.organisation().code, factories.organisation().code):
            claim = organisations.claim_organisation(actor=self.actor, code=code, reason=f"{NAME} {PHONE}")
        organisations.decide_claim(claim=claim, actor=factories.officer(), verb="refuse", reason="不符")
        self.kept = proof(self.member, f"营业执照{NAME}.png")
        state(subject=subject_of(self.member), name="expand_hires", value=3, actor=self.member, evidence=self.kept)
        self.loose = proof(self.member, f"没有用到{NAME}.png")
        decline(subject=subject_of(self.member), measure=runsworld.MEASURE, reason=Reason.LATER, actor=self.member)

    def work(self):
        term = (timezone.localdate() - timedelta(days=900), timezone.localdate() - timedelta(days=1))
        factories.post(self.person, term=term)
        editor = factories.as_officer(factories.post(self.person, duties=["policy_editor", "supervisor"],
                                                     region=factories.PROVINCE, department="创业"))  # fmt: skip
        self.run = start_run(actor=editor)
        jobs.WORKS.setdefault("test.nothing", lambda _work: {})
        jobs.start("test.nothing", actor=self.actor, title=f"导入{NAME}.csv", phone=PHONE)
        version = begin_draft(
            measure=register_measure(ref="9.9.9-x", region=factories.PROVINCE, department="创业", actor=editor),
            content="id: 9.9.9-x\n", actor=editor,
        )  # fmt: skip
        WorkingCopy.objects.create(version=version, person=self.person, content=f"{NAME} {PHONE}", revision=1)
        day = timezone.localdate()
        begin_simulation(measure=runsworld.MEASURE, version="CIT-SLP-2015A", title="x", day=day, actor=editor)
        Person.objects.get(pk=self.person.pk).posts.update(term=term)

    def hear(self):
        give_consent(person=self.person, language="zh")
        theme = next(iter(current_pack().codes["theme"].by_code))
        subscribe(topic="theme", value=theme, actor=self.actor)
        self.theme = theme
        Notice.objects.create(person=self.person, event="x", data={"name": NAME})
        NoticePreference.objects.create(person=self.person, group="general", channel="mail")
        measure = {"measure": runsworld.MEASURE, "version": "1"}
        Entitlement.objects.create(subject=self.subject, status="eligible", since=self.run, **measure)
        Offer.objects.create(subject=self.subject, measure=runsworld.MEASURE, told_at=timezone.now())
        letters = [EmailMessage("您好", "您好：…", None, [to]) for to in (ADDRESS, "other@example.org", SECOND)]
        queue_letters(letters)
        get_connection("django.core.mail.backends.filebased.EmailBackend").send_messages(letters)
        get_connection("django.core.mail.backends.filebased.EmailBackend").send_messages(letters[:1])


@pytest.fixture
def everything(library, post_folder):
    return Everything()


def places_with(marks):
    """Where PostgreSQL holds one of some marks: every column of words in every table, and what is sealed, opened."""
    found = {f"{place} (sealed)" for place in sealed_with(marks)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            " AND data_type ~ %s",
            ["|".join(WORDS)],
        )
        for table, column in cursor.fetchall():
            tests = " OR ".join([f'"{column}"::text ILIKE %s'] * len(marks))
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE {tests}',  # noqa: S608 - names of the schema
                [f"%{mark}%" for mark in marks],
            )
            if cursor.fetchone()[0]:
                found.add(f"{table}.{column}")
    for row in Session.objects.all():
        if any(mark in json.dumps(row.get_decoded(), ensure_ascii=False) for mark in marks):
            found.add("django_session (decoded)")
    return found


def sealed_with(marks):
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                for row in model._base_manager.all():  # a sealed text is opened with the row it is bound to
                    if any(mark in str(getattr(row, field.name)) for mark in marks):
                        yield f"{model._meta.label}.{field.name}"


def content_on_disk(row):
    return storages["kept"].exists(row.place)


def test_everything_that_is_held_of_a_person_is_there_before_and_in_the_export(everything):
    before = places_with(MARKS)
    assert {
        "accounts_person.name", "account_emailaddress.email", "socialaccount_socialaccount.extra_data",
        "usersessions_usersession.user_agent", "django_session (decoded)", "accounts_invitation.email",
        "accounts_organisationclaim.reason", "core_storedfile.name", "core_job.title", "core_job.arguments",
        "core_notice.data", "policies_workingcopy.content", "facts_intake.filename", "facts_subject.name",
        "core.Letter.recipient (sealed)", "facts.IntakeRow.value (sealed)",
    } <= before  # fmt: skip
    told = json.dumps(export_person(actor=everything.actor), ensure_ascii=False)
    for words in (
        NAME, ADDRESS, SECOND, PHONE, CARD, "203.0.113.9", "自主就业退役士兵", f"低保证{NAME}.png", "veteran",
        str(everything.shared.created_at), everything.theme, "留下的企业", runsworld.MEASURE, "totp", "科技", "您好",
    ):  # fmt: skip
        assert words in told, words
    assert "guest@example.org" not in told  # somebody else's
    empty = [name for name, part in export_person(actor=everything.actor).items() if not part["rows"]]
    assert empty in ([], ["duties"])


def test_after_erasure_no_column_and_no_file_holds_anything_of_the_person(
    everything, post_folder, django_capture_on_commit_callbacks
):
    evidence = list(StoredFile.objects.filter(purpose="facts.evidence").exclude(pk=everything.kept.pk))
    assert all(content_on_disk(row) for row in evidence)
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(actor=everything.actor)
    assert places_with(MARKS) == set()
    assert not any(content_on_disk(row) for row in evidence)
    assert list(StoredFile.objects.values_list("name", "uploaded_by")) == [("附件.png", None)]
    assert content_on_disk(everything.kept)  # it proves a fact of the organisation
    letters = "".join(file.read_text(encoding="utf-8") for file in post_folder.iterdir())
    assert ADDRESS not in letters
    assert SECOND not in letters
    assert letters.count("other@example.org") == 1
    assert not {ADDRESS, SECOND} & {row.recipient for row in Letter.objects.all()}
    assert any(row.subject.startswith("已注销账号") for row in Letter.objects.all())  # who joined, to a colleague


def test_after_erasure_only_numbers_that_the_law_keeps_lead_to_the_person(everything):
    from chuangbao.core.completeness import columns_about_people
    from chuangbao.core.privacy import KEPT_AS_NUMBER

    erase_person(actor=everything.actor)
    pk, left = everything.person.pk, set()
    for column in columns_about_people():
        label, _, name = column.rpartition(".")
        model = apps.get_model(label)
        field = model._meta.get_field(name)
        if field.is_relation and field.related_model is Person and model._base_manager.filter(**{name: pk}).exists():
            left.add(column)
    stays = {column for holding in HOLDINGS.values() if not holding.erase for column in holding.covers}
    ended = {"accounts.Membership.person", "accounts.OrganisationClaim.person"}  # an ended one, and an empty one
    assert left <= stays | ended | set(KEPT_AS_NUMBER)
    assert not Subject.objects.filter(person=pk).exists()
    assert not Fact.objects.filter(subject__person=pk).exists()
    assert not Award.objects.exists()
    assert not AwardRecord.objects.exists()
    assert not CheckUp.objects.exists()
    assert not Membership.objects.filter(person=pk, ended_at=None).exists()
    assert not Invitation.objects.filter(pk=everything.guest.pk).exists()
    assert everything.actor.person_id not in subscribers({"theme": [everything.theme]})
    run = type(everything.run).objects.get(pk=everything.run.pk)
    assert run.job is not None
    assert run.job.person_id is None
    assert Job.objects.filter(person=pk).count() == 0


def test_after_erasure_no_page_shows_the_person(client, everything):
    erase_person(actor=everything.actor)
    assert client.get(f"/checkup/shared/{everything.shared.token}/").status_code == 404
    factories.sign_in(client, factories.officer())
    assert client.get(f"/facts/subjects/{everything.subject.pk}/").status_code == 404
    colleague = Membership.objects.filter(organisation=everything.there, ended_at=None).get()
    assert Notice.objects.filter(person=colleague.person_id, event="member.joined").exists()
    factories.sign_in(client, factories.as_member(colleague))
    page = client.get(reverse("core:notices")).content.decode()
    assert NAME not in page
    assert "已注销账号" in page


def test_a_colleague_reads_the_name_that_somebody_has_today(client, everything):
    colleague = Membership.objects.filter(organisation=everything.there, ended_at=None).exclude(
        person=everything.person
    ).get()  # fmt: skip
    factories.sign_in(client, factories.as_member(colleague))
    assert NAME in client.get(reverse("core:notices")).content.decode()
    Person.objects.filter(pk=everything.person.pk).update(name="王大明")
    page = client.get(reverse("core:notices")).content.decode()
    assert "王大明" in page
    assert NAME not in page


def test_the_next_run_judges_nobody_who_has_gone(everything):
    jobs.cancel(job=everything.run.job, actor=everything.actor)
    erase_person(actor=everything.actor)
    late = Subject.objects.create(person=everything.person)  # made by a page that was still being answered
    runsworld.run()
    assert not Entitlement.objects.filter(subject=late).exists()
    from chuangbao.facts.domain.snapshot import WHERE, run

    assert late.pk not in {pk for pk, _area in run(WHERE % {"first": "0", "last": "NULL"})}


def test_an_erasure_that_fails_leaves_everything_and_the_content_of_files(everything, monkeypatch):
    def broken(_person):
        raise RuntimeError

    before = places_with(MARKS)
    monkeypatch.setitem(HOLDINGS, "account", HOLDINGS["account"].__class__(**{
        **{name: getattr(HOLDINGS["account"], name) for name in ("name", "label", "purpose", "kept", "export")},
        "erase": broken,
    }))  # fmt: skip
    with pytest.raises(RuntimeError):
        erase_person(actor=everything.actor)
    assert places_with(MARKS) >= {place for place in before if "sealed" not in place and "session" not in place}
    assert content_on_disk(everything.loose)


def test_the_page_of_erasure_says_of_each_kind_whether_it_goes(client, everything):
    import time

    factories.sign_in(client, everything.actor)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    page = client.get("/me/erase/").content.decode()
    assert page.count("保留：") == sum(not holding.erases for holding in HOLDINGS.values())
