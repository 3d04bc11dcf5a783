"""Whom a tenancy concerns, and telling the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.core.messaging.notifications import tell
from chuangbao.spaces.domain.dependants import list_members

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.models import Tenancy

__all__ = ["list_party", "tell_host", "tell_party"]


def list_party(tenancy: Tenancy) -> set[int]:
    """Return the persons of the tenant: the members of the firm, or the leader of the team."""
    if tenancy.organization_id is not None:
        return list_members(tenancy.organization_id)
    leader = tenancy.team.leader_id if tenancy.team else None
    return set() if leader is None else {leader}


def tell_party(tenancy: Tenancy, event: str, actor: Actor, **data: str) -> None:
    """Tell the tenant what the operator did; the address leads to the page of the own space."""
    tell_about(tenancy, event, list_party(tenancy) - {actor.person_id}, f"/tenants/mine/{tenancy.pk}/", data)


def tell_host(tenancy: Tenancy, event: str, actor: Actor, **data: str) -> None:
    """Tell the operator what the tenant did."""
    people = list_members(tenancy.space.operator_id) - {actor.person_id or 0}
    tell_about(tenancy, event, people, f"/tenants/{tenancy.pk}/", data)


def tell_about(tenancy: Tenancy, event: str, people: set[int], url: str, data: dict[str, str]) -> None:
    """Tell some people of a tenancy."""
    tell(event, to=people, data={"tenant": tenancy.name, "space": tenancy.space.name, **data}, url=url)
