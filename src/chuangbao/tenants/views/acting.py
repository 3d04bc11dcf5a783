"""What every form of a tenancy comes to: the verb, a word of success and the next page, or the page again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect

from chuangbao.core.http.forms import attempt_filled

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["act_on_form"]


def act_on_form(
    request: Request,
    form: Form,
    verb: Callable[..., Any],
    *,
    said: Callable[[Any], str] | str,
    leads: Callable[[Any], str] | str,
    again: Callable[[], HttpResponse],
    **given: Any,
) -> HttpResponse:
    """Run a verb with what was filled in and lead on with a message; show the page ``again`` where it is refused.

    ``said`` and ``leads``, the address, may be worked out from what the verb gave.
    """
    done = attempt_filled(form, verb, actor=request.actor, **given)
    if done is None:
        return again()
    messages.success(request, said(done.row) if callable(said) else said)
    return redirect(leads(done.row) if callable(leads) else leads)
