"""Whom a publication concerns: reviewers, subscribers, and founders whose answer it changes (政策变动提醒)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from chuangbao.accounts.models import Post
from chuangbao.core.jobs import start, work
from chuangbao.core.notices import tell
from chuangbao.core.regions import reporting_line
from chuangbao.core.scope import unscoped
from chuangbao.policies.domain.departments import aliases
from chuangbao.policies.domain.overlay import OLDEST_FIRST, PUBLIC, PUBLISHED
from chuangbao.policies.domain.registry import current_pack
from chuangbao.policies.domain.subscribe import subscribers
from chuangbao.policies.domain.texts import read_text
from chuangbao.policies.models import Interpretation, MeasureVersion, RegisteredDocument
from chuangbao.rules.trial import Sample, trial_engine, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from chuangbao.core.actors import Actor
    from chuangbao.core.jobs import Work
    from chuangbao.rules.model import Measure

__all__ = ["Watched", "on_document", "on_interpretation", "on_return", "on_submit", "on_version", "watchers"]

Row = MeasureVersion | RegisteredDocument | Interpretation


@dataclass(frozen=True, slots=True)
class Watched:
    """Somebody whose facts are known: whom to tell, the facts, and where the subject is."""

    person: int
    facts: Mapping[str, object]
    region: str = ""


watchers: list[Callable[[str, date], Iterable[Watched]]] = []
"""Who knows the facts of people on a kind of subject on a day; ``facts`` adds its own."""


def on_submit(row: Row, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Every colleague who may review it is told that it waits."""
    today = timezone.localdate()
    posts = unscoped(Post, because="whose work it is").filter(
        duties__contains=["policy_reviewer"], department__in=aliases(row.department), term__contains=today,
        region__in=reporting_line(row.region_id, today),
    )  # fmt: skip
    people = set(posts.values_list("person_id", flat=True)) - set(row.writers)
    tell("policies.review", to=people, data={"title": row.title}, url=address(row))


def on_return(row: Row, _actor: Actor, given: Mapping[str, Any]) -> None:
    """Whoever wrote it is told why it came back."""
    if row.author_id is not None:
        data = {"title": row.title, "reason": str(given.get("reason", ""))}
        tell("policies.returned", to=[row.author_id], data=data, url=address(row))


def address(row: Row) -> str:
    """The page of a text on the desk."""
    kind = {MeasureVersion: "versions", RegisteredDocument: "documents", Interpretation: "notes"}[type(row)]
    return f"/policies/desk/{kind}/{row.pk}/"


def on_version(row: MeasureVersion, *, event: str, day: date, actor: Actor) -> None:
    """Subscribers are told now; founders whose answer changes as soon as the worker has looked."""
    measure = read_text(row.content).measure
    if measure is None:
        return
    data = {"title": row.title, "day": day.isoformat()}
    url = f"/policies/measures/{measure.id}/"
    tell(event, to=subscribers(topics_of(measure)), data=data, url=url, once=f"{row.pk} {event}"[:80])
    if event == "policies.published":
        start("policies.tell", actor=actor, title=row.title, version=row.pk)


def topics_of(measure: Measure) -> dict[str, Iterable[str]]:
    """Everything that a measure is about."""
    clauses = {*measure.clauses, measure.versions[-1].clause} - {""}
    documents = {d.id for d in current_pack().documents.values() if clauses.intersection(c.id for c in d.clauses)}
    return {
        "theme": measure.themes, "department": measure.departments, "clause": clauses, "measure": [measure.id],
        "document": documents.union(*(v.document_refs for v in measure.versions)),
    }  # fmt: skip


def on_document(row: RegisteredDocument, day: date) -> None:
    """Who follows one of its themes, its department or the document itself."""
    topics = {"theme": row.themes, "department": [row.department], "document": [row.ref]}
    data = {"title": row.title, "day": day.isoformat()}
    tell("policies.document", to=subscribers(topics), data=data, url=f"/policies/documents/{row.ref}/")


def on_interpretation(row: Interpretation) -> None:
    """Who follows the document or the clause."""
    topics = {"document": [row.document], "clause": [row.clause] if row.clause else []}
    data = {"title": row.title}
    tell("policies.explained", to=subscribers(topics), data=data, url=f"/policies/documents/{row.document}/")


@work("policies.tell")
def tell_those_it_changes(task: Work, *, version: int) -> dict[str, object]:
    """Judge everybody whose facts are known before and after; tell those whose answer changes."""
    rows = unscoped(MeasureVersion, because=PUBLIC).filter(stage__in=PUBLISHED).select_related("measure")
    row = rows.get(pk=version)
    after, before = read_text(row.content).measure, predecessor(row)
    if after is None or row.valid_from is None:
        return {"told": 0}
    pack, told = current_pack(), 0
    day = max(row.valid_from, timezone.localdate())  # a rule for a day that is past is asked of what is known now
    engines = (trial_engine(pack, before) if before else None, trial_engine(pack, after))
    everybody = [one for watcher in watchers for one in watcher(after.subject, day)]
    for place, one in enumerate(everybody):
        sample = Sample("", one.facts, day, one.region)
        old, new = verdict(engines[0], before, sample), verdict(engines[1], after, sample)
        if new is not None and (str(old.status) if old else "not_eligible") != str(new.status):
            data = {"title": row.title, "day": row.valid_from.isoformat()}
            url = f"/policies/measures/{after.id}/"
            told += tell(f"policies.{new.status}", to=[one.person], data=data, url=url, once=f"version {row.pk}")
        if place % 100 == 0:
            task.step(place, len(everybody))
    return {"told": told}


def predecessor(row: MeasureVersion) -> Measure | None:
    """The measure under the version before this one; none where it is the first."""
    rows = unscoped(MeasureVersion, because=PUBLIC).filter(measure=row.measure, stage__in=PUBLISHED)
    before = rows.exclude(valid_from__gte=row.valid_from).order_by(OLDEST_FIRST).last()
    return read_text(before.content).measure if before else None
