"""The agreement as a paper (入驻协议): its text, who confirmed it and when, and the hash of what they confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.exports.pdf import Paper, to_pdf
from chuangbao.core.localization.formatting import day_words

if TYPE_CHECKING:
    from datetime import datetime

    from chuangbao.tenants.models import Agreement

__all__ = ["agreement_pdf", "confirmation_words"]


def confirmation_words(side: str, person: object, at: datetime | None) -> str:
    """Say which side confirmed, by whom and when; the person's name is gone where it was erased."""
    if at is None:
        return _("%(side)s: not confirmed yet") % {"side": side}
    here = timezone.localtime(at)
    data = {"side": side, "person": person or _("name erased"), "day": day_words(here.date()), "time": f"{here:%H:%M}"}
    return _("%(side)s: confirmed by %(person)s with their account on %(day)s at %(time)s") % data


def agreement_pdf(agreement: Agreement) -> bytes:
    """Set an agreement as PDF."""
    paper = Paper(_("Agreement of tenancy"))
    paper.pairs(
        [
            (_("Number of the agreement"), agreement.number),
            (_("State"), str(agreement.get_stage_display())),
            (_("First day in the space"), day_words(agreement.starts_on)),
            (_("Term ends on"), day_words(agreement.term_ends_on)),
        ]
    )
    for line in agreement.content.split("\n"):
        paper.paragraph(line)
    paper.heading(_("Confirmations"))
    paper.paragraph(confirmation_words(_("Operator of the space"), agreement.offered_by, agreement.offered_at))
    paper.paragraph(confirmation_words(_("Tenant"), agreement.signed_by, agreement.signed_at))
    paper.paragraph(_("Signature and stamp, where a paper is wanted:"))
    paper.paragraph(" \n \n ")
    paper.note(_("SHA-256 of the text: %s") % agreement.content_hash)
    return to_pdf(paper)
