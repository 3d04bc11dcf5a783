"""The outbox (发件箱): every letter waits in PostgreSQL, sealed, until the mail server has taken it.

It commits or vanishes with the transaction that wrote it; a mail server that is away delays letters and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from chuangbao.core.models import Letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.core.mail import EmailMessage

__all__ = ["Outbox", "put_out", "send_waiting"]

HTML = "text/html"


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
        Letter(recipient=recipient, subject=str(m.subject), body=str(m.body), html=html_of(m))
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
    """Send what waits, oldest first; each is gone once it is taken. Raises what the mail server raises."""
    sent = 0
    with get_connection(settings.MAIL_TRANSPORT) as server:
        while send_next(server):
            sent += 1
    return sent


@transaction.atomic
def send_next(server: Any) -> bool:
    """Hand one letter to the mail server; False when none waits."""
    letter = Letter.objects.select_for_update(skip_locked=True).first()
    if letter is None:
        return False
    message = EmailMultiAlternatives(letter.subject, letter.body, None, [letter.recipient], connection=server)
    if letter.html:
        message.attach_alternative(letter.html, HTML)
    message.send()
    letter.delete()
    return True
