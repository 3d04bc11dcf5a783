"""What a capacity of an office asks for beyond a password (公务身份保护): a second factor, and a person at the desk.

Both are settings (``CHUANGBAO_SECOND_FACTOR``, ``CHUANGBAO_IDLE_MINUTES``) and neither holds in the demonstration.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.signing import BadSignature
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangbao.accounts.mfa import FACTORS
from chuangbao.accounts.middleware import SESSION_KEY, act_as
from chuangbao.accounts.models import AdminDuty, Person
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import access_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

__all__ = ["PRESENT", "GuardOffices", "has_second_factor"]

PRESENT = "present"
"""The signed cookie that says when an office was last at work."""
RENEWED = 60  # seconds after which the cookie is written again
OFFICES = {str(Capacity.OFFICER), *AdminDuty.Kind.values}


class GuardOffices:
    """Middleware: officers and administrators act as such with a second factor, and while they are there."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as without it, and note that the office is at work."""
        response = self.answer(request)
        if settings.IDLE_MINUTES and in_office(request) and not settings.DEMO and not is_idle(request):
            note_presence(request, response)
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_parts: Any) -> HttpResponse | None:
        """Lead away where the capacity may not be used now."""
        if settings.DEMO or not in_office(request):
            return None
        if settings.SECOND_FACTOR and not has_second_factor(request.user):
            return ask_for_second_factor(request, view)
        if settings.IDLE_MINUTES and access_of(view) != "public" and is_idle(request) and not is_account(request):
            return ask_again(request)
        return None


def in_office(request: HttpRequest) -> bool:
    """Whether the session acts in a post or as an administrator."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    key = str(request.session.get(SESSION_KEY, ""))
    return key.partition(":")[0] in OFFICES and request.user.is_authenticated


def is_account(request: HttpRequest) -> bool:
    """Whether a page is of the account itself: signing in and out, showing who one is, a second factor."""
    return request.resolver_match is not None and request.resolver_match.namespace == ""


def has_second_factor(person: object) -> bool:
    """Whether a person has a second factor (双因素): codes of an application, or a key."""
    return isinstance(person, Person) and Authenticator.objects.filter(user=person, type__in=FACTORS).exists()


def ask_for_second_factor(request: HttpRequest, view: Callable[..., Any]) -> HttpResponse | None:
    """Go on in the person's own name; from a page of an office to where a second factor is set up."""
    act_as(request, "")
    if access_of(view) == "public" or is_account(request):
        return None
    messages.warning(
        request, _("Officers and administrators need a second factor here. Set one up, then choose your post again.")
    )
    return redirect("mfa_index")


def is_idle(request: HttpRequest) -> bool:
    """Whether the office has not been at work for longer than the setting allows."""
    limit = settings.IDLE_MINUTES * 60
    shown = request.session.get("account_authentication_methods") or []
    if time.time() - max((float(method.get("at", 0)) for method in shown), default=0.0) < limit:
        return False
    with suppress(KeyError, BadSignature):
        request.get_signed_cookie(PRESENT, salt=salt_of(request), max_age=limit)
        return False
    return True


def note_presence(request: HttpRequest, response: HttpResponse) -> None:
    """Write the cookie, once a minute at the most."""
    with suppress(KeyError, BadSignature):
        request.get_signed_cookie(PRESENT, salt=salt_of(request), max_age=RENEWED)
        return
    response.set_signed_cookie(
        PRESENT, "1", salt=salt_of(request), max_age=settings.IDLE_MINUTES * 60, httponly=True, samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )  # fmt: skip


def salt_of(request: HttpRequest) -> str:
    """A cookie counts for the session that it was written for, and for no other."""
    return f"{PRESENT}:{request.session.session_key}"


def ask_again(request: HttpRequest) -> HttpResponse:
    """Let the person show who they are, and come back; who can only sign in does so."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    place = str(methods[0]["url"]) if methods else reverse("account_login")
    if not methods:
        logout(request)
    return redirect(f"{place}?{urlencode({'next': request.get_full_path()})}")
