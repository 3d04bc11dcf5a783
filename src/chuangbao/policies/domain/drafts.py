"""Writing a version of a measure: begin, save, submit, and return with comments."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from chuangbao.core.access import permit
from chuangbao.core.history import record
from chuangbao.core.refusals import Refused
from chuangbao.core.transitions import locked, transition
from chuangbao.policies.models import MeasureVersion, RegisteredMeasure, ReviewComment
from chuangbao.policies.permissions import may_draft, may_review
from chuangbao.policies.states import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.actors import Actor

__all__ = ["begin_draft", "return_draft", "save_draft", "submit_draft"]


@transaction.atomic
def begin_draft(
    *, measure: RegisteredMeasure, content: str, actor: Actor, based_on: MeasureVersion | None = None
) -> MeasureVersion:
    """A new draft, or a revision (修订) of a version that stands."""
    permit(may_draft, actor=actor, row=measure)
    draft = MeasureVersion.objects.create(
        measure=measure, region_id=measure.region_id, department=measure.department, content=content,
        content_hash=digest(content), author_id=hand(actor), writers=[hand(actor)], based_on=based_on,
    )  # fmt: skip
    record(actor, "begin", draft, after=Stage.DRAFT)
    return draft


@transaction.atomic
def save_draft(*, draft: MeasureVersion, content: str, revision: int, actor: Actor) -> MeasureVersion:
    """Keep what was typed; Refused(conflict) where somebody saved since ``revision`` was read."""
    fresh = locked(draft)
    permit(may_draft, actor=actor, row=fresh)
    if fresh.stage != Stage.DRAFT:
        raise Refused("not_in_draft", _("Somebody has moved this on meanwhile. Reload the page."))
    if fresh.revision != revision:
        raise Refused("conflict", _("Somebody saved this draft while you were writing. Compare both texts."))
    fresh.content, fresh.content_hash, fresh.revision = content, digest(content), revision + 1
    fresh.author_id, fresh.writers = hand(actor), sorted({*fresh.writers, hand(actor)})  # none of them reviews it
    fresh.save(update_fields=["content", "content_hash", "revision", "author", "writers"])
    record(actor, "save", fresh, data={"revision": fresh.revision, "hash": fresh.content_hash})
    return fresh


def submit_draft(*, draft: MeasureVersion, actor: Actor) -> MeasureVersion:
    """Hand a draft to a colleague."""
    return transition(draft, "submit", actor=actor)


@transaction.atomic
def return_draft(
    *, version: MeasureVersion, reason: str, actor: Actor, comments: Mapping[str, str] | None = None
) -> MeasureVersion:
    """Give it back with a reason, and with comments by condition."""
    permit(may_review, actor=actor, row=version)
    returned = transition(version, "return", actor=actor, reason=reason)
    ReviewComment.objects.bulk_create(
        ReviewComment(version=returned, condition=condition, text=text, author_id=hand(actor))
        for condition, text in {"": reason, **(comments or {})}.items()
    )
    return returned


def hand(actor: Actor) -> int:
    """The person who writes; a draft is never written by nobody."""
    if actor.person_id is None:
        raise PermissionDenied
    return actor.person_id


def digest(content: str) -> str:
    """The fingerprint by which packs and register know the same text."""
    return hashlib.sha256(content.encode()).hexdigest()
