"""A session that ended in the middle of a form (会话过期): what was typed and the capacity wait for the next sign-in.

A signed cookie remembers who was signed in and in which capacity. A form that arrives after the session ended is
sealed into the new session; the same person, signed in again, is asked once whether to send it as it was.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from chuangbao.core.http.idempotency import CSRF, FIELD
from chuangbao.core.storage.encryption import SealedError, decrypt_bytes, encrypt_bytes

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from chuangbao.core.access.actors import Actor

__all__ = ["answer_with_kept_form", "forget_capacity", "keep_form", "remember_capacity", "remembered_capacity"]

COOKIE, KEPT, DROP = "cb_capacity", "kept_form", "kept"
REMEMBERED = 7 * 24 * 60 * 60
VALID, LARGEST = 60 * 60, 100_000
"""How long a form is kept (seconds), and how much of one (characters)."""
CONTEXT = "kept form"
NEVER = ("password", "passwd", "code", "credential", "token")
"""Parts of the names of fields that are never kept."""


def remember_capacity(request: HttpRequest, response: HttpResponse, actor: Actor) -> None:
    """Let the browser remember who acts in which capacity, for the day the session ends by itself."""
    value = f"{actor.person_id} {actor.acting}"
    if request.get_signed_cookie(COOKIE, "", max_age=REMEMBERED) != value:
        response.set_signed_cookie(
            COOKIE, value, max_age=REMEMBERED, httponly=True, samesite="Lax", secure=settings.HTTPS
        )


def forget_capacity(response: HttpResponse) -> None:
    """Forget it: the person signed out."""
    response.delete_cookie(COOKIE, samesite="Lax")


def remembered_capacity(request: HttpRequest) -> tuple[int, str] | None:
    """Read who was signed in here before the session ended, and in which capacity."""
    kept: str = request.get_signed_cookie(COOKIE, "", max_age=REMEMBERED) or ""
    person, _blank, acting = kept.partition(" ")
    return (int(person), acting) if person.isdecimal() and acting else None


def keep_form(request: HttpRequest) -> None:
    """Keep what was sent after the session ended, and say what happened; files and passwords are not kept."""
    before = remembered_capacity(request)
    if before is None:
        return
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {CSRF, FIELD} and not any(part in name.lower() for part in NEVER)
    ]
    content = json.dumps(fields)
    if request.method != "POST" or len(content) > LARGEST:
        messages.info(request, _("Your session has ended. Sign in again: you come back to where you were."))
        return
    request.session[KEPT] = {
        "path": request.get_full_path(),
        "person": before[0],
        "at": time.time(),
        "files": bool(request.FILES),
        "fields": encrypt_bytes(content.encode(), context=CONTEXT).hex(),
    }
    words = _("Your session has ended. Sign in again: you come back to where you were, and what you typed is kept.")
    messages.info(request, words)


def answer_with_kept_form(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    """Ask whether to send the kept form of this address; None where there is none."""
    kept: dict[str, Any] | None = request.session.get(KEPT)
    if kept is None or not actor.signed_in:
        return None
    here = request.get_full_path()
    dropped = here == with_drop(kept["path"])
    mine = kept["person"] == actor.person_id and time.time() - kept["at"] < VALID
    if dropped or not mine or (request.method == "POST" and here == kept["path"]):
        del request.session[KEPT]
        return HttpResponseRedirect(kept["path"]) if dropped and mine else None
    if here != kept["path"] or request.method not in {"GET", "HEAD"}:
        return None
    try:
        fields = json.loads(decrypt_bytes(bytes.fromhex(kept["fields"]), context=CONTEXT))
    except SealedError:  # its key is gone
        del request.session[KEPT]
        return None
    context = {"fields": fields, "path": here, "drop": with_drop(here), "files": kept["files"]}
    return render(request, "ui/pages/resume.html", context)


def with_drop(path: str) -> str:
    """Make the address that forgets the kept form."""
    return f"{path}{'&' if '?' in path else '?'}{DROP}=drop"
