"""What every form on a page of a tenancy comes to: the verb, a word and the page; or the page with the refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect

from chuangbao.core.http.forms import attempt_filled
from chuangbao.tenants.views.finding import address_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.tenants.models import Tenancy

__all__ = ["act_on_tenancy"]


def act_on_tenancy(
    request: Request,
    row: Tenancy,
    form: Form,
    verb: Callable[..., Any],
    /,
    *,
    said: str,
    shown: tuple[Callable[..., HttpResponse], str],
    **given: Any,
) -> HttpResponse:
    """Run a verb with what was filled in and lead to the page of the tenancy for the actor's side, saying so.

    ``given`` is what the verb is about where that is not the tenancy itself. Where it is refused, the page that
    ``shown`` makes is shown again, with the form under the name that ``shown`` gives.
    """
    about = given or {"tenancy": row}
    if attempt_filled(form, verb, actor=request.actor, **about) is None:
        show_again, name = shown
        return show_again(request, row, **{name: form})
    messages.success(request, said)
    return redirect(address_for(request, row))
