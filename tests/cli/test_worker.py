"""The worker does what waits, and what a dead worker left behind."""

from __future__ import annotations

from asyncio import events

import pytest
from django.core import mail
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from typer.testing import CliRunner

import factories
from chuangbao.cli import app
from chuangbao.core.jobs import jobs
from chuangbao.core.messaging.outbox import queue_letters
from chuangbao.core.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
RUN = CliRunner()


def work():
    """Do what waits; the browser tests of the same process may have left their loop in this thread."""
    loop = events._get_running_loop()
    events._set_running_loop(None)
    try:
        outcome = RUN.invoke(app, ["worker", "--once"])
    finally:
        events._set_running_loop(loop)
    assert outcome.exit_code == 0, outcome.output


def test_what_waits_is_done(monkeypatch, settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(jobs, "WORKS", {"greet": lambda _work, name: {"words": f"你好，{name}"}})
    who = factories.founder()
    job = jobs.start("greet", actor=who, title="问候", name="长春")
    queue_letters([mail.EmailMessage("题", "文", to=["a@example.org"])])
    work()
    assert Job.objects.get(pk=job.pk).result == {"words": "你好，长春"}
    assert [letter.subject for letter in mail.outbox] == ["题"]


def test_what_a_dead_worker_left_is_taken_up_again(monkeypatch):
    monkeypatch.setattr(jobs, "WORKS", {"greet": lambda _work: {"words": "again"}})
    job = jobs.start("greet", actor=factories.founder(), title="问候")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        dead = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE task_name = 'core.do_work'", [dead]
        )
    Job.objects.filter(pk=job.pk).update(stage="running")
    from chuangbao.core.tasks import take_up_again

    take_up_again.defer(timestamp=0)
    work()
    work()
    assert Job.objects.get(pk=job.pk).result == {"words": "again"}
    assert not ProcrastinateJob.objects.filter(status="doing").exists()


def test_a_database_that_is_away_is_said(monkeypatch, settings):
    from procrastinate.contrib.django import app as work_app

    def away():
        from procrastinate.exceptions import ConnectorException

        raise ConnectorException

    monkeypatch.setattr(work_app.connector, "get_worker_connector", away)
    assert RUN.invoke(app, ["worker", "--once"]).exit_code == 1
