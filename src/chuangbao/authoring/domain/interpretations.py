"""Explaining what was published (解读) and answering questions (问答), each on its document or clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from chuangbao.authoring.domain.hands import author_id, lock_draft, record_edit
from chuangbao.authoring.permissions import may_draft
from chuangbao.core.access.permissions import permit
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import Interpretation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["begin_interpretation", "revise_interpretation", "save_interpretation"]

FIELDS = ("sort", "document", "clause", "title", "body")


@transaction.atomic
def begin_interpretation(*, values: Mapping[str, str], actor: Actor) -> Interpretation:
    """A new explanation or answer of the officer's own department and area."""
    row = Interpretation(
        region_id=actor.region, department=actor.department, author_id=author_id(actor), writers=[author_id(actor)]
    )
    permit(may_draft, actor=actor, row=row)
    fill(row, values)
    row.save()
    record(actor, "begin", row, after=Stage.DRAFT)
    return row


def fill(row: Interpretation, values: Mapping[str, str]) -> None:
    """Take what was typed into the row, without saving it.

    Raises Refused: no_document (field ``document``), no_clause (field ``clause``).
    """
    for name in FIELDS:
        setattr(row, name, values.get(name, getattr(row, name)))
    found = current_pack().documents.get(row.document)
    if found is None:
        raise Refused("no_document", _("There is no such document."), field="document")
    if row.clause and row.clause not in {clause.id for clause in found.clauses}:
        raise Refused("no_clause", _("The document has no such clause."), field="clause")


@transaction.atomic
def save_interpretation(
    *, row: Interpretation, values: Mapping[str, str], revision: int, actor: Actor
) -> Interpretation:
    """Keep what was typed; Refused(conflict) where it was saved in the meantime."""
    fresh = lock_draft(row, revision=revision, actor=actor)
    fill(fresh, values)
    record_edit(fresh, actor=actor)
    fresh.save()
    record(actor, "save", fresh, data={"revision": fresh.revision})
    return fresh


@transaction.atomic
def revise_interpretation(*, row: Interpretation, actor: Actor) -> Interpretation:
    """Begin a draft with the same words, to take the place of a published one (修订).

    Raises Refused: not_in_in_force; Forbidden, where the actor may not draft.
    """
    permit(may_draft, actor=actor, row=row)
    if row.stage != Stage.IN_FORCE:
        raise Refused("not_in_in_force", _("Only what is published can be revised."))
    values = {name: getattr(row, name) for name in FIELDS}
    draft = begin_interpretation(values=values, actor=actor)
    draft.based_on = row
    draft.save(update_fields=["based_on"])
    return draft
