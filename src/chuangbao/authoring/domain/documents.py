"""Bringing a document into the library (文件入库): read it, correct its tree, mark its clauses."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from chuangbao.authoring.domain.hands import author_id, lock_draft, record_edit, refuse_inverted
from chuangbao.authoring.permissions import may_draft
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.http.requests import read_number
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import ClauseKind, RegisteredClause, RegisteredDocument
from chuangbao.rules.runtime import add_months

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.models import StoredFile

__all__ = [
    "add_clause", "bring_document", "edit_clause", "edit_document", "guessed_kind", "merge_clause", "refuse_taken",
    "remove_clause", "sentences", "split_clause",
]  # fmt: skip

OPEN = re.compile("适当|倾斜|加大|酌情|一定比例|优先")
GIVES = re.compile("补贴|补助|奖励|减征|免征|减半|减按|贴息|贷款|扣除|返还")
ENDS = re.compile(r"(?<=[。；！？])")
HEAD = ("title", "number", "kind", "issuers", "issued_on", "valid_from", "valid_to", "themes")
YEARS = re.compile(r"有效期[为限]{0,2}\s*(\d{1,2}|[一二两三四五六七八九十])\s*年")
UNTIL = re.compile(r"有效期[限]?(?:截止|到|至|截至)\s*(\d{4})年(\d{1,2})月(\d{1,2})日")
DIGITS = {**{c: n for n, c in enumerate("一二三四五六七八九十", 1)}, "两": 2}
DEEPEST = 6


@transaction.atomic
def bring_document(
    *, ref: str, text: str, parsed: Mapping[str, Any], actor: Actor, original: StoredFile | None = None
) -> RegisteredDocument:
    """Make a document of what was read: its head, one clause for each part, and the file that it was read from.

    Raises Refused: ref_taken.
    """
    document = RegisteredDocument(
        ref=ref, title=str(parsed["title"] or ref)[:300], number=str(parsed["number"] or "")[:80],
        kind=str(parsed["kind"] or "")[:40], issuers=[str(i)[:120] for i in parsed["issuers"]],
        issued_on=day(parsed["date"]), valid_from=day(parsed["effective"]),
        valid_to=last_day(text, day(parsed["effective"])), text=text, region_id=actor.region,
        department=actor.department, author_id=author_id(actor), writers=[author_id(actor)], original=original,
    )  # fmt: skip
    permit(may_draft, actor=actor, row=document)
    refuse_taken(ref)
    document.save()
    RegisteredClause.objects.bulk_create(
        RegisteredClause(document=document, position=place, **found)
        for place, found in enumerate(parts(text, parsed["sections"], 1))
    )
    record(actor, "bring", document, after=Stage.DRAFT)
    return document


def refuse_taken(ref: str) -> None:
    """Raise Refused(ref_taken) where another document has the short name."""
    rows = unscoped(RegisteredDocument, because="a short name is taken once").filter(ref=ref)
    if ref in current_pack().documents or rows.exists():
        raise Refused("ref_taken", _("Another document has this short name. Choose another."), field="ref")


def day(value: object) -> date | None:
    """The day of a parsed document."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def last_day(text: str, first: date | None) -> date | None:
    """The last day (失效日期) that a document says: 有效期至2028年11月30日, or 有效期2年 from its first day."""
    until, years = UNTIL.search(text), YEARS.search(text)
    try:
        if until is not None:
            return date(*map(int, until.groups()))
        if years is not None and first is not None:
            after = add_months(first, 12 * (DIGITS.get(years[1]) or int(years[1])))
            return after - timedelta(days=1) if isinstance(after, date) else None
    except ValueError:
        return None
    return None


def parts(text: str, sections: list[dict[str, Any]], level: int) -> Iterator[dict[str, Any]]:
    """Each part of the tree in reading order."""
    for section in sections:
        said = [text[s["start"] : s["end"]] for s in section["sentences"]]
        found = section["sentences"]
        yield {
            "level": min(level, DEEPEST), "number": str(section["id"])[:20], "mark": str(section["mark"] or "")[:40],
            "heading": str(section["heading"] or "")[:300], "text": "".join(said), "kind": guessed_kind("".join(said)),
            "modality": next((str(s["modality"]) for s in found if s["modality"]), "")[:20],
            "actor": "、".join(dict.fromkeys(d["name"] for s in found for d in s["duty_holders"]))[:200],
        }  # fmt: skip
        yield from parts(text, section["children"], level + 1)


def guessed_kind(text: str) -> str:
    """What a clause is likely for; an officer has the last word."""
    if OPEN.search(text):
        return ClauseKind.OPEN
    return ClauseKind.MEASURE if GIVES.search(text) else ClauseKind.PLAIN


@transaction.atomic
def edit_document(
    *, document: RegisteredDocument, values: Mapping[str, object], revision: int, actor: Actor
) -> RegisteredDocument:
    """Correct the head of a document: title, number, issuers, date, themes."""
    fresh = lock_draft(document, revision=revision, actor=actor)
    for name in HEAD:
        if name in values:
            setattr(fresh, name, values[name])
    refuse_inverted(fresh.valid_from, fresh.valid_to)
    return save_document(fresh, "edit", actor)


def save_document(document: RegisteredDocument, verb: str, actor: Actor, **data: object) -> RegisteredDocument:
    """Keep a changed document and say so on the record."""
    record_edit(document, actor=actor)
    document.save()
    record(actor, verb, document, data={"revision": document.revision, **data})
    return document


@transaction.atomic
def edit_clause(
    *, clause: RegisteredClause, values: Mapping[str, object], revision: int, actor: Actor
) -> RegisteredClause:
    """Correct one clause: number, level, heading, words, what it does.

    Raises Refused: number_taken (field ``number``), and as ``lock_draft`` does.
    """
    document = lock_draft(clause.document, revision=revision, actor=actor)
    number = str(values.get("number", clause.number)).strip()
    if document.clauses.filter(number=number).exclude(pk=clause.pk).exists():
        raise Refused("number_taken", _("Another clause has this number."), field="number")
    for name in ("level", "mark", "heading", "text", "kind"):
        if name in values:
            setattr(clause, name, values[name])
    clause.number = number
    clause.save()
    save_document(document, "edit_clause", actor, clause=clause.pk)
    return clause


@transaction.atomic
def add_clause(
    *, document: RegisteredDocument, after: RegisteredClause | None, revision: int, actor: Actor
) -> RegisteredClause:
    """An empty clause behind another, or at the end."""
    fresh = lock_draft(document, revision=revision, actor=actor)
    last = fresh.clauses.last()
    before = after or last
    place = before.position + 1 if before else 0
    fresh.clauses.filter(position__gte=place).update(position=F("position") + 1)
    clause = RegisteredClause.objects.create(
        document=fresh,
        position=place,
        level=before.level if before else 1,
        number=free_number(fresh, before.number if before else "0"),
    )
    save_document(fresh, "add_clause", actor, clause=clause.pk)
    return clause


@transaction.atomic
def split_clause(*, clause: RegisteredClause, sentence: int, revision: int, actor: Actor) -> RegisteredClause:
    """Cut a clause before its ``sentence``-th sentence (from 1); the rest becomes a clause of its own.

    Raises Refused: no_sentence (field ``sentence``), and as ``add_clause`` does.
    """
    said = sentences(clause.text)
    if not 1 <= sentence < len(said):
        raise Refused("no_sentence", _("Choose a sentence at which the clause is cut."), field="sentence")
    second = add_clause(document=clause.document, after=clause, revision=revision, actor=actor)
    clause.text, second.text = "".join(said[:sentence]), "".join(said[sentence:])
    second.kind, second.modality, second.actor = guessed_kind(second.text), clause.modality, clause.actor
    clause.save(update_fields=["text"])
    second.save()
    return second


@transaction.atomic
def merge_clause(*, clause: RegisteredClause, revision: int, actor: Actor) -> RegisteredClause:
    """Join a clause to the one before it.

    Raises Refused: no_clause_before, and as ``lock_draft`` does.
    """
    document = lock_draft(clause.document, revision=revision, actor=actor)
    before = document.clauses.filter(position__lt=clause.position).last()
    if before is None:
        raise Refused("no_clause_before", _("There is no clause before this one."))
    before.text = "\n".join(filter(None, [before.text, f"{clause.mark}{clause.heading}{clause.text}"]))
    before.kind = before.kind or clause.kind
    before.save()
    gone = clause.pk
    clause.comments.update(clause=before)  # what was said of its words is said of where they are now
    clause.delete()
    save_document(document, "merge_clause", actor, clause=gone, into=before.pk)
    return before


@transaction.atomic
def remove_clause(*, clause: RegisteredClause, revision: int, actor: Actor) -> None:
    """Take out what is no clause, such as a page's foot."""
    document = lock_draft(clause.document, revision=revision, actor=actor)
    gone = clause.pk
    clause.delete()
    save_document(document, "remove_clause", actor, clause=gone)


def sentences(text: str) -> list[str]:
    """A clause's sentences with their marks."""
    return [part for part in ENDS.split(text) if part]


def free_number(document: RegisteredDocument, near: str) -> str:
    """A number that no clause has yet: the next one beside ``near``."""
    used = set(document.clauses.values_list("number", flat=True))
    *above, last = near.split(".")
    count = read_number(last) + 1
    while ".".join([*above, str(count)]) in used:
        count += 1
    return ".".join([*above, str(count)])
