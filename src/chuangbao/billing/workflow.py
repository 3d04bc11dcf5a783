"""How the state of a statement changes, as data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.billing.enums import StatementStage
from chuangbao.billing.models import Statement
from chuangbao.billing.permissions import may_bill
from chuangbao.core.workflow.transitions import Life, Move, attach_life

__all__ = ["STATEMENT"]

STATEMENT = attach_life(
    Statement,
    Life(
        Move(
            "revoke",
            StatementStage.ISSUED >> StatementStage.REVOKED,
            who=may_bill,
            label=_("Revoke the statement"),
            needs=("reason",),
        ),
        Move(
            "replace",
            StatementStage.ISSUED >> StatementStage.REPLACED,
            who=may_bill,
            label=_("Replace the statement"),
            needs=("reason",),
        ),
    ),
)
