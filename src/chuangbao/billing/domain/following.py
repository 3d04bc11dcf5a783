"""What is said before a space closes, merges or changes hands: statements not paid, months not billed.

They stay owed to who issued them; nothing follows, and the tenants hear of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.billing.enums import StatementStage
from chuangbao.billing.events import list_payers
from chuangbao.billing.models import Statement
from chuangbao.billing.queries import list_open_months, with_open
from chuangbao.core.access.row_access import unscoped
from chuangbao.spaces.domain.dependants import Dependants, hang_on_space

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__: list[str] = []


def list_unpaid(space: Space) -> QuerySet[Statement]:
    """Return the statements of a space that are not paid."""
    rows = unscoped(Statement, because="of a space that its operator ends")
    return with_open(rows).filter(space=space, stage=StatementStage.ISSUED, open__gt=0)


def count_unpaid(space: Space) -> int:
    """Return how many statements are not paid."""
    return list_unpaid(space).count()


def list_debtors(space: Space) -> set[int]:
    """Return the people of the tenants that owe something."""
    rows = list_unpaid(space).select_related("tenancy__organization", "tenancy__team")
    return {person for row in rows for person in list_payers(row.tenancy)}


def stay_owed(_space: Space, _verb: str, _actor: Actor) -> None:
    """Leave statements as they are."""


def name_open_months(space: Space) -> list[str]:
    """Return the months that no statement has yet, such as 2026-06: who runs the space then bills them."""
    return [f"{month:%Y-%m}" for month in list_open_months(space, timezone.localdate())]


hang_on_space("billing", Dependants(_("Statements that are not paid"), count_unpaid, list_debtors, stay_owed))
hang_on_space(
    "unbilled",
    Dependants(
        _("Months that are not billed yet"),
        lambda space: len(name_open_months(space)),
        lambda _space: (),
        stay_owed,
        names=name_open_months,
    ),
)
