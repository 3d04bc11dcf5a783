"""What the doctor sees once the database answers; every look is made as the application's own role."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.mail import get_connection
from django.db import Error, connection

from chuangbao.cli.findings import CAUTION, FAULT, FINE, Finding, either
from chuangbao.core.storage.encryption import EncryptedTextField, SealedError
from chuangbao.core.storage.scanner import ScannerError, ping_scanner
from chuangbao.ops.schema_state import pending_migrations, unknown_migrations

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["looks", "unreachable"]

OLDEST_POSTGRESQL = 150_000
SECONDS_APART, SECONDS_WAITING = 5, 600
REWRITES = """SELECT rolsuper OR has_table_privilege(rolname, 'core_history', 'UPDATE, DELETE, TRUNCATE')
    OR has_table_privilege(rolname, 'core_seal', 'INSERT, UPDATE, DELETE, TRUNCATE')
FROM pg_roles WHERE rolname = current_user"""
EXTENSIONS = """SELECT name FROM unnest(ARRAY['pg_trgm', 'btree_gist']) name
WHERE name NOT IN (SELECT extname FROM pg_extension) ORDER BY name"""
WAITING = """SELECT extract(epoch FROM now() - min(greatest(e.at, j.scheduled_at)))
FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
WHERE j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now()"""
OFFICES = """SELECT EXISTS (SELECT 1 FROM accounts_post WHERE term @> current_date)
    OR EXISTS (SELECT 1 FROM accounts_adminduty WHERE ended_at IS NULL)"""
MESSAGES = "SELECT count(*) FROM core_shortmessage WHERE tries > 0 AND refused_at IS NULL"
FAILED = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"


def unreachable() -> str:
    """Why the database does not answer, on one line; empty where it does."""
    try:
        connection.ensure_connection()
    except Error as fault:
        return " ".join(str(fault).split())
    return ""


def ask_value(statement: str) -> object:
    """The first value of an answer."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row[0] if row else None


def check_server() -> Iterator[Finding]:
    """Check the server, and that its schema is this program's."""
    version = int(str(ask_value("SHOW server_version_num")))
    yield either(version >= OLDEST_POSTGRESQL, f"PostgreSQL {version // 10_000}", "upgrade it to 15 or newer")
    newer, behind = unknown_migrations(), pending_migrations()
    if newer:
        yield Finding(FAULT, f"the database was written by a newer program ({newer[0]})", "install that program")
    yield either(not behind, "migrations", f"{len(behind)} are missing; run: chuangbao upgrade")
    missing = ask_value(f"SELECT string_agg(name, ', ') FROM ({EXTENSIONS}) missing")  # noqa: S608 - our own words
    yield either(not missing, "extensions", f"{missing}: run as its owner CREATE EXTENSION")


def record_kept() -> Iterator[Finding]:
    """Whether PostgreSQL keeps the application from rewriting the record."""
    remedy = "give a second role in DATABASE_URL and the owner in CHUANGBAO_OWNER_DATABASE_URL (docs/operation.md)"
    yield either(not ask_value(REWRITES), "the application cannot rewrite the record", remedy, otherwise=CAUTION)


def clock() -> Iterator[Finding]:
    """Whether this machine and the database agree on the time, and time never ran backwards."""
    now = ask_value("SELECT now()")
    apart = abs((datetime.now(UTC) - now).total_seconds()) if isinstance(now, datetime) else 0.0
    yield either(apart < SECONDS_APART, "clock", f"{apart:.0f} s beside the database's; let NTP set both")
    later = ask_value("SELECT count(*) FROM core_history WHERE at > now() + interval '5 seconds'")
    if later:
        yield Finding(FAULT, f"{later} rows of the record are of the future", "the clock was wrong; let NTP set it")


def check_keys_fit() -> Iterator[Finding]:
    """Whether what was sealed can still be opened: one row of each sealed field."""
    fields = [f for model in apps.get_models() for f in model._meta.get_fields() if isinstance(f, EncryptedTextField)]
    for field in fields:
        try:
            row = field.model._base_manager.filter(**{f"{field.name}__isnull": False}).first()
            getattr(row, field.attname, None)
        except SealedError:
            remedy = "bring back the key it was sealed with (CHUANGBAO_KEYS, or field-keys in the data folder)"
            yield Finding(FAULT, f"{field.context} cannot be opened", remedy)
            return
    yield Finding(FINE, f"{len(fields)} sealed fields open")


def files() -> Iterator[Finding]:
    """Whether uploads can be kept."""
    store, name = storages["kept"], f"doctor-{uuid4().hex}"
    try:
        store.delete(store.save(name, ContentFile(b"doctor")))
    except Exception as fault:  # noqa: BLE001 - a disk and a bucket fail in their own ways
        yield Finding(FAULT, "uploads cannot be kept", f"{type(fault).__name__}; see CHUANGBAO_FILES")
    else:
        yield Finding(FINE, "uploads can be kept")


def scanner() -> Iterator[Finding]:
    """Whether the scanner of uploads answers."""
    if not settings.SCANNER:
        yield Finding(CAUTION, "uploads are not scanned", "set CHUANGBAO_SCANNER to a ClamAV daemon")
        return
    try:
        ping_scanner(address=settings.SCANNER)
    except ScannerError as fault:
        yield Finding(FAULT, "the scanner of uploads", f"{fault}; uploads wait in quarantine")
    else:
        yield Finding(FINE, "the scanner of uploads answers")


def mail() -> Iterator[Finding]:
    """Whether the mail server answers."""
    if "smtp" not in settings.MAIL_TRANSPORT:
        yield Finding(CAUTION, "letters become files in the data folder", "set CHUANGBAO_MAIL to send them")
        return
    try:
        with get_connection(settings.MAIL_TRANSPORT):
            yield Finding(FINE, f"mail server {settings.EMAIL_HOST}")
    except OSError as fault:
        yield Finding(FAULT, f"mail server {settings.EMAIL_HOST}", f"{type(fault).__name__}; letters wait meanwhile")


def sms() -> Iterator[Finding]:
    """Whether the gateway of SMS takes messages."""
    if not settings.SMS_GATEWAY:
        yield Finding(CAUTION, "SMS become files in the data folder", "set CHUANGBAO_SMS to send them")
        return
    waiting = ask_value(MESSAGES)
    yield either(not waiting, "the gateway of SMS takes messages", f"{waiting} wait; it did not answer")


def jobs() -> Iterator[Finding]:
    """Check that a worker takes what waits."""
    seconds = float(str(ask_value(WAITING) or 0))
    remedy = f"the oldest has waited for {seconds / 60:.0f} minutes; is `chuangbao worker` running?"
    yield either(seconds < SECONDS_WAITING, "jobs are worked on", remedy, otherwise=CAUTION)
    if failed := ask_value(FAILED):
        yield Finding(CAUTION, f"{failed} jobs failed for good", "see the logs of the worker")


def offices() -> Iterator[Finding]:
    """Whether officers and administrators need more than a password."""
    remedy = "set CHUANGBAO_SECOND_FACTOR=1; each sets a second factor up at the next sign-in"
    fine = settings.DEMO or settings.SECOND_FACTOR or not ask_value(OFFICES)
    yield either(fine, "offices need a second factor", remedy, otherwise=CAUTION)


looks = (check_server, record_kept, clock, check_keys_fit, files, scanner, mail, sms, jobs, offices)
