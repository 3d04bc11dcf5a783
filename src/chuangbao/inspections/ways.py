"""Links between the pages of a space's record and those of this context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from chuangbao.core.access.actors import Capacity
from chuangbao.core.onward import Way, lead_onward
from chuangbao.inspections.domain.benefits import list_benefits
from chuangbao.inspections.enums import NoteTopic
from chuangbao.inspections.permissions import may_answer, may_guide
from chuangbao.spaces.comparison import Line, add_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chuangbao.core.access.actors import Actor
    from chuangbao.inspections.models import GuidanceNote
    from chuangbao.spaces.models import Space

__all__ = ["find_record_page"]


def find_record_page(note: GuidanceNote, actor: Actor) -> str:
    """Return where the operator finds what a note is about; for others the public page of the space."""
    space = note.space_id
    shown = reverse("spaces:space", args=[space])
    if actor.capacity is not Capacity.MEMBER:
        return shown
    pages = {
        NoteTopic.ENTRY: reverse("spaces:edit", args=[space]),
        NoteTopic.OFFERS: reverse("spaces:offers", args=[space]),
        NoteTopic.TENANTS: reverse("tenants:board"),
        NoteTopic.ADDRESSES: reverse("premises:list"),
    }
    return pages.get(NoteTopic(note.topic), shown)


@lead_onward("spaces.space")
def lead_from_spaces(actor: Actor, spaces: Sequence[Space]) -> dict[int, list[Way]]:
    """Return the pages about each space that the actor may open."""
    return {space.pk: list_ways(actor, space) for space in spaces}


@add_lines
def compare_benefits(_actor: Actor, spaces: Sequence[Space]) -> Iterator[Line]:
    """Give the line of how many measures hold for a young small firm in each space; spaces of one region are alike."""
    counts: dict[str, int] = {}
    for space in spaces:
        if space.region_id not in counts:
            counts[space.region_id] = len(list_benefits(space)[0])
    cells = [
        (
            [_("%d measures hold for a young small firm there") % counts[space.region_id]],
            [Way(_("What a tenant gets"), reverse("inspections:benefits", args=[space.pk]), "gift")],
        )
        for space in spaces
    ]
    yield Line(_("What a tenant gets"), cells)


def list_ways(actor: Actor, space: Space) -> list[Way]:
    """Return the pages about one space."""
    ways = [
        Way(_("What a tenant gets"), reverse("inspections:benefits", args=[space.pk]), "gift"),
        Way(_("Survival and graduation"), reverse("inspections:curves", args=[space.pk]), "chart-line"),
    ]
    notes = f"{reverse('inspections:notes')}?space={space.pk}"
    if space.is_open and may_guide.test(actor, space):
        ways.append(Way(_("Write guidance"), reverse("inspections:note_new", args=[space.pk]), "message-2"))
    if may_guide.test(actor, space) or may_answer.test(actor, space):
        ways.append(Way(_("Guidance notes"), notes, "messages"))
        ready = reverse("inspections:readiness", args=[space.pk])
        ways.append(Way(_("Ready for recognition?"), ready, "certificate"))
    if space.is_open and may_answer.test(actor, space):
        ways.append(Way(_("Plan an upgrade"), reverse("inspections:plan_new", args=[space.pk]), "stairs-up"))
    return ways
