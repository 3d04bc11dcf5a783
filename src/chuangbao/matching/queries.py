"""What the pages of runs show, each within the reader's sight: figures by measure and county, and who is entitled."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.core.engine.regions import covered_regions, tree
from chuangbao.core.localization.formatting import text
from chuangbao.facts.domain.granted import profile_of
from chuangbao.facts.domain.sensitive import telling_measures
from chuangbao.facts.models import Fact
from chuangbao.facts.permissions import is_concerned
from chuangbao.matching.models import Entitlement, Offer, PopulationRun, Reason, RunTotal, RunWorth
from chuangbao.rules.grants import Grant
from chuangbao.rules.windows import Opening, opening_of

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor
    from chuangbao.facts.models import Subject
    from chuangbao.rules.judgement import Answer

__all__ = [
    "Explained",
    "Line",
    "Worth",
    "by_county",
    "by_measure", "corrected",
    "declined_by_reason",
    "entitled",
    "entitled_by_sensitive",
    "explained",
    "grant_of",
    "is_judged",
    "judged_since",
    "kind_of",
    "last_run",
    "offers_of",
    "opening_now",
    "places",
    "worth",
]  # fmt: skip

FIGURES = ("eligible", "near", "undetermined", "refused", "cents", "payable", "gained", "lost")
ALL = {name: Sum(name) for name in FIGURES}


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one measure or one county; ``payable`` is what ceilings leave, ``told`` counts the notified."""

    key: str
    title: str
    figures: dict[str, int]
    amount: Decimal
    unit: str
    told: int
    payable: Decimal


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
    sealed: bool = False
    """Whether what the run kept stays untold, since it tells a sensitive fact."""


def last_run(actor: Actor) -> PopulationRun | None:
    """The last one that was finished."""
    return visible(PopulationRun, to=actor).filter(finished_at__isnull=False).order_by("-pk").first()


def places(actor: Actor) -> list[tuple[str, str]]:
    """The counties and cities of the area of a post, by their names."""
    today = timezone.localdate()
    units = [unit for code in sorted(covered_regions(actor.region)) if (unit := tree().at(code, today)) is not None]
    return [(unit.code, text(unit.name)) for unit in units]


def yuan(cents: Decimal | None) -> Decimal:
    """Cents as money."""
    return Decimal(cents or 0).scaleb(-2)


def is_judged() -> bool:
    """Whether any run has ever been finished: before that it is unknown who is entitled."""
    rows = unscoped(PopulationRun, because="whether there was a run at all, of nobody in particular")
    return rows.filter(finished_at__isnull=False).exists()


def judged_since(subject: Subject) -> bool:
    """Whether the last run knew all that is known of a subject now."""
    runs = unscoped(PopulationRun, because="when the last run was, for whom it judged")
    last = runs.filter(finished_at__isnull=False).order_by("-pk").first()
    if last is None:
        return False
    newest = unscoped(Fact, because="when something was last said of the subject").filter(subject=subject)
    said = newest.order_by("-recorded_at").values_list("recorded_at", flat=True).first()
    return said is None or said <= last.created_at


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
            told.get(row["measure"], 0), yuan(row["payable"]),
        )
        for row in found
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (-line.figures["eligible"], -line.figures["near"], line.key))


def of_region(region: str) -> Q:
    """Of the subjects of one county."""
    return Q(subject__area=region)


def opening_now(row: Entitlement) -> Opening | None:
    """Whether one may apply today, as far as the version alone says it."""
    held = current_pack().versions.get(row.version)
    return opening_of(held[1], timezone.localdate(), None) if held else None


def kind_of(row: Entitlement) -> str:
    """What kind of benefit the version that was judged gives; empty of one that is no longer there."""
    held = current_pack().versions.get(row.version)
    return held[1].benefit.kind if held else ""


def grant_of(row: Entitlement) -> Grant:
    """How the version that was judged is granted; that of an unknown version as the least sure."""
    held = current_pack().versions.get(row.version)
    return held[1].grant if held else Grant.DISCRETION


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
            yuan(row["cents"]), unit_of(measure), told.get(row["region"], 0), yuan(row["payable"]),
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
    """Return who in sight is entitled now (应享), or one condition away; by name only what tells no sensitive fact."""
    return entitled_at_all(actor, measure=measure, region=region, status=status).exclude(measure__in=telling_measures())


def entitled_by_sensitive(
    actor: Actor, *, measure: str = "", region: str = "", status: str = Entitlement.Status.ELIGIBLE
) -> QuerySet[Entitlement]:
    """Return whom of them a measure names that reads sensitive facts: counted, by name only for a reason."""
    return entitled_at_all(actor, measure=measure, region=region, status=status).filter(measure__in=telling_measures())


def entitled_at_all(actor: Actor, *, measure: str, region: str, status: str) -> QuerySet[Entitlement]:
    """Return both of them."""
    rows = visible(Entitlement, to=actor).filter(gone=None, status=status)
    rows = rows.filter(measure=measure) if measure else rows
    rows = rows.filter(region=region) if region else rows
    return rows.select_related("subject__organisation__region", "subject__person", "since").order_by("pk")


def corrected(run: PopulationRun, actor: Actor) -> list[Entitlement]:
    """Return who in sight read what a corrected version no longer says (更正告知)."""
    rows = visible(Entitlement, to=actor).filter(gone=run, corrected=True)
    return list(rows.select_related("subject__organisation__region", "subject__person", "since").order_by("pk"))


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


def explained(subject: Subject, measure: str, *, actor: Actor, day: date | None = None) -> Explained:
    """The last run's verdict beside the interactive engine's, for the day and the facts of that run's day.

    With ``day`` the engine's alone, for that day: a version published for later is explained before any run. Sealed
    facts are opened for the subject's own people alone; for an office their conditions may stay open here.
    """
    row = visible(Entitlement, to=actor).filter(subject=subject, measure=measure, gone=None).first()
    run, own = last_run_at_all(actor, row), is_concerned.test(actor, subject)
    sealed = not own and measure in telling_measures()
    row = None if sealed or day is not None else row
    judged_on = day or (run.day if run is not None else None)
    if judged_on is None:
        return Explained(row, None, same=False, sealed=sealed)
    why = "own page" if own else ""
    profile = profile_of(subject, day=judged_on, actor=actor, why=why)
    answers = [a for a in current_engine().judge_all(profile) if a.measure == measure]
    answer = answers[0] if answers else None
    same = row is not None and answer is not None and says_the_same(row, answer)
    return Explained(row, answer, same=same, sealed=sealed)


def last_run_at_all(actor: Actor, row: Entitlement | None) -> PopulationRun | None:
    """The run that last looked at a row: a founder sees no list of runs, but the day of what was found of them."""
    found = last_run(actor)
    return found or (row.since if row is not None else None)


def says_the_same(row: Entitlement, answer: Answer) -> bool:
    """Whether version, verdict, amount and what ceilings leave of it agree."""
    if row.version != answer.version:
        return False
    if row.status == Entitlement.Status.NEAR:
        return answer.near
    amount, payable = (None if cents is None else cents.scaleb(-2) for cents in (row.cents, row.payable))
    return answer.status == "eligible" and (answer.amount, answer.payable) == (amount, payable)
