"""What a tenant takes along of its money (带走自己的数据): contracts, statements, payments, deposits, as an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chuangbao.billing.models import DepositEntry, LinePrice, Payment, Statement
from chuangbao.billing.queries import list_held, with_open
from chuangbao.billing.sheet import list_charges, paper_of, state_words
from chuangbao.core.access.row_access import visible
from chuangbao.core.exports.excel import Sheet
from chuangbao.core.exports.pdf import to_pdf
from chuangbao.core.localization.formatting import percent
from chuangbao.tenants.domain.handing import hand_over_where
from chuangbao.tenants.enums import HandoverItem
from chuangbao.tenants.taking import give_papers, take_along

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.models import Tenancy

__all__: list[str] = []

MOST = 60


@take_along("billing")
def list_money_sheets(tenancy: Tenancy, actor: Actor) -> Iterator[Sheet]:
    """Yield what was agreed, what was asked for and what was paid, amounts in yuan."""
    prices = visible(LinePrice, to=actor).filter(line__contract__tenancy=tenancy).select_related("line__contract")
    agreed = [_("Number of the contract"), _("What it is called"), _("Quantity"), _("Price is")]
    yield Sheet(
        _("Contracts of tenants"),
        [*agreed, _("Unit price in yuan"), _("From"), _("Until"), _("Waived")],
        [list_price_cells(price) for price in prices.order_by("line__contract", "line", "first")],
    )
    statements = with_open(visible(Statement, to=actor)).filter(tenancy=tenancy).order_by("month", "pk")
    sums = [_("Full price"), _("Waived"), _("Amount due"), _("Paid in"), _("Due on"), _("State")]
    yield Sheet(
        _("Statements"),
        [_("Number of the statement"), _("Month"), *sums],
        [list_statement_cells(row) for row in statements],
    )
    payments = visible(Payment, to=actor).filter(tenancy=tenancy).select_related("payee").order_by("paid_on", "pk")
    yield Sheet(
        _("Payments"),
        [_("Paid on"), _("Paid to"), _("How it was paid"), _("Amount in yuan"), _("Remark")],
        [[row.paid_on, str(row.payee), row.get_way_display(), row.amount, row.note] for row in payments],
    )
    moves = visible(DepositEntry, to=actor).filter(contract__tenancy=tenancy).select_related("contract")
    happened = [_("Day it happened"), _("What happens"), _("Amount in yuan"), _("Reason")]
    yield Sheet(
        _("Deposits"),
        [_("Number of the contract"), *happened],
        [
            [row.contract.number, row.on, str(row.get_act_display()), row.amount, row.reason]
            for row in moves.order_by("on", "pk")
        ],
    )


@hand_over_where(HandoverItem.DEPOSIT)
def is_deposit_held(tenancy: Tenancy) -> bool:
    """Whether a deposit of the tenancy is held, which its operator has to give back or account for."""
    return bool(list_held([tenancy]))


@give_papers("billing")
def list_statement_papers(tenancy: Tenancy, actor: Actor) -> Iterator[tuple[str, bytes]]:
    """Yield the statements as PDF, the latest first and no more than ``MOST``."""
    rows = with_open(visible(Statement, to=actor)).filter(tenancy=tenancy).select_related("space", "issuer")
    for row in rows.order_by("-month", "-pk")[:MOST]:
        yield f"{_('Statement')}-{row.number}.pdf", to_pdf(paper_of(row, list_charges(row, actor)))


def list_price_cells(price: LinePrice) -> list[object]:
    """Return the cells of a price of a contract."""
    line = price.line
    said = [line.contract.number, line.name, line.quantity, line.get_unit_display()]
    return [*said, price.price, price.first, price.last, percent(price.waived)]


def list_statement_cells(row: Any) -> list[object]:
    """Return the cells of a statement that has ``paid`` and ``open``; its state says whether it is paid."""
    sums = [row.gross, row.waived, row.total, row.paid]
    return [row.number, f"{row.month:%Y-%m}", *sums, row.due_on, state_words(row)]
