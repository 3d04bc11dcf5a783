"""The texts that people agree to (用户协议与隐私政策), each with the day of its version; who runs this installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

__all__ = ["DOCUMENTS", "LegalDocument", "Operator", "current_agreement", "operator"]


@dataclass(frozen=True, slots=True)
class LegalDocument:
    """One text with the day from which it counts; ``changes`` says in a sentence what is new in it."""

    name: str
    label: object
    version: date
    changes: object


DOCUMENTS = {
    document.name: document
    for document in (
        LegalDocument("terms", _("Terms of use"), date(2026, 11, 26), _("The first version.")),
        LegalDocument(
            "privacy",
            _("Privacy notice"),
            date(2026, 11, 28),
            _("New: a mobile number, if you add one, and the service that sends SMS to it; what a shared link holds."),
        ),
    )
}
"""A change of a text takes a new day here: everybody who has an account is asked again."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this installation (个人信息处理者) and how to reach them; empty where it is not set."""

    name: str
    phone: str
    address: str
    mail: str

    @property
    def is_named(self) -> bool:
        """Whether a name and one way to reach it are known (个人信息保护法 第十七条)."""
        return bool(self.name and (self.phone or self.mail or self.address))


def operator() -> Operator:
    """Return who runs this installation, by its settings."""
    return Operator(settings.OPERATOR_NAME, settings.OPERATOR_PHONE, settings.OPERATOR_ADDRESS, settings.OPERATOR_MAIL)


def current_agreement() -> str:
    """Return what a person has agreed to who has agreed to all texts in force: ``terms:2026-11-26 privacy:…``."""
    return " ".join(f"{document.name}:{document.version}" for document in DOCUMENTS.values())
