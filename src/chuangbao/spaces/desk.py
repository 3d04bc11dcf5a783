"""What of spaces waits on the workbench, and the ways to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.core.access.row_access import visible
from chuangbao.core.workbench import Mine, ToDo, mine, todo
from chuangbao.spaces.enums import TransferStage
from chuangbao.spaces.models import Transfer
from chuangbao.spaces.permissions import may_answer_transfer, may_oversee_spaces, may_register_space

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []

MOST = 20


@todo("spaces", gettext_lazy("Spaces"))
def list_offered_spaces(actor: Actor) -> Iterator[ToDo]:
    """List the spaces that are offered to the actor's organisation, the oldest first."""
    if not may_answer_transfer.test(actor):
        return
    rows = visible(Transfer, to=actor).filter(receiver=actor.organisation_id, stage=TransferStage.OFFERED)
    for row in rows.select_related("space").order_by("offered_at")[:MOST]:
        title = _("Take over or decline: %s") % row.space.name
        yield ToDo(title, reverse("spaces:transfer", args=[row.pk]), row.offered_at)


@mine
def list_ways_to_spaces(actor: Actor) -> Iterator[Mine]:
    """List the way to one's own spaces, or to those of the area."""
    if may_register_space.test(actor):
        yield Mine(_("My spaces"), reverse("spaces:mine"), "building")
    if may_oversee_spaces.test(actor):
        yield Mine(_("Spaces of my area"), reverse("spaces:area"), "building")
