"""Who may do what with tenancies: the space's operator, the tenant, and officers who read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import about_row, holds, in_capacity

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = [
    "find_tenancy",
    "is_host",
    "is_party",
    "may_apply",
    "may_decide_tenancy",
    "may_keep_tenancy",
    "may_leave",
    "may_oversee_tenancies",
    "may_run_board",
    "may_see_tenancies",
    "may_speak_for_tenant",
]


@about_row
def is_host(actor: Actor, row: Any) -> bool:
    """Whether the actor acts for the organisation that runs the space of a tenancy, or of what hangs on one."""
    return actor.organisation_id is not None and actor.organisation_id == find_tenancy(row).space.operator_id


@about_row
def is_party(actor: Actor, row: Any) -> bool:
    """Whether the actor is the tenant: acts for the firm, or leads the team in person."""
    tenancy = find_tenancy(row)
    if tenancy.organization_id is not None:
        return actor.capacity is Capacity.MEMBER and actor.organisation_id == tenancy.organization_id
    return actor.capacity is Capacity.SELF and actor.signed_in and actor.person_id == tenancy.team.leader_id


@about_row
def may_bind_party(actor: Actor, row: Any) -> bool:
    """Whether the actor may bind the tenant: the team's leader, or an owner or manager of the firm."""
    return find_tenancy(row).organization_id is None or actor.holds("owner", "manager")


def find_tenancy(row: Any) -> Any:
    """Return a tenancy, or that of a row that hangs on one."""
    return getattr(row, "tenancy", row)


is_member = in_capacity(Capacity.MEMBER)
may_apply = in_capacity(Capacity.SELF, Capacity.MEMBER)  # entry is free: anybody with an account
may_run_board = is_member
may_keep_tenancy = is_member & is_host  # the daily work of the operator: every member
may_decide_tenancy = is_member & holds("owner", "manager") & is_host  # what binds the operator
may_speak_for_tenant = may_apply & is_party  # what the tenant says in daily work
may_leave = may_apply & is_party & may_bind_party  # what binds the tenant; leaving asks nobody (1.2.8)
may_oversee_tenancies = in_capacity(Capacity.OFFICER) & holds("spaces")
may_see_tenancies = may_apply | may_oversee_tenancies
