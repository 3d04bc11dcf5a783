"""Putting past grants on record, and taking them off it (以往所得登记): by a form, or by a file checked first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangbao.accounts.models import Organisation
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.facts.domain.awardlines import COLUMNS, NEEDED, AwardChecker, SoundLine
from chuangbao.facts.domain.intake import lock_own_file, read_lines
from chuangbao.facts.domain.sheets import table_of
from chuangbao.facts.domain.subjects import subject_of_organisation
from chuangbao.facts.enums import AwardStage
from chuangbao.facts.models import Award, AwardRecord, Intake, IntakeRow, Source
from chuangbao.facts.permissions import may_import, may_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files.uploadedfile import UploadedFile

    from chuangbao.core.access.actors import Actor

__all__ = ["confirm_awards", "read_awards", "record_award", "undo_awards", "withdraw_award"]

LONGEST = 400
WHY = "the rows of a file that the actor holds"
Lines = list[tuple[int, dict[str, str]]]


@transaction.atomic
def record_award(*, cells: Mapping[str, str], actor: Actor) -> SoundLine:
    """Put one grant on record, or since when a record is complete, as its cells say.

    Raises Refused with the field: measure, nobody, day, day_needed, amount, months, kind, level, region,
    region_outside, since, area, formula, twice, on_record, not_permitted.
    """
    permit(may_import, actor=actor)
    sound = AwardChecker(actor, [cells]).check(cells, 1)
    keep_line(sound, actor, None)
    return sound


def keep_line(sound: SoundLine, actor: Actor, intake: Intake | None) -> Award | None:
    """Keep what a sound line says; the grant, where it says one."""
    made = keep_grant(sound, actor, intake) if sound.grant is not None else None
    if sound.completes:
        keep_record(sound, actor, intake)
    return made


def keep_grant(sound: SoundLine, actor: Actor, intake: Intake | None) -> Award:
    """Put a grant on record.

    Raises Refused(not_permitted, on_record).
    """
    whom, grant = sound.subject, sound.grant
    subject = subject_of_organisation(whom) if isinstance(whom, Organisation) else whom
    if subject is None or grant is None or not may_state.test(actor, subject):
        raise Refused("not_permitted", _("You may not do this."))
    lock_row(subject)  # two people at one subject: one after the other
    made = Award(
        subject=subject,
        measure=sound.measure,
        kind=grant.kind,
        level=grant.level,
        place_id=grant.place or None,
        granted_on=grant.granted_on,
        period=grant.period,
        amount=grant.amount,
        months=grant.months,
        source=Source.OFFICER if actor.capacity is Capacity.OFFICER else Source.SELF,
        intake=intake,
        recorded_by_id=actor.person_id,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        message = _("This grant is on record already: the same measure, day and period.")
        raise Refused("on_record", message, field="granted_on") from error
    record(actor, "load", made, after=AwardStage.RECORDED, data={"subject": subject.pk, "measure": sound.measure})
    return made


def keep_record(sound: SoundLine, actor: Actor, intake: Intake | None) -> None:
    """Call a record complete: an office that of its area, own people that of their own; the same said twice is once."""
    whom = sound.subject
    subject = subject_of_organisation(whom) if isinstance(whom, Organisation) else whom
    office = actor.capacity is Capacity.OFFICER
    about: dict[str, Any] = {"region_id": actor.region} if office else {"subject": subject}
    rows = unscoped(AwardRecord, because=WHY).filter(measure=sound.measure, **about)
    last = rows.order_by("-pk").first()
    if last is not None and last.since == sound.since:
        return
    made = AwardRecord.objects.create(
        measure=sound.measure, since=sound.since, intake=intake, recorded_by_id=actor.person_id, **about
    )
    record(actor, "complete", made, after=str(sound.since or ""), data={"measure": sound.measure})


@transaction.atomic
def read_awards(*, upload: UploadedFile[Any], actor: Actor) -> Intake:
    """Read and check a workbook of past grants; nothing is on record before it is confirmed.

    Raises Refused (field ``file``) where the file as a whole cannot be read.
    """
    permit(may_import, actor=actor)
    name, lines = read_lines(upload, lines_of_awards)
    made = Intake.objects.create(
        filename=name, digest="", person_id=actor.person_id, holder=actor.acting, holds=Intake.Holds.AWARDS
    )
    checker = AwardChecker(actor, [cells for _number, cells in lines])
    IntakeRow.objects.bulk_create(
        IntakeRow(
            intake=made,
            line=number,
            code=cells["subject"][:40],
            name=cells["measure"][:120],
            when=cells["granted_on"][:40],
            value=json.dumps(cells, ensure_ascii=False),
            problem=problem_of(checker, cells, number),
        )
        for number, cells in lines
    )
    record(actor, "read_file", made, data={"lines": len(lines)})
    return made


def lines_of_awards(name: str, content: bytes, *, most: int) -> Lines:
    """The numbered lines of a workbook, each with its cells by column; a formula keeps a sign that it is one."""
    found = table_of(name, content, COLUMNS, NEEDED, most=most)
    return [
        (number, {column: text_of(cells.get(column, ("", False))) for column in COLUMNS}) for number, cells in found
    ]


def text_of(cell: tuple[str, bool]) -> str:
    """Return the text of a cell, at most LONGEST characters; a formula keeps its equals sign."""
    text, formula = cell
    return f"={text}"[:LONGEST] if formula and not text.startswith("=") else text[:LONGEST]


def problem_of(checker: AwardChecker, cells: Mapping[str, str], number: int) -> str:
    """What is wrong with a line; nothing where it is sound."""
    try:
        checker.check(cells, number)
    except Refused as refusal:
        return str(refusal)
    return ""


@transaction.atomic
def confirm_awards(*, intake: Intake, actor: Actor) -> int:
    """Put every sound line of a file on record; how many. What changed since is checked again, and says so."""
    fresh = lock_own_file(intake, actor)
    rows = list(fresh.rows.filter(problem="").order_by("line"))
    lines = [json.loads(row.value) for row in rows]
    checker = AwardChecker(actor, lines)
    count = sum(is_kept(row, cells, checker, fresh) for row, cells in zip(rows, lines, strict=True))
    fresh.stage = Intake.Stage.TAKEN
    fresh.save(update_fields=["stage"])
    record(actor, "take_in", fresh, data={"lines": count})
    return count


def is_kept(row: IntakeRow, cells: Mapping[str, str], checker: AwardChecker, intake: Intake) -> bool:
    """Whether a line was put on record; where it is refused, the row says why."""
    try:
        keep_line(checker.check(cells, row.line), checker.actor, intake)
    except Refused as refusal:
        row.problem = str(refusal)
        row.save(update_fields=["problem"])
        return False
    return True


@transaction.atomic
def undo_awards(*, intake: Intake, actor: Actor) -> int:
    """Take everything that a file brought off the record again; how many grants.

    Raises Refused(settled) where the file was not taken in, or was undone.
    """
    fresh = lock_own_file(intake, actor, stage=Intake.Stage.TAKEN)
    rows = list(fresh.awards.filter(stage=AwardStage.RECORDED).order_by("pk"))
    for row in rows:
        transition(row, "withdraw", actor=actor, reason=_("The file %(name)s was undone") % {"name": fresh.filename})
    for known in fresh.award_records.order_by("pk"):
        record(actor, "withdraw", known, before=str(known.since or ""), data={"measure": known.measure})
        known.delete()
    fresh.stage = Intake.Stage.UNDONE
    fresh.save(update_fields=["stage"])
    record(actor, "undo", fresh, data={"lines": len(rows)})
    return len(rows)


def withdraw_award(*, award: Award, reason: str, actor: Actor) -> Award:
    """Take one grant off the record (撤回); it stays in the history."""
    return transition(award, "withdraw", actor=actor, reason=reason)
