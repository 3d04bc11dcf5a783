"""What a visitor reads when something went wrong: what happened, why, and what to do now."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.db import Error, InterfaceError, OperationalError, connection
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.core.access.actors import ANONYMOUS
from chuangbao.core.access.permissions import public
from chuangbao.core.http.requests import safe_place
from chuangbao.core.workflow.refusals import Refused
from chuangbao.ops.disk_space import is_full, means_full
from chuangbao.portal.denied import explain_csrf_failure, explain_refusal, list_ways_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from chuangbao.core.http.requests import Request

__all__ = [
    "AnswerRefused",
    "bad_request",
    "csrf_failure",
    "explain_refused_methods",
    "forbidden",
    "not_found",
    "refuse_writes_without_room",
    "server_error",
]

RETRY_SECONDS = 60
READING = {"GET", "HEAD", "OPTIONS"}
WORDS: dict[int, tuple[_StrPromise, _StrPromise, str]] = {
    400: (
        gettext_lazy("That request could not be read"),
        gettext_lazy("The address or the form was damaged on the way. Go back and try once more."),
        "unlink",
    ),
    403: (
        gettext_lazy("This page is not open to you"),
        gettext_lazy("What you asked for is not part of your rights here."),
        "lock",
    ),
    404: (
        gettext_lazy("There is nothing at this address"),
        gettext_lazy("The page may have moved, or a shared link may have expired. Search for it above."),
        "map-search",
    ),
    405: (
        gettext_lazy("This address does not take what was sent"),
        gettext_lazy("The page can be read, but not sent to in this way. Open it again from the menu above."),
        "unlink",
    ),
    409: (
        gettext_lazy("This was not done"),
        gettext_lazy("Something stands in the way. Go back, reload the page and look at what has changed."),
        "alert-triangle",
    ),
    503: (
        gettext_lazy("The service cannot save anything at the moment"),
        gettext_lazy(
            "The disk of the server is full. What you sent was not saved: keep it, and send it again in a few minutes."
        ),
        "tool",
    ),
    500: (
        gettext_lazy("Something broke on our side"),
        gettext_lazy("It is not your fault, and it has been noted. Wait a moment and try again."),
        "tool",
    ),
}


def error_page(request: Request, code: int, **known: object) -> HttpResponse:
    """The page of one error, in the shell of every other page; ``known`` replaces what it would say."""
    title, words, icon = WORDS[code]
    context = {"code": code, "error_title": title, "error_words": words, "error_icon": icon, "ways_out": []}
    return render(request, "portal/error.html", context | known, status=code)


@public
def bad_request(request: Request, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """400."""
    return error_page(request, 400)


@public
def forbidden(request: Request, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason, and the person's other capacities that could go on."""
    found = {"error_words": explain_refusal(exception), "ways_out": list_ways_out(request, exception)}
    return error_page(request, 403, **found)


@public
def csrf_failure(request: Request, reason: str = "") -> HttpResponse:
    """Answer 403 to a form that may not be the person's own."""
    title = _("The form was not accepted")
    return error_page(request, 403, error_title=title, error_words=explain_csrf_failure(reason))


@public
def not_found(request: Request, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """404."""
    return error_page(request, 404)


class AnswerRefused:
    """Middleware: a refusal that no page has shown beside its form is a page of its own, with the way back."""

    def __init__(self, answer: Callable[[Request], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: Request) -> HttpResponse:
        """Answer as without it."""
        return self.answer(request)

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        """409, with what the verb said; None for anything but a refusal."""
        if not isinstance(exception, Refused):
            return None
        known = {} if str(exception) == exception.code else {"error_words": str(exception)}
        return error_page(request, 409, way_back=find_way_back(request), **known)


def find_way_back(request: HttpRequest) -> str:
    """Return the address that the form was sent from, else its own; none where that is this very page again."""
    came_from = safe_place(request, request.headers.get("Referer", ""))
    return came_from or (request.path if request.method == "POST" else "")


@public
def server_error(request: Request) -> HttpResponse:
    """500, or 503 where a disk is full or the database does not answer; it asks nothing of the database."""
    request.actor = ANONYMOUS
    fault = sys.exc_info()[1]
    if means_full(fault):
        return unavailable(request)
    if isinstance(fault, OperationalError | InterfaceError) and not is_answered():
        return unavailable(
            request,
            _("The service is being restarted"),
            _("Its database does not answer yet. Nothing was saved; wait a moment and try again."),
        )
    return error_page(request, 500)


def unavailable(request: Request, title: str = "", words: str = "") -> HttpResponse:
    """503, with the reason and when to come back."""
    full_title, full_words, icon = WORDS[503]
    context: dict[str, Any] = {
        "code": 503,
        "error_title": title or full_title,
        "error_words": words or full_words,
        "error_icon": icon,
    }
    response = render(request, "portal/error.html", context, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def is_answered() -> bool:
    """Whether the database answers now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def refuse_writes_without_room(answer: Callable[[Request], HttpResponse]) -> Callable[[Request], HttpResponse]:
    """Middleware: while the disk is full nothing is saved, and that is said; pages can be read."""

    def refuse(request: Request) -> HttpResponse:
        if request.method not in READING and is_full():
            request.actor = ANONYMOUS
            return unavailable(request)
        return answer(request)

    return refuse


def explain_refused_methods(answer: Callable[[Request], HttpResponse]) -> Callable[[Request], HttpResponse]:
    """Middleware: a method that a page does not take is answered with words, not with an empty page."""

    def explain(request: Request) -> HttpResponse:
        response = answer(request)
        if response.status_code != 405 or response.content:  # noqa: PLR2004 - the HTTP status
            return response
        explained = error_page(request, 405)
        explained["Allow"] = response["Allow"]
        return explained

    return explain
