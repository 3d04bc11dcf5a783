"""What both sides hear, and the words of what was done on the record."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangbao.core.audit.log import Kind, name_kinds, name_verbs
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.messaging.notifications import Event, register, tell
from chuangbao.inspections.enums import Side
from chuangbao.spaces.domain.dependants import list_members, list_officers

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.inspections.models import Draw, GuidanceNote, Visit

__all__ = ["tell_inspectors", "tell_of_note", "tell_of_visit"]

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
register(
    Event("draw.drawn", _("You are drawn for visits: %(title)s"), _("%(count)s visits. Plan a day for each."), GROUP),
    Event(
        "visit.recorded",
        _("Your space was visited: %(space)s"),
        _("Result: %(result)s. Read what was found, item by item."),
        GROUP,
    ),
    Event("visit.answered", _("%(space)s says that it has mended"), _("Look at the proof, then close it."), GROUP),
    Event("visit.sent_back", _("Something is left to mend: %(space)s"), _("Until %(day)s. %(note)s"), GROUP),
    Event("visit.closed", _("The visit is closed: %(space)s"), _("What was found is mended."), GROUP),
    Event("visit.soon", _("To be mended until %(day)s: %(space)s"), _("Say what you mended, with a proof."), GROUP),
)
name_verbs(
    guidance__write=_("Wrote guidance to the space"),
    draw__prepare=_("Prepared the draw"),
    draw__exclude=_("Left something out of the draw"),
    draw__include=_("Took an exclusion back"),
    draw__publish=_("Published the draw and its results"),
    visit__plan=_("Planned the visit"),
    visit__file=_("Added a file to the visit"),
    upgrade__plan=_("Planned an upgrade"),
    upgrade__milestone=_("Added a milestone to the plan"),
    upgrade__reach=_("Reached a milestone of the plan"),
)
name_verbs(
    "inspections.draw", freeze=_("Fixed the list"), draw=_("Drew by the public number"), cancel=_("Cancelled the draw")
)
name_verbs(
    "inspections.visit",
    clear=_("Recorded the visit: no problem"),
    mend=_("Recorded the visit: to be mended"),
    hand_on=_("Recorded the visit: handed on"),
    call_off=_("Called the visit off"),
    answer=_("Said what was mended"),
    send_back=_("Gave another term"),
    close=_("Closed the visit"),
)
name_verbs(
    "inspections.guidancenote",
    answer=_("Answered the guidance"),
    finish=_("Marked the guidance as done"),
    reopen=_("Wrote back on the guidance"),
    withdraw=_("Withdrew the guidance"),
)
name_verbs(
    "inspections.upgradeplan", begin=_("Began the plan"), reach=_("Finished the plan"), drop=_("Dropped the plan")
)
name_kinds(
    inspections__upgradeplan=Kind(_("Upgrade plan"), ("aim",)),
    inspections__guidancenote=Kind(_("Guidance note"), ("title",)),
    inspections__guidancereply=Kind(_("Reply to a guidance note")),
    inspections__visitfile=Kind(_("Photograph or proof of a visit")),
    inspections__draw=Kind(_("Draw of visits"), ("title",)),
    inspections__visit=Kind(_("Visit"), ("place",)),
)


def tell_of_note(note: GuidanceNote, event: str, side: str, actor: Actor, text: str = "") -> None:
    """Tell the other side: the members of the operator, or the author and the officers of the place."""
    if side == Side.OFFICE:
        people = list_members(note.space.operator_id)
    else:
        people = {*list_officers(note.region_id), *([note.author_id] if note.author_id else [])}
    data = {"space": note.space.name, "title": note.title, "agency": note.agency.name, "text": text[:200]}
    tell(event, to=people - {actor.person}, data=data, url=reverse("inspections:note", args=[note.pk]))


def tell_inspectors(draw: Draw, actor: Actor) -> None:
    """Tell each inspector for how many visits the draw has them."""
    counts: Counter[int] = Counter()
    for visit in draw.visits.prefetch_related("inspectors__post"):
        counts.update(one.post.person_id for one in visit.inspectors.all())
    for person, count in counts.items():
        if person != actor.person_id:
            data = {"title": draw.title, "count": count}
            tell("draw.drawn", to=[person], data=data, url=reverse("inspections:draw", args=[draw.pk]))


def tell_of_visit(visit: Visit, event: str, actor: Actor, *, once: str = "") -> None:
    """Tell the operator of a visit, or its inspectors what the operator answered."""
    if event == "visit.answered":
        people = set(visit.inspectors.values_list("post__person", flat=True))
    else:
        people = list_members(visit.space.operator_id)
    data = {
        "space": visit.space.name,
        "result": str(visit.get_stage_display()),
        "day": day_words(visit.mend_by) if visit.mend_by else "",
        "note": visit.end_note,
    }
    url = reverse("inspections:visit", args=[visit.pk])
    tell(event, to=people - {actor.person}, data=data, url=url, once=once)
