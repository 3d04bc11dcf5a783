"""What every text of the desk shares, measure, document or explanation: one writer, two persons, a last day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from chuangbao.authoring.permissions import may_draft
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.policies.enums import Stage

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.core.models import Proposal
    from chuangbao.policies.models import Interpretation, MeasureVersion, RegisteredDocument

    Text = TypeVar("Text", MeasureVersion, RegisteredDocument, Interpretation)

__all__ = ["author_id", "end_text", "lock_draft", "publish_row", "put_last_day", "record_edit", "refuse_inverted"]


def author_id(actor: Actor) -> int:
    """Return the id of the person who writes.

    Raises PermissionDenied for an anonymous actor and for the system: a draft has an author.
    """
    if actor.person_id is None:
        raise PermissionDenied
    return actor.person_id


def lock_draft(row: Text, *, revision: int, actor: Actor) -> Text:
    """Lock a draft for the actor who may write it.

    Raises Refused: not_in_draft; conflict, where it was saved after ``revision``. Forbidden, where they may not draft.
    """
    fresh = lock_row(row)
    permit(may_draft, actor=actor, row=fresh)
    if fresh.stage != Stage.DRAFT:
        raise Refused("not_in_draft", _("Somebody has moved this on meanwhile. Reload the page."))
    if fresh.revision != revision:
        raise Refused("conflict", _("Somebody saved this draft while you were writing. Compare both texts."))
    return fresh


def record_edit(row: Text, *, actor: Actor) -> None:
    """Count the change and remember whose hand it was; none of them reviews it."""
    row.revision += 1
    row.author_id, row.writers = author_id(actor), sorted({*row.writers, author_id(actor)})


def publish_row(
    row: Text,
    *,
    valid_from: date,
    valid_to: date | None,
    actor: Actor,
    reason: str = "",
    seen: int | None = None,
    **fields: Any,
) -> Text:
    """Put a text into force from its first to its last day, both included; ``None`` as the last leaves it open.

    The reviewer is none of its writers. ``seen`` is the revision that the reviewer has read; ``fields`` are written
    together with the days.

    Raises Refused: end_before_start (valid_to), changed, and what the transition refuses.
    """
    refuse_inverted(valid_from, valid_to)
    refuse_unseen(row, seen)
    unscoped(type(row), because="the row at hand").filter(pk=row.pk, stage=Stage.IN_REVIEW).exclude(
        writers__contains=[actor.person_id]
    ).update(valid_from=valid_from, valid_to=valid_to, reviewer=actor.person_id, **fields)
    return transition(row, "publish", actor=actor, valid_from=valid_from, reason=reason)


def refuse_unseen(row: Text, seen: int | None) -> None:
    """Hold the row, and raise Refused(changed) where it was saved after the reviewer opened it (双人).

    A writer can take a text back, change it and submit it again while the page of the reviewer stays open.
    """
    if seen is not None and lock_row(row).revision != seen:
        raise Refused("changed", _("The text was changed after you opened it. Read it again below, then publish it."))


def refuse_inverted(valid_from: date | None, valid_to: date | None) -> None:
    """Check that a period (施行期间) does not end before it begins.

    Raises Refused: end_before_start (field ``valid_to``).
    """
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise Refused(
            "end_before_start",
            _("The last day (%(end)s) is before the first (%(start)s). Mend one of them.")
            % {"start": day_words(valid_from), "end": day_words(valid_to)},
            field="valid_to",
        )


def end_text(row: Text, *, proposal: Proposal, actor: Actor) -> Text:
    """Let a text end on the day that a colleague proposed (废止).

    Raises Refused: before_it_began, in_the_past (valid_to), and what the transition refuses.
    """
    last = date.fromisoformat(proposal.data["valid_to"])
    retired = transition(row, "retire", actor=actor, proposal=proposal, reason=proposal.reason, valid_to=last)
    return put_last_day(retired, last)


def put_last_day(row: Text, last: date) -> Text:
    """Write the last day of a text that has come to its end."""
    row.valid_to = last
    row.save(update_fields=["valid_to"])
    return row
