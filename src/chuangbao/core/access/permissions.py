"""Who may open a page and who may do what: predicates, one per verb; every address names exactly one.

Predicates are those of the package ``rules``: ``may_publish = holds("policy_reviewer") & in_scope``. They take
an actor and, where there is one, the row; about no row in particular a predicate on rows says nothing against it.
"""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from rules import predicate
from rules.predicates import Predicate

from chuangbao.core.http.resuming import answer_with_kept_form, keep_form

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from chuangbao.core.access.actors import Actor, Capacity

__all__ = [
    "Forbidden",
    "Predicate",
    "SignInFirst",
    "about_row",
    "access_of",
    "anyone",
    "ask_to_sign_in",
    "freshly_signed_in",
    "holds",
    "in_capacity",
    "in_scope",
    "not_in_own_cause",
    "page",
    "permit",
    "public",
    "signed_in",
]

View = TypeVar("View", bound="Callable[..., HttpResponseBase]")

DECLARATION = "chuangbao_access"
ROW_TESTS: dict[str, Callable[[Any, Any], bool]] = {}
"""Every predicate about a row by its name, so that a refusal can say which of them failed."""
FRESH_SECONDS = 15 * 60


@predicate
def anyone(_actor: Actor) -> bool:
    """Everybody, with no account (公开)."""
    return True


@predicate
def signed_in(actor: Actor) -> bool:
    """Anybody who is signed in, in whatever capacity."""
    return actor.signed_in


def in_capacity(*capacities: Capacity) -> Predicate:
    """Acting in one of some capacities."""
    return Predicate(lambda actor: actor.capacity in capacities, name=f"in_capacity:{','.join(capacities)}")


def holds(*rights: str) -> Predicate:
    """Holding one of some rights: a member's role or a duty of a post."""
    return Predicate(lambda actor: actor.holds(*rights), name=f"holds:{','.join(rights)}")


def about_row(test: Callable[[Actor, Any], bool]) -> Predicate:
    """A predicate about a row; about no row in particular it does not object."""

    @wraps(test)
    def test_row(actor: Actor, row: object | None = None) -> bool:
        return row is None or test(actor, row)

    ROW_TESTS[test.__name__] = test
    return Predicate(test_row, name=test.__name__)


@about_row
def in_scope(actor: Actor, row: Any) -> bool:
    """Tell whether the row's region is in the area of the actor's post."""
    return actor.covers(row.region_id)


@about_row
def not_in_own_cause(actor: Actor, row: Any) -> bool:
    """No officer decides in their own cause (回避): the row says which persons are party to it.

    Every decision of an officer has this; ``row.persons_concerned()`` gives the ids of those persons.
    """
    return actor.person_id not in row.persons_concerned()


class Forbidden(PermissionDenied):
    """A refusal (403) that knows what was asked for: which permission, by whom, and about which row."""

    def __init__(self, permission: Predicate, actor: Actor, row: object | None = None) -> None:
        super().__init__(permission.name)
        self.permission, self.actor, self.row = permission, actor, row

    def failed_row_tests(self) -> list[str]:
        """List the tests about the row that the actor fails; empty where the capacity itself is not enough."""
        if self.row is None or not self.permission.test(self.actor):
            return []
        names = re.findall(r"\w+", self.permission.name)
        return [name for name in names if name in ROW_TESTS and not ROW_TESTS[name](self.actor, self.row)]


class SignInFirst(Exception):  # noqa: N818 - an answer, not a fault
    """What was asked for opens to who was signed in here before the session ended; ``accounts.middleware`` asks."""


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Keep what was sent, and ask to sign in; one comes back here afterwards."""
    keep_form(request)
    return sent_to(reverse("account_login"), request)


def permit(who: Predicate, *, actor: Actor, row: object | None = None) -> None:
    """Raise Forbidden (403) unless the actor may."""
    if not who.test(actor, row):
        raise Forbidden(who, actor, row)


def page(*, permission: Predicate, fresh: bool = False) -> Callable[[View], View]:
    """Declare who may open a page. ``fresh`` asks for the password again where it was given long ago.

    People who are not signed in are sent to sign in and come back; those who may not see it are shown 403.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def answer_if_permitted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            """Ask for permission, then for a fresh sign-in, then answer.

            Raises Forbidden where the actor is signed in and lacks the permission.
            """
            actor: Actor = request.actor  # type: ignore[attr-defined] # set by accounts.middleware
            if not permission.test(actor):
                if not actor.signed_in:
                    return ask_to_sign_in(request)
                raise Forbidden(permission, actor)
            if fresh and not freshly_signed_in(request):
                return sent_to(way_to_prove_identity(request), request)
            return answer_with_kept_form(request, actor) or view(request, *args, **kwargs)

        setattr(answer_if_permitted, DECLARATION, permission.name)
        return answer_if_permitted  # type: ignore[return-value] # wraps keeps the shape

    return declare


def sent_to(place: str, request: HttpRequest) -> HttpResponseBase:
    """To a page that brings one back here afterwards."""
    return redirect(f"{place}?{urlencode({'next': request.get_full_path()})}")


def way_to_prove_identity(request: HttpRequest) -> str:
    """Return where the person proves identity once more: by password or second factor, or by signing in again."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    return str(methods[0]["url"]) if methods else reverse("accounts:again")


def freshly_signed_in(request: HttpRequest) -> bool:
    """Whether the person has shown who they are within the last quarter of an hour (再次验证)."""
    shown = request.session.get("account_authentication_methods") or []
    last = max((method.get("at", 0) for method in shown), default=0)
    return timezone.now().timestamp() - float(last) < FRESH_SECONDS


def public(view: View) -> View:
    """Declare that anyone may open this page, with no account (公开服务)."""
    setattr(view, DECLARATION, "public")
    return view


def access_of(view: object) -> str | None:
    """Return what a view declared, or None when it declared nothing."""
    declared = getattr(view, DECLARATION, None)
    return declared if isinstance(declared, str) else None
