"""What of guidance and inspections waits on the workbench, and the ways to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import visible
from chuangbao.core.workbench import Mine, ToDo, mine, todo
from chuangbao.inspections.enums import NoteStage
from chuangbao.inspections.models import GuidanceNote
from chuangbao.inspections.permissions import may_oversee, may_see_notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []

MOST = 20


@todo("guidance", gettext_lazy("Guidance notes"))
def list_waiting_notes(actor: Actor) -> Iterator[ToDo]:
    """List the notes that wait: for the operator the open ones, for their author those that were answered."""
    if actor.capacity is Capacity.MEMBER:
        rows, words = visible(GuidanceNote, to=actor).filter(stage=NoteStage.OPEN), _("Answer or mark as done: %s")
    elif may_oversee.test(actor):
        rows = visible(GuidanceNote, to=actor).filter(stage=NoteStage.ANSWERED, author=actor.person_id)
        words = _("Read the answer: %s")
    else:
        return
    for row in rows.order_by("written_at", "pk")[:MOST]:
        yield ToDo(words % row.title, reverse("inspections:note", args=[row.pk]), row.written_at, row.answer_by)


@mine
def list_ways_to_notes(actor: Actor) -> Iterator[Mine]:
    """List the way to the notes of the actor's spaces, or of the area."""
    if may_see_notes.test(actor):
        yield Mine(_("Guidance notes"), reverse("inspections:notes"), "messages")
