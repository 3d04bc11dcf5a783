"""Writing the pack's content into the library, so that it can be searched."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import Value

from chuangbao.core.batches import split_into_batches
from chuangbao.core.engine.current import current_pack
from chuangbao.policies.domain.words import INDEX, folded_number, segment_words, sounds
from chuangbao.policies.models import Entry, Kind, LoadedPack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models.expressions import CombinedExpression

    from chuangbao.rules.model import Clause, Document, Measure, Pack

__all__ = ["document_entries", "load_library", "measure_entry", "put", "write"]

BATCH = 500


def load_library(*, pack: Pack) -> bool:
    """Replace the entries by those of ``pack`` unless they are already its own; says whether it wrote."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('chuangbao.load_library'))")
        digest = sha256(f"{pack.digest} {INDEX}".encode()).hexdigest()
        if LoadedPack.objects.filter(pack=pack.id, digest=digest).exists():
            return False
        Entry.objects.all().delete()
        write(entries(pack))
        LoadedPack.objects.update_or_create(pack=pack.id, defaults={"digest": digest})
    return True


def write(found: Iterable[Entry]) -> None:
    """Put entries at the end of the list, a batch at a time."""
    place = Entry.objects.count()
    for batch in split_into_batches(found, BATCH):
        for entry in batch:
            entry.position, place = place, place + 1
            entry.words = vector(entry)
        Entry.objects.bulk_create(batch)


def put(entry: Entry) -> None:
    """One entry in the place of the one before it, or at the end."""
    before = Entry.objects.filter(kind=entry.kind, ref=entry.ref).first()
    if before is None:
        write([entry])
        return
    entry.pk, entry.position, entry.words = before.pk, before.position, vector(entry)
    entry.save()


def vector(entry: Entry) -> CombinedExpression:
    """Title and number weigh most, then the summary."""
    heavy = " ".join(
        [*segment_words(entry.title_zh), *segment_words(entry.title_en), *segment_words(folded_number(entry.number))]
    )
    said = (entry.note_zh, entry.note_en, *labels_of(entry, current_pack()))
    light = " ".join([*(word for text in said for word in segment_words(text)), *entry.departments, *entry.clauses])
    return SearchVector(Value(heavy), weight="A", config="simple") + SearchVector(
        Value(light), weight="C", config="simple"
    )


def entries(pack: Pack) -> Iterator[Entry]:
    """Everything to find: measures first, then documents, then the clauses of the seed."""
    for measure in pack.measures.values():
        if not measure.model:
            yield measure_entry(measure)
    for document in pack.documents.values():
        yield from document_entries(document)


def labels_of(entry: Entry, pack: Pack) -> Iterator[str]:
    """Yield who an entry is for, and its themes, in the pack's words."""
    themes = pack.codes["theme"].codes if "theme" in pack.codes else ()
    audiences = [each.label for each in pack.audiences if each.id in entry.audience]
    for label in (*audiences, *(each.label for each in themes if each.code in entry.themes)):
        yield from (label.zh, label.en)


def document_entries(document: Document) -> Iterator[Entry]:
    """A document and its clauses."""
    yield document_entry(document)
    for clause in document.clauses:
        yield clause_entry(document, clause)


def measure_entry(measure: Measure) -> Entry:
    """A measure is found by any of its versions' titles and numbers."""
    newest = measure.versions[-1]
    said = [*(v.title for v in measure.versions), *(c.label for c in newest.conditions)]
    return Entry(
        kind=Kind.MEASURE, ref=measure.id, title_zh=measure.title.zh, title_en=measure.title.en,
        note_zh=" ".join(dict.fromkeys(words.zh for words in said)),
        note_en=" ".join(dict.fromkeys(words.en for words in said)),
        number="; ".join(dict.fromkeys(v.number for v in measure.versions if v.number))[:200],
        region=measure.region, subject=measure.subject, themes=list(measure.themes), audience=list(measure.audience),
        departments=list(measure.departments), clauses=list(measure.clauses),
        valid_from=measure.versions[0].valid_from, valid_to=newest.valid_to, confirmed=newest.confirmed,
        sounds=sounds(measure.title.zh),
    )  # fmt: skip


def document_entry(document: Document) -> Entry:
    """A document is found by number, title and issuer."""
    return Entry(
        kind=Kind.DOCUMENT, ref=document.id, title_zh=document.title.zh, title_en=document.title.en,
        note_zh=" ".join(document.issuers), number=document.number or "", region=document.region,
        themes=list(document.themes), departments=list(document.departments),
        valid_from=document.valid_from, valid_to=document.valid_to, confirmed=document.confirmed,
        sounds=sounds(document.title.zh),
    )  # fmt: skip


def clause_entry(document: Document, clause: Clause) -> Entry:
    """A clause is found by its summary and by its number."""
    return Entry(
        kind=Kind.CLAUSE, ref=clause.id, title_zh=clause.summary.zh, title_en=clause.summary.en,
        note_zh=f"{clause.actor} {clause.numbers}", region=document.region,
        number=f"{document.number or document.title.zh} {clause.mark}".strip()[:200],
        clauses=[clause.id], confirmed=document.confirmed,
    )  # fmt: skip
