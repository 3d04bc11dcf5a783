"""How ready a space is for being recognised (认定准备度): its records as facts, judged by the rules of recognitions.

The conditions are those of the policy library, so that there is one place where a threshold is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from chuangbao.booking.enums import ResourceKind
from chuangbao.booking.models import Resource
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.facts.domain.standing import holdings, raw_of
from chuangbao.facts.models import Subject
from chuangbao.rules.answers import Status
from chuangbao.spaces.enums import SpaceKind
from chuangbao.spaces.models import Site
from chuangbao.tenants.domain.counting import count_flows, count_stock
from chuangbao.tenants.domain.warnings import months_between
from chuangbao.tenants.enums import MilestoneKind, TenancyStage
from chuangbao.tenants.models import Milestone, Tenancy

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.model import Measure
    from chuangbao.spaces.models import Space

__all__ = ["Readiness", "find_entry", "gather_facts", "judge_readiness", "list_recognitions"]

WHY = "figures of a space, shown to its operator and the officers of the place"
DESKS = (ResourceKind.FIXED_DESK, ResourceKind.HOT_DESK)
RECOGNITION, CARRIER = "recognition", "makerspace"
KINDS = {
    SpaceKind.MAKER: "makerspace",
    SpaceKind.CAFE: "makerspace",
    SpaceKind.FACTORY: "makerspace",
    SpaceKind.NURSERY: "makerspace",
    SpaceKind.INCUBATOR: "incubator",
    SpaceKind.PROFESSIONAL: "incubator",
    SpaceKind.ACCELERATOR: "incubator",
    SpaceKind.PARK: "university_park",
}
FROM_SITES = {"area_m2", "service_m2", "public_area_share", "tenant_area_share"}
FROM_TENANTS = {"tenants", "teams_and_firms", "new_firms_year", "graduates_total", "tenants_last_year"} | {
    "graduated_last_year",
    "financed_year",
}


@dataclass(frozen=True, slots=True)
class Readiness:
    """A recognition with its answer: how many conditions are met, not met and unknown, and where to enter facts."""

    measure: Measure
    answer: Answer
    missing: tuple[tuple[str, str], ...]

    @property
    def met_conditions(self) -> int:
        """How many conditions are met."""
        return sum(one.verdict is True for one in self.answer.conditions)

    @property
    def unmet_conditions(self) -> int:
        """How many conditions are not met."""
        return sum(one.verdict is False for one in self.answer.conditions)

    @property
    def unknown_conditions(self) -> int:
        """How many conditions wait for a fact."""
        return sum(one.verdict is None for one in self.answer.conditions)

    @property
    def is_ready(self) -> bool:
        """Whether all conditions that can be computed are met."""
        return self.answer.status == Status.ELIGIBLE


def list_recognitions() -> list[str]:
    """Return the measures of the library by which a carrier is recognised or filed, by their ids."""
    measures = current_pack().measures.values()
    return sorted(one.id for one in measures if RECOGNITION in one.wants and CARRIER in one.audience)


def gather_facts(space: Space) -> dict[str, object]:
    """Return what the records of a space say of it today, as facts; what they do not say is left out."""
    today = timezone.localdate()
    known = current_pack().facts
    found = {**read_entry(space, today), **read_sites(space), **read_tenants(space, today)}
    return {name: value for name, value in found.items() if name in known and value is not None}


def read_entry(space: Space, today: date) -> dict[str, object]:
    """Return what the entry in the register says: kind, time in operation."""
    found: dict[str, object] = {"org_kind": KINDS.get(SpaceKind(space.kind))}
    if space.kind in {SpaceKind.INCUBATOR, SpaceKind.PROFESSIONAL}:
        found["incubator_type"] = "specialised" if space.kind == SpaceKind.PROFESSIONAL else "comprehensive"
    if space.opened_on is not None and space.opened_on <= today:
        months = months_between(space.opened_on, today)
        found |= {"months_run": months, "years_operating": months // 12}
    return found


def read_sites(space: Space) -> dict[str, object]:
    """Return areas of the sites in use (m²) and desks that can be booked; nothing where an area is not known."""
    desks = unscoped(Resource, because=WHY).filter(
        retired_at=None, venue__site__space=space, venue__site__until=None, kind__in=DESKS
    )
    found: dict[str, object] = {"desks": desks.aggregate(total=Sum("capacity"))["total"]}
    sites = unscoped(Site, because=WHY).filter(space=space, until=None)
    areas = list(sites.values_list("total_area", "tenant_area", "service_area"))
    if areas and all(None not in row for row in areas):
        total, tenants, service = (sum(column) for column in zip(*areas, strict=True))
        shared = tenants + service
        found |= {"area_m2": total, "service_m2": shared}
        if total:
            found |= {"public_area_share": shared / total, "tenant_area_share": shared / total}
    return found


def read_tenants(space: Space, today: date) -> dict[str, object]:
    """Return what tenancies say: who is there, who graduated, new firms and financing within a year."""
    rows = unscoped(Tenancy, because=WHY).filter(space=space)
    if not rows.filter(starts_on__isnull=False).exists():
        return {}
    year = count_flows(rows, today.replace(year=today.year - 1, day=min(today.day, 28)), today)
    last = count_flows(rows, date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
    agreed = rows.filter(stage=TenancyStage.INCUBATING, agreements__stage="signed").distinct().count()
    financed = unscoped(Milestone, because=WHY).filter(
        tenancy__space=space, kind=MilestoneKind.FINANCE, reached_on__year=today.year - 1
    )
    return {
        "tenants": count_stock(rows, today),
        "teams_and_firms": agreed or None,
        "new_firms_year": year.founded or None,
        "graduates_total": year.graduated_ever,
        "tenants_last_year": last.firms,
        "graduated_last_year": last.graduated,
        "financed_year": financed.values("tenancy").distinct().count() or None,
    }


def judge_readiness(space: Space, actor: Actor, *, is_own: bool) -> list[Readiness]:
    """Judge each recognition for a space: by its records, and for its operator also by its own facts.

    Records go before facts, since they are newer and can be followed to their rows.
    """
    day, raw = timezone.localdate(), gather_facts(space)
    subject = unscoped(Subject, because=WHY).filter(organisation=space.operator_id).first()
    if is_own and subject is not None:
        raw = raw_of(holdings(subject, day=day, actor=actor, why="own page")) | raw
    engine, pack = current_engine(), current_pack()
    profile = engine.profile(raw, as_of=day, region=space.region_id)
    wanted = set(list_recognitions())
    answers = [one for one in engine.judge_all(profile) if one.measure in wanted]  # those of the place of the space
    number = subject.pk if subject is not None else None
    return [
        Readiness(
            pack.measures[answer.measure],
            answer,
            tuple((name, find_entry(name, space, number) if is_own else "") for name in list_unknown(answer)),
        )
        for answer in answers
    ]


def list_unknown(answer: Answer) -> list[str]:
    """Return the facts that conditions wait for, whatever the verdict, each once."""
    return list(dict.fromkeys(name for one in answer.conditions if one.verdict is None for name in one.missing))


def find_entry(fact: str, space: Space, subject: int | None) -> str:
    """Return the page on which the operator enters a missing fact."""
    if fact in FROM_SITES:
        return reverse("spaces:space", args=[space.pk])
    if fact == "desks":
        return reverse("booking:venues")
    if fact in FROM_TENANTS:
        return reverse("tenants:board")
    if fact in {"org_kind", "months_run", "years_operating", "incubator_type"}:
        return reverse("spaces:edit", args=[space.pk])
    return reverse("facts:mine") if subject is None else reverse("facts:fact", args=[subject, fact])
