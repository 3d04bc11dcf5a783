"""Rate limits (访问频次限制), counted in PostgreSQL so that every worker counts together; on by default.

Where the count cannot be taken, the answer is no: closed when in doubt.
"""

from __future__ import annotations

from functools import wraps
from time import time
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.shortcuts import render

from chuangbao.core.http.requests import network_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

__all__ = ["DECLARATION", "Rate", "hit", "rate_limit", "sweep", "too_many"]

View = TypeVar("View", bound="Callable[..., HttpResponseBase]")

DECLARATION = "chuangbao_limited"
RATES: dict[str, str] = {}
"""The rate of each name; one name has one, since all its views are counted together."""
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
COUNT = """
INSERT INTO core_hit AS h (key, frame, count)
VALUES (%(key)s, floor(extract(epoch FROM clock_timestamp()) / %(seconds)s), 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN h.frame = excluded.frame THEN h.count + 1 ELSE 1 END, frame = excluded.frame, counted_at = now()
RETURNING count
"""


class Rate:
    """So many in so long: ``Rate("10/5m")``."""

    def __init__(self, text: str) -> None:
        """Raise ValueError for what is no rate."""
        count, _, span = text.partition("/")
        self.count = int(count)
        self.seconds = int(span[:-1] or 1) * UNITS[span[-1]]


def hit(name: str, whose: str, rate: str) -> bool:
    """Count one more of what ``name`` limits; whether it is still within the rate. False where it cannot be counted.

    ``whose`` may be what somebody typed: frames of other lengths and other names are counted apart from it.
    """
    limit = Rate(rate)
    key = f"{name}:{limit.seconds}:{whose}"
    try:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {"key": key, "seconds": limit.seconds})
            return bool(cursor.fetchone()[0] <= limit.count)
    except DatabaseError:
        return False


def sweep() -> int:
    """Forget counts of more than a day ago."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_hit WHERE counted_at < now() - interval '1 day'")
        return int(cursor.rowcount)


def who(request: HttpRequest, per: str) -> str:
    """Whose hits are counted together."""
    actor = request.actor  # type: ignore[attr-defined] # set by accounts.middleware
    return f"person:{actor.person_id}" if per == "person" and actor.signed_in else f"ip:{network_of(request.META)}"


def rate_limit(
    name: str, *, rate: str, per: str = "person", methods: tuple[str, ...] = ("POST",), asks: str = ""
) -> Callable[[View], View]:
    """Answer at most ``rate`` requests of a person (or an address); beyond it a page with 429 says when to return.

    With ``asks`` only those count whose address asks for it, such as ``?try=1``. Views with one name are counted
    together. Raises ImproperlyConfigured for a name that has another rate already.
    """
    if RATES.setdefault(name, rate) != rate:
        raise ImproperlyConfigured(f"{name} is limited to {RATES[name]} elsewhere, not to {rate}; name it apart")

    def declare(view: View) -> View:
        @wraps(view)
        def answer_within_rate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            counts = request.method in methods and (not asks or asks in request.GET)
            if settings.RATE_LIMITS and counts and not hit(name, who(request, per), rate):
                return too_many(request, rate)
            return view(request, *args, **kwargs)

        setattr(answer_within_rate, DECLARATION, name)

        return answer_within_rate  # type: ignore[return-value] # wraps keeps the shape

    return declare


def too_many(request: HttpRequest, rate: str = "1/5m", *, exact: bool = False) -> HttpResponseBase:
    """429 in the shell, with the time to wait; also what the sign-in pages answer, whose limits are their own.

    Where ``hit`` has counted, ``exact`` tells the time until its frame ends.
    """
    seconds = Rate(rate).seconds
    left = int(seconds - time() % seconds) + 1 if exact else seconds
    answer = render(request, "429.html", {"minutes": -(-left // 60)}, status=429)
    answer["Retry-After"] = str(left)
    return answer
