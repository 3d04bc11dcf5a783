"""Looking up a letter without an account (查验): by its QR code, or by number and check code; names are masked."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.access.tokens import hash_token
from chuangbao.core.http.rate_limits import hit
from chuangbao.core.localization.width import narrow
from chuangbao.core.workflow.refusals import Refused
from chuangbao.premises.models import ConsentLetter, LetterLookup

if TYPE_CHECKING:
    from chuangbao.premises.enums import LookupWay

__all__ = ["find_by_number", "find_by_token", "is_same_name", "log_lookup", "mask_name"]

WHY = "whoever holds a letter may look it up"
SHOWN = ("space", "issuer", "premise__site__space__operator")
TRIES = "100/d"
"""How often one number may be tried, from wherever."""
SHORT, HEAD, TAIL = 6, 2, 4
BRACKETS = str.maketrans("（）", "()")


def find_by_token(token: str) -> ConsentLetter | None:
    """Return the letter that a QR code leads to."""
    rows = unscoped(ConsentLetter, because=WHY).select_related(*SHOWN)
    return rows.filter(token_hash=hash_token(token)).first()


def find_by_number(*, number: str, check: str) -> ConsentLetter:
    """Return the letter of a number whose check code fits. Raises Refused: too_often, no_letter (number)."""
    wanted = "".join(narrow(number).split())
    if not hit("letter-tries", wanted[:24], TRIES):
        raise Refused("too_often", _("This number was tried too often today. Scan the QR code, or try tomorrow."))
    rows = unscoped(ConsentLetter, because=WHY).select_related(*SHOWN)
    letter = rows.filter(number=wanted).first()
    typed = "".join(narrow(check).split()).upper().replace("-", "")
    if letter is None or not hmac.compare_digest(letter.check_code.encode(), typed.encode()):
        message = _("No letter has this number and check code. Compare both with the letter, sign by sign.")
        raise Refused("no_letter", message, field="number")
    return letter


def log_lookup(letter: ConsentLetter, *, way: LookupWay) -> None:
    """Keep that the letter was looked up, and not by whom."""
    LetterLookup.objects.create(letter=letter, way=way)


def mask_name(name: str) -> str:
    """Return a firm's name with its middle hidden: 长春**有限公司 shows whom a letter is for to who knows it."""
    if len(name) <= SHORT:
        return name[:1] + "*" * (len(name) - 1)
    return name[:HEAD] + "*" * (len(name) - HEAD - TAIL) + name[-TAIL:]


def is_same_name(letter: ConsentLetter, typed: str) -> bool:
    """Whether a name that the reader typed is the firm's, whatever its brackets and blanks."""
    return fold(letter.licensee) == fold(typed)


def fold(name: str) -> str:
    """Return a name without what people write differently."""
    return "".join(narrow(name).split()).lower().translate(BRACKETS)
