"""Writing a version of a measure: begin, save, submit, take back, discard and return."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from chuangbao.authoring.domain.hands import author_id, lock_draft, record_edit
from chuangbao.authoring.models import ReviewComment, WorkingCopy
from chuangbao.authoring.permissions import may_draft, may_review
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import transition
from chuangbao.policies.domain.offices import refuse_outside
from chuangbao.policies.domain.texts import LONGEST, read_text
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import MeasureVersion, RegisteredMeasure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor

__all__ = [
    "begin_draft", "digest", "discard_draft", "index_of", "keep_copy", "register_measure",
    "return_draft", "save_draft", "submit_draft", "withdraw_draft",
]  # fmt: skip

OWN = "one's own copy"


class Index(NamedTuple):
    """What lists know a text by."""

    name: str = ""
    title: str = ""
    clauses: tuple[str, ...] = ()


def index_of(content: str, before: Index | None = None) -> Index:
    """Name, title and clauses of a text; as they were while the text cannot be read."""
    measure = read_text(content).measure
    if measure is None:
        return before or Index()
    version = measure.versions[0]
    clauses = tuple(dict.fromkeys(c for c in (*measure.clauses, version.clause) if c))
    return Index(version.version[:120], (version.title.zh or measure.title.zh)[:200], clauses)


@transaction.atomic
def register_measure(*, ref: str, region: str, department: str, actor: Actor) -> RegisteredMeasure:
    """The measure under its id, entered where the register does not have it yet."""
    found = RegisteredMeasure.objects.filter(ref=ref).first()
    if found is None:
        found = RegisteredMeasure(ref=ref, region_id=region, department=department, file=f"measures/{ref}.yaml")
        permit(may_draft, actor=actor, row=found)
        found.save()
        record(actor, "register", found)
    permit(may_draft, actor=actor, row=found)
    return found


@transaction.atomic
def begin_draft(
    *, measure: RegisteredMeasure, content: str, actor: Actor, based_on: MeasureVersion | None = None
) -> MeasureVersion:
    """A new draft, or a revision (修订) of a version in force."""
    permit(may_draft, actor=actor, row=measure)
    index = index_of(content)
    draft = MeasureVersion.objects.create(
        measure=measure, region_id=measure.region_id, department=measure.department, content=content,
        content_hash=digest(content), author_id=author_id(actor), writers=[author_id(actor)], based_on=based_on,
        name=index.name, title=index.title, clauses=list(index.clauses),
    )  # fmt: skip
    record(actor, "begin", draft, after=Stage.DRAFT)
    return draft


@transaction.atomic
def save_draft(*, draft: MeasureVersion, content: str, revision: int, actor: Actor) -> MeasureVersion:
    """Keep what was typed.

    Raises Refused: conflict where it was saved since ``revision`` was read, too_long, outside_area and its kind.
    """
    fresh = lock_draft(draft, revision=revision, actor=actor)
    if len(content) > LONGEST:
        raise Refused("too_long", _("This text is too long for one version of a measure."), field="content")
    measure = read_text(content).measure
    if measure is not None:
        refuse_outside(fresh, measure)
    index = index_of(content, Index(fresh.name, fresh.title, tuple(fresh.clauses)))
    fresh.content, fresh.content_hash = content, digest(content)
    fresh.name, fresh.title, fresh.clauses = index.name, index.title, list(index.clauses)
    record_edit(fresh, actor=actor)
    fresh.save(update_fields=["content", "content_hash", "revision", "author", "writers", "name", "title", "clauses"])
    copies(fresh, actor).delete()
    record(actor, "save", fresh, data={"revision": fresh.revision, "hash": fresh.content_hash})
    return fresh


@transaction.atomic
def keep_copy(*, draft: MeasureVersion, content: str, revision: int, actor: Actor) -> WorkingCopy | None:
    """Keep what a person is typing, for them alone, without saving it (暂存); nothing where it is as saved."""
    permit(may_draft, actor=actor, row=draft)
    own = copies(draft, actor)
    if content == draft.content or draft.stage != Stage.DRAFT:
        own.delete()
        return None
    copy, _new = unscoped(WorkingCopy, because=OWN).update_or_create(
        version=draft, person_id=author_id(actor), defaults={"content": content[:LONGEST], "revision": revision}
    )
    return copy


def submit_draft(*, draft: MeasureVersion, actor: Actor, reason: str = "") -> MeasureVersion:
    """Hand a draft to a colleague (提交审核); ``reason`` answers what speaks against it and stays on the record.

    Raises Refused: not_readable, other_measure, example_fails, outside_area and its kind, the code of what speaks
    against it (see ``doubts``), reason_needed (reason), and what the transition refuses.
    """
    return transition(draft, "submit", actor=actor, reason=reason)


def withdraw_draft(*, version: MeasureVersion, actor: Actor) -> MeasureVersion:
    """Take a text back from review, to go on writing (撤回)."""
    return transition(version, "withdraw", actor=actor)


def discard_draft(*, version: MeasureVersion, reason: str, actor: Actor) -> MeasureVersion:
    """Give a draft up (作废); it stays on the record."""
    return transition(version, "discard", actor=actor, reason=reason)


@transaction.atomic
def return_draft(
    *, version: MeasureVersion, reason: str, actor: Actor, comments: Mapping[str, str] | None = None
) -> MeasureVersion:
    """Give it back with a reason, and with comments by condition."""
    permit(may_review, actor=actor, row=version)
    returned = transition(version, "return", actor=actor, reason=reason)
    ReviewComment.objects.bulk_create(
        ReviewComment(version=returned, condition=condition, text=text, author_id=author_id(actor))
        for condition, text in {"": reason, **(comments or {})}.items()
    )
    return returned


def copies(draft: MeasureVersion, actor: Actor) -> QuerySet[WorkingCopy]:
    """Return the working copies that a person keeps of a draft."""
    return unscoped(WorkingCopy, because=OWN).filter(version=draft.pk, person=author_id(actor))


def digest(content: str) -> str:
    """The fingerprint by which packs and register know the same text."""
    return hashlib.sha256(content.encode()).hexdigest()
