"""Figures of tenants for the statistics (I10 to I14): stocks and flows of tenancies, each day counted alike.

I10(t) = I10(t-1) + I11 - I13 - I14 holds by construction: all are counted from the same two days of a tenancy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from chuangbao.tenants.enums import Entry, TenancyStage

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from chuangbao.tenants.models import Tenancy

__all__ = ["Flows", "count_flows", "count_stock"]


@dataclass(frozen=True, slots=True)
class Flows:
    """Figures of a period: firms at its end (I10), new (I11), graduated ever (I12) and in it (I13), left (I14).

    ``founded`` are those among the new that were a team here before (M12). ``teams`` are teams at the end (M13 without
    firms), ``virtual`` those of both without a desk: they are in all figures but those of areas.
    ``unconfirmed`` are here at the end by word of the operator alone: they are in none of the other figures.
    """

    firms: int
    entered: int
    graduated_ever: int
    graduated: int
    left: int
    founded: int
    teams: int
    virtual: int
    unconfirmed: int


def here_on(day: date, since: str) -> Q:
    """The condition of a tenancy that began by a day and had not ended by its evening."""
    return Q(**{f"{since}__lte": day}) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))


def count_stock(rows: QuerySet[Tenancy], day: date) -> int:
    """Return how many firms incubate on a day (I10)."""
    return rows.filter(here_on(day, "firm_since")).exclude(entry=Entry.STATED).count()


def count_flows(rows: QuerySet[Tenancy], first: date, last: date) -> Flows:
    """Count the tenancies of some rows in a period, both days included, in one question."""
    said = ~Q(entry=Entry.STATED)
    within = said & Q(ended_on__range=(first, last), firm_since__isnull=False)
    done = said & Q(stage=TenancyStage.GRADUATED, firm_since__isnull=False)
    found: dict[str, Any] = rows.order_by().aggregate(
        firms=Count("pk", filter=said & here_on(last, "firm_since")),
        entered=Count("pk", filter=said & Q(firm_since__range=(first, last))),
        graduated_ever=Count("pk", filter=done & Q(ended_on__lte=last)),
        graduated=Count("pk", filter=done & within),
        left=Count("pk", filter=within & ~Q(stage=TenancyStage.GRADUATED)),
        founded=Count("pk", filter=said & Q(firm_since__range=(first, last), founded_by__isnull=False)),
        teams=Count(
            "pk",
            filter=said & here_on(last, "starts_on") & (Q(firm_since__isnull=True) | Q(firm_since__gt=last)),
        ),
        virtual=Count("pk", filter=said & here_on(last, "starts_on") & Q(is_virtual=True)),
        unconfirmed=Count("pk", filter=~said & here_on(last, "starts_on") & ~Q(stage=TenancyStage.WITHDRAWN)),
    )
    return Flows(**found)
