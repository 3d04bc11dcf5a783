"""What tenants hear of their statements, and the words of what was done on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chuangbao.core.audit.log import Kind, name_kinds, name_verbs
from chuangbao.core.messaging.notifications import Event, register, tell
from chuangbao.spaces.domain.dependants import list_members

if TYPE_CHECKING:
    from chuangbao.billing.models import Statement
    from chuangbao.tenants.models import Tenancy

__all__ = ["list_payers", "tell_payer"]

register(
    Event(
        "billing.issued",
        _("Statement %(number)s of %(space)s: %(total)s"),
        _("For %(month)s. %(open)s is to be paid by %(due)s. How it was worked out is on the statement."),
        "billing",
    ),
    Event(
        "billing.revoked",
        _("Statement %(number)s does not hold any more"),
        _("%(space)s took it back. Why: %(reason)s What you had paid on it is kept for you as credit."),
        "billing",
    ),
    Event(
        "billing.paid",
        _("Your payment of %(amount)s is on record"),
        _("%(space)s has put it on record. Still open on %(number)s: %(open)s."),
        "billing",
    ),
    Event(
        "billing.soon",
        _("A friendly reminder: statement %(number)s is due on %(due)s"),
        _("%(open)s is still open. If you have paid already, this needs nothing of you."),
        "billing",
    ),
    Event(
        "billing.late",
        _("Statement %(number)s is still open"),
        _("It was due on %(due)s, and %(open)s is open. If it is hard just now, talk to %(space)s."),
        "billing",
    ),
)
name_verbs(
    billing__price=_("Set a price of the price list"),
    billing__price_end=_("Ended a price of the price list"),
    billing__contract=_("Put a contract on record"),
    billing__contract_end=_("Ended a contract"),
    billing__line=_("Added a charge to the contract"),
    billing__line_price=_("Changed a price of the contract"),
    billing__line_end=_("Ended a charge of the contract"),
    billing__issue=_("Issued the statement"),
    billing__pay=_("Put a payment on record"),
    billing__pay_reverse=_("Reversed a payment"),
    billing__deposit=_("Put a movement of the deposit on record"),
    billing__remind=_("Reminded the payer"),
)
name_verbs("billing.statement", revoke=_("Revoked the statement"), replace=_("Replaced the statement"))
name_kinds(
    billing__priceitem=Kind(_("Price of a space"), ("name",)),
    billing__contract=Kind(_("Contract of a tenant"), ("number",)),
    billing__contractline=Kind(_("Charge of a contract"), ("name",)),
    billing__statement=Kind(_("Statement"), ("number",)),
    billing__payment=Kind(_("Payment")),
    billing__depositentry=Kind(_("Movement of a deposit")),
)


def list_payers(tenancy: Tenancy) -> set[int]:
    """Return the persons who hear of a tenancy's money: the firm's members, or the leader of the team."""
    if tenancy.organization_id is not None:
        return list_members(tenancy.organization_id)
    leader = tenancy.team.leader_id if tenancy.team else None
    return {leader} if leader else set()


def tell_payer(statement: Statement, event: str, *, by: int | None = None, once: str = "", **data: str) -> int:
    """Tell the people of a statement's payer, except who did it, and return how many."""
    people = list_payers(statement.tenancy) - {by or 0}
    given = {"number": statement.number, "space": statement.space.name, **data}
    return tell(event, to=people, data=given, url=f"/billing/statements/{statement.pk}/", once=once)
