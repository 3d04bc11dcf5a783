"""A job is seen while it runs, can be stopped, survives its worker, and says what came of it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

import factories
from chuangbao.core import tasks
from chuangbao.core.access.row_access import visible
from chuangbao.core.jobs import jobs
from chuangbao.core.jobs.jobs import Cancelled, Work, cancel, start
from chuangbao.core.models import Job, JobStage
from chuangbao.core.workflow.refusals import Refused


@pytest.fixture(autouse=True)
def works(monkeypatch):
    monkeypatch.setattr(jobs, "WORKS", {})

    @jobs.work("count")
    def count(work: Work, upto: int):
        for n in range(upto):
            work.step(n, upto, f"第{n}行")
        return {"url": "/result/", "rows": upto}

    @jobs.work("refuse")
    def refuse(_work: Work):
        raise Refused("bad_file", "第 3 行金额不是数字")

    @jobs.work("break")
    def broken(_work: Work):
        raise ZeroDivisionError


@pytest.fixture
def starter(regions):
    return factories.founder()


def test_a_job_is_queued_carried_out_and_leads_to_its_result(starter):
    job = start("count", actor=starter, title="导入", upto=3)
    assert ProcrastinateJob.objects.get(task_name="core.do_work").args == {"job": job.pk}
    tasks.do_work(job=job.pk)
    job.refresh_from_db()
    assert (job.stage, job.done, job.total, job.result["rows"]) == (JobStage.DONE, 2, 3, 3)
    assert job.over
    assert str(job) == "导入"


def test_a_job_that_is_over_is_not_done_again(starter):
    job = start("count", actor=starter, title="导入", upto=1)
    tasks.do_work(job=job.pk)
    Job.objects.filter(pk=job.pk).update(result={"kept": True})
    tasks.do_work(job=job.pk)
    job.refresh_from_db()
    assert job.result == {"kept": True}


def test_nothing_undeclared_is_started(starter):
    with pytest.raises(KeyError):
        start("nothing", actor=starter, title="x")


def test_a_job_that_waits_is_stopped_at_once_and_one_that_runs_at_its_next_step(starter):
    waiting = start("count", actor=starter, title="导入", upto=1)
    assert cancel(job=waiting, actor=starter).stage == JobStage.CANCELLED
    with pytest.raises(Refused):
        cancel(job=waiting, actor=starter)
    running = start("count", actor=starter, title="导入", upto=2)
    Job.objects.filter(pk=running.pk).update(stage=JobStage.RUNNING)
    assert cancel(job=running, actor=starter).stage == JobStage.RUNNING
    with pytest.raises(Cancelled):
        Work(running).step(1, 2)
    tasks.do_work(job=running.pk)
    running.refresh_from_db()
    assert running.stage == JobStage.CANCELLED


@pytest.mark.parametrize(("name", "words"), [("refuse", "第 3 行"), ("break", "")])
def test_a_job_that_fails_says_why(starter, name, words, capsys):
    job = start(name, actor=starter, title="导入")
    tasks.do_work(job=job.pk)
    job.refresh_from_db()
    assert job.stage == JobStage.FAILED
    assert job.message
    assert words in job.message


def test_the_page_of_a_job(client, starter):
    job = start("count", actor=starter, title="导入", upto=2)
    address = reverse("core:job", args=[job.key])
    factories.sign_in(client, factories.founder())
    assert client.get(address).status_code == 404
    factories.sign_in(client, starter)
    Job.objects.filter(pk=job.pk).update(stage=JobStage.RUNNING, done=1, total=2)
    waiting = client.get(address)
    assert waiting["Refresh"] == "2"
    assert "<progress" in waiting.content.decode()
    assert "<html" not in client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert client.post(reverse("core:cancel_job", args=[job.key])).status_code == 302
    tasks.do_work(job=job.pk)
    assert "Refresh" not in client.get(address)
    assert client.post(reverse("core:cancel_job", args=[job.key]), follow=True).status_code == 200
    done = start("count", actor=starter, title="导入", upto=2)
    tasks.do_work(job=done.pk)
    assert "/result/" in client.get(reverse("core:job", args=[done.key])).content.decode()


def test_the_system_administrator_sees_every_job(starter):
    start("count", actor=starter, title="导入", upto=1)
    assert visible(Job, to=factories.admin("system_admin")).count() == 1
    assert visible(Job, to=factories.admin("audit_admin")).count() == 0
