"""What officers published, laid over the pack's files: measures by version, documents with their clauses."""

from __future__ import annotations

import hashlib
import logging
import uuid
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.citations import list_citations
from chuangbao.core.engine.current import sources
from chuangbao.core.kept_queries import KeptQuery
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import MeasureVersion, Origin, RegisteredDocument, RegisterStamp
from chuangbao.rules.awards import with_questions
from chuangbao.rules.model import Clause, Document, Measure, Text
from chuangbao.rules.writing import read_measure_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from chuangbao.rules.model import Pack, Version

__all__ = ["Register", "clause_id", "document_of", "measure_of", "move_stamp"]

PUBLISHED = (Stage.IN_FORCE, Stage.RETIRED)
PUBLIC = "what is published is public"
OLDEST_FIRST = F("valid_from").asc(nulls_first=True)
"""A version without a first day has been the rule since ever."""
log = logging.getLogger(__name__)


def move_stamp() -> None:
    """Say to every process that the register has changed; two publications wait for each other here."""
    RegisterStamp.objects.update_or_create(pk=1, defaults={"value": uuid.uuid4()})


def find_stamp() -> QuerySet[RegisterStamp, tuple[Any, ...]]:
    """Write the query of the stamp."""
    return RegisterStamp.objects.order_by("pk").values_list("value")[:1]


STAMP = KeptQuery(find_stamp)


class Register:
    """The rows of the register as a source of the engine."""

    def stamp(self) -> str:
        """The stamp of the last publication; empty before the first."""
        found = STAMP.rows()
        return str(found[0][0]) if found else ""

    def over(self, pack: Pack, stamp: str) -> Pack:
        """Measures and documents of the register beside and before those of the files."""
        documents = {**pack.documents, **{d.ref: document_of(d) for d in published_documents()}}
        pack = replace(pack, documents=documents)  # a measure may hang on a clause of one of them
        measures = dict(pack.measures)
        for ref, rows in by_measure(published_versions()).items():
            found = measure_of(pack, ref, rows)
            if found is not None:
                measures[ref] = found
        digest = hashlib.sha256(f"{pack.digest} {stamp}".encode()).hexdigest()
        return with_questions(replace(pack, measures=measures, digest=digest))


def published_versions() -> Iterable[MeasureVersion]:
    """The published versions of each measure that an officer has touched; the rest is as in the files."""
    rows = unscoped(MeasureVersion, because=PUBLIC).filter(stage__in=PUBLISHED)
    touched = rows.filter(measure=OuterRef("measure")).filter(Q(origin=Origin.OFFICER) | Q(stage=Stage.RETIRED))
    return rows.filter(Exists(touched)).select_related("measure").order_by("measure__ref", OLDEST_FIRST, "pk")


def published_documents() -> Iterable[RegisteredDocument]:
    """The published documents with their clauses."""
    rows = unscoped(RegisteredDocument, because=PUBLIC).filter(stage__in=PUBLISHED)
    return rows.prefetch_related("clauses")


def by_measure(rows: Iterable[MeasureVersion]) -> dict[str, list[MeasureVersion]]:
    """Rows by the id of their measure."""
    found: dict[str, list[MeasureVersion]] = {}
    for row in rows:
        found.setdefault(row.measure.ref, []).append(row)
    return found


def measure_of(pack: Pack, ref: str, rows: Iterable[MeasureVersion]) -> Measure | None:
    """One measure from its rows, and from those of its versions in the files that the register does not have."""
    read: list[tuple[Measure, Version]] = []
    names: set[str] = set()
    for row in rows:
        names.add(row.name)
        reading = read_measure_text(row.content, pack)
        if reading.measure is None:
            log.warning("version %s of %s cannot be read any more and is left out", row.pk, ref)
            continue
        version = replace(reading.measure.versions[0], valid_from=row.valid_from, valid_to=row.valid_to)
        read.append((reading.measure, version))
    base = pack.measures.get(ref)
    if base is not None:
        read += [(base, version) for version in base.versions if version.version not in names]
    if not read:
        return None
    read.sort(key=lambda pair: pair[1].valid_from or date.min)
    head = max(read, key=lambda pair: (pair[0] is not base, pair[1].valid_from or date.min))[0]
    return replace(head, versions=tuple(version for _, version in read))


def clause_id(document: str, number: str) -> str:
    """How a clause of an officer's document is cited; the seed's clauses go by their number alone."""
    return f"{document}:{number}"


def document_of(row: RegisteredDocument) -> Document:
    """A document of the register as the library shows it."""
    rows = list(row.clauses.all())
    marks = list_citations((clause.level, clause.mark) for clause in rows)
    clauses = tuple(
        Clause(
            id=clause_id(row.ref, clause.number),
            modality=clause.modality,
            mark=mark,
            summary=Text(clause.heading or clause.text),
            actor=clause.actor,
            left_open=Text(clause.heading or clause.text) if clause.kind == "open" else Text(""),
        )
        for clause, mark in zip(rows, marks, strict=True)
    )
    return Document(
        id=row.ref, title=Text(row.title), number=row.number, kind=row.kind, issuers=tuple(row.issuers),
        date_text=row.issued_on.isoformat() if row.issued_on else "", region=row.region_id,
        departments=(row.department,), themes=tuple(row.themes), valid_from=row.valid_from, valid_to=row.valid_to,
        confirmed=True, clauses=clauses,
    )  # fmt: skip


sources.append(Register())
