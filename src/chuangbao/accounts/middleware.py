"""Every request knows who acts (``request.actor``), and reads nothing without a scope while it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from chuangbao.accounts.domain.acting import actor_for
from chuangbao.accounts.domain.consents import has_agreed
from chuangbao.accounts.models import Person
from chuangbao.core.access.permissions import SignInFirst, access_of, ask_to_sign_in
from chuangbao.core.access.row_access import forbid_unscoped_reads
from chuangbao.core.http.resuming import forget_capacity, remember_capacity

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from chuangbao.core.access.actors import Actor

__all__ = ["SESSION_KEY", "SIGNED_OUT", "AskForConsent", "act_as", "attach_actor"]

SESSION_KEY = "acting"
KNOWN, SIGNED_OUT = "known_actor", "signed_out"
"""What is noted on a request: the actor once looked up, and that the person signed out by it."""


def attach_actor(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: look the actor up when ``request.actor`` is first read."""

    def answer_with_actor(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined] # the attribute is ours
        with forbid_unscoped_reads():
            response = answer(request)
        remember(request, response)
        return response

    answer_with_actor.process_exception = answer_sign_in_first  # type: ignore[attr-defined] # Django looks for it here
    return answer_with_actor


def answer_sign_in_first(request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
    """Ask to sign in where a page says so."""
    return ask_to_sign_in(request) if isinstance(exception, SignInFirst) else None


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser remember the capacity of who is signed in, and forget it after signing out."""
    if getattr(request, SIGNED_OUT, False):
        forget_capacity(response)
        return
    actor: Actor | None = getattr(request, KNOWN, None)  # None where nobody asked for it
    if actor is not None and actor.signed_in:
        remember_capacity(request, response, actor)


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person in the capacity the session names."""
    user = request.user
    person = user if isinstance(user, Person) and user.is_authenticated else None
    actor = actor_for(person, str(request.session.get(SESSION_KEY, "")) if person else "")
    setattr(request, KNOWN, actor)
    return actor


def act_as(request: HttpRequest, key: str) -> None:
    """From now on the session acts in this capacity, as long as the person holds it."""
    request.session[SESSION_KEY] = key
    request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined] # the attribute is ours


WITHOUT_CONSENT = {
    "accounts:consent", "accounts:export", "accounts:erase", "accounts:me", "accounts:security", "accounts:hand_over",
    "accounts:dissolve", "accounts:again",
}  # fmt: skip
"""What stays open to people who do not agree: reading, taking along and erasing their data, signing out."""


class AskForConsent:
    """Middleware: before a page that needs an account, ask for agreement to a version that is new (再次征求同意).

    A form that is sent is never held up, so nothing that was typed is lost; public pages ask nothing.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as without it; the question is asked once the view is known."""
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_parts: Any) -> HttpResponse | None:
        """Lead to the page of agreement where it is needed."""
        if not needs_consent(request, view):
            return None
        person = request.user
        if not isinstance(person, Person) or has_agreed(person):
            return None
        return redirect(f"{reverse('accounts:consent')}?{urlencode({'next': request.get_full_path()})}")


def needs_consent(request: HttpRequest, view: Callable[..., Any]) -> bool:
    """Whether a page is for people with an account only, and none of those that stay open without agreement."""
    match = request.resolver_match
    if request.method not in {"GET", "HEAD"} or match is None or "HX-Request" in request.headers:
        return False
    return bool(match.namespace) and match.view_name not in WITHOUT_CONSENT and access_of(view) not in {None, "public"}
