"""What runs hold of a person: what the rules say they are entitled to, and what they said to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.privacy import Holding, holds_personal, keep_as_number
from chuangbao.matching.models import Entitlement, Offer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__: list[str] = []

WHY = "a person's own data, for the person"


def export(person: int) -> Iterable[Mapping[str, object]]:
    """What they are entitled to or one condition away from, now and before; what they were notified of and declined."""
    rows = unscoped(Entitlement, because=WHY).filter(subject__person=person).select_related("since", "gone")
    found = [
        {
            "measure": row.measure, "version": row.version, "status": row.status, "cents": str(row.cents or ""),
            "payable_cents": str(row.payable or ""),
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


def take_back_name(person: int) -> int:
    """Take the person out of what an organisation declined; that it did, and why, is the organisation's."""
    return unscoped(Offer, because=WHY).filter(declined_by=person).update(declined_by=None)


def erase(person: int) -> int:
    """All of it goes; it is computed again from what is known."""
    gone = unscoped(Entitlement, because=WHY).filter(subject__person=person).delete()[0]
    return gone + unscoped(Offer, because=WHY).filter(subject__person=person).delete()[0] + take_back_name(person)


holds_personal(
    Holding(
        "entitlements",
        _("What you are entitled to"),
        _("So that you are told of it once, and not of what is not for you"),
        _("Until you erase it"),
        export,
        erase,
        covers=("policies.Entitlement.subject", "policies.Offer.subject", "policies.Offer.declined_by"),
    ),
)
keep_as_number("who started a run is part of the office's record (law on archives)", "policies.PopulationRun.person")
