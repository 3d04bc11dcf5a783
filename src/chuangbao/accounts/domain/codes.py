"""Reading a 统一社会信用代码 (GB 32100-2015): what is wrong is said in words that help to put it right."""

from __future__ import annotations

from django.utils.translation import gettext as _
from stdnum.cn import uscc

from chuangbao.core.localization.width import narrow
from chuangbao.core.workflow.refusals import Refused

__all__ = ["read_code"]

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LOOKALIKES = str.maketrans({"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"})
"""The five letters that no code has, and what was probably meant."""


def read_code(text: str) -> str:
    """Return a unified social credit code (统一社会信用代码) in its one spelling: 18 characters, capitals, no hyphens.

    Only the check digit is the library's: its whole check wants digits at the front, where codes of rural
    collectives (农村集体经济组织) have an N.

    Raises Refused: code-length, code-letter, code-check-digit (field ``code``).
    """
    code = "".join(narrow(text).split()).replace("-", "").upper()
    if len(code) != LENGTH:
        message = _("A unified social credit code has 18 characters; this one has %(count)d.")
        raise Refused("code-length", message % {"count": len(code)}, field="code")
    wrong = [(place, letter) for place, letter in enumerate(code, 1) if letter not in ALPHABET]
    if wrong:
        raise Refused("code-letter", letter_message(code, *wrong[0]), field="code")
    if code[-1] != uscc.calc_check_digit(code[:-1]):
        message = _("The last character does not fit the others: one of them is mistyped. Compare with the licence.")
        raise Refused("code-check-digit", message, field="code")
    return code


def letter_message(code: str, place: int, letter: str) -> str:
    """Which character cannot stand there, and the code that was meant where only one letter was misread."""
    message = _("Character %(place)d, “%(letter)s”, does not occur in codes.") % {"place": place, "letter": letter}
    meant = code.translate(LOOKALIKES)
    if all(each in ALPHABET for each in meant) and meant[-1] == uscc.calc_check_digit(meant[:-1]):
        return message + _(" Did you mean %(code)s?") % {"code": meant}
    return message
