"""SMS (短信): a second outbox. Each message waits in PostgreSQL, sealed, until the gateway has taken it.

A message about news says of which kind it is and no more: a telephone shows it to all who look at it. While one
about the same kind waits there is no second; a person gets ten a day at most, and reads the rest here and by e-mail.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.contexts import list_notice_groups
from chuangbao.core.http.rate_limits import hit
from chuangbao.core.jobs.queue import queue_task
from chuangbao.core.messaging.sms_transports import GatewayAwayError, NumberRefusedError, forget_files, open_transport
from chuangbao.core.models import Mobile, ShortMessage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Any

    from django.db.models import QuerySet

    from chuangbao.core.messaging.sms_transports import Transport

__all__ = [
    "forget_messages",
    "list_due_messages",
    "queue_message",
    "queue_news",
    "send_pending_messages",
    "sweep_messages",
    "waits_for_gateway",
]

NEWS_A_DAY, USEFUL = "10/d", timedelta(days=2)
WAITS = 4, 900
"""After the n-th try in vain a message waits 4ⁿ seconds, a quarter of an hour at most."""
FEW = 3
"""So many messages in a row that the gateway does not take are no fault of theirs: it is away."""
SIGNED = "【创宝网】"
"""The signature (签名) that gateways and readers know a message by."""
WHY = "the worker and the outbox send to whoever a message is for"


def queue_news(people: Iterable[Any], group: str) -> int:
    """Let a message about news of a group wait for each person who has a confirmed number; how many."""
    wanted = {person.pk: person for person in people}
    if not wanted:
        return 0
    waiting = unscoped(ShortMessage, because=WHY).filter(person__in=wanted, group=group, refused_at=None)
    told = set(waiting.values_list("person_id", flat=True))
    numbers = unscoped(Mobile, because=WHY).filter(person__in=wanted, confirmed_at__isnull=False).order_by("person")
    rows = [
        ShortMessage(
            person_id=row.person_id,
            number=row.number,
            text=news_text(wanted[row.person_id].language, group),
            group=group,
            ends_at=timezone.now() + USEFUL,
        )
        for row in numbers
        if row.person_id not in told and hit("sms-news", str(row.person_id), NEWS_A_DAY)
    ]
    ShortMessage.objects.bulk_create(rows)
    if rows:
        queue_task("core.send_messages")
    return len(rows)


def news_text(language: str, group: str) -> str:
    """Return what a message about news says, in the reader's language."""
    with override(language):
        words = gettext("You have news: %(group)s. Sign in to read it: %(address)s")
        kind = list_notice_groups()[group]
        return SIGNED + words % {"group": kind, "address": f"{settings.SITE_URL}{reverse('core:notices')}"}


@transaction.atomic
def queue_message(*, person: int, number: str, text: str, ends_at: datetime) -> ShortMessage:
    """Let a message with a code wait, instead of any that waits already: only the last code holds."""
    older = unscoped(ShortMessage, because=WHY).filter(person=person, group="").select_for_update(skip_locked=True)
    unscoped(ShortMessage, because=WHY).filter(pk__in=[message.pk for message in older]).delete()
    row = ShortMessage.objects.create(person_id=person, number=number, text=SIGNED + text, ends_at=ends_at)
    queue_task("core.send_messages")
    return row


def list_due_messages() -> QuerySet[ShortMessage]:
    """Return the messages that may be tried now; those that the gateway did not take wait each by itself."""
    untried_or_due = Q(next_try_at=None) | Q(next_try_at__lte=timezone.now())
    return unscoped(ShortMessage, because=WHY).filter(untried_or_due, refused_at=None, ends_at__gte=timezone.now())


def send_pending_messages() -> int:
    """Send what is due, oldest first; each is gone once the gateway has it. How many were sent.

    A message that the gateway does not take holds up no other. Raises GatewayAwayError where one has to wait, after
    the others were sent, or at once where several in a row were not taken; the worker tries again.
    """
    sweep_messages()
    transport, sent = open_transport(), 0
    fault, in_vain = None, 0
    while in_vain < FEW and (outcome := send_next_message(transport)) is not None:
        if isinstance(outcome, GatewayAwayError):
            fault, in_vain = outcome, in_vain + 1
        else:
            sent, in_vain = sent + outcome, 0
    if fault is not None:
        raise fault
    return sent


@transaction.atomic
def send_next_message(transport: Transport) -> bool | GatewayAwayError | None:
    """Hand one message to the gateway: whether it was taken, None when none is due, or why it must wait."""
    row = list_due_messages().select_for_update(skip_locked=True).order_by("pk").first()
    if row is None:
        return None
    try:
        transport.send(number=row.number, text=row.text, key=row.key)
    except NumberRefusedError:
        row.refused_at = timezone.now()
        row.save(update_fields=["refused_at"])
        return False
    except GatewayAwayError as fault:
        put_off(row)
        return fault
    row.delete()
    return True


def put_off(row: ShortMessage) -> None:
    """Let a message wait before its next try, longer after each."""
    base, most = WAITS
    row.tries = min(row.tries + 1, 32_000)
    row.next_try_at = timezone.now() + timedelta(seconds=min(base ** min(row.tries, 9), most))
    row.save(update_fields=["tries", "next_try_at"])


def sweep_messages() -> int:
    """Forget messages whose time is over: a code that no longer holds would only mislead."""
    return unscoped(ShortMessage, because=WHY).filter(ends_at__lt=timezone.now()).delete()[0]


def waits_for_gateway(person: int) -> bool:
    """Whether a message to the person has waited because the gateway did not answer."""
    rows = unscoped(ShortMessage, because="one's own").filter(person=person, refused_at=None)
    return rows.filter(tries__gt=0, ends_at__gt=timezone.now()).exists()


def forget_messages(person: int) -> int:
    """Forget the messages to a person, in the outbox and in the folder of an installation without a gateway."""
    phone = unscoped(Mobile, because="one's own").filter(person=person).first()
    numbers = {number for number in (phone.number, phone.asked) if number} if phone else set()
    return unscoped(ShortMessage, because="one's own").filter(person=person).delete()[0] + forget_files(numbers)
