"""Who hears what of the duties of a host: the firm, the host, and the office of the county."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.core.messaging.notifications import tell
from chuangbao.spaces.domain.dependants import list_members, list_officers

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.premises.models import HostFile

__all__ = ["tell_firm", "tell_host", "tell_office"]


def tell_firm(file: HostFile, event: str, actor: Actor, **said: str) -> int:
    """Tell the members of the firm, where it acts here; return how many."""
    firm = file.letter.organisation_id
    return tell_people(file, event, actor, list_members(firm) if firm else set(), said)


def tell_host(file: HostFile, event: str, actor: Actor, **said: str) -> int:
    """Tell the members of the operator; return how many."""
    return tell_people(file, event, actor, list_members(file.space.operator_id), said)


def tell_office(file: HostFile, event: str, actor: Actor, **said: str) -> int:
    """Tell the officers of the nearest place that keeps the register; return how many."""
    return tell_people(file, event, actor, list_officers(file.region_id), said)


def tell_people(file: HostFile, event: str, actor: Actor, people: set[int], said: dict[str, str]) -> int:
    """Tell some persons, without the one who acted; return how many."""
    data = {"firm": file.letter.licensee, "space": file.space.name, "number": file.letter.number, **said}
    return tell(event, to=people - {actor.person_id or 0}, data=data, url=f"/premises/files/{file.pk}/")
