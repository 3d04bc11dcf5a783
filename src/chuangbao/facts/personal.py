"""What facts hold of a person, why and for how long: their part of the map of personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.actors import Actor, Capacity
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.privacy import Holding, holds_personal, is_about_people, keep_as_number
from chuangbao.core.storage.files import forget_unused
from chuangbao.facts.domain.standing import open_values
from chuangbao.facts.models import Award, AwardRecord, Fact, Intake, Subject
from chuangbao.facts.words import label, measure_words, row_day, voice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__: list[str] = []

WHY = "a person's own data, for the person"


def export_facts(person: int) -> Iterable[Mapping[str, object]]:
    """Every statement about the person themselves, the sealed ones opened; that is put on record."""
    subject = unscoped(Subject, because=WHY).filter(person=person).first()
    if subject is None:
        return []
    rows = unscoped(Fact, because=WHY).filter(subject=subject).order_by("pk")
    return [
        {
            "fact": label(value.row.name), "value": str(value.value), "as of": row_day(value.row),
            "source": voice(value.row), "stage": value.row.stage, "recorded": str(value.row.recorded_at),
        }
        for value in open_values(rows, subject=subject, actor=Actor(Capacity.SELF, person), why="personal data export")
    ]  # fmt: skip


def erase_facts(person: int) -> int:
    """Erase what was said about the person, with the evidence of it, and that they are a subject of facts at all.

    What they said about organisations is those organisations'.
    """
    rows = unscoped(Fact, because=WHY).filter(subject__person=person)
    evidence = set(rows.exclude(evidence=None).values_list("evidence", flat=True))
    erased = rows.delete()[0] + forget_unused(evidence)
    return erased + unscoped(Subject, because=WHY).filter(person=person).delete()[0]


def export_awards(person: int) -> Iterable[Mapping[str, object]]:
    """What is on record that the person got, and since when they called a record complete."""
    rows = unscoped(Award, because=WHY).filter(subject__person=person).select_related("place").order_by("pk")
    found: list[Mapping[str, object]] = [
        {
            "measure": measure_words(row.measure),
            "granted on": str(row.granted_on),
            "period": row.period,
            "amount": str(row.amount or ""),
            "months": str(row.months or ""),
            "level": row.level,
            "region": str(row.place or ""),
            "source": row.source,
            "stage": row.stage,
            "recorded": str(row.recorded_at),
        }
        for row in rows
    ]
    records = unscoped(AwardRecord, because=WHY).filter(subject__person=person).order_by("pk")
    return found + [{"measure": measure_words(r.measure), "complete since": str(r.since or "")} for r in records]


def erase_awards(person: int) -> int:
    """Erase what the person got, and what they said of the record."""
    erased = unscoped(AwardRecord, because=WHY).filter(subject__person=person).delete()[0]
    return erased + unscoped(Award, because=WHY).filter(subject__person=person).delete()[0]


def export_files(person: int) -> Iterable[Mapping[str, object]]:
    """Files with facts that the person uploaded."""
    rows = unscoped(Intake, because=WHY).filter(person=person).order_by("pk")
    return [{"file": row.filename, "stage": row.stage, "at": str(row.at)} for row in rows]


def erase_files(person: int) -> int:
    """The lines of uploaded files go with them."""
    return unscoped(Intake, because=WHY).filter(person=person).delete()[0]


holds_personal(
    Holding(
        "facts", _("Facts about you"), _("So that check-ups and applications start from them"), _("Until you erase it"),
        export_facts, erase_facts,
        covers=("facts.Fact.subject", "facts.Fact.secret", "facts.Subject.person"),
    ),
    Holding(
        "fact_files", _("Files with facts"), _("So that you can check them before they are taken in"),
        _("Until you erase it; a month where they were never taken in"), export_files, erase_files,
        covers=("facts.Intake.person", "facts.IntakeRow.value"),
    ),
    Holding(
        "awards", _("What you already got"), _("So that limits such as once per person are judged rightly"),
        _("Until you erase it"), export_awards, erase_awards,
        covers=("facts.Award.subject", "facts.AwardRecord.subject"),
    ),
)  # fmt: skip
is_about_people("facts.Subject")
keep_as_number(
    "who stated and who verified a fact of an organisation must be known for as long as it counts (law on archives)",
    "facts.Fact.recorded_by", "facts.Fact.verified_by", "facts.Award.recorded_by", "facts.AwardRecord.recorded_by",
)  # fmt: skip
