"""Taking files in (批量导入): every line is checked first and its fault named; what is sound is stated as a fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from chuangbao.accounts.models import Organisation
from chuangbao.core.access import permit
from chuangbao.core.actors import SYSTEM, Capacity
from chuangbao.core.files import clean_name
from chuangbao.core.history import record
from chuangbao.core.refusals import Refused
from chuangbao.core.registry import current_pack
from chuangbao.core.scope import unscoped, visible
from chuangbao.core.transitions import locked
from chuangbao.facts.connectors import UnreachableError
from chuangbao.facts.domain.periods import period_of
from chuangbao.facts.domain.sheets import Line, lines_of
from chuangbao.facts.domain.stating import about, state
from chuangbao.facts.domain.subjects import subject_of, subject_of_organisation
from chuangbao.facts.domain.values import read
from chuangbao.facts.models import Intake, IntakeRow, Source
from chuangbao.facts.permissions import may_import, may_state

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from chuangbao.core.actors import Actor
    from chuangbao.facts.connectors import Connector, Delivery
    from chuangbao.facts.models import Fact, Subject
    from chuangbao.rules.model import Fact as Known

__all__ = ["Outcome", "confirm", "discard", "read_upload", "report_of", "take"]

UPLOADED, DELIVERED = 2_000, 100_000
WHOLE = 10 * 1024 * 1024


@transaction.atomic
def read_upload(*, upload: UploadedFile[Any], actor: Actor) -> Intake:
    """Read and check a file; nothing becomes a fact before ``confirm``. Refused (field ``file``) as a whole."""
    permit(may_import, actor=actor)
    if (upload.size or 0) > WHOLE:
        raise Refused("large", _("The file is larger than %(most)d MB.") % {"most": WHOLE // 1024**2}, field="file")
    content, name = upload.read(), clean_name(upload.name or "")
    lines = lines_of(name, content, most=UPLOADED)
    made = Intake.objects.create(
        filename=name, digest="", person_id=actor.person_id, holder=actor.acting, stage=Intake.Stage.READ
    )
    keep_rows(made, lines, actor)
    record(actor, "read_file", made, data={"lines": len(lines)})
    return made


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


class Checker:
    """Checks lines for one actor; the organisations of a file are looked up once."""

    def __init__(self, actor: Actor, lines: list[Line]) -> None:
        """Nothing is checked yet."""
        self.actor, self.pack = actor, current_pack()
        codes = {line.code for line in lines}
        self.found = {o.code: o for o in visible(Organisation, to=actor).filter(code__in=codes).distinct()}
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
        """Whom, what and when; Refused where the line does not say it."""
        fact = self.facts.get(line.name)
        if fact is None:
            raise Refused("unknown_fact", _("The catalogue has no such fact."))
        if line.formula:
            raise Refused("formula", _("This is a formula or begins like one. Write the value itself."))
        return Sound(self.whom(line), fact, read(self.pack, fact, line.value), self.when(fact, line.when))

    def whom(self, line: Line) -> Subject | Organisation:
        """The organisation with the code, or one's own where there is none."""
        if not line.code and self.actor.capacity in {Capacity.SELF, Capacity.MEMBER}:
            return subject_of(self.actor)
        organisation = self.found.get(line.code)
        if organisation is None:
            raise Refused("nobody", _("No organisation with this code is in your sight."))
        return organisation

    def when(self, fact: Known, written: str) -> dict[str, Any]:
        """The day or the period."""
        if fact.per:
            return about(fact, None, period_of(fact, written))
        return about(fact, day_of(written), None)


def day_of(text: str) -> date | None:
    """A day as workbooks and people write it; None for nothing."""
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
    """State every sound line of a file that was read; how many. What changed meanwhile is checked again."""
    fresh = own(intake, actor)
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
    fresh = own(intake, actor)
    record(actor, "discard", fresh)
    fresh.delete()


def own(intake: Intake, actor: Actor) -> Intake:
    """The file as it stands, where it is one's own and waits."""
    fresh = locked(intake)
    if (fresh.person_id, fresh.holder) != (actor.person_id, actor.acting):
        raise PermissionDenied
    if fresh.stage != Intake.Stage.READ:
        raise Refused("settled", _("This file has been taken in already."))
    return fresh


def taken_in(row: IntakeRow, line: Line, checker: Checker, *, register: str = "") -> bool:
    """State one line; where that is refused, the row says why."""
    try:
        fact = stated(checker.sound(line), checker.actor, register)
    except Refused as refusal:
        row.problem = str(refusal)
        row.save(update_fields=["problem"])
        return False
    row.fact = fact
    row.save(update_fields=["fact"])
    return True


def stated(sound: Sound, actor: Actor, register: str) -> Fact:
    """One fact out of a sound line."""
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
        for delivery in connector.waiting():
            intake = taken_delivery(connector.register, delivery)
            report = report_of(intake)
            rows = intake.rows
            connector.settle(delivery, taken=intake.stage == Intake.Stage.TAKEN, report=report)
            wrong = rows.exclude(problem="").count()
            found.append(Outcome(connector.register, delivery.name, rows.count() - wrong, wrong, intake.problem))
    except UnreachableError as fault:
        found.append(Outcome(connector.register, "", problem=str(fault) or "unreachable"))
    return found


@transaction.atomic
def taken_delivery(register: str, delivery: Delivery) -> Intake:
    """One delivery; the same content a second time changes nothing."""
    rows = unscoped(Intake, because="the system takes registers in")
    intake, fresh = rows.select_for_update().get_or_create(
        register=register, digest=delivery.digest,
        defaults={"filename": clean_name(delivery.name), "stage": Intake.Stage.TAKEN},
    )  # fmt: skip
    if not fresh:
        return intake
    try:
        lines = lines_of(delivery.name, delivery.content, most=DELIVERED)
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


def report_of(intake: Intake) -> str:
    """What was wrong, line by line, for whoever keeps the register."""
    if intake.problem:
        return f"{intake.problem}\n"
    wrong = intake.rows.exclude(problem="")
    faults = [_("Line %(line)d: %(problem)s") % {"line": row.line, "problem": row.problem} for row in wrong]
    return "\n".join([_("%(n)d lines taken in.") % {"n": intake.rows.filter(problem="").count()}, *faults, ""])
