"""What a visitor reads when something went wrong: what happened, why, and what to do now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext_lazy

from chuangbao.core.access import public
from chuangbao.core.actors import ANONYMOUS

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from chuangbao.core.requests import Request

__all__ = ["bad_request", "csrf_failure", "forbidden", "not_found", "server_error"]

WORDS: dict[int, tuple[_StrPromise, _StrPromise, str]] = {
    400: (
        gettext_lazy("That request could not be read"),
        gettext_lazy("The address or the form was damaged on the way. Go back and try once more."),
        "unlink",
    ),
    403: (
        gettext_lazy("This page is not open to you"),
        gettext_lazy("The form may have been open too long. Go back, reload the page and send it again."),
        "lock",
    ),
    404: (
        gettext_lazy("There is nothing at this address"),
        gettext_lazy("The page may have moved, or a shared link may have expired. Search for it above."),
        "map-search",
    ),
    500: (
        gettext_lazy("Something broke on our side"),
        gettext_lazy("It is not your fault, and it has been noted. Wait a moment and try again."),
        "tool",
    ),
}


def error_page(request: Request, code: int) -> HttpResponse:
    """The page of one error, in the shell of every other page."""
    title, words, icon = WORDS[code]
    context = {"code": code, "error_title": title, "error_words": words, "error_icon": icon}
    return render(request, "portal/error.html", context, status=code)


@public
def bad_request(request: Request, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """400."""
    return error_page(request, 400)


@public
def forbidden(request: Request, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """403."""
    return error_page(request, 403)


@public
def csrf_failure(request: Request, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """403 of a form that has been open too long."""
    return error_page(request, 403)


@public
def not_found(request: Request, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """404."""
    return error_page(request, 404)


@public
def server_error(request: Request) -> HttpResponse:
    """500; it asks nothing of the database."""
    request.actor = ANONYMOUS
    return error_page(request, 500)
