"""What an organisation that no office has verified may not write into a letter: ways to reach it.

Who looks a letter up reads it on a public site and trusts that; so a letter of an unverified organisation carries no
link, no e-mail address and no telephone number that would lead the reader to whoever wrote it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chuangbao.accounts.states import Standing
from chuangbao.core.localization.width import narrow
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from chuangbao.accounts.models import Organisation

__all__ = ["refuse_contacts"]

BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s().·_—–-]+(?=\d)")
CONTACTS = re.compile(
    r"\d{7,}|://|\bwww\b|@|\.(?:com|cn|net|org|top|xyz|vip|cc|io|me|site|shop|info)\b|微信|电话|手机|扫码|二维码|加群|qq",
    re.IGNORECASE,
)


def refuse_contacts(issuer: Organisation, **texts: str) -> None:
    """Let texts through that lead to no one, where the organisation is not verified. Raises Refused: contacts."""
    if issuer.stage == Standing.VERIFIED:
        return
    for field, text in texts.items():
        if CONTACTS.search(BETWEEN_DIGITS.sub("", narrow(text))):
            message = _("Leave out links, e-mail addresses and telephone numbers until an office has verified you.")
            raise Refused("contacts", message, field=field)
