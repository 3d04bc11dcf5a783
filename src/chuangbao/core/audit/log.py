"""Writing the record: one row for everything that happens (办理日志)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangbao.core.models import History

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model, QuerySet
    from django.utils.functional import _StrPromise

    from chuangbao.core.access.actors import Actor

__all__ = [
    "KINDS",
    "READS",
    "VERBS",
    "VERBS_AGAIN",
    "Kind",
    "act_words",
    "history_of",
    "name_kinds",
    "name_verbs",
    "record",
    "record_kind",
    "verbs_called",
]


VERBS: dict[str, str | _StrPromise] = {}
"""Acts by their verb; by ``kind verb`` where one verb means another thing on another kind of row."""
VERBS_AGAIN: list[tuple[str, str | _StrPromise, str | _StrPromise]] = []
"""Verbs that were named a second time, with both words; ``core.declarations`` refuses other words."""
KINDS: dict[str, Kind] = {}
"""Kinds of rows that acts happen to, by ``app_label.model``."""
READS: set[str] = {"file.read"}
"""Verbs that say that sensitive data were read; the personal data centre shows them."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of row is called, and the fields that name one of them, the first that says something."""

    label: str | _StrPromise
    fields: tuple[str, ...] = ()


def name_verbs(of: str = "", /, **words: str | _StrPromise) -> None:
    """Say how acts are called to people; ``organisation__found`` names the verb ``organisation.found``.

    ``of`` is the kind of row that the words are about, where the same verb is used for other kinds too.
    """
    for name, label in words.items():
        key = f"{of} {name.replace('__', '.')}".strip()
        if key in VERBS:
            VERBS_AGAIN.append((key, VERBS[key], label))
        VERBS[key] = label


def name_kinds(**kinds: Kind) -> None:
    """Say how kinds of rows are called; ``accounts__post`` names ``accounts.post``."""
    KINDS.update({name.replace("__", "."): kind for name, kind in kinds.items()})


def act_words(row: History) -> str:
    """Put an act on the record into words."""
    return str(VERBS.get(f"{row.kind} {row.verb}") or VERBS.get(row.verb) or row.verb)


def verbs_called(words: str) -> list[tuple[str, str]]:
    """Find the acts whose words hold some words, each as kind (empty for any) and verb."""
    found = [name for name, label in VERBS.items() if words.lower() in str(label).lower()]
    return [(kind, verb) for kind, _blank, verb in (name.rpartition(" ") for name in found)]


def record(  # noqa: PLR0913 - a record has as many parts
    actor: Actor,
    verb: str,
    row: Model | None = None,
    *,
    kind: str = "",
    before: str = "",
    after: str = "",
    reason: str = "",
    data: Mapping[str, object] | None = None,
) -> History:
    """Add to the record what ``actor`` did to ``row``; ``data`` holds ids and figures, never personal data.

    ``kind`` names what it concerns where there is no row (an export, a run).
    """
    return History.objects.create(
        person_id=actor.person_id,
        acting=actor.acting,
        verb=verb,
        kind=record_kind(row) if row is not None else kind,
        object_id=row.pk if row is not None else None,
        region=str(getattr(row, "region_id", "") or actor.region or ""),
        before=before,
        after=after,
        reason=reason,
        data=dict(data or {}),
    )


def history_of(row: Model) -> QuerySet[History]:
    """What happened to a row, the newest first; who may see the row may see this."""
    return History.objects.filter(kind=record_kind(row), object_id=row.pk).select_related("person")


def history_of_kind(kind: str) -> QuerySet[History]:
    """What happened to rows of a kind, the newest first; for kinds that everybody may read."""
    return History.objects.filter(kind=kind).select_related("person").order_by("-pk")


def record_kind(row: Model) -> str:
    """How the record names the kind of a row: ``app_label.model``."""
    return row._meta.label_lower
