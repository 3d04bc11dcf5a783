"""What every text of the desk shares, measure, document or explanation: one writer, two persons, a last day."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from chuangbao.core.access import permit
from chuangbao.core.refusals import Refused
from chuangbao.core.scope import unscoped
from chuangbao.core.transitions import locked, transition
from chuangbao.policies.permissions import may_draft
from chuangbao.policies.states import Stage

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.actors import Actor
    from chuangbao.policies.models import Interpretation, MeasureVersion, RegisteredDocument

    Text = TypeVar("Text", MeasureVersion, RegisteredDocument, Interpretation)

__all__ = ["ended", "hand", "open_for_writing", "published", "touched"]


def hand(actor: Actor) -> int:
    """The person who writes; a draft is never written by nobody."""
    if actor.person_id is None:
        raise PermissionDenied
    return actor.person_id


def open_for_writing(row: Text, *, revision: int, actor: Actor) -> Text:
    """The row locked, for whoever may write it; Refused where it is no draft or somebody saved it meanwhile."""
    fresh = locked(row)
    permit(may_draft, actor=actor, row=fresh)
    if fresh.stage != Stage.DRAFT:
        raise Refused("not_in_draft", _("Somebody has moved this on meanwhile. Reload the page."))
    if fresh.revision != revision:
        raise Refused("conflict", _("Somebody saved this draft while you were writing. Compare both texts."))
    return fresh


def touched(row: Text, *, actor: Actor) -> None:
    """Count the change and remember whose hand it was; none of them reviews it."""
    row.revision += 1
    row.author_id, row.writers = hand(actor), sorted({*row.writers, hand(actor)})


def published(row: Text, *, valid_from: date, actor: Actor) -> Text:
    """Put a text into force from a day on; its reviewer is nobody whose hand it went through."""
    unscoped(type(row), because="the row at hand").filter(pk=row.pk, stage=Stage.IN_REVIEW).exclude(
        writers__contains=[actor.person_id]
    ).update(valid_from=valid_from, reviewer=actor.person_id)
    return transition(row, "publish", actor=actor, valid_from=valid_from)


def ended(row: Text, *, valid_to: date, reason: str, actor: Actor) -> Text:
    """Let a text end on a day (废止); Refused(before_it_began) for a day before its first."""
    retired = transition(row, "retire", actor=actor, reason=reason, valid_to=valid_to)
    if retired.valid_from is not None and valid_to < retired.valid_from:
        raise Refused("before_it_began", _("It began only after this day."), field="valid_to")
    retired.valid_to = valid_to
    retired.save(update_fields=["valid_to"])
    return retired
