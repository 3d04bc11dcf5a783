"""What policies hold of a person: what the rules say they are entitled to, and what they said to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chuangbao.core.personal import Holding, holds_personal
from chuangbao.core.scope import unscoped
from chuangbao.policies.models import Entitlement, Offer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__: list[str] = []

WHY = "a person's own data, for the person"


def export(person: int) -> Iterable[Mapping[str, object]]:
    """What they are entitled to or one condition away from, now and before; what they were told and declined."""
    rows = unscoped(Entitlement, because=WHY).filter(subject__person=person).select_related("since", "gone")
    found = [
        {
            "measure": row.measure, "version": row.version, "status": row.status, "cents": str(row.cents or ""),
            "since": str(row.since), "until": str(row.gone or ""),
        }
        for row in rows.order_by("pk")
    ]  # fmt: skip
    offers = unscoped(Offer, because=WHY).filter(subject__person=person).order_by("pk")
    said = [
        {"measure": o.measure, "told": str(o.told_at or ""), "declined": str(o.declined_at or ""), "reason": o.reason}
        for o in offers
    ]
    return [*found, *said]


def erase(person: int) -> int:
    """All of it goes; it is worked out anew from what is known."""
    gone = unscoped(Entitlement, because=WHY).filter(subject__person=person).delete()[0]
    return gone + unscoped(Offer, because=WHY).filter(subject__person=person).delete()[0]


holds_personal(
    Holding(
        "entitlements", _("What you are entitled to"),
        _("So that you are told of it once, and not of what is not for you"), _("Until you erase it"), export, erase,
    ),
)  # fmt: skip
