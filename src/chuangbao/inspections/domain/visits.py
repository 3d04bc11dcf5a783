"""A visit: planned, recorded with what was found, mended with proof, and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.storage.brought_pictures import PICTURES
from chuangbao.core.storage.files import all_or_nothing, keep, recognise_upload
from chuangbao.core.storage.filetypes import PAPERS
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.inspections.enums import FileKind, Outcome, VisitStage
from chuangbao.inspections.events import tell_of_visit
from chuangbao.inspections.models import Finding, VisitFile
from chuangbao.inspections.permissions import may_answer, may_guide, may_inspect

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from django.core.files.uploadedfile import UploadedFile

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.storage.filetypes import Kind
    from chuangbao.inspections.models import Visit

__all__ = ["add_photo", "answer_visit", "call_off", "close_visit", "plan_visit", "record_visit", "send_back"]

Brought = tuple["UploadedFile[Any]", "Kind"]
WHY = "of a visit that the caller has locked"
MOST_FILES = 30
VERBS = {VisitStage.CLEAR: "clear", VisitStage.MENDING: "mend", VisitStage.HANDED: "hand_on"}


@transaction.atomic
def plan_visit(*, visit: Visit, planned_on: date, actor: Actor) -> Visit:
    """Say on which day a visit is planned. Raises Forbidden; Refused: past_day (planned_on), recorded."""
    row = lock_row(visit)
    permit(may_guide, actor=actor, row=row)
    if row.stage != VisitStage.PLANNED:
        raise Refused("recorded", _("This visit is on record already."))
    if planned_on < timezone.localdate():
        raise Refused("past_day", _("This day is over. Choose a day from today on."), field="planned_on")
    row.planned_on = planned_on
    row.save(update_fields=["planned_on"])
    record(actor, "visit.plan", row, data={"day": planned_on.isoformat()})
    return row


def refuse_later(moment: datetime) -> None:
    """Let a time through that is not to come. Raises Refused: future (visited_on)."""
    if moment > timezone.now():
        raise Refused("future", _("This time is still to come."), field="visited_on")


@transaction.atomic
def record_visit(
    *,
    visit: Visit,
    visited_at: datetime,
    place: str,
    result: str,
    findings: Mapping[str, tuple[str, str]],
    actor: Actor,
    **more: Any,
) -> Visit:
    """Put on record what was found of each item (outcome and note), and what follows.

    ``more`` holds summary, mend_by and handed_to. Raises Refused: future (visited_on), place_needed (place), mismatch
    (result), note_needed (note_<item>), mend_by_needed or past_day (mend_by), handed_to_needed (handed_to),
    not_permitted, not_in_planned.
    """
    row = lock_row(visit)
    refuse_later(visited_at)
    if not place.strip():
        raise Refused("place_needed", _("Please fill this in."), field="place")
    refuse_findings(findings, result)
    mend_by: date | None = more.get("mend_by") if result == VisitStage.MENDING else None
    if mend_by is not None and mend_by < timezone.localdate():
        raise Refused("past_day", _("This day is over. Choose a day from today on."), field="mend_by")
    handed_to = str(more.get("handed_to", "")).strip() if result == VisitStage.HANDED else ""
    if row.stage == VisitStage.PLANNED:
        row.visited_at, row.place, row.summary = visited_at, place.strip(), str(more.get("summary", "")).strip()
        row.mend_by, row.handed_to = mend_by, handed_to
        row.save(update_fields=["visited_at", "place", "summary", "mend_by", "handed_to"])
        Finding.objects.bulk_create(
            Finding(visit=row, item=item, outcome=outcome, note=note.strip())
            for item, (outcome, note) in findings.items()
        )
    row = transition(row, VERBS[VisitStage(result)], actor=actor, mend_by=mend_by, handed_to=handed_to)
    tell_of_visit(row, "visit.recorded", actor)
    return row


def refuse_findings(findings: Mapping[str, tuple[str, str]], result: str) -> None:
    """Let findings through whose problems are said and go with the result. Raises Refused: note_needed, mismatch."""
    for item, (outcome, note) in findings.items():
        if outcome == Outcome.PROBLEM and not note.strip():
            raise Refused("note_needed", _("Say what the problem is."), field=f"note_{item}")
    has_problem = any(outcome == Outcome.PROBLEM for outcome, _note in findings.values())
    if has_problem and result == VisitStage.CLEAR:
        raise Refused("mismatch", _("Some item has a problem. Choose what follows."), field="result")
    if not has_problem and result != VisitStage.CLEAR:
        raise Refused("mismatch", _("No item has a problem, so nothing can follow."), field="result")


@all_or_nothing()
def add_photo(*, visit: Visit, file: UploadedFile[Any], actor: Actor, caption: str = "") -> VisitFile:
    """Keep a photograph of a visit, sealed. Raises Forbidden; Refused: over, too_many (file), those of ``keep``."""
    known = recognise_upload(file, PICTURES)  # before the lock: it takes time
    row = lock_row(visit)
    permit(may_inspect, actor=actor, row=row)
    if row.stage in {VisitStage.CLOSED, VisitStage.CALLED_OFF}:
        raise Refused("over", _("This visit is closed."))
    return keep_file(row, FileKind.PHOTO, (file, known), caption, actor)


def keep_file(visit: Visit, kind: str, brought: Brought, caption: str, actor: Actor) -> VisitFile:
    """Keep a file, of a kind that is known, of a visit that is locked. Raises Refused: too_many (file)."""
    file, known = brought
    if unscoped(VisitFile, because=WHY).filter(visit=visit).count() >= MOST_FILES:
        message = _("%d files are kept of this visit; no more are taken.") % MOST_FILES
        raise Refused("too_many", message, field="file")
    stored = keep(upload=file, actor=actor, purpose=f"inspections.{kind}", sensitive=True, known=known)
    made = VisitFile.objects.create(
        visit=visit, kind=kind, file=stored, caption=caption.strip(), added_by_id=actor.person_id
    )
    record(actor, "visit.file", visit, data={"file": made.pk, "kind": kind})
    return made


@all_or_nothing()
def answer_visit(*, visit: Visit, answer: str, actor: Actor, file: UploadedFile[Any] | None = None) -> Visit:
    """Say as the operator what was mended, with a proof where there is one.

    Raises Forbidden; Refused: answer_needed (answer), not_in_mending, those of ``keep``.
    """
    brought = None if file is None else (file, recognise_upload(file, PAPERS))  # before the lock: it takes time
    row = lock_row(visit)
    permit(may_answer, actor=actor, row=row)
    if row.stage == VisitStage.MENDING and answer.strip():
        row.answer, row.answered_at = answer.strip(), timezone.now()
        row.save(update_fields=["answer", "answered_at"])
    row = transition(row, "answer", actor=actor, answer=answer.strip())
    if brought is not None:
        keep_file(row, FileKind.PROOF, brought, "", actor)
    tell_of_visit(row, "visit.answered", actor)
    return row


@transaction.atomic
def send_back(*, visit: Visit, mend_by: date, note: str, actor: Actor) -> Visit:
    """Give an operator another term, and say what is missing.

    Raises Refused: note_needed (note), past_day (mend_by), not_permitted, not_in_mended.
    """
    row = lock_row(visit)
    if mend_by < timezone.localdate():
        raise Refused("past_day", _("This day is over. Choose a day from today on."), field="mend_by")
    row = transition(row, "send_back", actor=actor, note=note.strip())
    row.mend_by, row.end_note = mend_by, note.strip()
    row.save(update_fields=["mend_by", "end_note"])
    tell_of_visit(row, "visit.sent_back", actor)
    return row


@transaction.atomic
def close_visit(*, visit: Visit, actor: Actor, note: str = "") -> Visit:
    """Close a visit after what was found is mended. Raises Refused: not_permitted, not_in_mended."""
    row = end_visit(transition(visit, "close", actor=actor), note)
    tell_of_visit(row, "visit.closed", actor)
    return row


@transaction.atomic
def call_off(*, visit: Visit, reason: str, actor: Actor) -> Visit:
    """Call off a visit that cannot take place.

    Raises Refused: reason_needed (reason), not_permitted, not_in_planned.
    """
    return end_visit(transition(visit, "call_off", actor=actor, reason=reason.strip()), reason)


def end_visit(visit: Visit, note: str) -> Visit:
    """Keep today as the day on which a visit ended."""
    visit.ended_on, visit.end_note = timezone.localdate(), note.strip()
    visit.save(update_fields=["ended_on", "end_note"])
    return visit
