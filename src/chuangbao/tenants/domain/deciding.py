"""The operator's answer to an application (接收或不接收)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from chuangbao.tenants.domain.moving import move_tenancy

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.models import Tenancy

__all__ = ["admit_tenant", "decline_tenant"]


def admit_tenant(*, tenancy: Tenancy, actor: Actor) -> Tenancy:
    """Admit the tenant; the tenancy begins with the agreement. Raises Refused: not_permitted, not_in_…."""
    written = {"admitted_on": timezone.localdate()}
    return move_tenancy(tenancy=tenancy, verb="admit", actor=actor, written=written)


def decline_tenant(*, tenancy: Tenancy, actor: Actor, reason: str) -> Tenancy:
    """Do not admit the tenant, with a reason that it reads. Raises Refused: reason_needed (reason), not_permitted."""
    written = {"ended_on": timezone.localdate(), "end_reason": reason.strip()}
    return move_tenancy(tenancy=tenancy, verb="decline", actor=actor, written=written, reason=reason)
