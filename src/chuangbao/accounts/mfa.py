"""The second factor (两步验证): its secrets sealed at rest, each of its codes good once (RFC 6238, 5.2)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.validators import MaxLengthValidator
from django.db.models.signals import post_init, post_save, pre_save
from django.dispatch import receiver
from django.forms import CharField

from chuangbao.core.storage.encryption import SealedError, decrypt_bytes, encrypt_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from django.http import HttpRequest

    from chuangbao.accounts.models import Person

    class Asked(Protocol):
        """A form of allauth that has found the second factor that fits a code."""

        authenticator: Authenticator


__all__ = ["FACTORS", "ActivateForm", "Adapter", "CodeAgainForm", "CodeForm", "use_code"]

SEALED, HELD = "sealed:", "mfa.held"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor; recovery codes stand in for one."""
LONGEST_CODE = 40


class Adapter(DefaultMFAAdapter):
    """Secrets of applications and seeds of recovery codes lie sealed in the database, and in every backup of it.

    The library seals without saying for whom. So a secret in memory is sealed for the program alone (``HELD``), and
    ``bind_secrets`` seals it for its person whenever the row is written: a copy in another row opens nothing there.
    """

    def encrypt(self, text: str) -> str:
        """Seal a secret for the program."""
        return seal_text(text, HELD)

    def decrypt(self, encrypted_text: str) -> str:
        """Open it; raises SealedError, also for one that was never sealed or is another person's."""
        return open_text(encrypted_text, HELD)


def seal_text(text: str, context: str) -> str:
    """A text sealed for a context, as JSON can hold it."""
    return SEALED + b64encode(encrypt_bytes(text.encode(), context=context)).decode()


def open_text(text: str, context: str) -> str:
    """The text that was sealed for a context; raises SealedError, also where it was never sealed."""
    try:
        content = b64decode(text.removeprefix(SEALED))
    except ValueError as fault:
        raise SealedError("this was never sealed") from fault
    return decrypt_bytes(content, context=context).decode()


def context_of(factor: Authenticator) -> str:
    """What the secrets of a factor are bound to: the table and the person."""
    return f"mfa.authenticator:{factor.user_id}"


def change_secrets(factor: Authenticator, change: Callable[[str], str]) -> None:
    """Change each sealed secret of a factor in memory."""
    data = {**factor.data}
    data |= {name: change(data[name]) for name in ("secret", "seed") if name in data}
    if "migrated_codes" in data:
        data["migrated_codes"] = [change(code) for code in data["migrated_codes"]]
    factor.data = data


def bind_secrets(instance: Authenticator, **_: object) -> None:
    """Before a factor is written: seal its secrets for its person."""
    change_secrets(instance, lambda text: seal_text(open_text(text, HELD), context_of(instance)))


def loosen_secrets(instance: Authenticator, **_: object) -> None:
    """After a factor was read or written: seal its secrets for the program; what is another person's stays shut."""
    if "data" in instance.__dict__:
        change_secrets(instance, lambda text: loosen(text, context_of(instance)))


def loosen(text: str, context: str) -> str:
    """A secret sealed for the program; one that this context does not open as it is."""
    try:
        return seal_text(open_text(text, context), HELD)
    except SealedError:
        return text


# the model is the library's, so its rows have no other place where this could be done
pre_save.connect(bind_secrets, sender=Authenticator, dispatch_uid="bind_secrets")
post_save.connect(loosen_secrets, sender=Authenticator, dispatch_uid="loosen_saved")
post_init.connect(loosen_secrets, sender=Authenticator, dispatch_uid="loosen_read")


@receiver(authenticator_added, dispatch_uid="end_other_sessions")
def end_unproved_sessions(request: HttpRequest, user: Person, authenticator: Authenticator, **_: object) -> None:
    """After a factor was added: end every other session of the person, since none of them ever showed it.

    Guards of offices ask whether the person has a factor; a session that a stolen password began is not let in by it.
    """
    if authenticator.type in FACTORS:
        for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
            session.end()


def use_code(user_id: int, secret: str, code: str) -> bool:
    """Mark a code as used; whether it was good for the first time.

    It is remembered for as long as its clock may be off either way, in a cache that forgets nothing earlier.
    """
    counters = [c for c in yield_hotp_counters_from_time() if compare_user_code(actual=code, expected=value(secret, c))]
    lasting = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 2)
    return bool(counters) and all(cache.add(f"accounts.totp:{user_id}:{c}", 1, timeout=lasting) for c in counters)


def value(secret: str, counter: int) -> str:
    """The digits of a period."""
    return format_hotp_value(hotp_value(secret, counter))


def refuse_used(form: Asked, code: str) -> str:
    """Return the code; raises ValidationError where an application's code has been good before."""
    factor = form.authenticator
    if factor.type == Authenticator.Type.TOTP and not use_code(factor.user_id, decrypt(factor.data["secret"]), code):
        raise get_adapter().validation_error("incorrect_code")
    return code


class CodeForm(AuthenticateForm):
    """The code at sign-in."""

    def clean_code(self) -> str:
        """A code that fits and is new."""
        return refuse_used(self, super().clean_code())


class CodeAgainForm(ReauthenticateForm):
    """The code where the person shows who they are once more."""

    def clean_code(self) -> str:
        """A code that fits and is new."""
        return refuse_used(self, super().clean_code())


class ActivateForm(ActivateTOTPForm):
    """The first code of an application, which signs no one in afterwards."""

    user: Any

    def clean_code(self) -> str:
        """A code that fits."""
        code: str = super().clean_code()
        use_code(self.user.pk, self.secret, code)
        return code


for kind in (CodeForm, CodeAgainForm, ActivateForm):  # the library gives their codes no length
    field = kind.base_fields["code"]
    if isinstance(field, CharField) and field.max_length is None:
        field.max_length = LONGEST_CODE
        field.validators.append(MaxLengthValidator(LONGEST_CODE))
