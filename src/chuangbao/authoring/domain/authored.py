"""The verbs that documents and explanations share: submit, take back, discard, return, publish, retire."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from chuangbao.authoring.domain.hands import end_text, publish_row, put_last_day
from chuangbao.authoring.domain.listing import list_document
from chuangbao.authoring.domain.telling import on_document, on_interpretation
from chuangbao.core.workflow.transitions import transition
from chuangbao.policies.domain.overlay import move_stamp
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import Interpretation, RegisteredDocument

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.models import Proposal

    Row = TypeVar("Row", RegisteredDocument, Interpretation)

__all__ = ["move_on", "publish_text", "retire_text"]

WITHOUT_A_DAY = ("submit", "withdraw", "discard", "return")


def move_on(*, row: Row, verb: str, actor: Actor, reason: str = "") -> Row:
    """Make one of the moves that need no day: submit, withdraw, discard, return.

    Raises ValueError for another verb; Refused and Forbidden as ``transition`` does.
    """
    if verb not in WITHOUT_A_DAY:
        raise ValueError(verb)
    return transition(row, verb, actor=actor, reason=reason)


@transaction.atomic
def publish_text(
    *, row: Row, valid_from: date, actor: Actor, valid_to: date | None = None, seen: int | None = None
) -> Row:
    """Publish a document, or an explanation; what an explanation revises ends the day before (修订).

    ``seen`` is the revision that the reviewer has read. Raises Refused: end_before_start (valid_to), changed, and what
    the transition refuses.
    """
    fresh = publish_row(row, valid_from=valid_from, valid_to=valid_to, actor=actor, seen=seen)
    if isinstance(fresh, RegisteredDocument):
        move_stamp()
        list_document(fresh)
        on_document(fresh, valid_from)
    else:
        end_revised(fresh, valid_from, actor)
        on_interpretation(fresh)
    return fresh


def end_revised(row: Interpretation, valid_from: date, actor: Actor) -> None:
    """What an explanation revises ends the day before it."""
    before = row.based_on
    if before is not None and before.stage == Stage.IN_FORCE:
        last = max(valid_from - timedelta(days=1), before.valid_from or valid_from)
        given = {"valid_to": last, "successor": row, "reason": _("Revised")}
        put_last_day(transition(before, "supersede", actor=actor, **given), last)


@transaction.atomic
def retire_text(*, row: Row, proposal: Proposal, actor: Actor) -> Row:
    """End a document or an explanation as a colleague proposed (废止)."""
    retired = end_text(row, proposal=proposal, actor=actor)
    if isinstance(retired, RegisteredDocument):
        move_stamp()
        list_document(retired)
    return retired
