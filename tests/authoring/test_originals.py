"""The file that a document was read from: kept, downloaded by those who may see the document; long ones by the worker."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import factories
from chuangbao.authoring.domain import bringing
from chuangbao.core.jobs.jobs import carry_out
from chuangbao.core.models import FileStage, History, Job, StoredFile
from chuangbao.core.storage.files import read
from chuangbao.policies.models import RegisteredDocument

pytestmark = pytest.mark.usefixtures("regions", "library")
TEXT = "某市关于补贴的通知\n各单位：\n一、补贴\n给予补贴5万元。\n某市人民政府\n2026年3月2日\n"


def bring(client, name="通知.txt", content=None, ref="cc-7"):
    given = {"ref": ref, "file": SimpleUploadedFile(name, TEXT.encode() if content is None else content), "text": ""}
    return client.post("/policies/desk/documents/new/", given)


@pytest.fixture
def client_of(client):
    return lambda actor: factories.sign_in(client, actor)


@pytest.mark.parametrize(
    ("name", "content"),
    [("通知.txt", TEXT.encode()), ("通知.html", f"<html><body><p>{TEXT}</p></body></html>".encode())],
)
def test_the_file_is_kept_and_given_to_the_desk_alone(client_of, author, name, content):
    client = client_of(author)
    row = RegisteredDocument.objects.filter(ref="cc-7")
    assert bring(client, name, content).status_code == 302
    paper = f"/policies/desk/documents/{row.get().pk}/"
    assert name in client.get(paper).content.decode()
    answer = client.get(f"{paper}original/")
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert History.objects.filter(verb="download_original", object_id=row.get().pk).count() == 1
    assert (
        client_of(factories.officer("policy_editor", region=factories.NEIGHBOUR)).get(f"{paper}original/").status_code
        == 404
    )
    StoredFile.objects.update(stage=FileStage.QUARANTINED)
    assert client_of(author).get(f"{paper}original/").status_code == 409
    assert History.objects.filter(verb="download_original").count() == 1


def test_a_pasted_text_has_no_original(client_of, author):
    client = client_of(author)
    client.post("/policies/desk/documents/new/", {"ref": "cc-8", "text": TEXT})
    paper = f"/policies/desk/documents/{RegisteredDocument.objects.get(ref='cc-8').pk}/"
    assert "原件" not in client.get(paper).content.decode()
    assert client.get(f"{paper}original/").status_code == 404


def test_a_long_file_is_read_by_the_worker(client_of, author, monkeypatch):
    monkeypatch.setattr(bringing, "LONG", 10)
    client = client_of(author)
    answer = bring(client)
    job = Job.objects.get(task="policies.bring")
    assert answer["Location"] == f"/desk/jobs/{job.key}/"
    assert client.get(answer["Location"])["Refresh"] == "2"
    carry_out(job.pk)
    row = RegisteredDocument.objects.get(ref="cc-7")
    assert read(row.original) == TEXT.encode()
    page = client.get(answer["Location"])
    assert f"/policies/desk/documents/{row.pk}/" in page.content.decode()
    assert "Refresh" not in page


def test_a_long_file_that_is_no_document_is_forgotten(client_of, author, monkeypatch):
    monkeypatch.setattr(bringing, "LONG", 2)
    client = client_of(author)
    bring(client, content=b"   \n  ")
    job = Job.objects.get(task="policies.bring")
    carry_out(job.pk)
    job.refresh_from_db()
    assert job.stage == "failed"
    assert "通知.txt" in job.message
    assert not StoredFile.objects.exists()


def test_who_has_left_the_post_brings_nothing_more(client_of, author, monkeypatch):
    monkeypatch.setattr(bringing, "LONG", 10)
    bring(client_of(author))
    job = Job.objects.get(task="policies.bring")
    Job.objects.update(acting="self")
    carry_out(job.pk)
    job.refresh_from_db()
    assert "岗位" in job.message
    assert not RegisteredDocument.objects.filter(ref="cc-7").exists()


def test_a_short_name_that_is_taken_keeps_no_file(client_of, author, monkeypatch):
    client = client_of(author)
    bring(client)
    assert bring(client).status_code == 422
    monkeypatch.setattr(bringing, "LONG", 10)
    assert bring(client).status_code == 422
    assert StoredFile.objects.count() == 1


def test_what_is_long():
    pdf = SimpleUploadedFile("a.pdf", b"%PDF-1.7" + b"/Type/Page " * 41)
    assert bringing.is_long(pdf)
    assert not bringing.is_long(SimpleUploadedFile("a.pdf", b"%PDF-1.7" + b"/Type /Page " * 40))
    assert not bringing.is_long(SimpleUploadedFile("a.txt", b"/Type/Page " * 41))
