"""Notifications (通知): an event is declared once with its words; people read it here, by e-mail and by SMS.

``tell`` writes notices, letters and messages inside the transaction of the verb, so it never speaks of what did not
happen; the worker sends them afterwards and tries again while the mail server or the gateway is away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.contexts import list_notice_groups
from chuangbao.core.messaging.outbox import queue_letters
from chuangbao.core.messaging.sms import queue_news
from chuangbao.core.models import Channel, Notice, NoticePreference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.functional import _StrPromise

__all__ = ["EVENTS", "Event", "body_of", "letter_text", "name_people", "register", "settle", "tell", "title_of"]


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of notification: its words take the notice's data (``%(name)s``).

    ``discreet`` where the words can tell something of the reader, as a measure for disabled people does: a letter,
    which others may read on its way, then says only that there is news. The page, after signing in, says which.
    """

    name: str
    title: str | _StrPromise
    body: str | _StrPromise
    group: str = "general"
    discreet: bool = False


EVENTS: dict[str, Event] = {}
AT_ONCE = {Channel.MAIL, Channel.SMS}
PERSON = "person"
"""Under which a notice keeps the number of another person."""


def register(*events: Event) -> None:
    """Declare events; their group is one of ``Context.notice_groups``.

    Raises ValueError: a name is declared twice with other words.
    """
    for event in events:
        if EVENTS.get(event.name, event) != event:
            raise ValueError(f"the event {event.name} is declared twice")
        EVENTS[event.name] = event


@transaction.atomic
def tell(
    event: str, *, to: Iterable[int], data: Mapping[str, object] | None = None, url: str = "", once: str = ""
) -> int:
    """Notify people (by their ids) of an event, and return how many now; erased accounts get nothing.

    ``data`` names another person by number, as ``person``: the name is taken when it is shown; ``discreet`` in it
    keeps the words out of the letter, as that of an event does. With ``once`` no one gets it twice.
    """
    declared = EVENTS[event]
    there: dict[int, Any] = get_user_model().objects.filter(is_active=True).in_bulk(sorted(set(to)))
    people = sorted(there)
    wishes = dict(
        unscoped(NoticePreference, because="how those who are told want to be told")
        .filter(person__in=people, group=declared.group)
        .values_list("person_id", "channel")
    )
    already = (
        set(
            unscoped(Notice, because="who was told of it before")
            .filter(person__in=people, event=event, once=once)
            .values_list("person_id", flat=True)
        )
        if once
        else set()
    )
    rows = [
        Notice(
            person_id=person, event=event, data=dict(data or {}), url=url, once=once,
            in_digest=wishes.get(person) == Channel.DIGEST,
        )
        for person in people if person not in already
    ]  # fmt: skip
    Notice.objects.bulk_create(rows, ignore_conflicts=bool(once))
    write_letters([row for row in rows if wishes.get(row.person_id, Channel.MAIL) in AT_ONCE], there)
    queue_news([there[row.person_id] for row in rows if wishes.get(row.person_id) == Channel.SMS], declared.group)
    return len(rows)


def settle(event: str, *, to: Iterable[int], url: str) -> int:
    """Mark as read what some people (by their ids) were told of a page and was answered there; return how much."""
    rows = unscoped(Notice, because="what was answered is no longer new")
    return rows.filter(person__in=sorted(set(to)), event=event, url=url, read_at=None).update(read_at=timezone.now())


def write_letters(rows: list[Notice], people: Mapping[int, Any]) -> None:
    """Write a letter for each notice, in its reader's language, into the outbox."""
    messages = []
    name_people(rows)
    for row in rows:
        person = people[row.person_id]
        with override(person.language):
            messages.append(EmailMessage(letter_words(row)[0], letter_text([row]), None, [person.email]))
    queue_letters(messages)


def letter_text(rows: list[Notice]) -> str:
    """Return what a letter says of some notices, in the language that is active."""
    name_people(rows)
    return render_to_string(
        "core/letter.txt", {"lines": [letter_words(row) for row in rows], "site": settings.SITE_URL}
    )


def letter_words(notice: Notice) -> tuple[str, str, str]:
    """Title, body and address of a notice as a letter has them; of a discreet one neither words nor address tell it."""
    declared = EVENTS.get(notice.event)
    if notice.data.get("discreet") or (declared is not None and declared.discreet):
        title = gettext("News for you on Chuangbao: %(group)s") % {
            "group": list_notice_groups()[declared.group if declared else "general"]
        }
        body = gettext(
            "Sign in and open your notices to read it. A letter may be read by others, so it does not say more."
        )
        return title, body, f"{settings.SITE_URL}{reverse('core:notices')}"
    return title_of(notice), body_of(notice), f"{settings.SITE_URL}{notice.url}" if notice.url else ""


def title_of(notice: Notice) -> str:
    """What it is about, in the reader's language."""
    declared = EVENTS.get(notice.event)
    return str(declared.title) % words_of(notice) if declared else notice.event


def body_of(notice: Notice) -> str:
    """What happened and what to do."""
    declared = EVENTS.get(notice.event)
    return str(declared.body) % words_of(notice) if declared else ""


def name_people(notices: Iterable[Notice]) -> None:
    """Look up the people that some notices are about, all at once, by the names they have today."""
    about = [row for row in notices if PERSON in row.data]
    if not about:
        return
    names = get_user_model().objects.in_bulk({row.data[PERSON] for row in about})
    for row in about:
        row.named = {"name": str(names.get(row.data[PERSON], ""))}  # type: ignore[attr-defined] # of this reading alone


def words_of(notice: Notice) -> dict[str, object]:
    """Return what the words of an event take, with the name of whom the notice is about."""
    if PERSON in notice.data and not hasattr(notice, "named"):
        name_people([notice])
    return {**notice.data, **getattr(notice, "named", {})}
