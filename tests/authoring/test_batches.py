"""Many documents at once: read by the worker with a report, stopped and taken up again, and nothing left behind."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

import factories
from chuangbao.authoring.domain import batches, bringing
from chuangbao.core.jobs import jobs
from chuangbao.core.jobs.jobs import Cancelled, Work, carry_out
from chuangbao.core.models import Job, StoredFile
from chuangbao.core.storage.files import read
from chuangbao.policies.models import RegisteredDocument

pytestmark = pytest.mark.usefixtures("regions", "library")
TEXT = "某市关于第{n}类补贴的通知\n各单位：\n一、补贴\n给予补贴5万元。\n某市人民政府\n2026年3月2日\n"
PAGE = "/policies/desk/documents/many/"


def pack(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name, content in files.items():
            box.writestr(name, content)
    return out.getvalue()


def archive(files, name="资料.zip"):
    return SimpleUploadedFile(name, pack(files))


def document(n):
    return TEXT.format(n=n).encode()


@pytest.fixture
def desk(client, author):
    factories.sign_in(client, author)
    return client


def send(desk, *files, ref="many"):
    return desk.post(PAGE, {"ref": ref, "documents": list(files)})


def latest():
    return Job.objects.filter(task=batches.TASK).latest("pk")


def test_an_archive_becomes_drafts_and_a_report(desk, django_capture_on_commit_callbacks):
    answer = send(
        desk, archive({"a/一.txt": document(1), "二.txt": document(2), "图.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 60})
    )
    job = latest()
    assert answer["Location"] == f"/desk/jobs/{job.key}/"
    place = StoredFile.objects.get(purpose="documents").place
    with django_capture_on_commit_callbacks(execute=True):
        carry_out(job.pk)
    job.refresh_from_db()
    assert (job.stage, job.result["of"]) == ("done", 3)
    rows = {row.ref: row for row in RegisteredDocument.objects.filter(ref__startswith="many-")}
    assert {ref: read(row.original) for ref, row in rows.items()} == {"many-1": document(1), "many-2": document(2)}
    assert not StoredFile.objects.filter(purpose="documents").exists()
    assert not storages["kept"].exists(place)
    page = desk.get(f"{PAGE}{job.key}/").content.decode()
    assert "共 3 份，已读 2 份，未读 1 份。" in page
    assert f"/policies/desk/documents/{rows['many-1'].pk}/" in page
    assert "“图.png”" in page
    assert f"{PAGE}{job.key}/" in desk.get(f"/desk/jobs/{job.key}/").content.decode()


def test_files_chosen_together_are_read_as_one_archive(desk):
    send(desk, SimpleUploadedFile("甲.txt", document(1)), SimpleUploadedFile("甲.txt", document(2)))
    carry_out(latest().pk)
    assert [line["name"] for line in latest().result["lines"]] == ["2/甲.txt", "甲.txt"]
    assert RegisteredDocument.objects.filter(ref__startswith="many-").count() == 2


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([SimpleUploadedFile(f"{n}.txt", b"x") for n in range(101)], "一次最多读取 100 个文件"),
        ([SimpleUploadedFile(f"{n}.txt", b"x" * 11_000_000) for n in range(2)], "合计超过 20 MB"),
        ([], "请填写"),
    ],
)
def test_what_is_too_much_is_refused_beside_the_field(author, files, said, desk):
    if len(files) > 100:  # more than a form of Django takes at once; the verb is asked by itself
        with pytest.raises(batches.Refused, match=said):
            batches.queue_files(ref="many", uploads=files, actor=author)
        return
    answer = send(desk, *files)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 nothing", "文件已损坏"),
        (pack({f"{n}.txt": b"x" for n in range(101)}), "里面有 101 个文件，多于 100 个"),
    ],
)
def test_an_archive_that_is_not_read_fails_in_words_and_is_forgotten(desk, content, said):
    send(desk, SimpleUploadedFile("资料.zip", content))
    carry_out(latest().pk)
    assert latest().stage == "failed"
    assert said in latest().message
    assert not StoredFile.objects.exists()


def test_an_archive_inside_an_archive_and_a_taken_name_are_refused_alone(desk):
    desk.post("/policies/desk/documents/new/", {"ref": "many-2", "text": TEXT})
    send(desk, archive({"a.txt": document(1), "b.txt": document(2), "c.zip": pack({"d.txt": document(3)})}))
    carry_out(latest().pk)
    first, second, third = latest().result["lines"]
    assert first["ref"] == "many-1"
    assert "短名" in second["refused"]
    assert third["error"][1] == "it is an archive, but no Word document"
    assert StoredFile.objects.count() == 1


def test_work_that_is_stopped_keeps_what_was_read_and_forgets_the_archive(desk, monkeypatch):
    send(desk, archive({"a.txt": document(1), "b.txt": document(2)}))
    monkeypatch.setattr(Work, "step", stop_at(1))
    carry_out(latest().pk)
    job = latest()
    assert (job.stage, len(job.result["lines"])) == ("cancelled", 1)
    assert [row.purpose for row in StoredFile.objects.all()] == ["document"]
    page = desk.get(f"{PAGE}{job.key}/").content.decode()
    assert "共 2 份，已读 1 份，未读 0 份。" in page
    assert "其余请重新提交" in page


def stop_at(number):
    def step(_work, done, _total, _message=""):
        if done == number:
            raise Cancelled

    return step


def test_work_that_was_broken_off_goes_on_where_it_was(desk, monkeypatch):
    send(desk, archive({"a.txt": document(1), "b.txt": document(2)}))
    job = latest()

    class DeathError(BaseException):
        """The worker is killed."""

    def die(_work, done, _total, _message=""):
        if done == 1:
            raise DeathError

    with monkeypatch.context() as patch, pytest.raises(DeathError):
        patch.setattr(Work, "step", die)
        carry_out(job.pk)
    assert latest().stage == "running"
    carry_out(job.pk)
    assert [line["ref"] for line in latest().result["lines"]] == ["many-1", "many-2"]
    assert (latest().stage, RegisteredDocument.objects.filter(ref__startswith="many-").count()) == ("done", 2)
    Job.objects.update(stage="running")
    carry_out(job.pk)  # killed after the archive was forgotten
    assert "请重新提交" in latest().message


@pytest.mark.parametrize("long", [False, True])
def test_what_waits_is_stopped_and_its_file_forgotten(desk, monkeypatch, long):
    if long:
        monkeypatch.setattr(bringing, "LONG", 2)
        given = {"ref": "cc-9", "file": SimpleUploadedFile("通知.txt", document(1)), "text": ""}
        desk.post("/policies/desk/documents/new/", given)
    else:
        send(desk, archive({"a.txt": document(1)}))
    job = Job.objects.latest("pk")
    assert StoredFile.objects.count() == 1
    desk.post(f"/desk/jobs/{job.key}/cancel/")
    job.refresh_from_db()
    assert job.stage == "cancelled"
    assert not StoredFile.objects.exists()
    carry_out(job.pk)
    assert not RegisteredDocument.objects.filter(ref__in=["cc-9", "many-1"]).exists()


def test_the_report_is_its_bringers_alone(desk, client):
    send(desk, archive({"a.txt": document(1)}))
    address = f"{PAGE}{latest().key}/"
    assert desk.get(address).status_code == 200
    factories.sign_in(client, factories.officer("policy_editor", region=factories.PROVINCE))
    assert client.get(address).status_code == 404
    assert jobs.UNDOING[batches.TASK] is batches.forget_brought
