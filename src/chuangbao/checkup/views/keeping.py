"""Answers that were given without an account go along into one: asked for before the sign-up, taken over after it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from chuangbao.checkup.domain import checkups, own
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.views.checkups import find_own_checkup
from chuangbao.core.access.permissions import page, public
from chuangbao.core.engine.current import current_pack
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.facts.domain.standing import holdings
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.permissions import may_have_facts

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.checkup.models import CheckUp
    from chuangbao.core.http.requests import Request

__all__ = ["ask_to_keep", "keep"]

COOKIE, HOUR = "keep_checkup", 60 * 60
"""Where the browser keeps which check-up is meant; a session would keep the token where the database can tell it."""


@public
@rate_limit("check-up-step", rate="600/10m", per="ip")
@post_only("checkup:step", "token")
def ask_to_keep(request: Request, token: str) -> HttpResponse:
    """Remember that these answers are wanted in an account, and go on to make one."""
    find_own_checkup(request, token)
    onward = reverse("checkup:keep")
    answer = redirect(
        onward if request.actor.signed_in else f"{reverse('account_signup')}?{urlencode({'next': onward})}"
    )
    answer.set_cookie(COOKIE, token, max_age=HOUR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return answer


@page(permission=may_have_facts)
@require_safe
def keep(request: Request) -> HttpResponse:
    """Take over what was asked for before; without such a wish begin a check-up.

    Where something else is known already, its owner chooses.
    """
    checkup = checkups.find_checkup(request.COOKIES.get(COOKIE, ""))
    if checkup is None or checkup.subject is not None:
        return redirect("checkup:start")
    if contradicts(request, checkup):
        answer = redirect("checkup:adopt", request.COOKIES[COOKIE])
    else:
        names = set(checkups.read_answers(current_pack(), list(checkup.answers.all())))
        made = own.adopt_checkup(checkup=checkup, names=names, actor=request.actor)
        own.keep_verdicts(made, result_of(made, own.answers_of(made, request.actor)).answers)
        count = result_of(checkup).asked
        words = ngettext("Your answer was taken over.", "Your %(n)s answers were taken over.", count)
        messages.success(request, words % {"n": count})
        answer = redirect("checkup:step", made.token)
    answer.delete_cookie(COOKIE, samesite="Lax")
    return answer


def contradicts(request: Request, checkup: CheckUp) -> bool:
    """Whether something else is known of whom one acts for than the answers say."""
    standing = holdings(subject_of(request.actor), day=timezone.localdate(), actor=request.actor, why="check-up")
    held = {name: found.standing.value for (name, _period), found in standing.items()}
    said = checkups.read_answers(current_pack(), list(checkup.answers.all()))
    return any(name in held and held[name] != value for name, value in said.items())
