"""How long firms and tenancies of spaces have gone on: from tenancies and the register, in whole months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from chuangbao.accounts.states import Standing
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.models import History
from chuangbao.tenants.domain.warnings import months_between
from chuangbao.tenants.enums import TenancyStage
from chuangbao.tenants.models import Tenancy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

__all__ = ["Life", "list_stays", "list_survivals"]

WHY = "curves of spaces; who may not see the rows is shown protected shares alone"


@dataclass(frozen=True, slots=True)
class Life:
    """One firm or tenancy: since when it is followed, until when, how many whole months, and whether it ended so."""

    tenancy: Tenancy
    since: date
    until: date
    months: int
    ended: bool


def list_begun(spaces: Iterable[int]) -> list[Tenancy]:
    """Return the tenancies of spaces that began, the earliest first."""
    rows = unscoped(Tenancy, because=WHY).filter(space__in=list(spaces), starts_on__isnull=False)
    found = rows.filter(starts_on__lte=timezone.localdate()).select_related("organization", "team", "space")
    return list(found.order_by("starts_on", "pk"))


def list_stays(spaces: Iterable[int]) -> list[Life]:
    """Return the stays in spaces: one ends by graduation; who left or still incubates was last seen then."""
    today = timezone.localdate()
    found = []
    for row in list_begun(spaces):
        since: Any = row.starts_on
        until = row.ended_on or today
        found.append(Life(row, since, until, months_between(since, until), row.stage == TenancyStage.GRADUATED))
    return found


def list_survivals(spaces: Iterable[int]) -> list[Life]:
    """Return the firms that incubated in spaces, each once: one ends by its closing in the register (注销).

    It is followed from its first day there, also after it graduated or left; who goes on today was last seen today.
    """
    today = timezone.localdate()
    firms: dict[int, Tenancy] = {}
    for row in list_begun(spaces):
        if row.organization_id is not None:
            firms.setdefault(row.organization_id, row)
    closed = find_closings(firms)
    found = []
    for firm, row in firms.items():
        since: Any = row.firm_since or row.starts_on
        until = max(since, closed.get(firm, today))
        found.append(Life(row, since, until, months_between(since, until), firm in closed))
    return found


def find_closings(firms: dict[int, Tenancy]) -> dict[int, date]:
    """Return the day on which each closed firm was closed in the register, by its id."""
    closed = [pk for pk, row in firms.items() if row.organization and row.organization.stage == Standing.CLOSED]
    rows = History.objects.filter(kind="accounts.organisation", object_id__in=closed, after=Standing.CLOSED)
    return {pk: timezone.localdate(at) for pk, at in rows.order_by("pk").values_list("object_id", "at") if pk}
