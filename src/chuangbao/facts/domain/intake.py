"""Taking files in (批量导入): every line is checked first and its fault named; what is sound is stated as a fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from chuangbao.accounts.models import Organisation
from chuangbao.core.access.actors import SYSTEM, Capacity
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.width import narrow
from chuangbao.core.storage.files import clean_name, naming_file
from chuangbao.core.storage.reading import IN_JOB
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.facts.connectors import UnreachableError
from chuangbao.facts.domain.periods import period_of
from chuangbao.facts.domain.sheets import Line, lines_of
from chuangbao.facts.domain.stating import date_columns, state
from chuangbao.facts.domain.subjects import subject_of, subject_of_organisation
from chuangbao.facts.domain.values import read
from chuangbao.facts.models import Intake, IntakeRow, Source, Subject
from chuangbao.facts.permissions import may_import, may_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.core.files.uploadedfile import UploadedFile

    from chuangbao.core.access.actors import Actor
    from chuangbao.facts.connectors import Connector, Delivery
    from chuangbao.facts.models import Fact
    from chuangbao.rules.model import Fact as Known

__all__ = [
    "NUMBER_DIGITS",
    "Finder",
    "Outcome",
    "confirm",
    "day_of",
    "discard",
    "discard_stale",
    "lock_own_file",
    "read_lines",
    "read_upload",
    "report_of",
    "take",
    "take_all",
]

UPLOADED, DELIVERED = 2_000, 100_000
NUMBER_DIGITS = 18  # a code of an organisation has as many
WHOLE = 10 * 1024 * 1024
log = structlog.get_logger(__name__)
One = TypeVar("One")


@transaction.atomic
def read_upload(*, upload: UploadedFile[Any], actor: Actor) -> Intake:
    """Read and check a file; nothing becomes a fact before ``confirm``. Refused (field ``file``) as a whole."""
    permit(may_import, actor=actor)
    name, lines = read_lines(upload, lines_of)
    made = Intake.objects.create(
        filename=name, digest="", person_id=actor.person_id, holder=actor.acting, stage=Intake.Stage.READ
    )
    keep_rows(made, lines, actor)
    record(actor, "read_file", made, data={"lines": len(lines)})
    return made


def read_lines(upload: UploadedFile[Any], read: Callable[..., list[One]]) -> tuple[str, list[One]]:
    """Read the lines of an upload with ``read``.

    Raises Refused: large (field ``file``), and what ``read`` refuses; its words begin with the name of the file.
    """
    name = clean_name(upload.name or "")
    with naming_file(name):
        if (upload.size or 0) > WHOLE:
            raise Refused("large", _("The file is larger than %(most)d MB.") % {"most": WHOLE // 1024**2}, field="file")
        return name, read(name, upload.read(), most=UPLOADED)


def keep_rows(intake: Intake, lines: list[Line], actor: Actor) -> None:
    """Every line with its fault, where it has one."""
    checker = Checker(actor, lines)
    IntakeRow.objects.bulk_create(
        IntakeRow(
            intake=intake, line=line.number, code=line.code, name=line.name, value=line.value,
            when=line.when, problem=checker.problem(line),
        )
        for line in lines
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sound:
    """A line that can be stated."""

    subject: Subject | Organisation
    fact: Known
    value: object
    about: dict[str, Any]


class Finder:
    """Finds whom the lines of a file are about, for one actor; the organisations of a file are looked up once."""

    def __init__(self, actor: Actor, codes: Iterable[str]) -> None:
        """``codes`` are those of the lines: of organisations, or the numbers of subjects."""
        self.actor = actor
        plain = {plain_code(code) for code in codes}
        self.found = {o.code: o for o in visible(Organisation, to=actor).filter(code__in=plain).distinct()}
        numbers = [int(code) for code in plain if code.isdecimal() and len(code) < NUMBER_DIGITS]
        rows = visible(Subject, to=actor).filter(pk__in=numbers).select_related("organisation") if numbers else ()
        self.numbered = {str(row.pk): row for row in rows}

    def whom(self, written: str) -> Subject | Organisation:
        """Return the organisation with the code or the subject with the number; the actor's own where none is written.

        Raises Refused: nobody (field ``subject``), where it is not in the actor's sight.
        """
        code = plain_code(written)
        if not code and self.actor.capacity in {Capacity.SELF, Capacity.MEMBER}:
            return subject_of(self.actor)
        found = self.found.get(code) or self.numbered.get(code.lstrip("0"))
        if found is None:
            raise Refused("nobody", _("No organisation with this code is in your sight."), field="subject")
        return found


class Checker:
    """Checks lines for one actor."""

    def __init__(self, actor: Actor, lines: list[Line]) -> None:
        """Nothing is checked yet."""
        self.actor, self.pack = actor, current_pack()
        self.finder = Finder(actor, [line.code for line in lines])
        labels = {label: fact for fact in self.pack.facts.values() for label in (fact.label.zh, fact.label.en)}
        self.facts = labels | dict(self.pack.facts)

    def problem(self, line: Line) -> str:
        """What is wrong with a line; nothing where it is sound."""
        try:
            self.sound(line)
        except Refused as refusal:
            return str(refusal)
        return ""

    def sound(self, line: Line) -> Sound:
        """Return whom, what and when a line is about.

        Raises Refused: unknown_fact, formula, and as ``Finder.whom``, ``read`` and ``when`` do.
        """
        fact = self.facts.get(line.name)
        if fact is None:
            raise Refused("unknown_fact", _("The catalogue has no such fact."))
        if line.formula:
            raise Refused("formula", _("This is a formula or begins like one. Write the value itself."))
        return Sound(self.finder.whom(line.code), fact, read(self.pack, fact, line.value), self.when(fact, line.when))

    def when(self, fact: Known, written: str) -> dict[str, Any]:
        """The day or the period."""
        if fact.per:
            return date_columns(fact, None, period_of(fact, written))
        return date_columns(fact, day_of(written), None)


def plain_code(code: str) -> str:
    """A code without blanks and hyphens, full-width signs written narrow."""
    return "".join(narrow(code).split()).replace("-", "").upper()


def day_of(text: str) -> date | None:
    """Return a day as workbooks and people write it; None for nothing.

    Raises Refused: day.
    """
    if not text:
        return None
    plain = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    try:
        year, month, day = (int(part) for part in plain.split("-"))
        return date(year, month, day)
    except (ValueError, OverflowError):
        raise Refused("day", _("Write a day, such as 2015-06-08.")) from None


@transaction.atomic
def confirm(*, intake: Intake, actor: Actor) -> int:
    """State every sound line of a file that was read; how many. What changed in the meantime is checked again."""
    fresh = lock_own_file(intake, actor)
    rows = list(fresh.rows.filter(problem=""))
    lines = {row.pk: Line(row.line, row.code, row.name, row.value, row.when) for row in rows}
    checker, count = Checker(actor, list(lines.values())), 0
    for row in rows:
        count += int(taken_in(row, lines[row.pk], checker))
    fresh.stage = Intake.Stage.TAKEN
    fresh.save(update_fields=["stage"])
    record(actor, "take_in", fresh, data={"lines": count})
    return count


@transaction.atomic
def discard(*, intake: Intake, actor: Actor) -> None:
    """Forget a file that was read and not confirmed."""
    fresh = lock_own_file(intake, actor)
    record(actor, "discard", fresh)
    fresh.delete()


@transaction.atomic
def discard_stale(*, before: datetime) -> int:
    """Forget files that were uploaded before a time and not confirmed, with their lines; how many.

    Who left an organisation or a post can neither confirm nor discard what they had uploaded there.
    """
    rows = unscoped(Intake, because="what was never confirmed is forgotten by the clock")
    stale = list(rows.filter(stage=Intake.Stage.READ, register="", at__lt=before).select_for_update(of=("self",)))
    for row in stale:
        record(SYSTEM, "discard", row, reason="never confirmed")
        row.delete()
    return len(stale)


def lock_own_file(intake: Intake, actor: Actor, *, stage: str = Intake.Stage.READ) -> Intake:
    """Lock a file that the actor brought, in a stage: waiting, unless another is named.

    Raises PermissionDenied for the file of another capacity; Refused: settled, where it is in another stage.
    """
    fresh = lock_row(intake)
    if (fresh.person_id, fresh.holder) != (actor.person_id, actor.acting):
        raise PermissionDenied
    if fresh.stage != stage:
        undone = fresh.stage == Intake.Stage.UNDONE
        message = _("This file has been undone already.") if undone else _("This file has been taken in already.")
        raise Refused("settled", message)
    return fresh


def taken_in(row: IntakeRow, line: Line, checker: Checker, *, register: str = "") -> bool:
    """State one line; where that is refused, the row says why."""
    try:
        fact = record_line(checker.sound(line), checker.actor, register)
    except Refused as refusal:
        row.problem = str(refusal)
        row.save(update_fields=["problem"])
        return False
    row.fact = fact
    row.save(update_fields=["fact"])
    return True


def record_line(sound: Sound, actor: Actor, register: str) -> Fact:
    """Record one fact out of a sound line.

    Raises Refused: not_permitted, and as ``state`` does.
    """
    whom = sound.subject
    subject = subject_of_organisation(whom) if isinstance(whom, Organisation) else whom
    if not register and not may_state.test(actor, subject):
        raise Refused("not_permitted", _("You may not do this."))
    return state(
        subject=subject, name=sound.fact.name, value=sound.value, actor=actor,
        source=Source.REGISTER if register else None, register=register, **sound.about,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one delivery of a register."""

    register: str
    filename: str
    taken: int = 0
    wrong: int = 0
    problem: str = ""


def take(connector: Connector) -> list[Outcome]:
    """Take in all that a register has handed over, each content once; what cannot be reached waits for next time."""
    found: list[Outcome] = []
    try:
        for delivery in connector.list_deliveries():
            intake = taken_or_failed(connector.register, delivery)
            report = report_of(intake)
            rows = intake.rows
            connector.settle(delivery, taken=intake.stage == Intake.Stage.TAKEN, report=report)
            wrong = rows.exclude(problem="").count()
            found.append(Outcome(connector.register, delivery.name, rows.count() - wrong, wrong, intake.problem))
    except UnreachableError as fault:
        found.append(Outcome(connector.register, "", problem=str(fault) or "unreachable"))
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing is wrong with the register
    except Exception as fault:
        log.exception("register", register=connector.register)
        found.append(Outcome(connector.register, "", problem=type(fault).__name__))
    return found


def take_all(connectors: Iterable[Connector]) -> list[Outcome]:
    """Take in what all registers have handed over; one that fails leaves the others served."""
    return [outcome for connector in connectors for outcome in take(connector)]


def taken_or_failed(register: str, delivery: Delivery) -> Intake:
    """Take in one delivery; whatever is wrong with it is wrong with it alone."""
    try:
        return taken_delivery(register, delivery)
    except (OperationalError, InterfaceError, UnreachableError):
        raise  # nothing is wrong with the delivery
    except Exception:
        log.exception("register", register=register)
        return failed_delivery(register, delivery)


@transaction.atomic
def failed_delivery(register: str, delivery: Delivery) -> Intake:
    """Note that a delivery failed in an unforeseen way."""
    intake = Intake.objects.create(
        register=register,
        digest=delivery.digest,
        filename=clean_name(delivery.name),
        stage=Intake.Stage.FAILED,
        problem=_("The file could not be read. Save it anew as CSV or Excel and deliver it again."),
    )
    record(SYSTEM, "register_failed", intake, reason="unreadable")
    return intake


@transaction.atomic
def taken_delivery(register: str, delivery: Delivery) -> Intake:
    """One delivery; the same content a second time changes nothing."""
    rows = unscoped(Intake, because="the system takes registers in")
    intake, fresh = rows.select_for_update().get_or_create(
        register=register,
        digest=delivery.digest,
        defaults={"filename": clean_name(delivery.name), "stage": Intake.Stage.TAKEN},
    )
    if not fresh:
        return intake
    try:
        lines = lines_within(delivery)
    except Refused as refusal:
        intake.stage, intake.problem = Intake.Stage.FAILED, str(refusal)
        intake.save(update_fields=["stage", "problem"])
        record(SYSTEM, "register_failed", intake, reason=refusal.code)
        return intake
    keep_rows(intake, lines, SYSTEM)
    checker, by_number = Checker(SYSTEM, lines), {line.number: line for line in lines}
    sound = intake.rows.filter(problem="")
    count = sum(taken_in(row, by_number[row.line], checker, register=register) for row in sound)
    record(SYSTEM, "register_taken", intake, data={"lines": count})
    return intake


def lines_within(delivery: Delivery) -> list[Line]:
    """The lines of a delivery; raises Refused, and UnreachableError where too many files are being read to read it."""
    if delivery.problem:
        raise Refused("delivery", delivery.problem)
    try:
        return lines_of(delivery.name, delivery.content, most=DELIVERED, limits=IN_JOB)
    except Refused as refusal:
        if refusal.code == "busy":
            raise UnreachableError(str(refusal)) from refusal
        raise


def report_of(intake: Intake) -> str:
    """Say what was wrong, line by line, for the keeper of the register."""
    if intake.problem:
        return f"{intake.problem}\n"
    wrong = intake.rows.exclude(problem="")
    faults = [_("Line %(line)d: %(problem)s") % {"line": row.line, "problem": row.problem} for row in wrong]
    return "\n".join([_("%(n)d lines taken in.") % {"n": intake.rows.filter(problem="").count()}, *faults, ""])
