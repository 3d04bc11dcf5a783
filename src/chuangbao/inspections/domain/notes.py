"""Writing guidance to a space, answering it and marking it as done (clause 1.2.5): words alone, no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import permit
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.inspections.enums import Side
from chuangbao.inspections.events import tell_of_note
from chuangbao.inspections.models import GuidanceNote, GuidanceReply
from chuangbao.inspections.permissions import may_guide
from chuangbao.spaces.enums import SpaceStage

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = ["move_note", "write_note"]


@transaction.atomic
def write_note(
    *, space: Space, actor: Actor, topic: str, title: str, body: str, answer_by: date | None = None
) -> GuidanceNote:
    """Write guidance to a running space of the officer's area; its operator gets a notice.

    Raises Forbidden; Refused: ended, past_day (answer_by).
    """
    row = lock_row(space)
    permit(may_guide, actor=actor, row=row)
    if row.stage != SpaceStage.OPEN:
        raise Refused("ended", _("This space does not run any more."))
    if answer_by is not None and answer_by < timezone.localdate():
        raise Refused("past_day", _("This day is over. Choose a day from today on."), field="answer_by")
    note = GuidanceNote.objects.create(
        space=row,
        agency_id=actor.organisation_id or 0,
        topic=topic,
        title=title.strip(),
        body=body.strip(),
        answer_by=answer_by,
        author_id=actor.person_id,
    )
    record(actor, "guidance.write", note, data={"topic": topic})
    tell_of_note(note, "guidance.written", Side.OFFICE, actor)
    return note


@transaction.atomic
def move_note(*, note: GuidanceNote, verb: str, actor: Actor, text: str = "") -> GuidanceNote:
    """Answer a note, mark it as done, write back or withdraw it; what is written stays beside it.

    Raises Refused: text_needed (text), not_permitted, and not_in_… where the other side was first.
    """
    said = text.strip()
    row = transition(note, verb, actor=actor, text=said)
    side = Side.OFFICE if actor.capacity is Capacity.OFFICER else Side.OPERATOR
    if said:
        GuidanceReply.objects.create(note=row, side=side, text=said, author_id=actor.person_id)
    tell_of_note(row, f"guidance.{verb}", side, actor, said)
    return row
