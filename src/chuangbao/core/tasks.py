"""What the worker does (定时与后台任务): jobs, letters, the daily letter, and sweeping up."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext, override
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.http import cache, rate_limits
from chuangbao.core.jobs.jobs import carry_out
from chuangbao.core.messaging.notifications import letter_text
from chuangbao.core.messaging.outbox import queue_letters, send_pending
from chuangbao.core.messaging.sms import list_due_messages, send_pending_messages, sweep_messages
from chuangbao.core.messaging.sms_transports import GatewayAwayError
from chuangbao.core.models import Answered, Letter, Notice
from chuangbao.core.storage.leftovers import sweep_files, sweep_store
from chuangbao.core.storage.quarantine import list_quarantined, scan_file, scan_waiting

__all__ = ["do_work", "send_digests", "send_letters", "send_messages", "sweep", "take_up_again"]

PATIENCE = RetryStrategy(max_attempts=12, exponential_wait=4)
"""A mail server that is away for a day is waited for."""
KEPT_DAYS, SILENT = 7, 60


@app.task(name="core.do_work")
def do_work(*, job: int) -> None:
    """Carry out a queued job."""
    carry_out(job)


@app.task(name="core.send_letters", retry=PATIENCE)
def send_letters() -> int:
    """Send the letters that wait; how many were sent."""
    return send_pending()


@app.task(name="core.send_messages", retry=PATIENCE)
def send_messages() -> int:
    """Send the SMS that wait; how many were sent."""
    return send_pending_messages()


@app.periodic(cron="* * * * *")
@app.task(name="core.send_due_messages")
def send_due_messages(timestamp: int = 0) -> None:
    """Try the SMS again whose time to wait is over: the round that put them off may have ended for good."""
    del timestamp  # a round late is as good
    with suppress(GatewayAwayError):  # the next minute tries again
        if list_due_messages().exists():
            send_pending_messages()


@app.task(name="core.scan_upload", retry=PATIENCE)
def scan_upload(*, file: int) -> None:
    """Let the scanner look at a file that was just brought."""
    if settings.SCANNER:
        scan_file(file)


@app.periodic(cron="*/15 * * * *")
@app.task(name="core.scan_waiting")
def scan_all(timestamp: int = 0) -> None:  # noqa: ARG001 - the minute it is meant for
    """Let the scanner look at whatever still waits: it was away, or was set up after the file came."""
    if settings.SCANNER and list_quarantined().exists():
        scan_waiting()


@app.periodic(cron="0 0 * * *")  # 08:00 in Changchun
@app.task(name="core.send_digests", retry=PATIENCE)
def send_digests(timestamp: int = 0) -> int:  # noqa: ARG001 - the hour it is meant for
    """One letter a day to those who want it so; how many people."""
    waiting = unscoped(Notice, because="the daily letter goes to whoever its notices are for").filter(in_digest=True)
    with transaction.atomic():
        rows = list(waiting.select_for_update(of=("self",)).select_related("person").order_by("person_id", "pk"))
        messages = [digest(list(notices)) for _person, notices in groupby(rows, key=lambda notice: notice.person_id)]
        queue_letters(messages)
        waiting.filter(pk__in=[row.pk for row in rows]).update(in_digest=False)
    return len(messages)


def digest(notices: list[Notice]) -> EmailMessage:
    """The daily letter of one person, in their language."""
    person = notices[0].person
    with override(person.language):
        subject = ngettext("%(n)s thing that is new for you", "%(n)s things that are new for you", len(notices))
        return EmailMessage(subject % {"n": len(notices)}, letter_text(notices), None, [person.email])


@app.periodic(cron="* * * * *")
@app.task(name="core.take_up_again", pass_context=True)
async def take_up_again(context: JobContext, timestamp: int = 0) -> int:  # noqa: ARG001 - the minute it is meant for
    """Let work whose worker died be done by another; how many pieces."""
    jobs = context.app.job_manager
    stalled = list(await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT))
    for job in stalled:
        await jobs.retry_job(job)
    return len(stalled)


@app.periodic(cron="30 18 * * *")
@app.task(name="core.sweep")
def sweep(timestamp: int = 0) -> None:  # noqa: ARG001 - the hour it is meant for
    """Delete old form tokens, counts of rate limits, ended sessions, letters refused long ago, unreferenced files."""
    week_ago = timezone.now() - timedelta(days=KEPT_DAYS)
    Answered.objects.filter(at__lt=week_ago).delete()
    Answered.objects.filter(at__lt=timezone.now() - timedelta(days=1)).exclude(location="").update(location="")
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    Letter.objects.filter(refused_at__lt=week_ago).delete()
    sweep_messages()
    rate_limits.sweep()
    cache.sweep()
    sweep_files(before=week_ago)
    sweep_store(before=week_ago)
