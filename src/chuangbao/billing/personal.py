"""What the money of a space holds of a person, why and for how long: its part of the map of personal data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.personal_rows import WHY, Deed, export_deeds
from chuangbao.billing.models import Contract, DepositEntry, Payment, Statement
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.privacy import Holding, holds_personal

__all__: list[str] = []

DEEDS: tuple[Deed, ...] = (
    (Contract, "made_by", ("number", "first", "last")),
    (Statement, "issued_by", ("number", "issued_on", "total")),
    (Payment, "recorded_by", ("amount", "paid_on", "way")),
    (DepositEntry, "recorded_by", ("act", "amount", "on")),
)


def unname_deeds(person: int) -> int:
    """Take the person's name off; the accounts are the space's and stay."""
    return sum(
        unscoped(model, because=WHY).filter(**{field: person}).update(**{field: None}) for model, field, _c in DEEDS
    )


holds_personal(
    Holding(
        "billing_deeds",
        _("Contracts, statements and payments of spaces that you put on record"),
        _("So that a space knows who did its accounts"),
        _("Your name until you erase it; the accounts stay"),
        export_deeds(DEEDS),
        unname_deeds,
        covers=tuple(f"{model._meta.label}.{field}" for model, field, _c in DEEDS),
    )
)
