"""What of the money of spaces waits on the workbench, and the ways to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chuangbao.billing.domain.beyond import list_beyond
from chuangbao.billing.enums import StatementStage
from chuangbao.billing.models import Contract, PriceItem, Statement
from chuangbao.billing.models.prices import holds_on
from chuangbao.billing.permissions import may_bill, may_bind, may_keep_prices, may_read_money
from chuangbao.billing.queries import list_deposits, list_held, list_unbilled, with_open
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import visible
from chuangbao.core.localization.formatting import money
from chuangbao.core.onward import SetupStep, Way, add_steps, lead_onward
from chuangbao.core.workbench import Heading, Mine, ToDo, mine, todo
from chuangbao.spaces.comparison import Line, add_lines
from chuangbao.spaces.models import Space
from chuangbao.tenants.models import Tenancy
from chuangbao.tenants.permissions import is_host

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []

MOST = 20


@todo("billing", gettext_lazy("Statements to pay"))
def list_due(actor: Actor) -> Iterator[ToDo]:
    """List the statements that the actor is to pay, the first due first."""
    if not may_read_money.test(actor):
        return
    rows = with_open(visible(Statement, to=actor)).filter(stage=StatementStage.ISSUED, open__gt=0)
    if actor.capacity is Capacity.MEMBER:
        rows = rows.filter(tenancy__organization=actor.organisation_id)
    for row in rows.select_related("space").order_by("due_on", "pk")[:MOST]:
        words = _("Pay %(sum)s to %(space)s") % {"sum": money(row.open), "space": row.space.name}
        yield ToDo(words, reverse("billing:statement", args=[row.pk]), None, row.due_on)


@todo("unbilled", gettext_lazy("Months to bill"))
def list_months_to_bill(actor: Actor) -> Iterator[ToDo]:
    """List the months that are over, and the last ones of tenants who left, which no statement asks for yet."""
    if not may_bind.test(actor) or actor.organisation_id is None:
        return
    for row in list_unbilled(actor.organisation_id, timezone.localdate()):
        words = ngettext(
            "Bill %(month)s of %(space)s: %(n)d tenant", "Bill %(month)s of %(space)s: %(n)d tenants", row.tenants
        )
        month = f"{row.month:%Y-%m}"
        title = words % {"month": month, "space": row.name, "n": row.tenants}
        yield ToDo(title, f"{reverse('billing:bill', args=[row.space])}?month={month}")


@todo("deposits", gettext_lazy("Deposits to give back"))
def list_deposits_to_give_back(actor: Actor) -> Iterator[ToDo]:
    """List the deposits that are held still of tenants who left and of contracts that ended, the most first."""
    if not may_bind.test(actor) or actor.organisation_id is None:
        return
    for row in list_deposits(actor, {"state": "due_back", "sort": "held"})[:MOST]:
        words = _("Give back the deposit of %(tenant)s: %(sum)s")
        title = words % {"tenant": row.tenancy.name, "sum": money(row.held)}
        yield ToDo(title, f"{reverse('billing:contract', args=[row.pk])}#deposit")


@todo("beyond", gettext_lazy("Statements to put right"))
def list_to_put_right(actor: Actor) -> Iterator[ToDo]:
    """List the statements that charge days after their tenant left, the earliest month first."""
    if not may_bind.test(actor) or actor.organisation_id is None:
        return
    for row, too_much in list_beyond(visible(Statement, to=actor).filter(issuer=actor.organisation_id))[:MOST]:
        words = _("Put statement %(number)s of %(tenant)s right: %(sum)s too much")
        title = words % {"number": row.number, "tenant": row.payer, "sum": money(too_much)}
        yield ToDo(title, f"{reverse('billing:statement', args=[row.pk])}#revoke")


@mine(Heading.SPACES)
def list_ways_to_money(actor: Actor) -> Iterator[Mine]:
    """List the way to the accounts of the own spaces, and to the own statements."""
    if not may_read_money.test(actor):
        return
    if actor.capacity is Capacity.MEMBER:
        issued = visible(Statement, to=actor).filter(issuer=actor.organisation_id)
        if visible(Space, to=actor).filter(operator=actor.organisation_id).exists() or issued.exists():
            yield Mine(_("Money of our spaces"), reverse("billing:overview"), "coin")
        own = visible(Tenancy, to=actor).filter(organization=actor.organisation_id)
    else:
        own = visible(Tenancy, to=actor)
    if own.exists():
        yield Mine(_("My statements of spaces"), reverse("billing:mine"), "file-text")


@lead_onward("tenants.handover")
def lead_to_unpaid(actor: Actor, tenancies: Sequence[Tenancy]) -> dict[int, list[Way]]:
    """Return the statements that each tenancy leaves unpaid as it ends, the first due first."""
    rows = with_open(visible(Statement, to=actor)).filter(stage=StatementStage.ISSUED, open__gt=0)
    found: dict[int, list[Way]] = {}
    for row in rows.filter(tenancy__in=tenancies).order_by("due_on", "pk")[:MOST]:
        words = _("Statement %(number)s: %(sum)s to pay") % {"number": row.number, "sum": money(row.open)}
        way = Way(words, reverse("billing:statement", args=[row.pk]), "file-text")
        found.setdefault(row.tenancy_id, []).append(way)
    return found


@lead_onward("tenants.beyond")
def lead_to_beyond(actor: Actor, tenancies: Sequence[Tenancy]) -> dict[int, list[Way]]:
    """Return the statements of each tenancy that charge days after its end, or after today where it has not ended."""
    if not may_read_money.test(actor):
        return {}
    found: dict[int, list[Way]] = {}
    for tenancy in tenancies:
        rows = visible(Statement, to=actor).filter(tenancy=tenancy)
        for row, too_much in list_beyond(rows, tenancy.ended_on or timezone.localdate()):
            words = _("Statement %(number)s: %(sum)s too much") % {"number": row.number, "sum": money(too_much)}
            way = Way(words, reverse("billing:statement", args=[row.pk]), "file-text")
            found.setdefault(tenancy.pk, []).append(way)
    return found


@lead_onward("tenants.deposit")
def lead_to_deposits(actor: Actor, tenancies: Sequence[Tenancy]) -> dict[int, list[Way]]:
    """Return the contracts of each tenancy whose deposit is held still, for either side."""
    found: dict[int, list[Way]] = {}
    if not may_read_money.test(actor):
        return found
    for contract, held in list_held(tenancies):
        words = _("Contract %(number)s: %(sum)s of the deposit held") % {"number": contract.number, "sum": money(held)}
        way = Way(words, f"{reverse('billing:contract', args=[contract.pk])}#deposit", "coin")
        found.setdefault(contract.tenancy_id, []).append(way)
    return found


@lead_onward("tenants.tenancy")
def lead_to_money(actor: Actor, tenancies: Sequence[Tenancy]) -> dict[int, list[Way]]:
    """Return the ways from each tenancy that began to its contracts and statements, for either side."""
    begun = [row for row in tenancies if row.starts_on is not None]
    if not begun or not may_read_money.test(actor):
        return {}
    contracts: dict[int, list[Contract]] = {}
    for contract in visible(Contract, to=actor).filter(tenancy__in=begun).order_by("first", "pk"):
        contracts.setdefault(contract.tenancy_id, []).append(contract)
    return {row.pk: list(list_ways_of_tenancy(actor, row, contracts.get(row.pk, []))) for row in begun}


def list_ways_of_tenancy(actor: Actor, row: Tenancy, contracts: list[Contract]) -> Iterator[Way]:
    """List the ways of one tenancy: its contracts, one to make where there is none, and its statements."""
    for one in contracts:
        yield Way(_("Contract %s") % one.number, reverse("billing:contract", args=[one.pk]), "file-text")
    if is_host.test(actor, row):
        if not contracts and may_bill.test(actor, row):
            yield Way(_("Make a contract"), reverse("billing:contract_new", args=[row.pk]), "file-text")
        yield Way(_("Statements"), f"{reverse('billing:overview')}?tenancy={row.pk}", "coin")
    else:
        yield Way(_("My statements of spaces"), reverse("billing:mine"), "coin")


@lead_onward("spaces.space")
def lead_to_prices(actor: Actor, spaces: Sequence[Space]) -> dict[int, list[Way]]:
    """Return the way from each space to its price list, and for its operator to its accounts."""
    found = {
        space.pk: [Way(_("Price list"), reverse("billing:price_list", args=[space.pk]), "coin")] for space in spaces
    }
    for space in spaces:
        if actor.organisation_id is not None and actor.organisation_id == space.operator_id:
            found[space.pk].append(Way(_("Money of our spaces"), reverse("billing:overview"), "coin"))
    return found


@add_lines
def compare_prices(actor: Actor, spaces: Sequence[Space]) -> Iterator[Line]:
    """Give the line of what each space asks for today by its public price list."""
    rows = visible(PriceItem, to=actor).filter(holds_on(timezone.localdate()), space__in=spaces, is_public=True)
    asked: dict[int, list[str]] = {}
    for row in rows.order_by("kind", "name", "pk"):
        asked.setdefault(row.space_id, []).append(f"{row.name} {money(row.price)} · {row.get_unit_display()}")
    cells = [
        (asked.get(space.pk, [])[:MOST], [Way(_("Price list"), reverse("billing:price_list", args=[space.pk]), "coin")])
        for space in spaces
    ]
    yield Line(_("Price list"), cells)


@add_steps("spaces.space")
def list_step_of_prices(actor: Actor, space: Space) -> Iterator[SetupStep]:
    """List the price list, for who may write it."""
    if may_keep_prices.test(actor, space):
        has_prices = visible(PriceItem, to=actor).filter(space=space).exists()
        yield SetupStep(_("Keep the price list"), reverse("billing:prices", args=[space.pk]), has_prices)
