"""One line and one figure per request: the name of its address, the status, the time; nothing of who asked or what.

The number of a request is in every line written while it is answered, and in its answer as X-Request-ID.
"""

from __future__ import annotations

import re
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog
from django.conf import settings

from chuangbao.core.http.metrics import count_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

__all__ = ["log_requests"]

log = structlog.stdlib.get_logger("chuangbao.requests")
NUMBER = re.compile(r"[0-9a-f]{32}")  # a proxy's own number is kept where it can be nothing but a number
QUIET = {"static", "healthz", "readyz", "metrics"}
FAILED = 500


def log_requests(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: outermost, so that the time is the whole time."""

    def answer_and_log(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if NUMBER.fullmatch(given) else uuid4().hex
        began = perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=number):
            response = answer(request)
            seconds, view, status = perf_counter() - began, name_of(request), response.status_code
            count_request(view, request.method or "", status, seconds)
            if view not in QUIET or status >= FAILED:
                log.info("request", view=view, method=request.method, status=status, ms=round(seconds * 1000, 1))
        response["X-Request-ID"] = number
        return response

    return answer_and_log


def name_of(request: HttpRequest) -> str:
    """The name of the address that was asked for; an address may hold a code, its name never."""
    match = request.resolver_match
    if match is not None:
        return match.view_name
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"
