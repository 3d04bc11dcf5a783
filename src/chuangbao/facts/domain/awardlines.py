"""Lines about past grants (以往所得填报): the cells of a workbook or the fields of a form, read and checked.

A line says a grant, since when the record of a measure is complete, or both.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.models import Organisation
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import covered_regions, tree
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.intake import Finder, day_of
from chuangbao.facts.domain.stating import FIRST
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.domain.values import FORMULA, typed_figure
from chuangbao.facts.enums import AwardStage
from chuangbao.facts.models import Award, Source, Subject
from chuangbao.facts.words import benefit_words
from chuangbao.rules.diagnostics import nearest
from chuangbao.rules.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from chuangbao.core.access.actors import Actor

__all__ = ["ALL", "COLUMNS", "NEEDED", "AwardChecker", "Grant", "SoundLine"]

COLUMNS = {
    "measure": ("事项", "政策事项", "Measure"),
    "subject": ("统一社会信用代码或编号", "统一社会信用代码", "编号", "Code or number of the subject", "subject"),
    "kind": ("种类", "待遇种类", "Kind of benefit", "kind"),
    "level": ("级次", "Level of the grant", "level"),
    "region": ("地区", "Region"),
    "granted_on": ("批准日期", "Granted on", "granted_on"),
    "period": ("所属期", "Period"),
    "amount": ("金额", "金额（元）", "Amount", "Amount (yuan)"),
    "months": ("月数", "Months"),
    "since": ("记录完整起始日", "Complete since", "complete_since"),
}
NEEDED = ("measure",)
ALL = {"全部", "all"}
MOST_MONTHS, LONGEST_PERIOD = 600, 40
CENT, LARGEST = Decimal("0.01"), Decimal(10**13)
WHY = "a grant is on record once, whoever recorded it"
OF_GRANT = ("granted_on", "amount", "months", "period", "kind", "level", "region")


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant that can be put on record, but for whom it is."""

    granted_on: date
    period: str
    amount: Decimal | None
    months: int | None
    kind: str
    level: str
    place: str


@dataclass(frozen=True, slots=True)
class SoundLine:
    """A line that can be put on record: whose, of which measure, what, and since when the record is complete.

    ``subject`` is None where only a region's record is called complete; ``since`` None with ``completes`` is ever.
    """

    measure: str
    subject: Subject | Organisation | None
    grant: Grant | None
    completes: bool
    since: date | None


class AwardChecker:
    """Checks lines for one actor; two lines with the same grant are kept apart by their numbers."""

    def __init__(self, actor: Actor, lines: Sequence[Mapping[str, str]]) -> None:
        """Look up whom the lines are about, and which grants are on record."""
        self.actor = actor
        self.finder = Finder(actor, [cells.get("subject", "") for cells in lines])
        self.source = Source.OFFICER if actor.capacity is Capacity.OFFICER else Source.SELF
        self.on_record = self.keys_on_record()
        self.seen: dict[tuple[object, ...], int] = {}

    def keys_on_record(self) -> set[tuple[object, ...]]:
        """What this side has on record already of whom the lines may be about."""
        own = self.actor.capacity in {Capacity.SELF, Capacity.MEMBER}
        numbers = [row.pk for row in self.finder.numbered.values()] + ([subject_of(self.actor).pk] if own else [])
        firms = [firm.pk for firm in self.finder.found.values()]
        rows = unscoped(Award, because=WHY).filter(Q(subject__in=numbers) | Q(subject__organisation__in=firms))
        rows = rows.filter(stage=AwardStage.RECORDED, source=self.source)
        cells = rows.values_list("subject", "subject__organisation", "measure", "granted_on", "period")
        return {((f"o{firm}" if firm else f"s{subject}"), *more) for subject, firm, *more in cells}

    def check(self, cells: Mapping[str, str], number: int) -> SoundLine:
        """Read one line.

        Raises Refused, with the field: what the parts below raise, formula, nobody.
        """
        for field, text in cells.items():
            if text.startswith(FORMULA):
                raise Refused(
                    "formula", _("This is a formula or begins like one. Write the value itself."), field=field
                )
        measure = measure_of(cells.get("measure", ""))
        completes, since = self.since_of(cells.get("since", ""))
        if not cells.get("granted_on", ""):
            return self.only_complete(cells, measure, since, completes=completes)
        subject = self.finder.whom(cells.get("subject", ""))
        grant = self.grant_of(cells, measure, subject)
        self.refuse_twice(subject, measure, grant, number)
        return SoundLine(measure, subject, grant, completes, since)

    def only_complete(
        self, cells: Mapping[str, str], measure: str, since: date | None, *, completes: bool
    ) -> SoundLine:
        """A line without a grant: since when the record is complete, of the actor's own or of the area of their post.

        Raises Refused(day_needed, area).
        """
        if not completes or any(cells.get(name, "") for name in OF_GRANT):
            raise Refused("day_needed", _("Write the day on which it was granted."), field="granted_on")
        if self.actor.capacity is not Capacity.OFFICER:
            return SoundLine(measure, self.finder.whom(cells.get("subject", "")), None, completes, since)
        if cells.get("subject", ""):
            message = _("A record is complete for your whole area: leave the code empty, or write a grant.")
            raise Refused("area", message, field="subject")
        return SoundLine(measure, None, None, completes, since)

    def since_of(self, text: str) -> tuple[bool, date | None]:
        """Whether a record is called complete, and since when; own people may say that it is everything.

        Raises Refused(since, day).
        """
        if not text:
            return False, None
        if text.lower() in ALL:
            if self.actor.capacity is Capacity.OFFICER:
                raise Refused("since", _("Write the day since when your record is complete."), field="since")
            return True, None
        return True, past_day(text, "since")

    def grant_of(self, cells: Mapping[str, str], measure: str, subject: Subject | Organisation) -> Grant:
        """What was granted.

        Raises Refused(long, day, amount, months, kind, level, region, region_outside).
        """
        period = cells.get("period", "")
        if len(period) > LONGEST_PERIOD:
            raise Refused("long", _("Write at most %(n)d characters.") % {"n": LONGEST_PERIOD}, field="period")
        return Grant(
            granted_on=past_day(cells["granted_on"], "granted_on"),
            period=period,
            amount=amount_of(cells.get("amount", "")),
            months=months_of(cells.get("months", "")),
            kind=kind_of(cells.get("kind", ""), measure),
            level=level_of(cells.get("level", "")),
            place=self.place_of(cells.get("region", ""), subject),
        )

    def place_of(self, text: str, subject: Subject | Organisation) -> str:
        """The region that granted it: the subject's own where none is named.

        Raises Refused(region, region_outside).
        """
        code = region_code(text) if text else subject.region_id
        if text and not code:
            raise Refused("region", _("There is no such region. Write its name or its six-digit code."), field="region")
        if text and self.actor.capacity is Capacity.OFFICER and code not in covered_regions(self.actor.region):
            raise Refused("region_outside", _("This region lies outside the area of your post."), field="region")
        return code

    def refuse_twice(self, subject: Subject | Organisation, measure: str, grant: Grant, number: int) -> None:
        """Let a grant through once.

        Raises Refused(twice) where another line has it, Refused(on_record) where the same side has it on record.
        """
        key = (key_of(subject), measure, grant.granted_on, grant.period)
        before = self.seen.setdefault(key, number)
        if before != number:
            raise Refused("twice", _("Line %(n)d has the same grant.") % {"n": before}, field="granted_on")
        if key in self.on_record:
            message = _("This grant is on record already: the same measure, day and period.")
            raise Refused("on_record", message, field="granted_on")


def key_of(subject: Subject | Organisation) -> str:
    """What tells a subject from others, whether it has been made yet or not."""
    if isinstance(subject, Organisation):
        return f"o{subject.pk}"
    return f"o{subject.organisation_id}" if subject.organisation_id else f"s{subject.pk}"


def measure_of(text: str) -> str:
    """The id of a measure, from its id, a former one, or its title.

    Raises Refused(measure).
    """
    pack = current_pack()
    measures = {name: measure for name, measure in pack.measures.items() if not measure.model}
    name = pack.aliases.get(text, text)
    if name in measures:
        return name
    titles = [m.id for m in measures.values() if text and text.lower() in {m.title.zh.lower(), m.title.en.lower()}]
    if len(titles) == 1:
        return titles[0]
    guess = nearest(text, [title for m in measures.values() for title in (m.title.zh, m.id)]) if text else ""
    message = _("There is no such measure. Write its name or its id as in the template.")
    near = _("Did you mean “%(name)s”?") % {"name": guess} if guess else ""
    raise Refused("measure", f"{message} {near}".strip(), field="measure")


def past_day(text: str, field: str) -> date:
    """A day from 1900 to today.

    Raises Refused(day).
    """
    try:
        found = day_of(text)
    except Refused as refusal:
        raise Refused(refusal.code, str(refusal), field=field) from None
    if found is None or not FIRST <= found <= timezone.localdate():
        raise Refused("day", _("Choose a day from 1900 to today."), field=field)
    return found


def amount_of(text: str) -> Decimal | None:
    """An amount in yuan, to the cent.

    Raises Refused(amount).
    """
    if not text:
        return None
    found = typed_figure(text)
    if found is None or not 0 <= found < LARGEST or found != found.quantize(CENT):
        raise Refused(
            "amount", _("Write an amount in yuan, such as 5000 or 0.5万, at most to the cent."), field="amount"
        )
    return found


def months_of(text: str) -> int | None:
    """A number of months.

    Raises Refused(months).
    """
    if not text:
        return None
    found = typed_figure(text)
    if found is None or found != found.to_integral_value() or not 1 <= found <= MOST_MONTHS:
        raise Refused("months", _("Write a whole number of months, such as 12."), field="months")
    return int(found)


def kind_of(text: str, measure: str) -> str:
    """A kind of benefit by its code or its words; that of the measure where nothing is said.

    Raises Refused(kind).
    """
    if not text:
        return current_pack().measures[measure].versions[-1].benefit.kind
    found = next((kind for kind in KINDS if text in {kind, benefit_words(kind)}), "")
    if not found:
        known = _(", ").join(benefit_words(kind) for kind in KINDS)
        raise Refused("kind", _("Choose from: %(known)s.") % {"known": known}, field="kind")
    return found


def level_of(text: str) -> str:
    """A level by its code or its words.

    Raises Refused(level).
    """
    found = next((str(code) for code, words in Award.Level.choices if text in {code, str(words)}), "")
    if text and not found:
        known = _(", ").join(str(words) for words in Award.Level.labels)
        raise Refused("level", _("Choose from: %(known)s.") % {"known": known}, field="level")
    return found


def region_code(text: str) -> str:
    """The code of a region named by code or by name; empty where none or several are called so."""
    if text in tree():
        return text
    named = [code for code, units in tree().periods.items() if text in {units[-1].name.zh, units[-1].name.en}]
    return named[0] if len(named) == 1 else ""
