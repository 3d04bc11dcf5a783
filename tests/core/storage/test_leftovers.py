"""The store holds what rows name, and nothing else; its files are counted before and after."""

from __future__ import annotations

import os
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.authoring.domain import bringing
from chuangbao.core.jobs import jobs
from chuangbao.core.jobs.jobs import cancel, carry_out
from chuangbao.core.models import Job, JobStage, StoredFile
from chuangbao.core.storage.files import all_or_nothing, keep
from chuangbao.core.storage.leftovers import sweep_files, sweep_store
from chuangbao.core.storage.listing import list_stored
from chuangbao.core.tasks import sweep
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.intake import confirm
from chuangbao.facts.domain.intake import read_upload as read_facts
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.models import Intake, IntakeRow
from chuangbao.facts.tasks import forget_registers
from chuangbao.policies.models import RegisteredDocument

pytestmark = [pytest.mark.usefixtures("regions", "library"), pytest.mark.django_db(transaction=True)]
TEXT = "某市关于补贴的通知\n各单位：\n一、补贴\n给予补贴5万元。\n某市人民政府\n2026年3月2日\n"
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def before():
    """The names of all files in the store before the test."""
    return set(list_stored(storages["kept"]))


def left(before):
    """The names of the files that came since."""
    return set(list_stored(storages["kept"])) - before


def proof(actor, name="社保.pdf"):
    return keep(upload=SimpleUploadedFile(name, PDF), actor=actor, purpose="facts.evidence")


@pytest.fixture
def author():
    return factories.officer("policy_editor", region=factories.PROVINCE, department="科技")


@pytest.fixture
def queued(client, author, monkeypatch, before):
    """A long file that was brought to the desk and waits for the worker."""
    monkeypatch.setattr(bringing, "LONG", 10)
    factories.sign_in(client, author)
    upload = SimpleUploadedFile("通知.txt", TEXT.encode())
    assert client.post("/policies/desk/documents/new/", {"ref": "cc-7", "file": upload, "text": ""}).status_code == 302
    assert len(left(before)) == StoredFile.objects.count() == 1
    return Job.objects.get(task="policies.bring")


def test_the_file_of_a_job_that_is_cancelled_while_it_waits_is_gone(client, author, queued, before):
    assert client.post(reverse("core:cancel_job", args=[queued.key])).status_code == 302
    assert (StoredFile.objects.count(), left(before)) == (0, set())
    carry_out(queued.pk)
    assert Job.objects.get(pk=queued.pk).stage == JobStage.CANCELLED


def test_the_file_of_a_job_that_is_cancelled_while_it_runs_is_gone(author, queued, before):
    Job.objects.filter(pk=queued.pk).update(stage=JobStage.RUNNING)
    cancel(job=queued, actor=author)
    assert len(left(before)) == 1
    carry_out(queued.pk)
    assert Job.objects.get(pk=queued.pk).stage == JobStage.CANCELLED
    assert (StoredFile.objects.count(), left(before)) == (0, set())


def test_the_file_of_a_job_that_breaks_is_gone(queued, before, monkeypatch):
    def broken(**_given):
        raise ZeroDivisionError

    monkeypatch.setattr(bringing, "bring_document", broken)
    carry_out(queued.pk)
    assert Job.objects.get(pk=queued.pk).stage == JobStage.FAILED
    assert (StoredFile.objects.count(), left(before)) == (0, set())


def test_the_file_of_a_job_that_is_done_stays_and_is_never_swept(queued, before):
    carry_out(queued.pk)
    (original,) = RegisteredDocument.objects.filter(ref="cc-7").values_list("original", flat=True)
    later = timezone.now() + timedelta(days=400)
    assert sweep_files(before=later) == 0
    sweep_store(before=later)  # what other tests left in the store goes with it
    assert StoredFile.objects.get().pk == original
    bringing.forget_brought(file=original)
    assert len(left(before)) == 1


def test_a_file_that_a_waiting_job_will_read_is_not_swept(queued, before):
    StoredFile.objects.update(uploaded_at=timezone.now() - timedelta(days=30))
    assert sweep_files(before=timezone.now()) == 0
    Job.objects.filter(pk=queued.pk).delete()
    assert sweep_files(before=timezone.now()) == 1
    assert left(before) == set()


def test_a_document_that_is_refused_keeps_no_file(client, author, before, monkeypatch):
    def refuse(**_given):
        raise Refused("ref_taken", "已经有了")

    monkeypatch.setattr(bringing, "bring_document", refuse)
    factories.sign_in(client, author)
    upload = SimpleUploadedFile("通知.txt", TEXT.encode())
    assert client.post("/policies/desk/documents/new/", {"ref": "cc-9", "file": upload, "text": ""}).status_code == 422
    assert (StoredFile.objects.count(), left(before)) == (0, set())


@pytest.mark.parametrize("fault", [Refused("x", "x"), IntegrityError(), KeyboardInterrupt()], ids=repr)
def test_what_is_kept_in_a_transaction_that_fails_goes_with_it(author, before, fault):
    with pytest.raises(type(fault)), all_or_nothing():
        proof(author)
        with all_or_nothing():
            proof(author)
        with pytest.raises(ZeroDivisionError), all_or_nothing():
            proof(author)
            raise ZeroDivisionError
        assert len(left(before)) == 2
        raise fault
    assert (StoredFile.objects.count(), left(before)) == (0, set())
    proof(author)
    assert len(left(before)) == 1


def test_what_nothing_names_is_swept_after_a_week_and_nothing_else(before):
    store, owner = storages["kept"], factories.member()
    used, young, loose = proof(owner), proof(owner), proof(owner)
    state(subject=subject_of(owner), name="expand_hires", value=3, actor=owner, evidence=used)
    week = timezone.now() - timedelta(days=8)
    StoredFile.objects.filter(pk__in=[used.pk, loose.pk]).update(uploaded_at=week)
    dead = store.save("ab/" + "ab" * 16, ContentFile(b"a process died before its row was there"))
    fresh = store.save("cd/" + "cd" * 16, ContentFile(b"a row may be on its way"))
    other = store.save("notes/readme.txt", ContentFile(b"not ours"))
    old = time.time() - 8 * 86_400
    for name in (dead, other, used.place):
        os.utime(store.path(name), (old, old))
    sweep()
    assert left(before) == {used.place, young.place, fresh, other}
    assert set(StoredFile.objects.values_list("pk", flat=True)) == {used.pk, young.pk}
    for name in (fresh, other):
        store.delete(name)


def test_work_without_anything_to_undo_is_cancelled_as_before(author, monkeypatch):
    monkeypatch.setitem(jobs.WORKS, "test.nothing", lambda _work: {})
    job = jobs.start("test.nothing", actor=author, title="x")
    assert cancel(job=job, actor=author).stage == JobStage.CANCELLED


def test_an_upload_that_was_never_taken_in_is_forgotten_after_a_month():
    owner = factories.member()
    for number in range(3):
        table = SimpleUploadedFile(f"{number}.csv", "信息项,取值\nexpand_hires,3\n".encode())
        read_facts(upload=table, actor=owner)
    old, taken, young = Intake.objects.order_by("pk")
    confirm(intake=taken, actor=owner)
    Intake.objects.exclude(pk=young.pk).update(at=timezone.now() - timedelta(days=31))
    assert forget_registers() == 1
    assert set(Intake.objects.values_list("pk", flat=True)) == {taken.pk, young.pk}
    assert not IntakeRow.objects.filter(intake=old.pk).exists()
