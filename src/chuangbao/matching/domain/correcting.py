"""A word to those who were misinformed (更正): a version was corrected, and the run says otherwise than it did.

A corrected version keeps its name while its text is another one; a successor has a name of its own.
Whose facts changed since the run before may have another answer for that reason, and gets no correction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import history_of
from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import money
from chuangbao.core.messaging.notifications import tell
from chuangbao.facts.models import Fact
from chuangbao.matching.domain.offering import people_of
from chuangbao.matching.models import Entitlement, Offer, PopulationRun
from chuangbao.policies.addresses import reasons_url
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import MeasureVersion

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["correct", "corrected_versions", "reason_of"]

WHY = "the worker tells those who were told wrong"


def corrected_versions(run: PopulationRun) -> list[str]:
    """The versions whose text is another one than in the last run before this."""
    before = before_it(run)
    known = before.rules if before is not None else {}
    return sorted(name for name, text in run.rules.items() if known.get(name, text) != text)


def before_it(run: PopulationRun) -> PopulationRun | None:
    """The last finished run before this one."""
    rows = unscoped(PopulationRun, because=WHY).filter(finished_at__isnull=False, pk__lt=run.pk)
    return rows.order_by("-pk").first()


def correct(*, run: PopulationRun) -> int:
    """Notify everybody who read what a corrected version no longer says; return how many subjects.

    One subject after another, each in a transaction with its mark: a run that is taken up again notifies only the rest.
    """
    versions = corrected_versions(run)
    found = told_wrong(run, versions) if versions else []
    return sum(correct_one(row, run) for row in found)


def told_wrong(run: PopulationRun, versions: list[str]) -> Iterable[Entitlement]:
    """Return what ended with this run, had been notified, and rests on the same facts as before."""
    told = Offer.objects.filter(subject=OuterRef("subject"), measure=OuterRef("measure"), told_at__isnull=False)
    before = before_it(run)
    newer = unscoped(Fact, because=WHY).filter(
        subject=OuterRef("subject"), recorded_at__gt=before.created_at if before is not None else run.created_at
    )
    rows = unscoped(Entitlement, because=WHY).filter(gone=run, version__in=versions, corrected=False)
    rows = rows.filter(Exists(told), ~Exists(newer), status=Entitlement.Status.ELIGIBLE)
    return list(rows.select_related("subject", "since").order_by("subject", "measure"))


@transaction.atomic
def correct_one(row: Entitlement, run: PopulationRun) -> int:
    """Mark one answer as wrong, and tell the subject's people what was wrong, since when, and what holds now."""
    unscoped(Entitlement, because=WHY).filter(pk=row.pk).update(corrected=True)
    people, measure = people_of(row.subject), current_pack().measures.get(row.measure)
    if not people or measure is None:
        return 0
    now = unscoped(Entitlement, because=WHY).filter(subject=row.subject_id, measure=row.measure, gone=None).first()
    holds = now is not None and now.status == Entitlement.Status.ELIGIBLE
    why = reason_of(row.version)
    data = {
        "title": measure.title.zh, "since": row.since.day.isoformat(), "day": run.day.isoformat(),
        "before": words(row), "now": words(now) if now is not None else "", "why": why,
    }  # fmt: skip
    url = reasons_url(row.subject_id, row.measure)
    event = ("policies.corrected.amount" if holds else "policies.corrected.gone") + (".why" if why else "")
    tell(event, to=people, data=data, url=url, once=f"corrected {row.pk}")
    return 1


def reason_of(version: str) -> str:
    """What was wrong with a version that was corrected at the desk, in the words of who published its correction."""
    rows = unscoped(MeasureVersion, because=WHY).filter(name=version, stage=Stage.CORRECTED)
    wrong = rows.order_by("-pk").first()
    acts = history_of(wrong).filter(verb="correct").order_by("-pk") if wrong is not None else ()
    return next((act.reason for act in acts), "")


def words(row: Entitlement) -> str:
    """What a row says is paid; a dash where that is no sum."""
    cents = row.cents if row.payable is None else row.payable
    return "—" if cents is None else money(cents.scaleb(-2))
