"""Once only (幂等): a form carries a token, and sent twice, by a double press or a broken line, it acts once.

The template writes ``{% once %}`` inside the form; the view is decorated with ``@once``. The token, what was done
and where it led commit together; the second request waits for the first and is sent to the same place.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.http import HttpResponseRedirect

from chuangbao.core.models import Answered

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

__all__ = ["FIELD", "once"]

FIELD = "once"
View = TypeVar("View", bound="Callable[..., HttpResponseBase]")


def once(view: View) -> View:
    """Let a POST with the same token act once. Only an answer that leads on (a redirect) counts as done."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        token = token_of(request)
        if request.method != "POST" or token is None:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            row, fresh = Answered.objects.select_for_update().get_or_create(
                token=token, defaults={"place": request.path}
            )
            if not fresh:
                return HttpResponseRedirect(row.location or request.path)
            answer = view(request, *args, **kwargs)
            if isinstance(answer, HttpResponseRedirect):
                row.location = answer.url
                row.save(update_fields=["location"])
            else:
                row.delete()
            return answer

    return guarded  # type: ignore[return-value] # wraps keeps the shape


def token_of(request: HttpRequest) -> UUID | None:
    """The token of the form; None for a form without one, or one that was tampered with."""
    try:
        return UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None
