"""Reminders (缴费提醒): three days before a statement is due, and one, seven and thirty days after; each once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from chuangbao.billing.domain.credit import read_open
from chuangbao.billing.enums import StatementStage
from chuangbao.billing.events import tell_payer
from chuangbao.billing.models import Reminder, Statement
from chuangbao.billing.queries import with_open
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import day_words, money
from chuangbao.core.workflow.transitions import lock_row

if TYPE_CHECKING:
    from datetime import date

__all__ = ["STEPS", "remind_all", "remind_payer"]

STEPS = (-3, 1, 7, 30)
"""Days after the day a statement is due."""
WHY = "the system reminds who owes something"


def remind_all(day: date) -> int:
    """Remind the payers of open statements whose next step has come, and return how many statements."""
    rows = with_open(unscoped(Statement, because=WHY)).filter(stage=StatementStage.ISSUED, open__gt=0)
    due = rows.filter(due_on__lte=day - timedelta(days=STEPS[0])).order_by("due_on", "pk")
    return sum(remind_payer(row, day) for row in due)


def find_step(statement: Statement, day: date) -> int:
    """Return the last step that has come by a day; steps that were missed are not made up for."""
    return max(step for step in STEPS if statement.due_on + timedelta(days=step) <= day)


@transaction.atomic
def remind_payer(statement: Statement, day: date) -> bool:
    """Remind the payer of an open statement, once for each step; tell whether it was done now."""
    lock_row(statement.tenancy)
    step, amount = find_step(statement, day), read_open(statement)
    if amount <= 0:
        return False
    _row, fresh = Reminder.objects.get_or_create(
        statement=statement, step=step, defaults={"sent_on": day, "open_amount": amount}
    )
    if not fresh:
        return False
    event = "billing.soon" if step < 0 else "billing.late"
    tell_payer(statement, event, open=money(amount), due=day_words(statement.due_on), once=f"{statement.pk}:{step}")
    record(SYSTEM, "billing.remind", statement, data={"step": step})
    return True
