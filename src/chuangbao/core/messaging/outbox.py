"""The outbox (发件箱): every letter waits in PostgreSQL, sealed, until the mail server has taken it.

It commits or vanishes with the transaction that wrote it; a mail server that is away delays letters and nothing else.
"""

from __future__ import annotations

from email import message_from_string
from email.policy import default
from email.utils import parseaddr
from pathlib import Path
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from chuangbao.core.jobs.queue import queue_task
from chuangbao.core.models import Letter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from django.core.mail import EmailMessage

__all__ = ["Outbox", "forget_letters", "letters_to", "queue_letters", "send_pending", "unname_letters"]

HTML, LASTING = "text/html", 500
SEPARATOR = "-" * 79 + "\n"
"""What Django writes after each letter of a file."""


class Outbox(BaseEmailBackend):
    """Django's way to send mail, for everything that uses it: allauth's letters wait here as well."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Put them into the outbox."""
        return queue_letters(email_messages)


@transaction.atomic
def queue_letters(messages: Iterable[EmailMessage]) -> int:
    """Let letters wait for the worker; how many."""
    rows = [
        Letter(recipient=recipient, subject=" ".join(str(m.subject).split()), body=str(m.body), html=html_of(m))
        for m in messages
        for recipient in m.recipients()
    ]
    Letter.objects.bulk_create(rows)
    if rows:
        queue_task("core.send_letters")
    return len(rows)


def html_of(message: EmailMessage) -> str | None:
    """The letter as a page, where it has one."""
    found: list[Any] = getattr(message, "alternatives", [])
    return next((str(content) for content, kind in found if kind == HTML), None)


def letters_to(addresses: Collection[str]) -> list[Letter]:
    """Return the letters in the outbox to some addresses (in small letters); each is opened to see to whom it goes."""
    return [row for row in Letter.objects.iterator() if row.recipient.lower() in addresses]


def forget_letters(addresses: Collection[str]) -> int:
    """Forget the letters to some addresses, in the outbox and in the folder of an installation without a server."""
    rows = letters_to(addresses)
    Letter.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows) + forget_files_of_letters(addresses)


def unname_letters(name: str, instead: str) -> int:
    """Put other words in place of a name in the letters that wait for others, and return how many letters."""
    changed = 0
    for row in Letter.objects.iterator():
        parts = {part: getattr(row, part) for part in ("subject", "body", "html")}
        named = {part: text.replace(name, instead) for part, text in parts.items() if text and name in text}
        for part, text in named.items():
            setattr(row, part, text)
        if named:
            row.save(update_fields=list(named))
            changed += 1
    return changed


def forget_files_of_letters(addresses: Collection[str]) -> int:
    """Take the letters to some addresses out of the mail folder; files of Django hold one letter after another."""
    folder, forgotten = Path(settings.EMAIL_FILE_PATH), 0
    for file in sorted(folder.glob("*.log")) if folder.is_dir() else []:
        letters = [part for part in file.read_text(encoding="utf-8").split(SEPARATOR) if part.strip()]
        kept = [part for part in letters if recipient_of(part) not in addresses]
        forgotten += len(letters) - len(kept)
        if not kept:
            file.unlink()
        elif len(kept) < len(letters):
            file.write_text("".join(f"{part.strip()}\n{SEPARATOR}" for part in kept), encoding="utf-8")
    return forgotten


def recipient_of(letter: str) -> str:
    """Return the address that a letter of the mail folder goes to."""
    message = message_from_string(letter.lstrip(), policy=default)
    return parseaddr(str(message["to"]))[1].lower()


def send_pending() -> int:
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
        if is_permanent(fault):
            letter.refused_at = timezone.now()
            letter.save(update_fields=["refused_at"])
        else:
            later[letter.pk] = fault
        return False
    letter.delete()
    return True


def is_permanent(fault: Exception) -> bool:
    """Whether a letter will never be taken: no such mailbox, or no letter that can be written down."""
    if isinstance(fault, SMTPRecipientsRefused):
        return all(code >= LASTING for code, _words in fault.recipients.values())
    return not isinstance(fault, SMTPDataError) or fault.smtp_code >= LASTING
