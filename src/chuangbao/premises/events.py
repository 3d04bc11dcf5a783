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
    Event(
        "letters.many",
        _("Many firms at one address by one applicant: %(count)s"),
        _("At %(address)s (%(space)s), within %(days)s days. Nothing is refused: look and decide."),
        "premises",
    ),
    Event(
        "mail.received",
        _("Mail has come for %(firm)s"),
        _("%(space)s took it in on %(day)s, from %(sender)s. Fetch it."),
        "premises",
    ),
    Event(
        "mail.official",
        _("A document of an office or a court has come for %(firm)s"),
        _("%(space)s took it in on %(day)s, from %(sender)s. Fetch it at once: it may start a term."),
        "premises",
    ),
    Event(
        "mail.returned",
        _("Mail for %(firm)s was sent back"),
        _("%(space)s sent it back on %(day)s; it came from %(sender)s."),
        "premises",
    ),
    Event(
        "mail.closing",
        _("Mail waits for %(firm)s, and %(space)s closes"),
        _("Fetch it now, and tell senders your new address."),
        "premises",
    ),
    Event(
        "firm.tried",
        _("%(space)s tried to reach you and could not"),
        _("It was on %(day)s. Answer it, and check the contact that it has of you."),
        "premises",
    ),
    Event(
        "firm.lost",
        _("%(space)s has stated that %(firm)s cannot be reached"),
        _("The office of the county sees it. Answer the space soon: then it is taken back."),
        "premises",
    ),
    Event(
        "firm.lost_office",
        _("A space cannot reach a firm: %(firm)s"),
        _("%(space)s states it after several tries; the letter of consent is %(number)s."),
        "premises",
    ),
    Event(
        "firm.found",
        _("%(firm)s is reached again"),
        _("%(space)s takes back that it could not be reached."),
        "premises",
    ),
    Event("firm.answered", _("The office has answered about %(firm)s"), _("%(note)s"), "premises"),
)
name_verbs(
    premise__open=_("Opened the premise for registration"),
    premise__ceiling=_("Changed how many licences it takes"),
    letter__issue=_("Issued the letter"),
    letter__industry=_("Noted the industry"),
    letter__licence=_("Noted the licence"),
    file__contact=_("Kept the contact"),
    file__try=_("Noted a try to reach the firm"),
    file__answer=_("Noted what the office did"),
    mail__receive=_("Took mail in"),
)
name_verbs("premises.premise", close=_("Closed the premise for registration"))
name_verbs("premises.consentletter", revoke=_("Revoked the letter"), supersede=_("Replaced the letter"))
name_verbs(
    "premises.hostfile",
    state_lost=_("Stated that the firm cannot be reached"),
    find=_("Reached the firm again"),
)
name_verbs("premises.mailitem", hand_over=_("Handed the mail over"), send_back=_("Sent the mail back"))
name_kinds(
    premises__premise=Kind(_("Premise"), ("room",)),
    premises__consentletter=Kind(_("Letter of consent"), ("number",)),
    premises__hostfile=Kind(_("File of a firm"), ("letter__licensee",)),
    premises__mailitem=Kind(_("Piece of mail"), ("sender",)),
)
