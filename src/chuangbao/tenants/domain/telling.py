"""Whom a tenancy concerns, and telling the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.core.messaging.notifications import settle, tell
from chuangbao.spaces.domain.dependants import list_members

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.models import Tenancy

__all__ = ["list_party", "settle_for_party", "tell_host", "tell_party"]


def list_party(tenancy: Tenancy) -> set[int]:
    """Return the persons of the tenant: the members of the firm, or the leader of the team."""
    if tenancy.organization_id is not None:
        return list_members(tenancy.organization_id)
    leader = tenancy.team.leader_id if tenancy.team else None
    return set() if leader is None else {leader}


def tell_party(tenancy: Tenancy, event: str, actor: Actor, *, once: str = "", **data: str) -> int:
    """Tell the tenant what the operator did, and return how many; the address leads to the page of the own space."""
    people = list_party(tenancy) - {actor.person_id or 0}
    return tell_about(tenancy, event, people, f"/tenants/mine/{tenancy.pk}/", data, once)


def settle_for_party(tenancy: Tenancy, event: str) -> int:
    """Let the notices to the tenant be read once they are answered; return for how many."""
    return settle(event, to=list_party(tenancy), url=f"/tenants/mine/{tenancy.pk}/")


def tell_host(tenancy: Tenancy, event: str, actor: Actor, *, once: str = "", **data: str) -> int:
    """Tell the operator what the tenant did, and return how many."""
    people = list_members(tenancy.space.operator_id) - {actor.person_id or 0}
    return tell_about(tenancy, event, people, f"/tenants/{tenancy.pk}/", data, once)


def tell_about(tenancy: Tenancy, event: str, people: set[int], url: str, data: dict[str, str], once: str) -> int:
    """Tell some people of a tenancy, and return how many; with ``once`` each hears it one time."""
    given = {"tenant": tenancy.name, "space": tenancy.space.name, **data}
    return tell(event, to=people, data=given, url=url, once=once)
