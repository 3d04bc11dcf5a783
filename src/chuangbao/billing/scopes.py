"""What each actor may see of the money of a space: the operator that of its spaces, a tenant its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.billing.models import (
    Charge,
    ChargePart,
    Contract,
    ContractLine,
    DepositEntry,
    LinePrice,
    Payment,
    PaymentShare,
    PriceItem,
    Reminder,
    Statement,
)
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, scope
from chuangbao.tenants.scopes import narrow_to_parties, narrow_to_tenant

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []


@scope(PriceItem)
def limit_prices(actor: Actor) -> Q:
    """What is public for everybody; for the operator all of its spaces."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    public = Q(is_public=True)
    return public | Q(space__operator=actor.organisation_id) if actor.capacity is Capacity.MEMBER else public


def of_tenancy(path: str) -> Callable[[Actor], Q]:
    """Make the scope of rows that hang on a tenancy; ``path`` leads there."""

    def limit_rows(actor: Actor) -> Q:
        return narrow_to_parties(actor, path)

    return limit_rows


def of_account(keeper: str, path: str = "") -> Callable[[Actor], Q]:
    """Make the scope of what was issued or paid: for who issued it or took the money, and for the tenant.

    Who runs the space today sees nothing of a former operator's. ``path`` leads to the row that names the keeper.
    """

    def limit_rows(actor: Actor) -> Q:
        if actor.capacity is Capacity.SYSTEM:
            return EVERYTHING
        own = narrow_to_tenant(actor, f"{path}tenancy__")
        if actor.capacity is Capacity.MEMBER and actor.organisation_id is not None:
            return own | Q(**{f"{path}{keeper}": actor.organisation_id})
        return own

    return limit_rows


scope(Contract)(of_tenancy("tenancy__"))
scope(ContractLine)(of_tenancy("contract__tenancy__"))
scope(LinePrice)(of_tenancy("line__contract__tenancy__"))
scope(DepositEntry)(of_tenancy("contract__tenancy__"))
scope(Statement)(of_account("issuer"))
scope(Charge)(of_account("issuer", "statement__"))
scope(ChargePart)(of_account("issuer", "charge__statement__"))
scope(Reminder)(of_account("issuer", "statement__"))
scope(Payment)(of_account("payee"))
scope(PaymentShare)(of_account("payee", "payment__"))
