"""A mobile phone (手机号) as a second way to be reached: confirmed by a code sent to it, taken away at any time.

Nothing is found by a number, so no one learns who else has it: several people may confirm the same one.
"""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from chuangbao.accounts.models import Person
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.audit.log import record
from chuangbao.core.contexts import list_notice_groups
from chuangbao.core.http.rate_limits import hit
from chuangbao.core.localization.width import narrow
from chuangbao.core.messaging.notifications import tell
from chuangbao.core.messaging.sms import forget_messages, queue_message
from chuangbao.core.models import MOST_ATTEMPTS, Channel, Mobile, NoticePreference
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from chuangbao.core.access.actors import Actor

__all__ = [
    "CODES",
    "MINUTES",
    "ask_for_code",
    "confirm_mobile",
    "hide_number",
    "is_within",
    "read_number",
    "remove_mobile",
]

CODES, MINUTES, DIGITS = "5/h", 10, 6
"""How many codes one number is sent, and for how long one holds."""
MOBILE = re.compile(r"1[3-9]\d{9}")
PREFIX = re.compile(r"^(\+|00)?86(?=1\d{10}$)")
WHY = "one's own"


def read_number(text: str) -> str:
    """Return a Chinese mobile number as E.164: full-width digits, spaces, hyphens and +86 are read.

    Raises Refused: number (field ``number``).
    """
    digits = PREFIX.sub("", re.sub(r"[\s\-–—()（）.]", "", narrow(text)))
    if not MOBILE.fullmatch(digits):
        words = _("This is no mobile number of the mainland: it has 11 digits and begins with 13 to 19.")
        raise Refused("number", words, field="number")
    return f"+86{digits}"


def hide_number(number: str) -> str:
    """Return a number as it is shown: 138****5678."""
    digits = number.removeprefix("+86")
    return f"{digits[:3]}****{digits[-4:]}"


def is_within(number: str) -> bool:
    """Count a code to a number, which the count keeps as a keyed hash; whether it is within the bound."""
    key = salted_hmac("sms-code", number, algorithm="sha256").hexdigest()
    return not settings.RATE_LIMITS or hit("sms-code", key, CODES)


def hash_code(code: str, *, person: int, number: str) -> str:
    """Return what is kept of a code: it holds for one person and one number."""
    return salted_hmac("mobile", f"{person}:{number}:{code}", algorithm="sha256").hexdigest()


@transaction.atomic
def ask_for_code(*, actor: Actor, number: str) -> Mobile:
    """Send a code to a number (E.164) that the person says is theirs; the code before it holds no more."""
    person = Person.objects.get(pk=actor.person)
    Mobile.objects.bulk_create([Mobile(person=person)], ignore_conflicts=True)
    row = unscoped(Mobile, because=WHY).select_for_update().get(person=person)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row.asked, row.asked_at, row.attempts = number, timezone.now(), 0
    row.code_hash = hash_code(code, person=person.pk, number=number)
    row.save(update_fields=["asked", "asked_at", "attempts", "code_hash"])
    with override(person.language):
        text = _("Your code is %(code)s, valid for %(minutes)d minutes. Do not tell it to anybody.")
        text %= {"code": code, "minutes": MINUTES}
    queue_message(person=person.pk, number=number, text=text, ends_at=ends_at(row))
    record(actor, "mobile.ask", person)
    return row


def ends_at(row: Mobile) -> datetime:
    """Return until when the code that was sent last holds."""
    return (row.asked_at or timezone.now()) + timedelta(minutes=MINUTES)


def confirm_mobile(*, actor: Actor, code: str, everything: bool = False) -> Mobile:
    """Confirm the number by its code; with ``everything`` all news comes by SMS as well.

    Raises Refused: none, over, attempts, code. A wrong code counts although it is refused.
    """
    with transaction.atomic():
        row = visible(Mobile, to=actor).select_for_update().filter(person=actor.person).first()
        refusal = look_at_code(row, "".join(narrow(code).split()))
        if refusal is None and row is not None:
            accept_number(row, actor=actor, everything=everything)
            return row
    raise refusal or AssertionError  # what was counted stays counted; without a row there is a refusal


def look_at_code(row: Mobile | None, code: str) -> Refused | None:
    """Return why a code does not hold, and count a wrong one; None where it is right."""
    if row is None or row.asked is None:
        return Refused("none", _("No code was asked for. Write your number first."), field="code")
    if ends_at(row) < timezone.now():
        return Refused("over", _("This code holds no more. Ask for a new one."), field="code")
    if row.attempts >= MOST_ATTEMPTS:
        return Refused("attempts", _("Wrong too often: this code holds no more. Ask for a new one."), field="code")
    if hmac.compare_digest(row.code_hash, hash_code(code, person=row.person_id, number=row.asked)):
        return None
    row.attempts += 1
    row.save(update_fields=["attempts"])
    left = MOST_ATTEMPTS - row.attempts
    words = _("That is not the code. Look at the newest message; %(left)d attempts are left.") % {"left": left}
    return Refused("code", words, field="code")


def accept_number(row: Mobile, *, actor: Actor, everything: bool) -> None:
    """Take the number that was asked for; the e-mail address hears of it."""
    row.number, row.confirmed_at = row.asked, timezone.now()
    row.asked, row.asked_at, row.code_hash, row.attempts = None, None, "", 0
    row.save()
    record(actor, "mobile.confirm", Person.objects.get(pk=row.person_id))
    tell("mobile.confirmed", to=[row.person_id], data={"number": hide_number(row.number or "")}, url="/me/mobile/")
    if everything:
        wishes = [
            NoticePreference(person_id=row.person_id, group=group, channel=Channel.SMS)
            for group in list_notice_groups()
        ]
        NoticePreference.objects.bulk_create(
            wishes, update_conflicts=True, unique_fields=["person", "group"], update_fields=["channel"]
        )


@transaction.atomic
def remove_mobile(*, actor: Actor) -> bool:
    """Take the number away, with what waits to be sent to it; news that came by SMS comes by e-mail alone."""
    person = Person.objects.select_for_update().get(pk=actor.person)
    forget_messages(person.pk)
    gone, _kinds = unscoped(Mobile, because=WHY).filter(person=person).delete()
    unscoped(NoticePreference, because=WHY).filter(person=person, channel=Channel.SMS).update(channel=Channel.MAIL)
    if gone:
        record(actor, "mobile.remove", person)
        tell("mobile.removed", to=[person.pk], url="/me/mobile/")
    return bool(gone)
