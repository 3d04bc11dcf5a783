"""What both sides hear, and the words of what was done on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangbao.core.audit.log import Kind, name_kinds, name_verbs
from chuangbao.core.messaging.notifications import Event, register, tell
from chuangbao.inspections.enums import Side
from chuangbao.spaces.domain.dependants import list_members, list_officers

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.inspections.models import GuidanceNote

__all__ = ["tell_of_note"]

GROUP = "inspections"

register(
    Event(
        "guidance.written",
        _("Guidance for %(space)s: %(title)s"),
        _("%(agency)s suggests something. It changes no data of yours; answer when you like."),
        GROUP,
    ),
    Event("guidance.reopen", _("Written back on guidance: %(title)s"), _("%(text)s"), GROUP),
    Event("guidance.withdraw", _("Guidance withdrawn: %(title)s"), _("%(text)s"), GROUP),
    Event("guidance.answer", _("%(space)s has answered: %(title)s"), _("%(text)s"), GROUP),
    Event("guidance.finish", _("%(space)s marks as done: %(title)s"), _("%(text)s"), GROUP),
)
name_verbs(guidance__write=_("Wrote guidance to the space"))
name_verbs(
    "inspections.guidancenote",
    answer=_("Answered the guidance"),
    finish=_("Marked the guidance as done"),
    reopen=_("Wrote back on the guidance"),
    withdraw=_("Withdrew the guidance"),
)
name_kinds(inspections__guidancenote=Kind(_("Guidance note"), ("title",)))


def tell_of_note(note: GuidanceNote, event: str, side: str, actor: Actor, text: str = "") -> None:
    """Tell the other side: the members of the operator, or the author and the officers of the place."""
    if side == Side.OFFICE:
        people = list_members(note.space.operator_id)
    else:
        people = {*list_officers(note.region_id), *([note.author_id] if note.author_id else [])}
    data = {"space": note.space.name, "title": note.title, "agency": note.agency.name, "text": text[:200]}
    tell(event, to=people - {actor.person}, data=data, url=reverse("inspections:note", args=[note.pk]))
