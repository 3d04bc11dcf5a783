"""What a supervisor asks: does the process live, can it serve, and its figures. None of it says anything of anybody."""

from __future__ import annotations

import hmac
from functools import wraps
from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from chuangbao.core.access.permissions import DECLARATION, public
from chuangbao.core.http.metrics import exposition
from chuangbao.ops.disk_space import is_full
from chuangbao.ops.schema_state import pending_migrations

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

__all__ = ["figures", "healthz", "readyz"]

FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_VIA",
)


def watchers(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Declare that only a program that watches the server opens this: with the token, or on this very machine."""

    @wraps(view)
    def answer_supervisor(request: HttpRequest) -> HttpResponse:
        """Answer supervisors.

        Raises Http404 for all others.
        """
        if not is_supervisor(request):
            raise Http404
        return view(request)

    setattr(answer_supervisor, DECLARATION, "watchers")
    return answer_supervisor


def is_supervisor(request: HttpRequest) -> bool:
    """Whether a request comes from a watcher; behind a proxy everybody seems to sit on this machine."""
    token = settings.METRICS_TOKEN
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    return not any(name in request.META for name in FORWARDED) and loopback(request.META.get("REMOTE_ADDR", ""))


def loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


@public
@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers; restarting it would mend nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """Whether visitors may be sent here: room to write, a database that answers and is as this program expects."""
    if is_full():
        return JsonResponse({"disk": "full"}, status=503)
    try:
        missing = pending_migrations()
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    if missing:
        return JsonResponse({"database": "ok", "migrations": "pending"}, status=503)
    return JsonResponse({"database": "ok", "migrations": "ok"})


@watchers
@require_safe
@never_cache
def figures(_request: HttpRequest) -> HttpResponse:
    """For Prometheus."""
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_PLAIN_0_0_4)
