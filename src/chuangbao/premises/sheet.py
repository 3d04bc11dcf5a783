"""A letter of consent as a paper (住所使用证明): what a registrar needs, a place for the stamp, and the QR code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chuangbao.core.exports.pdf import Paper
from chuangbao.core.localization.formatting import day_words

if TYPE_CHECKING:
    from chuangbao.premises.models import ConsentLetter

__all__ = ["paper_of"]


def paper_of(letter: ConsentLetter, code: str, page: str) -> Paper:
    """Return the paper of a letter; ``code`` is the picture of its QR code, ``page`` where it is typed in."""
    paper = Paper(_("Letter of consent for a registered address"))
    paper.pairs(
        [
            (_("Number"), letter.number),
            (_("Issued on"), day_words(letter.issued_on)),
            (_("State"), str(letter.get_stage_display())),
            (_("Valid until"), day_words(letter.valid_until)),
        ]
    )
    data = {"operator": letter.issuer.name, "firm": letter.licensee, "address": letter.address}
    paper.frame(
        _("%(operator)s consents that %(firm)s registers its address at %(address)s.") % data,
        [_("Several licences may share this address (2.5.1)."), letter.business],
    )
    paper.paragraph(_("Signature of the space and its stamp:"))
    paper.paragraph(" \n \n ")
    caption = _("Look it up: number and check code %s") % letter.check_code
    paper.code(code, caption, page)
    paper.note(_("The letter holds as long as the look-up says so. It can be revoked before its last day."))
    return paper
