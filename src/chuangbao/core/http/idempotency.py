"""Once only (幂等): a form carries a token, and sent twice, by a double press or a broken line, it acts once.

The template writes ``{% once %}`` inside the form; the view is decorated with ``@once``. The token, what was done
and where it led commit together; the second request waits for the first and is sent to the same place. Who goes
back, writes something else into the same form and sends that, has not been answered yet.
"""

from __future__ import annotations

import hashlib
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid5

from django.db import transaction
from django.http import HttpResponseRedirect

from chuangbao.core.models import Answered

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

__all__ = ["FIELD", "once"]

FIELD, CSRF = "once", "csrfmiddlewaretoken"
View = TypeVar("View", bound="Callable[..., HttpResponseBase]")


def once(view: View) -> View:
    """Let a POST with the same token act once. Only an answer that leads on (a redirect) counts as done."""

    @wraps(view)
    def act_once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
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

    return act_once  # type: ignore[return-value] # wraps keeps the shape


def token_of(request: HttpRequest) -> UUID | None:
    """What tells this content of this form, sent by this person to this address; None where there is no token."""
    try:
        token = UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None
    actor = getattr(request, "actor", None)
    said: list[object] = [request.path, getattr(actor, "person_id", None)]
    said += [(name, values) for name, values in sorted(request.POST.lists()) if name != CSRF]
    said += [(name, file.name, digest_of(file)) for name, files in sorted(request.FILES.lists()) for file in files]
    return uuid5(token, repr(said))


def digest_of(file: UploadedFile[bytes]) -> str:
    """Digest the content, which is left as if unread."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()
