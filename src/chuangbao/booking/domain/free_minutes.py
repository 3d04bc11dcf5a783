"""What is left this month of the minutes that are free for a holder (本月免费时长)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from chuangbao.booking.domain.pricing import Holder
from chuangbao.booking.enums import HolderGroup
from chuangbao.booking.models import AccessPass, Allowance, AllowanceUse
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.kept_queries import KeptQuery

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor

__all__ = ["FreeMinutes", "list_free_minutes"]

WHY = "what is free for the actor itself"


@dataclass(frozen=True, slots=True)
class FreeMinutes:
    """An allowance of a venue, and how many of its minutes a holder has used in a month."""

    allowance: Allowance
    used: int

    @property
    def balance(self) -> int:
        """How many minutes are left."""
        return max(self.allowance.minutes - self.used, 0)


def list_passes(day: date, person: int | None = None, organisation: int | None = None) -> QuerySet[Any, Any]:
    """Write the query of where a holder has a pass on a day: venue and keeper."""
    rows = unscoped(AccessPass, because=WHY).filter(Q(ends_on=None) | Q(ends_on__gte=day), begins_on__lte=day)
    rows = rows.filter(**Holder(person, organisation).whom, resource=None)
    return rows.order_by().values_list("venue", "venue__organization")


PASSES = KeptQuery(list_passes)


def list_free_minutes(actor: Actor, day: date) -> list[FreeMinutes]:
    """List what is left in the month of a day where the actor has a pass, and at other venues of the same keeper.

    One query without a pass, else three.
    """
    holder = Holder(actor.person_id, actor.organisation_id)
    whom = {"organisation": holder.organization} if holder.organization else {"person": actor.person}
    here = dict(PASSES.rows(day=day, **whom))
    if not here:
        return []
    own = HolderGroup.TENANT if holder.organization else HolderGroup.TEAM
    near = Q(group=HolderGroup.NEIGHBOUR, venue__organization__in=set(here.values())) & ~Q(venue__in=here)
    month = day.replace(day=1)
    rows = Allowance.objects.filter(
        Q(group=own, venue__in=here) | near, Q(last=None) | Q(last__gte=month), first__lte=month
    )
    allowances = list(rows.select_related("venue").order_by("venue__name", "kind", "pk"))
    uses = unscoped(AllowanceUse, because=WHY).filter(allowance__in=allowances, month=month, **holder.whom)
    used = dict(uses.values_list("allowance", "used"))
    return [FreeMinutes(row, used.get(row.pk, 0)) for row in allowances]
