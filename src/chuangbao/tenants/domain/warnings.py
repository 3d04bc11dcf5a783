"""What to look at with a tenant: limits that are passed, and its health by rules. Guidance; it changes no data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.booking.enums import ResourceKind
from chuangbao.booking.models import Resource
from chuangbao.core.access.row_access import unscoped
from chuangbao.spaces.models import Site
from chuangbao.tenants.domain.cards import year_due
from chuangbao.tenants.domain.grounds import latest_fact
from chuangbao.tenants.domain.limits import limit_on
from chuangbao.tenants.enums import Entry, ServiceStage, TenancyStage
from chuangbao.tenants.models import Milestone, Service, Tenancy, YearCard

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from chuangbao.spaces.models import Space

__all__ = ["Warned", "find_doubles", "months_between", "warn_of_space", "warn_of_tenancy"]

WHY = "found over all spaces; what is shown names no other space"
DESKS = (ResourceKind.FIXED_DESK, ResourceKind.HOT_DESK)
MONTHS_A_YEAR = 12
ASKING = (TenancyStage.APPLIED, TenancyStage.TALKING, TenancyStage.ADMITTED)
"""In which states the operator still decides, or could."""


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing to look at: a code for programs, words for people; ``is_limit`` where a rule is passed."""

    code: str
    words: str
    is_limit: bool = True


def months_between(first: date, last: date) -> int:
    """Return the whole months from a day to a later one; 0 where it is not later."""
    gone = relativedelta(last, first)
    return max(0, int(gone.years) * MONTHS_A_YEAR + int(gone.months))


def find_doubles(rows: QuerySet[Tenancy]) -> QuerySet[Tenancy]:
    """Return those of some tenancies whose firm incubates in another space at the same time."""
    others = unscoped(Tenancy, because=WHY).filter(organization=OuterRef("organization"), stage=TenancyStage.INCUBATING)
    others = others.exclude(entry=Entry.STATED)
    found = rows.filter(Exists(others.exclude(pk=OuterRef("pk"))), stage=TenancyStage.INCUBATING)
    return found.exclude(entry=Entry.STATED)


def warn_of_tenancy(row: Tenancy) -> list[Warned]:
    """List what to look at with a tenancy that goes on: limits first, then its health; of an applicant limits alone."""
    today = timezone.localdate()
    if row.stage in ASKING:
        return warn_of_firm(row, today)
    if row.stage != TenancyStage.INCUBATING or row.starts_on is None:
        return []
    return [*warn_of_firm(row, row.starts_on), *warn_of_term(row, row.starts_on, today), *warn_of_health(row, today)]


def warn_of_firm(row: Tenancy, first: date) -> list[Warned]:
    """List what the firm itself shows: in two spaces, graduated before, too old when it entered."""
    if not row.is_firm:
        return []
    found = []
    others = unscoped(Tenancy, because=WHY).filter(organization=row.organization_id).exclude(pk=row.pk)
    others = others.exclude(entry=Entry.STATED)
    if others.filter(stage=TenancyStage.INCUBATING).exists():
        words = _("The firm incubates in another space too. It counts once: agree on which.")
        found.append(Warned("two_spaces", words))
    if others.filter(stage=TenancyStage.GRADUATED).exists():
        found.append(Warned("graduated", _("The firm has graduated already, so it does not count as incubating.")))
    most, founded = limit_on("entry_age_months", first), latest_fact(row, "registered_on")
    if most is not None and isinstance(founded, date):
        age = months_between(founded, first)
        if age > most:
            data = {"age": age, "most": int(most)}
            words = _("The firm was %(age)d months old when it entered; %(most)d is the limit for incubation.")
            if row.stage in ASKING:
                words = _("The firm is %(age)d months old; %(most)d is the limit for incubation when it enters.")
            found.append(Warned("old_at_entry", words % data))
    return found


def warn_of_term(row: Tenancy, first: date, today: date) -> list[Warned]:
    """List what the length of the tenancy shows, and too little room."""
    found = []
    most, months = limit_on("term_months", today, of=row.industry), months_between(first, today)
    if most is not None and months >= most:
        data = {"months": months, "most": int(most)}
        words = _("It has incubated for %(months)d months; %(most)d is the limit. Let it graduate or end.")
        found.append(Warned("too_long", words % data))
    if row.term_ends_on is not None and row.term_ends_on < today:
        found.append(Warned("term_over", _("The term of the agreement is over. Agree on a new one, or end it.")))
    least = limit_on("least_area_m2", today)
    if least is not None and row.area is not None and row.area < least:
        words = _("Its room is smaller than %(least)s m². Look whether the area is right.") % {"least": least}
        found.append(Warned("small_area", words))
    return found


def warn_of_health(row: Tenancy, today: date) -> list[Warned]:
    """List what the operator might do for the tenant: guidance alone."""
    quiet = int(limit_on("quiet_days", today) or 0)
    services = unscoped(Service, because="of the tenancy").filter(tenancy=row)
    lately = services.filter(stage=ServiceStage.CONFIRMED, given_on__gte=today - timedelta(days=quiet))
    late = unscoped(Milestone, because="of the tenancy").filter(tenancy=row, reached_on=None, due_on__lt=today)
    year = year_due(today)
    cards = unscoped(YearCard, because="of the tenancy").filter(tenancy=row, year=year)
    found = []
    if row.starts_on and row.starts_on <= today - timedelta(days=quiet) and not lately.exists():
        words = _("No service was confirmed for %(days)d days. Ask how it goes.") % {"days": quiet}
        found.append(Warned("quiet", words, is_limit=False))
    if services.filter(stage=ServiceStage.DISPUTED).exists():
        found.append(Warned("disputed", _("A service is disputed. Talk about it."), is_limit=False))
    if late.exists():
        found.append(Warned("late", _("A milestone is overdue. Offer help."), is_limit=False))
    if row.starts_on and row.starts_on.year <= year and not cards.exists():
        words = _("The card of %(year)d is not filled in. Ask for it.") % {"year": year}
        found.append(Warned("no_card", words, is_limit=False))
    return found


def warn_of_space(space: Space) -> list[Warned]:
    """List what the room of a space shows: too little area a tenant, more desks given than there are.

    Virtual tenants are in neither figure (2.1.5).
    """
    rows = unscoped(Tenancy, because=WHY).filter(space=space, stage=TenancyStage.INCUBATING, is_virtual=False)
    sites = unscoped(Site, because=WHY).filter(space=space, until=None)
    area = sites.aggregate(total=Sum("tenant_area"))["total"]
    count, least = rows.count(), limit_on("least_area_m2", timezone.localdate())
    found = []
    if area is not None and count and least is not None and area / count < least:
        data = {"each": f"{area / count:.1f}", "least": least}
        words = _("%(each)s m² for each tenant; less than %(least)s looks wrong. Check the areas of the sites.")
        found.append(Warned("small_area", words % data))
    given, there = rows.aggregate(total=Sum("desks"))["total"] or 0, count_desks(space)
    if there and given > there:
        data = {"given": given, "there": there}
        words = _("%(given)d desks are given to tenants, and %(there)d are there.")
        found.append(Warned("desks", words % data))
    return found


def count_desks(space: Space) -> int:
    """Return how many desks of a space can be used."""
    here: Any = Q(venue__site__space=space, venue__site__until=None)
    rows = unscoped(Resource, because=WHY).filter(here, retired_at=None, kind__in=DESKS)
    return int(rows.aggregate(total=Sum("places"))["total"] or 0)
