"""What a run leaves behind: each part as it is done, and at the end who is entitled now, against who was before."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db import connection, transaction
from django.utils import timezone

from chuangbao.core.access.row_access import unscoped
from chuangbao.matching.models import PopulationRun, RunFound, RunPart, RunTotal, RunWorth

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.matching.domain.judging import Judged

__all__ = ["WHY", "finish", "forget_parts", "keep_part"]

WHY = "the worker judges everybody"
COLUMNS = ("run_id", "number", "subject_id", "region", "measure", "version", "status", "cents", "payable", "decided_by")
FIGURES = 6  # of a version in a county
SAME = """f.run_id = %(run)s AND f.subject_id = e.subject_id AND f.measure = e.measure AND f.version = e.version
  AND f.status = e.status AND f.cents IS NOT DISTINCT FROM e.cents
  AND f.payable IS NOT DISTINCT FROM e.payable AND f.decided_by = e.decided_by
  AND f.region = e.region"""
END = f"""UPDATE policies_entitlement e SET gone_id = %(run)s
WHERE e.gone_id IS NULL AND NOT EXISTS (SELECT FROM policies_runfound f WHERE {SAME})"""  # noqa: S608 - our own words
BEGIN = """
INSERT INTO policies_entitlement (subject_id, region, measure, version, status, cents, payable, decided_by, since_id)
SELECT f.subject_id, f.region, f.measure, f.version, f.status, f.cents, f.payable, f.decided_by, f.run_id
FROM policies_runfound f JOIN facts_subject s ON s.id = f.subject_id
LEFT JOIN policies_entitlement e ON e.subject_id = f.subject_id AND e.measure = f.measure AND e.gone_id IS NULL
WHERE f.run_id = %(run)s AND e.id IS NULL ORDER BY f.subject_id, f.measure
"""
OTHER = """
SELECT e.measure, e.region, count(*), count(o.id) FROM policies_entitlement e
LEFT JOIN policies_entitlement o ON o.subject_id = e.subject_id AND o.measure = e.measure AND o.status = 'eligible'
  AND o.{there} = %(run)s
WHERE e.{here} = %(run)s AND e.status = 'eligible' GROUP BY e.measure, e.region
"""


@transaction.atomic
def keep_part(run: PopulationRun, number: int, part: Judged, seconds: float) -> None:
    """A part is done: its figures and whom it found, in one transaction."""
    RunPart.objects.create(
        run=run, number=number, subjects=part.subjects, pairs=part.pairs, rejudged=part.rejudged, seconds=seconds,
        totals=part.totals, worth=part.worth,
    )  # fmt: skip
    statement = f"COPY policies_runfound ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv, NULL '\\N')"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for frame in part.found:
            rows = frame.with_columns(run_id=pl.lit(run.pk), number=pl.lit(number)).select(COLUMNS)
            copy.write(rows.write_csv(include_header=False, null_value="\\N").encode())


def forget_parts(runs: Iterable[int]) -> None:
    """Nothing is left of what runs have judged so far."""
    RunPart.objects.filter(run__in=runs).delete()
    RunFound.objects.filter(run_id__in=runs).delete()


@transaction.atomic
def finish(run: PopulationRun) -> None:
    """Close entitlements missing from this run, open new ones, then write the figures."""
    given = {"run": run.pk}
    with connection.cursor() as cursor:
        # rows by the million of which PostgreSQL knows nothing yet, and whoever does not own a table cannot tell it
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(END, given)
        cursor.execute(BEGIN, given)
        gained, _stays = counts(cursor, OTHER.format(here="since_id", there="gone_id"), given)
        lost, altered = counts(cursor, OTHER.format(here="gone_id", there="since_id"), given)
    parts = list(run.parts.order_by("number"))
    RunTotal.objects.bulk_create(totals_of(run, parts, gained, lost))
    RunWorth.objects.bulk_create(worth_of(run, parts))
    figures = {
        name: sum(getattr(part, name) for part in parts) for name in ("subjects", "pairs", "rejudged", "seconds")
    }
    unscoped(PopulationRun, because=WHY).filter(pk=run.pk).update(
        **figures, gained=gained.total(), lost=lost.total(), altered=altered, finished_at=timezone.now()
    )
    forget_parts([run.pk])


def counts(cursor: Any, statement: str, given: dict[str, int]) -> tuple[Counter[tuple[str, str]], int]:
    """By measure and county who has no counterpart on the other side, and how many have one."""
    cursor.execute(statement, given)
    found: Counter[tuple[str, str]] = Counter()
    paired = 0
    for measure, region, all_of_them, counterparts in cursor.fetchall():
        found[measure, region] += all_of_them - counterparts
        paired += counterparts
    return +found, paired


def totals_of(
    run: PopulationRun, parts: list[RunPart], gained: Counter[tuple[str, str]], lost: Counter[tuple[str, str]]
) -> list[RunTotal]:
    """The figures of all parts by version and county, with what changed since the run before."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for part in parts:
        for region, measure, version, *kept in part.totals:
            figures = [*kept, *kept[-1:]][:FIGURES]  # a part kept before there were ceilings lacks the last
            held = found.setdefault((region, measure, version), [0] * FIGURES)
            found[region, measure, version] = [a + b for a, b in zip(held, figures, strict=True)]
    for measure, region in {*gained, *lost} - {(measure, region) for region, measure, _version in found}:
        found[region, measure, ""] = [0] * FIGURES
    return [
        RunTotal(
            run=run, region=region, measure=measure, version=version, eligible=eligible, near=near,
            undetermined=opened, refused=refused, cents=cents, payable=payable, gained=gained[measure, region],
            lost=lost[measure, region],
        )
        for (region, measure, version), (eligible, near, opened, refused, cents, payable) in found.items()
    ]  # fmt: skip


def worth_of(run: PopulationRun, parts: list[RunPart]) -> list[RunWorth]:
    """What each missing fact would decide, by county."""
    found: dict[tuple[str, str], list[int]] = {}
    for part in parts:
        for region, fact, *figures in part.worth:
            held = found.setdefault((region, fact), [0] * len(figures))
            found[region, fact] = [a + b for a, b in zip(held, figures, strict=True)]
    return [
        RunWorth(run=run, region=region, fact=fact, subjects=subjects, pairs=pairs, alone=alone, cents=cents)
        for (region, fact), (subjects, pairs, alone, cents) in found.items()
    ]
