"""What the pages of runs show, each within the reader's sight: figures by measure and county, and who is entitled."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum

from chuangbao.core.regions import covered, tree
from chuangbao.core.registry import current_engine, current_pack
from chuangbao.core.scope import visible
from chuangbao.core.wording import text
from chuangbao.facts.domain.standing import profile_of
from chuangbao.facts.permissions import is_concerned
from chuangbao.policies.models import Entitlement, Offer, PopulationRun, Reason, RunTotal, RunWorth

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from chuangbao.core.actors import Actor
    from chuangbao.facts.models import Subject
    from chuangbao.rules.judgement import Answer

__all__ = [
    "Explained", "Line", "Worth", "by_county", "by_measure", "declined_by_reason", "entitled", "explained", "last_run",
    "offers_of", "places", "worth",
]  # fmt: skip

FIGURES = ("eligible", "near", "undetermined", "refused", "cents", "gained", "lost")
ALL = {name: Sum(name) for name in FIGURES}


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one measure, or of one county; ``told`` counts the subjects that were told."""

    key: str
    title: str
    figures: dict[str, int]
    amount: Decimal
    unit: str
    told: int


@dataclass(frozen=True, slots=True)
class Worth:
    """What one missing fact keeps open."""

    fact: str
    subjects: int
    pairs: int
    alone: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Explained:
    """One subject before one measure: what the last run kept, and what the engine says now."""

    row: Entitlement | None
    answer: Answer | None
    same: bool


def last_run(actor: Actor) -> PopulationRun | None:
    """The last one that was finished."""
    return visible(PopulationRun, to=actor).filter(finished_at__isnull=False).order_by("-pk").first()


def places(actor: Actor) -> list[tuple[str, str]]:
    """The counties and cities of the area of a post, by their names."""
    return [(code, text(tree().periods[code][-1].name)) for code in sorted(covered(actor.region))]


def yuan(cents: Decimal | None) -> Decimal:
    """Cents as money."""
    return Decimal(cents or 0).scaleb(-2)


def by_measure(run: PopulationRun, actor: Actor, region: str = "") -> list[Line]:
    """Each measure in the area, or in one county of it; those with the most entitled first."""
    rows = visible(RunTotal, to=actor).filter(run=run)
    offers = visible(Offer, to=actor).filter(told_at__isnull=False)
    if region:
        rows, offers = rows.filter(region=region), offers.filter(of_region(region))
    told = dict(offers.order_by().values_list("measure").annotate(n=Count("pk")))
    measures = current_pack().measures
    found: Any = rows.order_by("measure").values("measure").annotate(**ALL)
    lines = [
        Line(
            row["measure"], text(measures[row["measure"]].title) if row["measure"] in measures else row["measure"],
            {name: int(row[name]) for name in FIGURES}, yuan(row["cents"]), unit_of(row["measure"]),
            told.get(row["measure"], 0),
        )
        for row in found
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (-line.figures["eligible"], -line.figures["near"], line.key))


def of_region(region: str) -> Q:
    """Of the subjects of one county."""
    return Q(subject__area=region)


def unit_of(measure: str) -> str:
    """What the benefit of a measure is counted in today; its sum says nothing for what is not paid out."""
    found = current_pack().measures.get(measure)
    return found.versions[-1].benefit.unit if found else "none"


def by_county(run: PopulationRun, actor: Actor, measure: str) -> list[Line]:
    """One measure in each county of the area."""
    rows = visible(RunTotal, to=actor).filter(run=run, measure=measure)
    names = dict(places(actor))
    offers = visible(Offer, to=actor).filter(told_at__isnull=False, measure=measure).order_by()
    told = dict(offers.values_list("subject__area").annotate(n=Count("pk")))
    found: Any = rows.order_by("region").values("region").annotate(**ALL)
    return [
        Line(
            row["region"], names.get(row["region"], row["region"]), {name: int(row[name]) for name in FIGURES},
            yuan(row["cents"]), unit_of(measure), told.get(row["region"], 0),
        )
        for row in found
    ]  # fmt: skip


def worth(run: PopulationRun, actor: Actor, region: str = "") -> list[Worth]:
    """Missing facts, those first that keep the most cases open by themselves."""
    rows = visible(RunWorth, to=actor).filter(run=run)
    rows = rows.filter(region=region) if region else rows
    sums = {name: Sum(name) for name in ("subjects", "pairs", "alone", "cents")}
    summed: Any = rows.order_by("fact").values("fact").annotate(**sums)
    found = [Worth(row["fact"], row["subjects"], row["pairs"], row["alone"], yuan(row["cents"])) for row in summed]
    return sorted(found, key=lambda one: (-one.alone, -one.pairs, one.fact))


def entitled(
    actor: Actor, *, measure: str = "", region: str = "", status: str = Entitlement.Status.ELIGIBLE
) -> QuerySet[Entitlement]:
    """Who in sight is entitled now (应享), or one condition away."""
    rows = visible(Entitlement, to=actor).filter(gone=None, status=status)
    rows = rows.filter(measure=measure) if measure else rows
    rows = rows.filter(region=region) if region else rows
    return rows.select_related("subject__organisation__region", "subject__person", "since").order_by("pk")


def offers_of(rows: list[Entitlement], actor: Actor) -> dict[tuple[int, str], Offer]:
    """What was said to whom of some rows."""
    found = visible(Offer, to=actor).filter(subject__in={row.subject_id for row in rows})
    return {(offer.subject_id, offer.measure): offer for offer in found.order_by("pk")}


def declined_by_reason(actor: Actor, measure: str = "") -> list[tuple[str, int]]:
    """Why entitlements are not wanted in the area, the most frequent reason first."""
    rows = visible(Offer, to=actor).filter(declined_at__isnull=False)
    rows = rows.filter(measure=measure) if measure else rows
    counted = rows.order_by().values_list("reason").annotate(n=Count("pk"))
    return [(str(Reason(reason).label), n) for reason, n in sorted(counted, key=lambda pair: (-pair[1], pair[0]))]


def explained(subject: Subject, measure: str, *, actor: Actor) -> Explained:
    """The last run's verdict beside the interactive engine's, for the day and the facts of that run's day.

    Sealed facts are opened for the subject's own people alone; for an office their conditions may stay open here.
    """
    row = visible(Entitlement, to=actor).filter(subject=subject, measure=measure, gone=None).first()
    run = last_run_at_all(actor, row)
    if run is None:
        return Explained(row, None, same=False)
    why = "own page" if is_concerned.test(actor, subject) else ""
    profile = profile_of(subject, day=run.day, actor=actor, why=why)
    answers = [a for a in current_engine().judge_all(profile) if a.measure == measure]
    answer = answers[0] if answers else None
    return Explained(row, answer, same=row is not None and answer is not None and says_the_same(row, answer))


def last_run_at_all(actor: Actor, row: Entitlement | None) -> PopulationRun | None:
    """The run that last looked at a row: a founder sees no list of runs, but the day of what was found of them."""
    found = last_run(actor)
    return found or (row.since if row is not None else None)


def says_the_same(row: Entitlement, answer: Answer) -> bool:
    """Whether version, verdict and amount agree."""
    if row.version != answer.version:
        return False
    if row.status == Entitlement.Status.NEAR:
        return answer.near
    amount = None if row.cents is None else row.cents.scaleb(-2)
    return answer.status == "eligible" and answer.amount == amount
