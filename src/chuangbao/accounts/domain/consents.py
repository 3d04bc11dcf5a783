"""Agreeing to the terms of use and the privacy notice (同意), each version once (个人信息保护法 第十四条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from chuangbao.accounts.domain.acting import as_self
from chuangbao.accounts.legal import DOCUMENTS, current_agreement
from chuangbao.accounts.models import Consent, Person
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record

if TYPE_CHECKING:
    from chuangbao.accounts.legal import LegalDocument

__all__ = ["give_consent", "has_agreed", "open_documents"]

WHY = "the person's own consents"


def has_agreed(person: Person) -> bool:
    """Whether the person has agreed to all texts in force; people of the demonstration do not exist."""
    return person.is_demo or person.agreed == current_agreement()


def open_documents(person: Person) -> list[LegalDocument]:
    """Return the texts in force that the person has not agreed to in their present version."""
    given = set(unscoped(Consent, because=WHY).filter(person=person).values_list("document", "version"))
    return [document for document in DOCUMENTS.values() if (document.name, document.version) not in given]


@transaction.atomic
def give_consent(*, person: Person, language: str) -> list[Consent]:
    """Put down that a person agrees to all texts in force, and return what was new."""
    row = Person.objects.select_for_update().get(pk=person.pk)
    made = [
        Consent.objects.create(person=row, document=document.name, version=document.version, language=language)
        for document in open_documents(row)
    ]
    row.agreed = person.agreed = current_agreement()
    row.save(update_fields=["agreed"])
    if made:
        record(as_self(row), "person.consent", row, data={one.document: str(one.version) for one in made})
    return made
