"""The verbs that documents and explanations share: submit, take back, discard, return, publish, retire."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from chuangbao.core.access import permit
from chuangbao.core.refusals import Refused
from chuangbao.core.scope import unscoped
from chuangbao.core.transitions import locked, transition
from chuangbao.policies.domain.drafts import hand
from chuangbao.policies.domain.listing import list_document
from chuangbao.policies.domain.overlay import move_stamp
from chuangbao.policies.domain.telling import on_document, on_interpretation
from chuangbao.policies.models import Interpretation, RegisteredDocument
from chuangbao.policies.permissions import may_draft
from chuangbao.policies.states import Stage

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.actors import Actor

    Row = TypeVar("Row", RegisteredDocument, Interpretation)

__all__ = ["move_on", "open_for_writing", "publish_text", "retire_text", "touched"]

WITHOUT_A_DAY = ("submit", "withdraw", "discard", "return")


def open_for_writing(row: Row, *, revision: int, actor: Actor) -> Row:
    """The row locked, for whoever may write it; Refused where it is no draft or somebody saved it meanwhile."""
    fresh = locked(row)
    permit(may_draft, actor=actor, row=fresh)
    if fresh.stage != Stage.DRAFT:
        raise Refused("not_in_draft", _("Somebody has moved this on meanwhile. Reload the page."))
    if fresh.revision != revision:
        raise Refused("conflict", _("Somebody saved this draft while you were writing. Compare both texts."))
    return fresh


def touched(row: Row, *, actor: Actor) -> None:
    """Count the change and remember whose hand it was; none of them reviews it."""
    row.revision += 1
    row.author_id, row.writers = hand(actor), sorted({*row.writers, hand(actor)})


def move_on(*, row: Row, verb: str, actor: Actor, reason: str = "") -> Row:
    """One of the moves that need no day: submit, withdraw, discard, return."""
    if verb not in WITHOUT_A_DAY:
        raise ValueError(verb)
    return transition(row, verb, actor=actor, reason=reason)


@transaction.atomic
def publish_text(*, row: Row, valid_from: date, actor: Actor) -> Row:
    """Publish a document, or an explanation; what an explanation revises ends the day before (修订)."""
    unscoped(type(row), because="the row at hand").filter(pk=row.pk, stage=Stage.IN_REVIEW).exclude(
        writers__contains=[actor.person_id]
    ).update(valid_from=valid_from, reviewer=actor.person_id)
    published = transition(row, "publish", actor=actor, valid_from=valid_from)
    if isinstance(published, RegisteredDocument):
        move_stamp()
        list_document(published)
        on_document(published, valid_from)
    else:
        end_revised(published, valid_from, actor)
        on_interpretation(published)
    return published


def end_revised(row: Interpretation, valid_from: date, actor: Actor) -> None:
    """What an explanation revises ends the day before it."""
    before = row.based_on
    if before is not None and before.stage == Stage.IN_FORCE:
        last = max(valid_from - timedelta(days=1), before.valid_from or valid_from)
        retire_text(row=before, valid_to=last, reason=_("Revised"), actor=actor)


@transaction.atomic
def retire_text(*, row: Row, valid_to: date, reason: str, actor: Actor) -> Row:
    """End a document or an explanation (废止)."""
    retired = transition(row, "retire", actor=actor, reason=reason, valid_to=valid_to)
    if retired.valid_from is not None and valid_to < retired.valid_from:
        raise Refused("before_it_began", _("It began only after this day."), field="valid_to")
    retired.valid_to = valid_to
    retired.save(update_fields=["valid_to"])
    if isinstance(retired, RegisteredDocument):
        move_stamp()
        list_document(retired)
    return retired
