"""Opening a premise for registration (可登记住所), changing it and closing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.premises.domain.wording import refuse_contacts
from chuangbao.premises.models import Premise
from chuangbao.premises.permissions import may_keep_premises
from chuangbao.spaces.enums import SpaceStage

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Site

__all__ = ["close_premise", "open_premise", "put_ceiling"]


@transaction.atomic
def open_premise(*, site: Site, room: str, actor: Actor, ceiling: int | None = None) -> Premise:
    """Open a room or desk of a site for registration.

    Raises Refused: ended (the space or the site is no longer in use), room_taken or contacts (room).
    """
    row = lock_row(site)
    made = Premise(site=row, room=room.strip(), ceiling=ceiling)
    permit(may_keep_premises, actor=actor, row=made)
    refuse_contacts(row.space.operator, room=room)
    if row.until is not None or row.space.stage != SpaceStage.OPEN:
        raise Refused("ended", _("This site is no longer in use."))
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as clash:
        raise Refused("room_taken", _("This room is open for registration already."), field="room") from clash
    record(actor, "premise.open", made, data={"room": made.room})
    return made


@transaction.atomic
def put_ceiling(*, premise: Premise, ceiling: int | None, actor: Actor) -> Premise:
    """Say how many licences a premise takes at most; letters that are out stay valid."""
    row = lock_row(premise)
    permit(may_keep_premises, actor=actor, row=row)
    if row.ceiling != ceiling:
        record(actor, "premise.ceiling", row, data={"before": row.ceiling, "after": ceiling})
        row.ceiling = ceiling
        row.save(update_fields=["ceiling"])
    return row


def close_premise(*, premise: Premise, actor: Actor) -> Premise:
    """Close a premise for registration. Raises Refused: has_letters, not_permitted, not_in_open."""
    return transition(premise, "close", actor=actor)
