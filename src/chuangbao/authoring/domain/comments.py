"""Comments on what is written at the desk (审核意见): write one on a part or the whole, answer, settle, open again.

The other side is notified: who wrote the text of what a colleague says, and the colleagues of what its writers answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.authoring.domain.hands import author_id
from chuangbao.authoring.domain.telling import on_comment, on_settled
from chuangbao.authoring.models import ReviewComment
from chuangbao.authoring.permissions import may_comment
from chuangbao.core.access.permissions import permit
from chuangbao.core.audit.log import record
from chuangbao.core.engine.citations import list_citations
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import MeasureVersion, RegisteredDocument

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.policies.models import RegisteredClause

    Text = MeasureVersion | RegisteredDocument

__all__ = ["add_comment", "marks_of", "reopen_comment", "settle_comment"]


@transaction.atomic
def add_comment(
    *,
    row: Text,
    text: str,
    actor: Actor,
    condition: str = "",
    clause: RegisteredClause | None = None,
    answers: int | None = None,
) -> ReviewComment:
    """Write a comment on a text or on one of its parts, or an answer to one, and tell the other side.

    ``condition`` is the id of a condition of a version, ``clause`` a clause of a document, ``answers`` the number of
    the comment that began the thread.

    Raises Refused: text_needed, no_comment (text), no_clause (clause), discarded.
    """
    permit(may_comment, actor=actor, row=row)
    if row.stage == Stage.DISCARDED:
        raise Refused("discarded", _("This text has been discarded; nothing more is said about it."))
    if not text.strip():
        raise Refused("text_needed", _("Please fill this in."), field="text")
    first = first_of(row, answers)
    said = ReviewComment(text=text.strip(), author_id=author_id(actor), condition=condition, answers=first)
    if first is not None:
        said.condition, said.clause, said.place = first.condition, first.clause, first.place
    elif clause is not None:
        said.clause, said.place = clause, place_of(row, clause)
    if isinstance(row, MeasureVersion):
        said.version = row
    else:
        said.document = row
    said.save()
    record(actor, "comment", row, data={"comment": said.pk})
    on_comment(row, said, actor)
    return said


def first_of(row: Text, answers: int | None) -> ReviewComment | None:
    """Return the comment that an answer belongs to. Raises Refused(no_comment): it is not one of this text."""
    if answers is None:
        return None
    first = row.comments.filter(pk=answers, answers=None).first()
    if first is None:
        raise Refused("no_comment", _("The comment that you answer is no longer here."), field="text")
    return first


def place_of(row: Text, clause: RegisteredClause) -> str:
    """How a clause of a document is cited today. Raises Refused(no_clause): it is of another document."""
    if not isinstance(row, RegisteredDocument) or clause.document_id != row.pk:
        raise Refused("no_clause", _("The document has no such clause."), field="clause")
    return marks_of(row)[clause.pk][:120]


def marks_of(document: RegisteredDocument) -> dict[int, str]:
    """How each clause of a document is cited within it, by the number of its row."""
    rows = list(document.clauses.all())
    marks = list_citations((row.level, row.mark) for row in rows)
    return {row.pk: mark for row, mark in zip(rows, marks, strict=True)}


@transaction.atomic
def settle_comment(*, comment: ReviewComment, actor: Actor) -> ReviewComment:
    """Settle a thread (已处理): what it asked for is done or answered. Its people hear of it; twice changes nothing."""
    row, fresh = lock_thread(comment, actor)
    if fresh.settled_at is None:
        fresh.settled_at, fresh.settled_by_id = timezone.now(), author_id(actor)
        fresh.save(update_fields=["settled_at", "settled_by"])
        record(actor, "settle_comment", row, data={"comment": fresh.pk})
        on_settled(row, fresh, actor)
    return fresh


@transaction.atomic
def reopen_comment(*, comment: ReviewComment, actor: Actor) -> ReviewComment:
    """Open a settled thread again."""
    row, fresh = lock_thread(comment, actor)
    if fresh.settled_at is not None:
        fresh.settled_at, fresh.settled_by = None, None
        fresh.save(update_fields=["settled_at", "settled_by"])
        record(actor, "reopen_comment", row, data={"comment": fresh.pk})
    return fresh


def lock_thread(comment: ReviewComment, actor: Actor) -> tuple[Text, ReviewComment]:
    """Return the text of a thread and the comment that began it, locked, for who may comment on the text."""
    fresh = ReviewComment.objects.select_for_update(of=("self",)).get(pk=comment.answers_id or comment.pk)
    row = find_text(fresh)
    permit(may_comment, actor=actor, row=row)
    return row, fresh


def find_text(comment: ReviewComment) -> Text:
    """Return the version or the document that a comment is about; the database holds it to one.

    Raises LookupError where it has neither.
    """
    found = comment.version or comment.document
    if found is None:
        raise LookupError(comment.pk)
    return found
