"""Writing the record: one row for everything that happens (办理日志)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.core.models import History

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model, QuerySet
    from django.utils.functional import _StrPromise

    from chuangbao.core.actors import Actor

__all__ = ["VERBS", "history_of", "name_verbs", "record"]


VERBS: dict[str, str | _StrPromise] = {}


def name_verbs(**words: str | _StrPromise) -> None:
    """Say how acts are called to people; ``organisation__found`` names the verb ``organisation.found``."""
    VERBS.update({name.replace("__", "."): label for name, label in words.items()})


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
        kind=row._meta.label_lower if row is not None else kind,  # noqa: SLF001 - Django's own public name
        object_id=row.pk if row is not None else None,
        region=str(getattr(row, "region_id", "") or actor.region or ""),
        before=before,
        after=after,
        reason=reason,
        data=dict(data or {}),
    )


def history_of(row: Model) -> QuerySet[History]:
    """What happened to a row, the newest first; who may see the row may see this."""
    return History.objects.filter(kind=row._meta.label_lower, object_id=row.pk).select_related("person")  # noqa: SLF001 - the same
