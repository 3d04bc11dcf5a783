"""How many letters with a code or a link one address is sent in an hour, by whatever page they are asked for.

The library bounds each of its pages for itself. All of them count together here, and an address without an account
counts as one with: what is refused tells nothing of who has one.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.account import app_settings
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.template.response import TemplateResponse

from chuangbao.core.access.tokens import hash_token
from chuangbao.core.http.rate_limits import hit, too_many

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

__all__ = ["LETTERS", "bound_letter", "bound_resending"]

LETTERS = "6/h"
ASKED_FOR = {
    "email_confirmation",
    "email_confirmation_signup",
    "account_already_exists",
    "login_code",
    "password_reset_code",
    "password_reset_key",
    "unknown_account",
}
"""The letters that a stranger can ask for; what tells an owner of a change is never held back."""
COUNTED = "letter_counted"
MINUTE = 60


def bound_letter(request: HttpRequest, template: str, address: str) -> None:
    """Count a letter to an address.

    Raises ImmediateHttpResponse beyond the bound, with the page that says when to come back.
    """
    if template.rpartition("/")[2] not in ASKED_FOR or getattr(request, COUNTED, False):
        return
    if not is_within(address):
        raise ImmediateHttpResponse(too_many(request, LETTERS, exact=True))


def is_within(address: str) -> bool:
    """Count a letter to an address, which the count keeps as a hash; whether it is within the bound."""
    key = hash_token(address.strip().lower())
    return not settings.RATE_LIMITS or hit("letters", key, LETTERS)


def bound_resending(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Count a code that is asked for again before the library does: for an address with an account it sends none."""

    @wraps(view)
    def answer_within(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        state = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY)
        if state and request.method == "POST" and request.POST.get("action") == "resend":
            if not is_within(str(state.get("email", ""))):
                return too_many(request, LETTERS, exact=True)
            setattr(request, COUNTED, True)
        answer = view(request, *args, **kwargs)
        if isinstance(answer, TemplateResponse) and answer.context_data is not None:
            answer.context_data["minutes"] = app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT // MINUTE
        return answer

    return answer_within
