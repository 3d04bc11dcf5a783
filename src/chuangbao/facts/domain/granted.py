"""Past grants as the rules take them (以往所得): rows by measure, and since when they are all.

An office before what the subject's own people say: within its complete record only its rows count, elsewhere the rows
of both, a grant of the same day once. Nothing granted on or after the day that is asked about is there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.core.engine.regions import reporting_line
from chuangbao.facts.domain.sensitive import telling_measures
from chuangbao.facts.domain.standing import holdings, raw_of
from chuangbao.facts.enums import AwardStage
from chuangbao.facts.models import Award, AwardRecord, Source
from chuangbao.facts.scopes import is_withheld
from chuangbao.rules.awards import END, ROWS, Record, reads_awards

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.facts.models import Subject
    from chuangbao.rules.engine import Engine
    from chuangbao.rules.profile import Profile

__all__ = ["award_facts", "known_facts", "merge_grants", "profile_of", "records_by_area", "row_of_award"]

WHY = "the rules read the record of a subject whose facts the actor has at hand"


def known_facts(subject: Subject, *, day: date, actor: Actor, why: str) -> dict[str, object]:
    """Return what is known of a subject on a day, in the shape that the engine takes: facts and past grants."""
    standing = raw_of(holdings(subject, day=day, actor=actor, why=why))
    return standing | award_facts(subject, day=day, actor=actor, why=why)


def profile_of(subject: Subject, *, day: date, actor: Actor, why: str = "profile", region: str = "") -> Profile:
    """Return what is known on a day as the rules take them; where no place is given, the subject's own."""
    raw = known_facts(subject, day=day, actor=actor, why=why)
    return current_engine().profile(raw, as_of=day, region=region or subject.region_id or current_pack().region)


def award_facts(subject: Subject, *, day: date, actor: Actor, why: str) -> dict[str, object]:
    """Return the past grants of a subject under the name of their rows; nothing where no rule asks for them.

    Without a reason (``why``) measures that tell a sealed fact stay out, and are not known.
    """
    if not reads_past(current_engine()):
        return {}
    opens = bool(why) and actor.capacity in {Capacity.SELF, Capacity.MEMBER, Capacity.SYSTEM}
    hidden = frozenset() if opens else frozenset(telling_measures())
    rows = unscoped(Award, because=WHY).filter(subject=subject, stage=AwardStage.RECORDED, granted_on__lt=day)
    records = unscoped(AwardRecord, because=WHY).filter(
        Q(subject=subject) | Q(region__in=reporting_line(subject.region_id, day))
    )
    if is_withheld(actor, subject):
        rows, records = rows.filter(source=Source.SELF), records.filter(subject=subject)
    own, office = since_of(records.order_by("pk"))
    found = merge_grants(list(rows.order_by("granted_on", "pk")), own, office)
    kept = {name: record for name, record in found.items() if name not in hidden}
    return {ROWS: kept} if kept else {}


@lru_cache(maxsize=2)
def reads_past(engine: Engine) -> bool:
    """Whether a rule asks what was had before; worked out once for an engine."""
    return reads_awards(engine.pack)


def since_of(records: Iterable[AwardRecord]) -> tuple[dict[str, date | None], dict[str, date]]:
    """Return since when the record of each measure is complete: as the own people say, and as offices say.

    The last word of each region counts; of several regions the one that has more.
    """
    own: dict[str, date | None] = {}
    places: dict[tuple[str, str], date] = {}
    for row in records:
        if row.region_id is None:
            own[row.measure] = row.since
        elif row.since is not None:
            places[row.measure, row.region_id] = row.since
    office: dict[str, date] = {}
    for (measure, _place), since in places.items():
        office[measure] = min(since, office.get(measure, since))
    return own, office


def records_by_area() -> dict[str, dict[str, date]]:
    """Return since when offices call the record of measures complete, by region; for those who judge everybody."""
    rows = unscoped(AwardRecord, because=WHY).filter(region__isnull=False).order_by("pk")
    found: dict[str, dict[str, date]] = {}
    for region, measure, since in rows.values_list("region", "measure", "since"):
        if region is not None and since is not None:
            found.setdefault(region, {})[measure] = since
    return found


def merge_grants(
    rows: Iterable[Award], own: Mapping[str, date | None], office: Mapping[str, date]
) -> dict[str, Record]:
    """Return the record of each measure out of its grants and of the days since when it is complete."""
    by_measure: dict[str, list[Award]] = {name: [] for name in (*own, *office)}
    for row in rows:
        by_measure.setdefault(row.measure, []).append(row)
    return {name: record_of(held, name, own, office) for name, held in by_measure.items()}


def record_of(rows: list[Award], measure: str, own: Mapping[str, date | None], office: Mapping[str, date]) -> Record:
    """Return one measure's record: the office's rows, and what the own people say outside of its complete part."""
    since = office.get(measure)
    days = {row.granted_on for row in rows if row.from_outside}
    counted = [
        row
        for row in rows
        if row.from_outside or (row.granted_on not in days and (since is None or row.granted_on < since))
    ]
    said = own.get(measure)
    known = [day for day in (since, said) if day is not None]
    first = None if measure in own and said is None else min(known, default=END)
    return Record([row_of_award(row) for row in counted], first)


def row_of_award(row: Award) -> dict[str, Any]:
    """Return a grant as a row of the rule language; what is not known is left out."""
    cells = {
        "measure": row.measure,
        "kind": row.kind,
        "level": row.level,
        "region": row.place_id,
        "granted_on": row.granted_on,
        "period": row.period,
        "amount": row.amount,
        "months": row.months,
    }
    return {name: value for name, value in cells.items() if value not in {None, ""}}
