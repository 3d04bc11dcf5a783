"""Addresses that only take a form (只收表单的地址): opened by itself, one leads to the page of the form.

A refused form is shown at the address it was sent to. Changing the language, reloading by the address bar or a
bookmark asks for that address again without the form; the page with the form is the only true answer.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse

from chuangbao.core.http.forms import REFUSED
from chuangbao.core.http.resuming import answer_with_kept_form

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

__all__ = ["DECLARATION", "post_only"]

View = TypeVar("View", bound="Callable[..., HttpResponseBase]")

DECLARATION = "chuangbao_post_only"


def post_only(place: str | Callable[..., str], *parts: str, fragment: str = "") -> Callable[[View], View]:
    """Take only POST; a GET is led to the page of the form.

    ``place`` names that page, ``parts`` the parts of the address that it shares; or ``place`` finds the page's
    address from the request and the parts.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def answer_post(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            kept = answer_with_kept_form(request, request.actor)  # type: ignore[attr-defined] # set by accounts.middleware
            if kept is not None:
                return kept
            if request.method == "POST":
                kept_before = REFUSED.set([])
                try:
                    return view(request, *args, **kwargs)
                finally:
                    REFUSED.reset(kept_before)
            if request.method not in {"GET", "HEAD"}:
                return HttpResponseNotAllowed(["POST"])
            if callable(place):
                return redirect(place(request, **kwargs))
            return redirect(reverse(place, kwargs={part: kwargs[part] for part in parts}) + fragment)

        setattr(answer_post, DECLARATION, True)
        return answer_post  # type: ignore[return-value] # wraps keeps the shape

    return declare
