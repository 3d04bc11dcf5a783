"""The pass (准入) of a tenant to the venues of the space: given as it is admitted, taken as the tenancy ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.booking.domain.passes import admit_tenant_of, withdraw_tenant_of
from chuangbao.booking.models import Venue
from chuangbao.core.access.row_access import unscoped

if TYPE_CHECKING:
    from chuangbao.tenants.models import Tenancy

__all__ = ["give_passes", "take_passes"]

WHY = "the venues of the space that admitted the tenant"


def party_of(tenancy: Tenancy) -> dict[str, int | None]:
    """Return the firm, or the person who leads the team."""
    return {
        "organization": tenancy.organization_id,
        "person": tenancy.team.leader_id if tenancy.team is not None else None,
    }


def give_passes(tenancy: Tenancy) -> int:
    """Let the tenant book what is open to tenants in all sites of the space; return how many passes are new."""
    party = party_of(tenancy)
    if not any(party.values()):
        return 0
    rows = unscoped(Venue, because=WHY).filter(site__space=tenancy.space_id, site__until=None, is_open=True)
    return admit_tenant_of(venues=rows, **party)


def take_passes(tenancy: Tenancy) -> int:
    """Take the passes to all venues of the space; what was booked stays."""
    party = party_of(tenancy)
    if not any(party.values()):
        return 0
    rows = unscoped(Venue, because=WHY).filter(site__space=tenancy.space_id)
    return withdraw_tenant_of(venues=rows, **party)
