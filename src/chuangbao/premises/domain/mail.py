"""Mail that a host takes in for its firms (代收文书): received, handed over or sent back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.premises.domain.limits import read_limit
from chuangbao.premises.domain.telling import tell_firm
from chuangbao.premises.enums import MailKind, MailStage
from chuangbao.premises.models import MailItem
from chuangbao.premises.permissions import may_keep_premises

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.premises.models import HostFile

__all__ = ["hand_over_mail", "is_overdue", "receive_mail", "send_mail_back", "waits_too_long"]

LIMITS = {MailKind.ORDINARY: "mail_days", MailKind.OFFICIAL: "official_mail_days"}


@transaction.atomic
def receive_mail(*, file: HostFile, mail_kind: str, received_on: date, sender: str, actor: Actor) -> MailItem:
    """Note mail that came for a firm, also for one that has left, and tell the firm.

    Raises Forbidden; Refused: future_day (received_on).
    """
    row = lock_row(file)
    permit(may_keep_premises, actor=actor, row=row)
    refuse_future(received_on, "received_on")
    item = MailItem.objects.create(file=row, mail_kind=mail_kind, received_on=received_on, sender=sender.strip())
    record(actor, "mail.receive", item, data={"kind": mail_kind})
    event = "mail.official" if mail_kind == MailKind.OFFICIAL else "mail.received"
    tell_firm(row, event, actor, day=day_words(received_on), sender=item.sender)
    return item


def refuse_future(day: date, field: str) -> None:
    """Let a day through that has come. Raises Refused: future_day."""
    if day > timezone.localdate():
        raise Refused("future_day", _("This day is still to come."), field=field)


@transaction.atomic
def hand_over_mail(*, item: MailItem, left_on: date, handed_to: str, actor: Actor) -> MailItem:
    """Note on which day mail was handed over, and to whom.

    Raises Refused: future_day or before_it_came (left_on), taker_needed (handed_to), not_permitted, not_in_waiting.
    """
    if not handed_to.strip():
        raise Refused("taker_needed", _("Please fill this in."), field="handed_to")
    row = leave(item, left_on, "hand_over", actor)
    row.handed_to = handed_to.strip()
    row.save(update_fields=["handed_to"])
    return row


@transaction.atomic
def send_mail_back(*, item: MailItem, left_on: date, actor: Actor) -> MailItem:
    """Note on which day mail was sent back, and tell the firm.

    Raises Refused: future_day or before_it_came (left_on), not_permitted, not_in_waiting.
    """
    row = leave(item, left_on, "send_back", actor)
    tell_firm(row.file, "mail.returned", actor, day=day_words(left_on), sender=row.sender)
    return row


def leave(item: MailItem, left_on: date, verb: str, actor: Actor) -> MailItem:
    """Let mail leave the house on a day by a move. Raises Refused: future_day, before_it_came, those of the move."""
    refuse_future(left_on, "left_on")
    row = lock_row(item)
    if left_on < row.received_on:
        raise Refused("before_it_came", _("It came later than this day."), field="left_on")
    if row.stage == MailStage.WAITING:
        row.left_on = left_on
        row.save(update_fields=["left_on"])
    return transition(row, verb, actor=actor)


def waits_too_long(day: date) -> Q:
    """Return the condition of mail that has waited longer than the limit of its kind."""
    found = Q(pk__in=[])
    for kind, limit in LIMITS.items():
        found |= Q(mail_kind=kind, received_on__lt=day - timedelta(days=read_limit(limit, day)))
    return found & Q(stage=MailStage.WAITING)


def is_overdue(item: MailItem, day: date) -> bool:
    """Whether mail has waited longer than the limit of its kind."""
    return item.stage == MailStage.WAITING and item.days_waiting > read_limit(LIMITS[MailKind(item.mail_kind)], day)
