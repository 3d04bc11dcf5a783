"""Remembering how a visitor wants to see the portal (大字版, 浅色或深色)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from chuangbao.core.access.permissions import public
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.http.requests import safe_place
from chuangbao.portal.preferences import PRINT_COOKIE, PRINTS, THEME_COOKIE, THEMES

__all__ = ["preferences"]

ONE_YEAR = 365 * 24 * 60 * 60
CHOICES = {"theme": (THEME_COOKIE, THEMES), "print": (PRINT_COOKIE, PRINTS)}


@public
@rate_limit("preferences", rate="600/10m", per="ip")
@post_only("portal:home")
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie and go back to where the visitor was; unknown values are ignored."""
    response = HttpResponseRedirect(back_to(request))
    for name, (cookie, allowed) in CHOICES.items():
        value = request.POST.get(name)
        if value in allowed:
            response.set_cookie(
                cookie, value, max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
            )
    return response


def back_to(request: HttpRequest) -> str:
    """The page the visitor came from, if it is one of ours."""
    return safe_place(request, request.POST.get("next", "")) or "/"
