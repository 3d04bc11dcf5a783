"""Running a simulation (试算): the population judged under the base and each variant, kept as plain figures."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack, use_newest_engine
from chuangbao.core.jobs.jobs import start, work
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.population import dimensions_of, population, sample_ready
from chuangbao.rules.batch import SnapshotError
from chuangbao.rules.simulation import Variant, served, simulate
from chuangbao.rules.variants import VariantError
from chuangbao.simulations.domain.simulations import read_variant
from chuangbao.simulations.models import Simulation, Turn
from chuangbao.simulations.permissions import may_change_simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.jobs.jobs import Work
    from chuangbao.core.models import Job
    from chuangbao.rules.simulation import Figures, Outcome

__all__ = ["AT_ONCE", "compute", "run_simulation"]

AT_ONCE = 400_000
"""Judgements that take less than a second here; more are left to the worker."""
COUNTED = (
    "eligible", "open", "refused", "unpriced", "cents", "winners", "losers", "unchanged", "gained", "lost", "newly",
    "no_longer",
)  # fmt: skip


def run_simulation(*, simulation: Simulation, actor: Actor) -> Job | None:
    """Work it out: at once where that is quick, else as a job, which is returned."""
    row = unscoped(Simulation, because="the row at hand; the permission is asked next").get(pk=simulation.pk)
    permit(may_change_simulation, actor=actor, row=row)
    ready = sample_ready(current_pack())
    if ready is None or (row.variants.count() + 1) * ready.size > AT_ONCE:
        return queue_simulation(row, actor)
    keep(row, compute(row), actor)
    return None


@transaction.atomic
def queue_simulation(simulation: Simulation, actor: Actor) -> Job:
    """Leave it to the worker."""
    job = start("policies.simulate", actor=actor, title=simulation.title, simulation=simulation.pk)
    rows = unscoped(Simulation, because="the row at hand, which the actor may change")
    rows.filter(pk=simulation.pk).update(job=job)
    record(actor, "run", simulation, data={"job": job.pk})
    return job


@transaction.atomic
def keep(simulation: Simulation, result: Mapping[str, Any], actor: Actor | None) -> None:
    """Put the figures beside the inputs they belong to."""
    rows = unscoped(Simulation, because="the row at hand, which the actor may change")
    rows.filter(pk=simulation.pk, job=simulation.job_id).update(result=result, ran_at=timezone.now(), job=None)
    if actor is not None:
        record(actor, "run", simulation, data={"subjects": result["subjects"]})


@work("policies.simulate")
def compute_queued(job: Work, simulation: int) -> Mapping[str, object]:
    """Compute and keep a simulation: the worker's part; return where its page is.

    Raises Refused: changed, where it was deleted or queued again after this job.
    """
    from django.urls import reverse

    rows = unscoped(Simulation, because="the job belongs to whoever may change it")
    row = rows.filter(pk=simulation).first()
    if row is None or row.job_id != job.job.pk:
        raise Refused("changed", _("The simulation was changed meanwhile. Run it again."))
    with use_newest_engine():
        result = compute(row, job.step)
    keep(row, result, None)
    return {"url": reverse("simulations:simulation", args=[row.key])}


def compute(simulation: Simulation, told: Callable[[int, int], None] = lambda _done, _of: None) -> dict[str, Any]:
    """The figures of every variant, the base first. Raises Refused where it cannot be worked out."""
    started = time.perf_counter()
    asked = columns_of(simulation)
    pack = current_pack()
    people = population(pack, timezone.localdate())
    dimensions = dimensions_of(pack, people.scan.collect_schema().names(), simulation.day)
    try:
        outcomes = simulate(people.scan, pack, [variant for _head, variant in asked], dimensions, told=told)
    except SnapshotError as error:
        columns = ", ".join(dict.fromkeys(problem.column for problem in error.problems))
        raise Refused(
            "snapshot", _("The snapshot of the facts does not hold together (%s). Make a new one.") % columns
        ) from error
    return {
        "population": {"name": people.path.stem, "sample": people.sample, "digest": people.digest, "day": people.day},
        "pack": pack.digest,
        "subjects": outcomes[0].total.subjects,
        "dimensions": list(dimensions),
        "seconds": round(time.perf_counter() - started, 2),
        "columns": [
            head | figures_of(outcome, simulation) for (head, _v), outcome in zip(asked, outcomes, strict=True)
        ],
    }


def columns_of(simulation: Simulation) -> list[tuple[dict[str, Any], Variant]]:
    """Return the base and each variant: what the result says of it, and what is judged.

    Raises Refused: variant, where one can no longer be read.
    """
    rows: list[tuple[str, str, date, dict[str, Any]]] = [("", simulation.version, simulation.day, {})]
    rows += [(v.name, v.version, v.day or simulation.day, v.changes) for v in simulation.variants.order_by("number")]
    found = []
    for name, version, day, changes in rows:
        try:
            measure = read_variant(simulation.measure, version, changes, day)
        except VariantError as error:
            raise Refused(
                "variant", _("“%s” does not hold together any more. Open it and look again.") % name
            ) from error
        own = measure.versions[0]
        head = {
            "name": name, "version": version, "hash": own.hash, "day": day.isoformat(), "unit": own.benefit.unit,
            "in_force": own.in_force(day),
        }  # fmt: skip
        found.append((head, Variant(measure, day)))
    return found


def figures_of(outcome: Outcome, simulation: Simulation) -> dict[str, Any]:
    """An outcome as plain data."""
    groups = {
        name: [{"of": key, **write_counts(figures)} for key, figures in sorted(held.items(), key=last_unknown)]
        for name, held in outcome.groups.items()
    }
    return {"total": write_counts(outcome.total), "groups": groups, "budget": budget_of(outcome, simulation)}


def last_unknown(entry: tuple[str | None, Figures]) -> tuple[bool, int, str]:
    """By name, bands by where they begin; what is not known comes last."""
    name = entry[0] or ""
    begins = re.match(r"(?<!\d)\d++(?=[-+])", name)
    return entry[0] is None, int(begins[0]) if begins else 0, name


def write_counts(figures: Figures) -> dict[str, int]:
    """Figures as plain data."""
    return {name: getattr(figures, name) for name in COUNTED}


def budget_of(outcome: Outcome, simulation: Simulation) -> dict[str, Any] | None:
    """How far the budget reaches under this variant."""
    if simulation.budget is None:
        return None
    cents = int(simulation.budget.scaleb(2))
    found = served(outcome.amounts, cents, smallest_first=simulation.turn == Turn.SMALLEST)
    return {
        "cents": cents, "served": found.served, "entitled": found.entitled, "spent": found.spent, "next": found.next,
        "binds": found.binds,
    }  # fmt: skip
