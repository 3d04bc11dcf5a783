"""The doctor: what is wrong, what to do, and a status that says whether something must be mended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from procrastinate.contrib.django import app as jobs
from typer.testing import CliRunner

import factories
from chuangbao.cli import app, database, doctor, doctor_inside
from chuangbao.cli.doctor import CAUTION, FAULT, FINE
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.audit.log import record
from chuangbao.core.messaging.outbox import queue_letters
from chuangbao.core.models import History, Letter, ShortMessage
from chuangbao.ops.roles import APPLICATION, grant_application


@pytest.fixture(autouse=True)
def tests_database(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", os.environ["DATABASE_URL"])
    monkeypatch.setattr(doctor, "with_django", lambda: None)


def said():
    """The exit status and what is printed."""
    done = CliRunner().invoke(app, ["doctor"])
    return done.exit_code, done.output


def marks(look):
    """The marks of one look, and all its words."""
    found = list(look())
    return [each.mark for each in found], " ".join(f"{each.what} {each.remedy}" for each in found)


@pytest.mark.django_db
def test_this_machine_is_fit():
    status, words = said()
    assert status == 0, words
    for line in (
        "✓ Python",
        "✓ front-end packages",
        "✓ settings",
        "✓ PostgreSQL 1",
        "✓ migrations",
        "✓ uploads can be kept",
    ):
        assert line in words
    assert "! letters become files" in words


@pytest.mark.django_db
def test_what_must_be_mended_is_told_with_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "PACK_DIR", tmp_path)
    monkeypatch.setattr(doctor, "NODE_MODULES", tmp_path)
    monkeypatch.setattr(doctor, "VERY_LITTLE", 1 << 60)
    monkeypatch.setattr(doctor, "LITTLE", 1 << 60)
    monkeypatch.setenv("CHUANGBAO_METRICS_TOKEN", "short")
    status, words = said()
    assert status == 1
    assert f"✗ pack {tmp_path}: set CHUANGBAO_PACK" in words
    assert "✗ front-end packages: run: make setup" in words
    assert "✗ CHUANGBAO_METRICS_TOKEN is too short." in words
    assert "make room" in words


def test_a_database_that_is_away_is_told_and_the_rest_as_well(monkeypatch):
    monkeypatch.setattr(database, "find_addresses", lambda _stack: 1 / 0)
    status, words = said()
    assert status == 1
    assert "✗ ZeroDivisionError: division by zero" in words
    assert "✓ Python" in words


def test_a_database_that_does_not_answer_is_told_once(tmp_path):
    room = {**os.environ, "DATABASE_URL": "postgresql://postgres@127.0.0.1:1/none", "CHUANGBAO_DATA": str(tmp_path)}
    command = [sys.executable, "-W", "ignore", "-m", "chuangbao", "doctor"]
    done = subprocess.run(command, env=room, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.count("✗") == done.stdout.count("✗ the database cannot be reached: ") == 1, done.stdout


def test_before_the_first_start_nothing_is_made(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setattr(database, "DATA_DIR", tmp_path)
    assert "✓ our own PostgreSQL is made on the first start" in said()[1]
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_is_open_to_others_is_told(monkeypatch, tmp_path):
    key = tmp_path / "field-keys"
    key.write_text("k1:…")
    key.chmod(0o644)
    monkeypatch.setattr("chuangbao.config.services.KEY_FILES", (key, tmp_path / "none"))
    found, words = marks(doctor.keys)
    assert found == [FINE, CAUTION]
    assert f"chmod 600 {key}" in words


@pytest.mark.django_db
def test_missing_and_newer_migrations_are_told():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = '9999_later' WHERE app = 'core' AND name LIKE '0002%'")
    found, words = marks(doctor_inside.check_server)
    assert found == [FINE, FAULT, FAULT, FINE]
    assert "newer program (core.9999_later)" in words
    assert "run: chuangbao upgrade" in words


@pytest.mark.django_db
def test_an_application_that_could_rewrite_the_record_is_told():
    assert marks(doctor_inside.record_kept)[0] == [CAUTION]
    grant_application()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APPLICATION}")
        assert marks(doctor_inside.record_kept)[0] == [FINE]


@pytest.mark.django_db
def test_a_clock_that_was_wrong_is_told(monkeypatch):
    assert marks(doctor_inside.clock)[0] == [FINE]
    row = record(SYSTEM, "verb", kind="test.row")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE core_history SET at = %s WHERE id = %s", [timezone.now() + timedelta(hours=1), row.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert History.objects.count() == 1
    found, words = marks(doctor_inside.clock)
    assert found == [FINE, FAULT]
    assert "of the future" in words
    monkeypatch.setattr(doctor_inside, "SECONDS_APART", -1)
    assert "NTP" in marks(doctor_inside.clock)[1]


@pytest.mark.django_db
def test_what_no_key_opens_is_told(settings):
    queue_letters([EmailMessage("题", "文", None, ["b@example.org"])])
    assert marks(doctor_inside.check_keys_fit)[0] == [FINE]
    assert Letter.objects.count() == 1
    settings.FIELD_KEYS = "k9:" + "a" * 43 + "="
    found, words = marks(doctor_inside.check_keys_fit)
    assert found == [FAULT]
    assert "bring back the key" in words


@pytest.mark.django_db
def test_a_store_that_takes_nothing_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    where = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "file")}}
    with override_settings(STORAGES={"kept": where}):
        found, words = marks(doctor_inside.files)
    assert found == [FAULT]
    assert "see CHUANGBAO_FILES" in words


@pytest.mark.django_db
def test_sms_that_wait_for_their_gateway_are_told(settings):
    assert marks(doctor_inside.sms)[0] == [CAUTION]
    settings.SMS_GATEWAY = "https://sms.example.org/"
    assert marks(doctor_inside.sms)[0] == [FINE]
    ShortMessage.objects.create(
        person=factories.person(), number="+8613800000000", text="文", tries=1, ends_at=timezone.now()
    )
    found, words = marks(doctor_inside.sms)
    assert found == [FAULT]
    assert "1 wait" in words


def test_a_mail_server_is_asked(settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = free.getsockname()[1]
    assert marks(doctor_inside.mail)[0] == [FAULT]
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    assert marks(doctor_inside.mail)[0] == [CAUTION]


@pytest.mark.django_db
def test_work_that_nobody_does_and_work_that_failed_are_told():
    assert marks(doctor_inside.jobs)[0] == [FINE]
    for status in ("todo", "failed"):
        number = jobs.configure_task("a.task", allow_unknown=True).defer()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - interval '2 hours' WHERE job_id = %s", [number]
            )
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, number])
    found, words = marks(doctor_inside.jobs)
    assert found == [CAUTION, CAUTION]
    assert "chuangbao worker" in words
    assert "1 jobs failed" in words


@pytest.mark.django_db
def test_offices_that_a_password_opens_are_told(regions, settings):
    assert marks(doctor_inside.offices)[0] == [FINE]
    factories.post()
    found, words = marks(doctor_inside.offices)
    assert found == [CAUTION]
    assert "CHUANGBAO_SECOND_FACTOR=1" in words
    settings.SECOND_FACTOR = True
    assert marks(doctor_inside.offices)[0] == [FINE]


def test_what_lies_open_in_the_data_folder_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "DATA_DIR", tmp_path)
    monkeypatch.setattr("chuangbao.config.paths.DATA_DIR", tmp_path)
    (tmp_path / "letter").write_text("x")
    (tmp_path / "letter").chmod(0o644)
    assert f"! {tmp_path / 'letter'} is open to others: start again with `chuangbao up`, which closes it" in said()[1]
    (tmp_path / "letter").chmod(0o600)
    assert "✓ nothing in the data folder is open to others" in said()[1]


def test_the_doctor_stands_apart_from_the_web_framework():
    source = Path(doctor.__file__).read_text(encoding="utf-8")
    assert not [line for line in source.splitlines() if line.startswith(("import django", "from django"))]


def test_a_pack_with_faults_is_told(monkeypatch, tmp_path):
    (tmp_path / "pack.yaml").write_text("id: [")
    monkeypatch.setattr(doctor, "PACK_DIR", tmp_path)
    marked, words = marks(doctor.environment)
    assert marked[-1] == FAULT
    assert f"chuangbao pack check {tmp_path}" in words
