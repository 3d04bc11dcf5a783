"""Whom a publication concerns: reviewers, subscribers, and founders whose answer it changes (政策变动提醒)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from chuangbao.accounts.models import Post
from chuangbao.authoring.models import ReviewComment
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import reporting_line
from chuangbao.core.jobs.jobs import start, work
from chuangbao.core.messaging.notifications import tell
from chuangbao.facts.domain.sensitive import facts_of
from chuangbao.policies.addresses import reasons_url
from chuangbao.policies.domain.departments import aliases
from chuangbao.policies.domain.overlay import OLDEST_FIRST, PUBLIC, PUBLISHED
from chuangbao.policies.domain.subscribe import subscribers
from chuangbao.policies.domain.texts import read_text
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import Interpretation, MeasureVersion, RegisteredDocument
from chuangbao.rules.answers import Status
from chuangbao.rules.grants import Grant
from chuangbao.rules.trial import Sample, trial_engine, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.jobs.jobs import Work
    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.model import Measure

__all__ = [
    "Watched",
    "on_comment",
    "on_document",
    "on_interpretation",
    "on_publish",
    "on_return",
    "on_settled",
    "on_submit",
    "on_version",
    "watchers",
]

Row = MeasureVersion | RegisteredDocument | Interpretation
EXCERPT = 200
"""How many characters of a comment its notice shows."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A subject whose facts are known: whom to tell, the facts, and where the subject is."""

    person: int
    facts: Mapping[str, object]
    region: str = ""
    subject: int = 0


watchers: list[Callable[[str, date], Iterable[Watched]]] = []
"""Who knows the facts of people on a kind of subject on a day; ``facts`` adds its own."""


def on_submit(row: Row, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Notify every colleague who may review it that it waits."""
    people = at_the_desk(row, "policy_reviewer") - set(row.writers)
    tell("policies.review", to=people, data={"title": row.title}, url=address(row))


def on_publish(row: Row, actor: Actor, given: Mapping[str, Any]) -> None:
    """Notify everybody who worked on it that it is published, by whom and from when."""
    people = {pk for pk in (*row.writers, row.author_id) if pk is not None and pk != actor.person_id}
    data = {"title": row.title, "day": str(given["valid_from"]), "reviewer": actor.name}
    tell(
        "policies.yours_published",
        to=people,
        data=data,
        url=address(row),
        once=f"published {address(row)}",
    )


def on_comment(row: Row, comment: ReviewComment, actor: Actor) -> None:
    """Tell the other side: the writers what a colleague says, the colleagues what a writer says; and the thread."""
    thread = comment.answers or comment
    writers, said = set(row.writers), set(comments_of(row).values_list("author_id", flat=True))
    people = said if actor.person_id in writers else writers
    people |= list_participants(thread)
    if actor.person_id in writers and row.stage == Stage.IN_REVIEW and not people - writers:
        people |= at_the_desk(row, "policy_reviewer")
    tell_colleagues("policies.commented", row, comment, people=people, thread=thread, actor=actor)


def on_settled(row: Row, comment: ReviewComment, actor: Actor) -> None:
    """Tell the people of a thread, and the writers of the text, that it is settled."""
    people = list_participants(comment) | set(row.writers)
    tell_colleagues("policies.settled", row, comment, people=people, thread=comment, actor=actor)


def comments_of(row: Row) -> QuerySet[ReviewComment]:
    """Return the comments on a text."""
    field = "version" if isinstance(row, MeasureVersion) else "document"
    return ReviewComment.objects.filter(**{field: row.pk})


def list_participants(thread: ReviewComment) -> set[int]:
    """Return who wrote in a thread."""
    return {thread.author_id, *thread.replies.values_list("author_id", flat=True)}


def tell_colleagues(
    event: str, row: Row, comment: ReviewComment, *, people: set[int], thread: ReviewComment, actor: Actor
) -> None:
    """Tell those of some people who work at the desk of the text today, and not who has just acted."""
    text = comment.text if len(comment.text) <= EXCERPT else f"{comment.text[: EXCERPT - 1]}…"
    data = {"title": row.title, "text": text, "person": actor.person_id}
    to = (people & at_the_desk(row, "policy_editor", "policy_reviewer")) - {actor.person_id}
    tell(event, to=to, data=data, url=f"{address(row)}#r-{thread.pk}")


def at_the_desk(row: Row, *duties: str) -> set[int]:
    """Return who holds one of some duties today in the department and the area of a text."""
    today = timezone.localdate()
    posts = unscoped(Post, because="whose work it is").filter(
        of_department(row.department),
        duties__overlap=list(duties),
        term__contains=today,
        confirmed_at__isnull=False,
        region__in=reporting_line(row.region_id, today),
    )
    return set(posts.values_list("person_id", flat=True))


def of_department(department: str) -> Q:
    """Posts at agencies of a department; where an agency has no code yet, its sections that are called so."""
    names = aliases(department)
    return Q(agency__department__in=names) | Q(agency__department="", department__in=names)


def on_return(row: Row, _actor: Actor, given: Mapping[str, Any]) -> None:
    """Notify the writer why it came back."""
    if row.author_id is not None:
        data = {"title": row.title, "reason": str(given.get("reason", ""))}
        tell("policies.returned", to=[row.author_id], data=data, url=address(row))


def address(row: Row) -> str:
    """The page of a text on the desk."""
    kind = {MeasureVersion: "versions", RegisteredDocument: "documents", Interpretation: "notes"}[type(row)]
    return f"/policies/desk/{kind}/{row.pk}/"


def on_version(row: MeasureVersion, *, event: str, day: date, actor: Actor, reason: str = "") -> None:
    """Notify subscribers now; founders whose answer changes as soon as the worker has looked."""
    measure = read_text(row.content).measure
    if measure is None:
        return
    data = {"title": row.title, "day": day.isoformat(), "reason": reason}
    if facts_of(current_pack(), measure):  # that somebody follows it is nobody else's business
        data["discreet"] = "yes"
    url = f"/policies/measures/{measure.id}/"
    tell(event, to=subscribers(topics_of(measure)), data=data, url=url, once=f"{row.pk} {event}"[:80])
    if event == "policies.published":
        start("policies.tell", actor=actor, title=row.title, version=row.pk)


def topics_of(measure: Measure) -> dict[str, Iterable[str]]:
    """Everything that a measure is about."""
    clauses = {*measure.clauses, measure.versions[-1].clause} - {""}
    documents = {d.id for d in current_pack().documents.values() if clauses.intersection(c.id for c in d.clauses)}
    return {
        "theme": measure.themes,
        "department": measure.departments,
        "clause": clauses,
        "measure": [measure.id],
        "document": documents.union(*(v.document_refs for v in measure.versions)),
    }


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
            url = reasons_url(one.subject, after.id, day)
            told += tell(event_of(new), to=[one.person], data=data, url=url, once=f"version {row.pk}")
        if place % 100 == 0:
            task.step(place, len(everybody))
    return {"told": told}


def event_of(now: Answer) -> str:
    """The event that tells a verdict: what eligible means follows from how the measure is granted."""
    plain = now.status is not Status.ELIGIBLE or now.grant is Grant.RIGHT
    return f"policies.{now.status}" if plain else f"policies.{now.status}.{now.grant}"


def predecessor(row: MeasureVersion) -> Measure | None:
    """The measure under the version before this one; none where it is the first."""
    rows = unscoped(MeasureVersion, because=PUBLIC).filter(measure=row.measure, stage__in=PUBLISHED)
    before = rows.exclude(valid_from__gte=row.valid_from).order_by(OLDEST_FIRST).last()
    return read_text(before.content).measure if before else None
