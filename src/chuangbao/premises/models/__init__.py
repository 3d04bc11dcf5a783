"""The rows of premises: addresses and letters of consent, and what a host does for the firms registered with it."""

from chuangbao.premises.models.duties import ContactTry, HostFile, MailItem
from chuangbao.premises.models.letters import ConsentLetter, LetterLookup, Premise

__all__ = ["ConsentLetter", "ContactTry", "HostFile", "LetterLookup", "MailItem", "Premise"]
