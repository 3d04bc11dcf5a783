"""Trying the system as a person who does not exist; without demo mode there is nothing at these addresses."""

from __future__ import annotations

import email
import email.policy
import time
from datetime import UTC
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from chuangbao.accounts.domain.acting import choices
from chuangbao.accounts.middleware import act_as
from chuangbao.accounts.models import Person
from chuangbao.core.access.permissions import public
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.http.requests import safe_place
from chuangbao.core.messaging.sms_transports import list_messages, sent_at
from chuangbao.portal.demo import address_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["mail", "sign_in"]

LATEST = 20
SEPARATOR = "-" * 79


def in_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """There is nothing here where the demonstration is off."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer while the demonstration runs.

        Raises Http404 where it does not.
        """
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return shown


@public
@rate_limit("demo-sign-in", rate="600/10m", per="ip")
@post_only("account_login")
@in_demo
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the people of the demonstration, in the capacity they are listed for."""
    person = get_object_or_404(Person, email=address_of(request.POST.get("who", "")), is_demo=True, is_active=True)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    held = [choice.key for choice in choices(person)]
    wanted = request.POST.get("acting", "")
    act_as(request, wanted if wanted in held else held[-1])
    return redirect(safe_place(request, request.POST.get("next", "")) or "portal:desk")


@public
@require_GET
@in_demo
def mail(request: HttpRequest) -> HttpResponse:
    """The letters and SMS that the demonstration has sent, the newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = (
        sorted(folder.glob("*.log"), key=lambda f: f.stat().st_mtime, reverse=True)[:LATEST] if folder.is_dir() else []
    )
    letters = [letter for file in files for letter in reversed(read(file))][:LATEST]
    sms = [{"to": m["to"], "text": m["text"], "date": sent_at(m)} for _file, m in list_messages(LATEST)]
    return render(request, "portal/demo_mail.html", {"letters": letters, "sms": sms})


def read(file: Path) -> list[dict[str, object]]:
    """The letters of one file of the mail folder."""
    parts = file.read_bytes().split(f"\n{SEPARATOR}\n".encode())
    messages = [email.message_from_bytes(part.lstrip(), policy=email.policy.default) for part in parts if part.strip()]
    return [
        {
            "subject": str(m["subject"]),
            "to": str(m["to"]),
            "date": m["date"].datetime.replace(tzinfo=UTC),  # as the worker writes them
            "body": str(m.get_body(("plain",)).get_content()),  # type: ignore[union-attr] # every letter of ours has a text
        }
        for m in messages
    ]
