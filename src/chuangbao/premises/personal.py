"""What premises hold of a person, why and for how long: their part of the map of personal data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.personal_rows import WHY, export_rows
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.privacy import Holding, holds_personal, keep_as_number
from chuangbao.premises.models import ConsentLetter

__all__: list[str] = []


def export_deeds(person: int) -> list[dict[str, object]]:
    """Return the letters that the person issued, in plain values."""
    return [dict(row) for row in export_rows(ConsentLetter, "issued_by", "number", "issued_on", "stage")(person)]


def unname_deeds(person: int) -> int:
    """Take the person's name off; the letter is the space's and stays."""
    return unscoped(ConsentLetter, because=WHY).filter(issued_by=person).update(issued_by=None)


holds_personal(
    Holding(
        "consent_letters",
        _("Letters of consent that you issued"),
        _("So that a space knows who signed for it"),
        _("Your name until you erase it; the letter stays"),
        export_deeds,
        unname_deeds,
        covers=("premises.ConsentLetter.issued_by",),
    )
)
keep_as_number("the key of a letter's QR code, sealed to print it again", "premises.ConsentLetter.address_code")
keep_as_number(
    "the person whom the host of a firm reaches, who has no account; sealed, erased when the firm has left",
    "premises.HostFile.contact",
    "premises.HostFile.phone",
)
keep_as_number(
    "who took mail for a firm, the host's proof; sealed, erased after the term of limits.yaml",
    "premises.MailItem.handed_to",
)
keep_as_number(
    "who applied for a letter, counted for mass registration; sealed, erased when the firm has left",
    "premises.ConsentLetter.applicant",
)
