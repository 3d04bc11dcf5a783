"""What firms hear of their letters, and the words of what was done on the record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.audit.log import Kind, name_kinds, name_verbs
from chuangbao.core.messaging.notifications import Event, register

__all__: list[str] = []

register(
    Event(
        "letter.issued",
        _("A letter of consent for your address: %(number)s"),
        _("%(space)s has issued it. It holds until %(day)s."),
        "premises",
    ),
    Event(
        "letter.revoked",
        _("The letter of consent %(number)s is revoked"),
        _("%(space)s does not consent any more. Why: %(reason)s Change the address of your licence in time."),
        "premises",
    ),
)
name_verbs(
    premise__open=_("Opened the premise for registration"),
    premise__ceiling=_("Changed how many licences it takes"),
    letter__issue=_("Issued the letter"),
    letter__licence=_("Noted the licence"),
)
name_verbs("premises.premise", close=_("Closed the premise for registration"))
name_verbs("premises.consentletter", revoke=_("Revoked the letter"), supersede=_("Replaced the letter"))
name_kinds(
    premises__premise=Kind(_("Premise"), ("room",)),
    premises__consentletter=Kind(_("Letter of consent"), ("number",)),
)
