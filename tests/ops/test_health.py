"""What a supervisor may ask, and who may read the figures."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.mail import EmailMessage
from django.db import OperationalError, connection
from django.test import override_settings
from django.urls import reverse
from procrastinate.contrib.django import app

from chuangbao.core.access.permissions import access_of
from chuangbao.core.messaging.outbox import queue_letters
from chuangbao.ops import health, schema_state

TOKEN = "a-token-of-the-watchers-9f2c"


def figure(client, line, **headers):
    """The value of one line of the figures."""
    text = client.get("/metrics", headers=headers).content.decode()
    return next((float(each.rsplit(" ", 1)[1]) for each in text.splitlines() if each.startswith(line)), None)


COUNTING = "from chuangbao.core.http.metrics import count_request; count_request('portal:home', 'GET', 200, 0.01)"


@pytest.mark.django_db
def test_where_several_processes_serve_the_figures_are_of_all_of_them(client, tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    for _ in range(2):
        subprocess.run([sys.executable, "-W", "ignore", "-c", COUNTING], check=True)
    assert figure(client, 'chuangbao_requests_total{method="GET",status="200",view="portal:home"}') == 2
    assert figure(client, 'chuangbao_request_seconds_count{view="portal:home"}') == 2


def test_the_process_answers_without_the_database(client):
    response = client.get(reverse("healthz"))
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_it_is_ready_with_a_database_that_has_every_migration(client):
    assert client.get("/readyz").json() == {"database": "ok", "migrations": "ok"}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core' AND name LIKE '0002%'")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, "pending")
    assert schema_state.pending_migrations() == ["core.0002_history_is_append_only"]


@pytest.mark.django_db
def test_a_database_that_was_never_migrated_lacks_everything():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO elsewhere")
    assert len(schema_state.pending_migrations()) == len(schema_state.program_migrations())


@pytest.mark.django_db
def test_a_database_of_a_newer_program_is_known():
    assert schema_state.unknown_migrations() == []
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_later', now())")
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('gone', '0001_initial', now())")
    assert schema_state.unknown_migrations() == ["core.9999_later"]


def test_it_is_not_ready_without_a_database(client, monkeypatch):
    def away():
        raise OperationalError("password of postgresql://user:secret@host")

    monkeypatch.setattr(health, "pending_migrations", away)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": "unreachable"})


@pytest.mark.django_db
def test_the_figures_count_requests_by_name_and_jobs_by_queue(client):
    line = 'chuangbao_requests_total{method="GET",status="200",view="healthz"}'
    before = figure(client, line) or 0
    client.get("/healthz")
    assert figure(client, line) == before + 1
    assert figure(client, 'chuangbao_request_seconds_count{view="healthz"}') >= 1
    app.configure_task("a.task", queue="mail", allow_unknown=True).defer(address="b@example.org")
    assert figure(client, 'chuangbao_jobs{queue="mail",status="todo"}') == 1
    assert 0 <= figure(client, 'chuangbao_jobs_oldest_seconds{queue="mail"}') < 60
    queue_letters([EmailMessage("题", "文", None, ["b@example.org"])])
    assert figure(client, "chuangbao_letters_waiting") == 1
    assert figure(client, "chuangbao_history_sealed") == 0
    assert "example.org" not in client.get("/metrics").content.decode()


@pytest.mark.django_db
def test_a_method_nobody_knows_is_counted_once_for_all(client):
    client.generic("BREW", "/healthz")
    assert figure(client, 'chuangbao_requests_total{method="other",status="405",view="healthz"}') >= 1


@pytest.mark.django_db
def test_only_watchers_read_the_figures(client):
    assert access_of(health.figures) == "watchers"
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 404
    for header in ("X-Forwarded-For", "X-Forwarded-Host", "Via"):  # whatever says that a proxy stands between
        assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404, header
    with override_settings(METRICS_TOKEN=TOKEN):
        assert client.get("/metrics").status_code == 404
        assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}x"}).status_code == 404
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, REMOTE_ADDR="192.0.2.1")
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/plain")
