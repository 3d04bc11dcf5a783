"""Who applies for a letter (经办人): a name that is sealed, and a key of it by which letters are counted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.crypto import salted_hmac

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.localization.width import narrow
from chuangbao.premises.domain.limits import read_limit
from chuangbao.premises.models import ConsentLetter

if TYPE_CHECKING:
    from datetime import date

__all__ = ["erase_applicants", "keep_applicant"]

WHY = "letters that ended long ago"


def keep_applicant(letter: ConsentLetter, name: str) -> None:
    """Seal the name of who applies, and keep the key by which it is counted; the caller saves the letter."""
    name = name.strip()
    letter.applicant = name or None
    letter.applicant_key = make_key(name) if name else ""


def make_key(name: str) -> str:
    """Return the key of a name, whatever its blanks and width; the name cannot be read from it."""
    folded = "".join(narrow(name).split()).lower()
    return salted_hmac("premises.applicant", folded, algorithm="sha256").hexdigest()


def erase_applicants(day: date) -> int:
    """Erase who applied for letters that ended as long ago as contacts are kept; return how many letters."""
    before = day - timedelta(days=read_limit("contact_kept_days", day))
    ended = Q(ended_on__lt=before) | Q(ended_on__isnull=True, valid_until__lt=before)
    rows = unscoped(ConsentLetter, because=WHY).filter(ended).exclude(applicant_key="")
    return rows.update(applicant=None, applicant_key="")
