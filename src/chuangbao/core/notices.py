"""Telling people (通知): an event is declared once with its words; whoever is told reads it here and by e-mail.

``tell`` writes notices and letters inside the transaction of the verb, so nothing is told that did not happen;
the worker sends the letters afterwards and tries again while the mail server is away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import override

from chuangbao.core.mail import put_out
from chuangbao.core.models import Channel, Notice, NoticePreference
from chuangbao.core.scope import unscoped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.functional import _StrPromise

__all__ = ["EVENTS", "GROUPS", "Event", "body_of", "letter_text", "register", "tell", "title_of"]


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of thing people are told: its words take the notice's data (``%(name)s``)."""

    name: str
    title: str | _StrPromise
    body: str | _StrPromise
    group: str = "general"


EVENTS: dict[str, Event] = {}
GROUPS: dict[str, str | _StrPromise] = {
    "general": _l("My account"),
    "organisation": _l("My organisations"),
    "facts": _l("My particulars"),
    "policies": _l("Policies that concern me"),
    "tasks": _l("Work that waits for me"),
}


def register(*events: Event) -> None:
    """Declare events; a name may not be declared twice with other words."""
    for event in events:
        if EVENTS.get(event.name, event) != event:
            raise ValueError(f"the event {event.name} is declared twice")
        if event.group not in GROUPS:
            raise ValueError(f"{event.name}: no group {event.group}")
        EVENTS[event.name] = event


@transaction.atomic
def tell(
    event: str, *, to: Iterable[int], data: Mapping[str, object] | None = None, url: str = "", once: str = ""
) -> int:
    """Tell people (by their ids) of an event; how many were told now. With ``once`` nobody is told of it again."""
    declared, people = EVENTS[event], sorted(set(to))
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
    write_letters([row for row in rows if wishes.get(row.person_id, Channel.MAIL) == Channel.MAIL])
    return len(rows)


def write_letters(rows: list[Notice]) -> None:
    """A letter for each notice, in its reader's language, into the outbox."""
    people = get_user_model().objects.in_bulk([row.person_id for row in rows])
    messages = []
    for row in rows:
        person: Any = people[row.person_id]
        with override(person.language):
            messages.append(EmailMessage(title_of(row), letter_text([row]), None, [person.email]))
    put_out(messages)


def letter_text(rows: list[Notice]) -> str:
    """What a letter says of some notices, in the language that is active."""
    lines = [(title_of(row), body_of(row), f"{settings.SITE_URL}{row.url}" if row.url else "") for row in rows]
    return render_to_string("core/letter.txt", {"lines": lines, "site": settings.SITE_URL})


def title_of(notice: Notice) -> str:
    """What it is about, in the reader's language."""
    declared = EVENTS.get(notice.event)
    return str(declared.title) % notice.data if declared else notice.event


def body_of(notice: Notice) -> str:
    """What happened and what to do."""
    declared = EVENTS.get(notice.event)
    return str(declared.body) % notice.data if declared else ""
