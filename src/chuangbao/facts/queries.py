"""What the pages of facts show: one subject's facts by group, the list of subjects, one fact's history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from chuangbao.accounts.models import Organisation
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.core.localization.name_search import name_contains
from chuangbao.core.localization.width import narrow
from chuangbao.core.models import History
from chuangbao.facts.domain.effects import Conflict, Missing, conflicts, list_missing_facts
from chuangbao.facts.domain.granted import award_facts
from chuangbao.facts.domain.standing import SEALED, Held, Value, holdings, known_values, raw_of
from chuangbao.facts.domain.subjects import audiences_of
from chuangbao.facts.enums import FactStage
from chuangbao.facts.models import Fact, Subject
from chuangbao.facts.permissions import is_concerned

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor
    from chuangbao.rules.model import Code

__all__ = [
    "Group",
    "Sheet",
    "counts_of",
    "history_of_fact",
    "in_sight",
    "last_statements",
    "list_subjects",
    "sheet_of",
    "worth_most",
]

SHOWN_MISSING, WORTH_MOST, CODE_LENGTH = 8, 10, 18
SORTS = {"name": ("name", "pk"), "newest": ("-pk",)}


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that belong together in people's minds."""

    code: Code
    held: tuple[Held, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything of a subject's page."""

    groups: tuple[Group, ...]
    conflicts: tuple[Conflict, ...]
    missing: tuple[Missing, ...]
    total: int
    sealed: bool


def in_sight(actor: Actor) -> QuerySet[Subject]:
    """The subjects that an actor may see, with their names."""
    return visible(Subject, to=actor).select_related("organisation__region", "person", "place")


def sheet_of(subject: Subject, *, day: date, actor: Actor, why: str = "") -> Sheet:
    """Return what is in force, contradicted or missing; others' sealed values stay so unless ``why`` is said."""
    reason = why or ("own page" if is_concerned.test(actor, subject) else "")
    standing = holdings(subject, day=day, actor=actor, why=reason)
    region = subject.region_id or current_pack().region
    granted = award_facts(subject, day=day, actor=actor, why=reason)
    open_ones = list_missing_facts(current_engine().profile(raw_of(standing) | granted, as_of=day, region=region))
    names = {name for name, _period in standing}
    lacking = [m for m in open_ones if m.fact.name not in names]
    return Sheet(
        groups=tuple(group_facts(standing, lacking)),
        conflicts=tuple(conflicts(standing, day=day, region=region, granted=granted)),
        missing=tuple(lacking[:SHOWN_MISSING]),
        total=len(lacking),
        sealed=any(held.standing.value is SEALED for held in standing.values()),
    )


def worth_most(subject: Subject, *, day: date, actor: Actor) -> list[Missing]:
    """The facts that settle most for such a subject and come by no period, the most money first; at most ten."""
    standing = holdings(subject, day=day, actor=actor, why="own page" if is_concerned.test(actor, subject) else "")
    region = subject.region_id or current_pack().region
    raw = raw_of(standing)
    profile = current_engine().profile(raw, as_of=day, region=region)
    names, audiences = {name for name, _period in standing}, audiences_of(subject, raw)
    found = [m for m in list_missing_facts(profile, audiences) if m.fact.name not in names and not m.fact.per]
    return sorted(found[:WORTH_MOST], key=lambda m: -m.money)


def last_statements(subject: Subject, *, actor: Actor) -> dict[str, int]:
    """The number of the last statement of each fact, by its name."""
    rows = visible(Fact, to=actor).filter(subject=subject).exclude(stage=FactStage.WITHDRAWN).order_by("pk")
    return dict(rows.values_list("name", "pk"))


def conflicts_of_fact(subject: Subject, name: str, *, day: date, actor: Actor) -> list[Conflict]:
    """Where two sources disagree on one fact (来源不一致), with what each value would change; sealed ones stay out."""
    standing = holdings(subject, day=day, actor=actor, why="")
    granted = award_facts(subject, day=day, actor=actor, why="")
    region = subject.region_id or current_pack().region
    return conflicts(standing, day=day, region=region, name=name, granted=granted)


def group_facts(standing: Mapping[tuple[str, str], Held], lacking: list[Missing]) -> list[Group]:
    """Facts by group, in the order of the pack's list; groups with nothing in them are left out."""
    listed_groups = current_pack().codes.get("fact_group")
    found = [
        Group(
            code,
            tuple(held for held in standing.values() if held.fact.group == code.code),
            tuple(m for m in lacking if m.fact.group == code.code),
        )
        for code in (listed_groups.codes if listed_groups else ())
    ]
    return [group for group in found if group.held or group.missing]


def list_subjects(
    actor: Actor, *, words: str = "", kind: str = "", state: str = "", sort: str = "newest"
) -> QuerySet[Subject]:
    """The subjects in sight, narrowed and ordered."""
    rows = in_sight(actor)
    if words:
        rows = rows.filter(name_contains(words) | Q(organisation__in=find_organisations(actor, words)))
    if kind:
        rows = rows.filter(holder=kind)
    if state in FactStage.values:
        rows = rows.filter(Exists(Fact.objects.filter(subject=OuterRef("pk"), stage=state)))
    return rows.order_by(*SORTS.get(sort, SORTS["newest"]))


def find_organisations(actor: Actor, words: str) -> list[int]:
    """Those of the organisation with this code."""
    code = narrow(words).strip().upper()
    if len(code) != CODE_LENGTH:
        return []
    return list(visible(Organisation, to=actor).filter(code=code).values_list("pk", flat=True))


def counts_of(subjects: list[Subject], actor: Actor) -> dict[int, dict[str, int]]:
    """For each subject of a page how many facts wait for verification, are verified, are disputed."""
    rows = visible(Fact, to=actor).filter(subject__in=subjects).order_by()
    found: dict[int, dict[str, int]] = {subject.pk: {} for subject in subjects}
    for subject, stage, count in rows.values_list("subject", "stage").annotate(count=Count("pk")):
        found[subject][stage] = count
    return found


def history_of_fact(subject: Subject, name: str, *, actor: Actor, why: str) -> list[tuple[Value, list[History]]]:
    """Every statement about one fact, the newest first, each with what happened to it."""
    reason = why or ("own page" if is_concerned.test(actor, subject) else "")
    values = known_values(subject, name, actor=actor, why=reason)
    happened: dict[int, list[History]] = {value.row.pk: [] for value in values}
    rows = History.objects.filter(kind="facts.fact", object_id__in=happened).select_related("person").order_by("pk")
    for row in rows:
        happened[row.object_id or 0].append(row)
    return [(value, happened[value.row.pk]) for value in values]
