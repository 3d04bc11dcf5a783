"""The hand-over list (交接清单) of a tenancy that ended: made of what there is to hand over, ticked by either side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chuangbao.booking.enums import PENDING
from chuangbao.booking.models import Booking
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.premises.enums import LetterStage
from chuangbao.premises.models import ConsentLetter
from chuangbao.tenants.enums import HandoverItem
from chuangbao.tenants.models import Handover
from chuangbao.tenants.permissions import may_keep_tenancy, may_speak_for_tenant

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.models import Tenancy

__all__ = ["hand_over_where", "list_ahead", "list_to_hand_over", "of_tenant", "tick_handover", "write_handover_list"]

WHY = "what the tenancy leaves to be handed over"
ALSO: dict[HandoverItem, Callable[[Tenancy], bool]] = {}
"""What contexts above know of: whether a tenancy leaves it to be handed over."""


def hand_over_where(item: HandoverItem) -> Callable[[Any], Any]:
    """Register a function of a tenancy that says whether an item is on its hand-over list."""

    def register(function: Any) -> Any:
        ALSO[item] = function
        return function

    return register


def list_to_hand_over(tenancy: Tenancy) -> list[HandoverItem]:
    """Return what there is to hand over: a virtual tenant has no keys, a team no registered address."""
    letters = unscoped(ConsentLetter, because=WHY).filter(stage=LetterStage.VALID)
    letters = letters.filter(organisation=tenancy.organization_id, premise__site__space=tenancy.space_id)
    there_is = {
        HandoverItem.KEYS: not tenancy.is_virtual,
        HandoverItem.DESK: not tenancy.is_virtual,
        HandoverItem.FEES: True,
        HandoverItem.ADDRESS: tenancy.is_firm and letters.exists(),
        HandoverItem.BOOKINGS: list_ahead(unscoped(Booking, because=WHY), tenancy).exists(),
        HandoverItem.DATA: True,
        **{item: is_left(tenancy) for item, is_left in ALSO.items()},
    }
    return [item for item in HandoverItem if there_is.get(item)]


def list_ahead(rows: QuerySet[Booking], tenancy: Tenancy) -> QuerySet[Booking]:
    """Return those bookings that the tenant has still to come in the space."""
    return of_tenant(rows, tenancy).filter(stage__in=PENDING, starts__gt=timezone.now())


def of_tenant(rows: QuerySet[Booking], tenancy: Tenancy) -> QuerySet[Booking]:
    """Return those bookings that the tenant has made in the space, whatever became of them."""
    leader = tenancy.team.leader_id if tenancy.team else None
    own = Q(for_organization=tenancy.organization_id) if tenancy.is_firm else Q(person=leader, for_organization=None)
    return rows.filter(own, resource__venue__site__space=tenancy.space_id)


def write_handover_list(tenancy: Tenancy) -> None:
    """Write the list of a tenancy that ends; the caller holds its lock."""
    items = list_to_hand_over(tenancy)
    Handover.objects.bulk_create([Handover(tenancy=tenancy, item=item) for item in items], ignore_conflicts=True)


@transaction.atomic
def tick_handover(*, handover: Handover, actor: Actor, done: bool) -> Handover:
    """Note that a line of the list is done today, or take the note back; what is so already stays as it is.

    Both sides tick: ``done`` says what is meant, so that two who tick at once do not undo each other.
    Raises Forbidden; Refused: gone.
    """
    row = lock_row(handover)
    permit(may_keep_tenancy | may_speak_for_tenant, actor=actor, row=row)
    if done == (row.done_on is not None):
        return row
    row.done_on, row.done_by_id = (timezone.localdate(), actor.person_id) if done else (None, None)
    row.save(update_fields=["done_on", "done_by"])
    record(actor, "tenancy.hand_over", row.tenancy, data={"item": row.item, "done": done})
    return row
