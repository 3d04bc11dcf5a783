"""The outbox (发件箱): every letter waits in PostgreSQL, sealed, until the mail server has taken it.

It commits or vanishes with the transaction that wrote it; a mail server that is away delays letters and nothing else.
"""

from __future__ import annotations

from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from chuangbao.core.models import Letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.core.mail import EmailMessage

__all__ = ["Outbox", "put_out", "send_waiting"]

HTML, LASTING = "text/html", 500


class Outbox(BaseEmailBackend):
    """Django's way to send mail, for everything that uses it: allauth's letters wait here as well."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Put them into the outbox."""
        return put_out(email_messages)


@transaction.atomic
def put_out(messages: Iterable[EmailMessage]) -> int:
    """Let letters wait for the worker; how many."""
    from chuangbao.core.tasks import send_letters

    rows = [
        Letter(recipient=recipient, subject=" ".join(str(m.subject).split()), body=str(m.body), html=html_of(m))
        for m in messages
        for recipient in m.recipients()
    ]
    Letter.objects.bulk_create(rows)
    if rows:
        send_letters.defer()
    return len(rows)


def html_of(message: EmailMessage) -> str | None:
    """The letter as a page, where it has one."""
    found: list[Any] = getattr(message, "alternatives", [])
    return next((str(content) for content, kind in found if kind == HTML), None)


def send_waiting() -> int:
    """Send what waits, oldest first; each is gone once it is taken. Raises what the mail server raises.

    A letter that the server does not take holds up no other: refused for good it is set aside, for now it is tried
    again with the next round.
    """
    sent = 0
    later: dict[int, Exception] = {}
    with get_connection(settings.MAIL_TRANSPORT) as server:
        while (outcome := send_next(server, later)) is not None:
            sent += outcome
    if later:
        raise next(iter(later.values()))
    return sent


@transaction.atomic
def send_next(server: Any, later: dict[int, Exception]) -> bool | None:
    """Hand one letter to the mail server; whether it was taken, None when none waits."""
    waiting = Letter.objects.filter(refused_at=None).exclude(pk__in=later)
    letter = waiting.select_for_update(skip_locked=True).first()
    if letter is None:
        return None
    message = EmailMultiAlternatives(letter.subject, letter.body, None, [letter.recipient], connection=server)
    if letter.html:
        message.attach_alternative(letter.html, HTML)
    try:
        message.send()
    except (SMTPRecipientsRefused, SMTPDataError, ValueError) as fault:
        if for_good(fault):
            letter.refused_at = timezone.now()
            letter.save(update_fields=["refused_at"])
        else:
            later[letter.pk] = fault
        return False
    letter.delete()
    return True


def for_good(fault: Exception) -> bool:
    """Whether a letter will never be taken: no such mailbox, or no letter that can be written down."""
    if isinstance(fault, SMTPRecipientsRefused):
        return all(code >= LASTING for code, _words in fault.recipients.values())
    return not isinstance(fault, SMTPDataError) or fault.smtp_code >= LASTING
