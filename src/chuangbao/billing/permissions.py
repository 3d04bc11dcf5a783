"""Who may do what with the money of a space: its operator writes, the tenant reads its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import about_row, holds, in_capacity
from chuangbao.tenants.permissions import find_tenancy, is_host, is_party

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = [
    "may_bill",
    "may_bill_space",
    "may_bind",
    "may_keep_prices",
    "may_read_money",
    "may_record_money",
    "may_run_money",
    "may_see_accounts",
]


@about_row
def runs_space(actor: Actor, row: Any) -> bool:
    """Whether the actor acts for the organisation that runs the space."""
    return actor.organisation_id is not None and actor.organisation_id == row.operator_id


@about_row
def keeps_account(actor: Actor, row: Any) -> bool:
    """Whether the actor acts for who issued a statement or took a payment; of all else, for who runs the space.

    A space that is handed on leaves what was issued to who issued it; contracts go along.
    """
    keeper = getattr(row, "issuer_id", None) or getattr(row, "payee_id", None)
    return actor.organisation_id is not None and actor.organisation_id == (
        keeper or find_tenancy(row).space.operator_id
    )


is_member = in_capacity(Capacity.MEMBER)
may_run_money = is_member  # the operator's pages; each reads only its own spaces
may_record_money = is_member & keeps_account  # payments and deposits: the daily work, every member
may_bind = is_member & holds("owner", "manager")
may_bill = may_bind & keeps_account  # contracts, statements and what reverses
may_keep_prices = may_bind & runs_space
may_bill_space = may_bind & runs_space
may_see_accounts = is_member & runs_space
may_read_money = in_capacity(Capacity.SELF, Capacity.MEMBER) & (is_host | is_party | keeps_account)
