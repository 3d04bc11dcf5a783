"""What the account itself holds of a person: name, addresses, second factors, sessions, the province's sign-on.

Declared before everything else, so it goes last: invitations and letters are found by the addresses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Person
from chuangbao.accounts.personal_rows import erase_rows, export_rows
from chuangbao.core.privacy import Holding, holds_personal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__: list[str] = []


def empty_account(person: int) -> int:
    """Take name, address and ways to sign in out of the account; its number stays for the record."""
    row = Person.objects.get(pk=person)
    row.name, row.email, row.is_active, row.last_login = "", f"erased-{person}@invalid", False, None
    row.set_unusable_password()
    row.save()
    return 1


def export_sessions(person: int) -> Iterable[Mapping[str, object]]:
    """Return where the person is signed in; the keys of the sessions stay out of it."""
    rows = UserSession.objects.filter(user=person).order_by("pk")
    return [
        {"ip": row.ip, "user_agent": row.user_agent, "created_at": str(row.created_at), "seen": str(row.last_seen_at)}
        for row in rows
    ]


def erase_sessions(person: int) -> int:
    """End every session, with what it keeps."""
    keys = list(UserSession.objects.filter(user=person).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return UserSession.objects.filter(user=person).delete()[0]


def erase_addresses(person: int) -> int:
    """Delete the addresses; invitations and letters to them have gone before, since they are found by them."""
    return EmailAddress.objects.filter(user=person).delete()[0]


holds_personal(
    Holding(
        "account", _("Name, e-mail, language"), _("So that you can sign in and be told"), _("Until you erase it"),
        export_rows(Person, "pk", "email", "name", "language", "joined_at", "last_login"), empty_account,
        covers=("accounts.Person.email",),
    ),
    Holding(
        "addresses", _("E-mail addresses"), _("So that only you can sign in"), _("Until you erase it"),
        export_rows(EmailAddress, "user", "email", "verified", "primary"), erase_addresses,
        covers=("account.EmailAddress.user", "account.EmailAddress.email"),
    ),
    Holding(
        "factors", _("Second factors and passkeys"), _("So that only you can sign in"), _("Until you erase it"),
        export_rows(Authenticator, "user", "type", "created_at", "last_used_at"), erase_rows(Authenticator, "user"),
        covers=("mfa.Authenticator.user",),
    ),
    Holding(
        "sign_on", _("Account of the province's sign-on"), _("So that you can sign in by it"), _("Until you erase it"),
        export_rows(SocialAccount, "user", "provider", "uid", "extra_data", "date_joined", "last_login"),
        erase_rows(SocialAccount, "user"), covers=("socialaccount.SocialAccount.user",),
    ),
    Holding(
        "sessions", _("Where you are signed in"), _("So that you can end sessions that are not yours"),
        _("Until you sign out or erase it"), export_sessions, erase_sessions,
        covers=("usersessions.UserSession.user", "usersessions.UserSession.ip"),
    ),
)  # fmt: skip
