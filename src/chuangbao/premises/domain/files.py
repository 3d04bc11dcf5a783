"""The file of a registered firm (托管档案): opened with its letter, its contact kept, and erased after it has left."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.width import narrow
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.premises.domain.limits import read_limit
from chuangbao.premises.enums import MailStage
from chuangbao.premises.models import HostFile, MailItem
from chuangbao.premises.permissions import may_keep_contact

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.premises.models import ConsentLetter

__all__ = ["erase_contacts", "erase_receipts", "keep_contact", "open_file"]

WHY = "of a letter that the caller issues, or of firms that have left"
PHONE = re.compile(r"\+?\d[\d\s-]{5,18}\d")


def open_file(letter: ConsentLetter) -> HostFile:
    """Open the file of a new letter, or give it the file of the letter that it replaces."""
    if letter.replaces_id is not None:
        moved = unscoped(HostFile, because=WHY).filter(letter=letter.replaces_id).first()
        if moved is not None:
            moved.letter = letter
            moved.save(update_fields=["letter"])
            return moved
    return HostFile.objects.create(letter=letter)


@transaction.atomic
def keep_contact(*, file: HostFile, contact: str, phone: str, actor: Actor) -> HostFile:
    """Keep who is reached at a firm and under which number; its host and the firm itself may.

    Raises Forbidden; Refused: contact_needed (contact), phone_shape (phone), left (the firm has left).
    """
    row = lock_row(file)
    permit(may_keep_contact, actor=actor, row=row)
    refuse_left(row)
    if not contact.strip():
        raise Refused("contact_needed", _("Please fill this in."), field="contact")
    number = narrow(phone).strip()
    if not PHONE.fullmatch(number):
        message = _("A telephone number has digits alone, such as 0431-81234567 or 13800000000.")
        raise Refused("phone_shape", message, field="phone")
    row.contact, row.phone, row.contact_on = contact.strip(), number, timezone.localdate()
    row.save(update_fields=["contact", "phone", "contact_on"])
    record(actor, "file.contact", row)
    return row


def refuse_left(file: HostFile) -> None:
    """Let a file through whose firm is still registered here. Raises Refused: left."""
    if file.hosted_until < timezone.localdate() or file.letter.ended_on is not None:
        raise Refused("left", _("The letter of this firm has ended. Only mail that still comes is noted."))


def list_left(day: date, limit: str) -> Q:
    """Return the condition of files whose firm had left so many days before a day, by a limit."""
    before = day - timedelta(days=read_limit(limit, day))
    return Q(letter__ended_on__lt=before) | Q(letter__ended_on__isnull=True, letter__valid_until__lt=before)


def erase_contacts(day: date) -> int:
    """Erase name and telephone where the firm has left long enough and no mail waits for it; return how many files."""
    rows = unscoped(HostFile, because=WHY).filter(list_left(day, "contact_kept_days"), contact__isnull=False)
    waiting = unscoped(MailItem, because=WHY).filter(stage=MailStage.WAITING).values("file")
    return rows.exclude(pk__in=waiting).update(contact=None, phone=None)


def erase_receipts(day: date) -> int:
    """Erase who took mail where that is long ago; return how many pieces of mail."""
    before = day - timedelta(days=read_limit("receipt_kept_days", day))
    rows = unscoped(MailItem, because=WHY).filter(left_on__lt=before, handed_to__isnull=False)
    return rows.update(handed_to=None)
