"""What premises hold of a person, why and for how long: their part of the map of personal data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.personal_rows import WHY, export_rows
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.privacy import Holding, holds_personal, keep_as_number
from chuangbao.premises.models import ConsentLetter, LetterLookup

__all__: list[str] = []


def export_deeds(person: int) -> list[dict[str, object]]:
    """Return the letters that the person issued, and those that they looked up, in plain values."""
    issued = export_rows(ConsentLetter, "issued_by", "number", "issued_on", "stage")(person)
    looked = export_rows(LetterLookup, "person", "letter__number", "at", "way")(person)
    return [dict(row) for row in (*issued, *looked)]


def unname_deeds(person: int) -> int:
    """Take the person's name off; the letter is the space's, and that it was looked up stays."""
    issued = unscoped(ConsentLetter, because=WHY).filter(issued_by=person).update(issued_by=None)
    return issued + unscoped(LetterLookup, because=WHY).filter(person=person).update(person=None)


holds_personal(
    Holding(
        "consent_letters",
        _("Letters of consent that you issued or looked up"),
        _("So that a space knows who signed for it, and a firm who asked"),
        _("Your name until you erase it; the letter stays"),
        export_deeds,
        unname_deeds,
        covers=("premises.ConsentLetter.issued_by", "premises.LetterLookup.person"),
    )
)
keep_as_number("the key of a letter's QR code, sealed to print it again", "premises.ConsentLetter.address_code")
