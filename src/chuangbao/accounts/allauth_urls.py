"""The pages of allauth (注册、登录、多因素、会话), each with its declaration of who may open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.urls import urlpatterns as theirs
from django.urls import URLPattern

from chuangbao.accounts.letters import bound_resending
from chuangbao.core.access.permissions import page, public, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.urls import URLResolver

__all__ = ["urlpatterns"]

PUBLIC = {
    "account_login", "account_logout", "account_signup", "account_signup_by_passkey", "account_inactive",
    "account_confirm_email", "account_email_verification_sent", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
    "account_request_login_code", "account_confirm_login_code", "mfa_authenticate", "mfa_login_webauthn",
    "mfa_signup_webauthn", "mfa_trust", "openid_connect_login", "openid_connect_callback",
    "socialaccount_login_cancelled", "socialaccount_login_error", "socialaccount_signup",
}  # fmt: skip

RESENDING = {"account_email_verification_sent"}


def flat(entries: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """Every address, however deep it is included."""
    for entry in entries:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from flat(entry.url_patterns)


for pattern in flat(theirs):
    declare = public if pattern.name in PUBLIC else page(permission=signed_in)
    view = bound_resending(pattern.callback) if pattern.name in RESENDING else pattern.callback
    pattern.callback = declare(view)

urlpatterns = theirs
