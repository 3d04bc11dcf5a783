"""What each actor may see of the rows that every context points to: their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, NOTHING, scope
from chuangbao.core.models import Job, Mobile, Notice, NoticePreference, ShortMessage, StoredFile

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["own_by"]


def own_by(field: str, actor: Actor) -> Q:
    """Rows that carry the person; the system sees all."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    return Q(**{field: actor.person_id}) if actor.signed_in else NOTHING


@scope(Notice)
def notices(actor: Actor) -> Q:
    """The actor's own notifications."""
    return own_by("person", actor)


@scope(NoticePreference)
def preferences(actor: Actor) -> Q:
    """The actor's own preferences."""
    return own_by("person", actor)


@scope(Mobile)
def mobiles(actor: Actor) -> Q:
    """The actor's own number."""
    return own_by("person", actor)


@scope(ShortMessage)
def short_messages(actor: Actor) -> Q:
    """What waits to be sent to the actor."""
    return own_by("person", actor)


@scope(Job)
def jobs(actor: Actor) -> Q:
    """What the actor started; for the system administrator all."""
    return EVERYTHING if actor.capacity is Capacity.SYSTEM_ADMIN else own_by("person", actor)


@scope(StoredFile)
def files(actor: Actor) -> Q:
    """What the actor brought in this capacity: who left an organisation leaves its evidence behind.

    Others reach a file by the row that points to it.
    """
    own = own_by("uploaded_by", actor)
    return own if actor.capacity is Capacity.SYSTEM else own & Q(holder__in=["", Capacity.SELF, actor.acting])
