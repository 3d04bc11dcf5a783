"""Putting what was published into the library at once, so that it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import current_pack
from chuangbao.policies.domain.load import document_entries, measure_entry, put
from chuangbao.policies.domain.overlay import OLDEST_FIRST, PUBLIC, PUBLISHED, document_of, measure_of
from chuangbao.policies.models import MeasureVersion

if TYPE_CHECKING:
    from chuangbao.policies.models import RegisteredDocument, RegisteredMeasure

__all__ = ["list_document", "list_measure"]


def list_measure(measure: RegisteredMeasure) -> None:
    """The entry of a measure, as its published versions have it now."""
    rows = unscoped(MeasureVersion, because=PUBLIC).filter(measure=measure, stage__in=PUBLISHED)
    found = measure_of(current_pack(), measure.ref, list(rows.order_by(OLDEST_FIRST, "pk")))
    if found is not None:
        put(measure_entry(found))


def list_document(document: RegisteredDocument) -> None:
    """The entries of a document and of its clauses."""
    for entry in document_entries(document_of(document)):
        put(entry)
