"""The page of the mobile phone: add a number, confirm it by the code, see whether messages wait, take it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangbao.accounts.domain import mobiles
from chuangbao.accounts.mobile_forms import MobileCodeForm, MobileForm
from chuangbao.core.access.permissions import page, signed_in
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit, too_many
from chuangbao.core.messaging.sms import waits_for_gateway
from chuangbao.core.models import Mobile

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from chuangbao.core.http.requests import Request

__all__ = ["confirm", "mobile", "remove"]


@page(permission=signed_in, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("mobile", rate="10/h")
@rate_limit("mobile-network", rate="30/h", per="ip")
@once
def mobile(request: Request) -> HttpResponseBase:
    """Show the number, and send a code to a new one; the answer is the same if others have it too."""
    form = MobileForm(request.POST or None)
    read = attempt(form, mobiles.read_number, text=request.POST.get("number", "")) if form.is_bound else None
    if read is None:
        return show(request, number=form)
    if not mobiles.is_within(read.row):
        return too_many(request, mobiles.CODES, exact=True)
    mobiles.ask_for_code(actor=request.actor, number=read.row)
    messages.success(request, _("A code is on its way to your phone."))
    return redirect("accounts:mobile")


@page(permission=signed_in, fresh=True)
@post_only("accounts:mobile")
@rate_limit("mobile-code", rate="30/h")
@once
def confirm(request: Request) -> HttpResponse:
    """Confirm the number by the code that was sent to it."""
    form = MobileCodeForm(request.POST)
    if attempt_filled(form, mobiles.confirm_mobile, actor=request.actor):
        messages.success(request, _("Your number is confirmed. Choose below what is sent to it."))
        return redirect("core:preferences")
    return show(request, code=form)


@page(permission=signed_in, fresh=True)
@post_only("accounts:mobile")
@once
def remove(request: Request) -> HttpResponse:
    """Take the number away."""
    if mobiles.remove_mobile(actor=request.actor):
        messages.success(request, _("Your number is deleted here. What came by SMS comes by e-mail from now on."))
    return redirect("accounts:mobile")


def show(request: Request, *, number: forms.Form | None = None, code: forms.Form | None = None) -> HttpResponse:
    """Show the page with the forms; 422 where one of them was refused."""
    row = visible(Mobile, to=request.actor).filter(person=request.actor.person_id).first()
    refused = any(form is not None and form.errors for form in (number, code))
    context = {
        "confirmed": mobiles.hide_number(row.number) if row and row.number else "",
        "asked": mobiles.hide_number(row.asked) if row and row.asked else "",
        "minutes": mobiles.MINUTES,
        "number": number or MobileForm(),
        "code": code or MobileCodeForm(),
        "refused": next((form for form in (code, number) if form is not None and form.errors), None),
        "demo": settings.DEMO,
        "waits": waits_for_gateway(request.actor.person),
    }
    return render(request, "accounts/mobile.html", context, status=422 if refused else 200)
