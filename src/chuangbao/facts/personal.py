"""What facts hold of a person, why and for how long: their part of the map of personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chuangbao.core.actors import SYSTEM
from chuangbao.core.personal import Holding, holds_personal
from chuangbao.core.scope import unscoped
from chuangbao.facts.domain.standing import opened
from chuangbao.facts.models import Fact, Intake, Subject
from chuangbao.facts.words import label, row_day, voice

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
        for value in opened(rows, subject=subject, actor=SYSTEM, why="personal data export")
    ]  # fmt: skip


def erase_facts(person: int) -> int:
    """What was said about the person goes; what they said about organisations is those organisations'."""
    return unscoped(Fact, because=WHY).filter(subject__person=person).delete()[0]


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
    ),
    Holding(
        "fact_files", _("Files with facts"), _("So that you can check them before they are taken in"),
        _("Until you erase it"), export_files, erase_files,
    ),
)  # fmt: skip
