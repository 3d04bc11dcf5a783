"""A statement as a paper (账单): both sides, every charge with its arithmetic, what is waived, and what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.billing.enums import StatementStage, Unit
from chuangbao.billing.models import Charge
from chuangbao.core.access.row_access import visible
from chuangbao.core.exports.pdf import Paper
from chuangbao.core.localization.formatting import day_words, money, number, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.billing.models import ChargePart, Statement
    from chuangbao.core.access.actors import Actor

__all__ = ["describe_part", "list_charges", "paper_of", "state_words"]


def describe_part(part: ChargePart | Any) -> str:
    """Return the arithmetic of a charge in words: ¥1,000.00 × 2 × 21/30 days = ¥1,400.00; waived 50%: ¥700.00."""
    days = f"{part.days}" if part.unit == Unit.DAY else f"{part.days}/{part.month_days}"
    said = _("%(first)s – %(last)s: %(price)s × %(quantity)s × %(days)s days = %(gross)s") % {
        "first": f"{part.first:%Y-%m-%d}",
        "last": f"{part.last:%Y-%m-%d}",
        "price": money(part.price),
        "quantity": number(part.quantity),
        "days": days,
        "gross": money(part.gross),
    }
    if not part.waived:
        return said
    waived = _("waived %(share)s: %(sum)s (%(reason)s, borne by: %(bearer)s)") % {
        "share": percent(part.share),
        "sum": money(part.waived),
        "reason": part.get_reason_display(),
        "bearer": part.get_bearer_display(),
    }
    return _("; ").join([said, waived])


def list_charges(row: Statement, actor: Actor) -> list[tuple[Charge, list[str]]]:
    """Return the charges of a statement, each with its arithmetic in words."""
    charges = visible(Charge, to=actor).filter(statement=row, reverses=None).order_by("pk")
    return [
        (charge, [describe_part(part) for part in charge.parts.all()]) for charge in charges.prefetch_related("parts")
    ]


def state_words(row: Any) -> str:
    """Return the state of a statement that has ``open`` in the words of its page: whether it is paid, not its stage."""
    if row.stage != StatementStage.ISSUED:
        return str(row.get_stage_display())
    if row.open <= 0:
        return _("Paid in")
    return _("Overdue") if row.due_on < timezone.localdate() else _("Still open")


def paper_of(row: Any, charges: Iterable[tuple[Charge, list[str]]]) -> Paper:
    """Return the paper of a statement that has ``open`` and ``paid``."""
    paper = Paper(_("Statement of %s") % row.space.name)
    paper.pairs(
        [
            (_("Number of the statement"), row.number),
            (_("Month"), f"{row.month:%Y-%m}"),
            (_("Payer"), row.payer),
            (_("Issued on"), day_words(row.issued_on)),
            (_("Issued by the space"), row.issuer.name),
            (_("State"), state_words(row)),
        ]
    )
    if row.stage == StatementStage.ISSUED:
        asked = _("%(open)s to be paid by %(due)s") % {"open": money(row.open), "due": day_words(row.due_on)}
        paper.frame(
            asked if row.open > 0 else _("Paid in full: nothing is left to pay"),
            [
                _("Full price %(gross)s, waived %(waived)s, amount due %(total)s, paid %(paid)s.")
                % {
                    "gross": money(row.gross),
                    "waived": money(row.waived),
                    "total": money(row.total),
                    "paid": money(row.paid),
                }
            ],
        )
    else:
        paper.frame(_("This statement does not hold any more."), [row.end_reason])
    paper.heading(_("What is charged"))
    for charge, lines in charges:
        paper.row(charge.name, money(charge.amount), [str(charge.get_kind_display()), *lines], [])
    if row.waived:
        paper.heading(_("Support received"))
        paper.paragraph(_("%s of this is waived: you need not pay it.") % money(row.waived))
    if row.stage == StatementStage.ISSUED and row.open > 0:
        paper.heading(_("How to pay"))
        paper.paragraph(pay_words(row))
    paper.note(_("A whole month costs the price; a part of it price × days ÷ days of the month, to the cent."))
    paper.note(_("A statement, not an invoice. No money is taken on this platform."))
    return paper


def pay_words(row: Any) -> str:
    """Return how a statement is paid: to the operator, in the ways that its contract names."""
    said = _("Pay %(issuer)s as agreed in your contract and name %(number)s. Its desk: %(phone)s.")
    return said % {"issuer": row.issuer.name, "number": row.number, "phone": row.space.phone or _("see its page")}
