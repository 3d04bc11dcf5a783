"""Every request knows who acts (``request.actor``), and reads nothing without a scope while it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import SimpleLazyObject

from chuangbao.accounts.domain.acting import actor_for
from chuangbao.accounts.models import Person
from chuangbao.core.scope import guarded

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from chuangbao.core.actors import Actor

__all__ = ["SESSION_KEY", "act_as", "know_the_actor"]

SESSION_KEY = "acting"


def know_the_actor(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the actor is looked up when somebody first asks for it."""

    def known(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined] # the attribute is ours
        with guarded():
            return answer(request)

    return known


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person in the capacity the session names."""
    user = request.user
    person = user if isinstance(user, Person) and user.is_authenticated else None
    return actor_for(person, str(request.session.get(SESSION_KEY, "")) if person else "")


def act_as(request: HttpRequest, key: str) -> None:
    """From now on the session acts in this capacity, as long as the person holds it."""
    request.session[SESSION_KEY] = key
    request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined] # the attribute is ours
