"""Looking up a letter without an account (住所证明查验): a bank clerk, a registrar, a business partner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from chuangbao.core.access.permissions import public
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.premises.domain.lookups import find_by_number, find_by_token, is_same_name, log_lookup, mask_name
from chuangbao.premises.enums import LookupWay
from chuangbao.premises.forms import LookupForm, NameForm

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.premises.models import ConsentLetter

__all__ = ["look_up", "look_up_code"]


@public
@rate_limit("letter-number", rate="30/10m", per="ip", methods=("POST",))
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: Request) -> HttpResponse:
    """Look a letter up by what is printed on it: its number and check code."""
    form = LookupForm(request.POST or None)
    if done := attempt_filled(form, find_by_number):
        log_lookup(done.row, way=LookupWay.NUMBER)
        return show_state(request, done.row, NameForm())
    return render(request, "premises/look_up.html", {"form": form}, status=422 if form.errors else 200)


@public
@rate_limit("letter-code", rate="60/10m", per="ip", methods=("GET", "HEAD", "POST"))
@require_http_methods(["GET", "HEAD", "POST"])
def look_up_code(request: Request, token: str) -> HttpResponse:
    """Show what the register says of the letter whose QR code was scanned; a name can be compared with it."""
    letter = find_by_token(token)
    if letter is None:
        return render(request, "premises/look_up.html", {"form": LookupForm(), "is_unknown": True}, status=404)
    if request.method != "POST":
        if request.method == "GET":
            log_lookup(letter, way=LookupWay.CODE)
        return show_state(request, letter, NameForm(), token=token)
    form = NameForm(request.POST)
    same = is_same_name(letter, form.cleaned_data["name"]) if form.is_valid() else None
    return show_state(request, letter, form, token=token, same=same)


def show_state(
    request: Request, letter: ConsentLetter, form: NameForm, *, token: str = "", same: bool | None = None
) -> HttpResponse:
    """Answer with the state of the letter; the firm's name is masked."""
    data = {
        "letter": letter,
        "licensee": mask_name(letter.licensee),
        "form": form,
        "token": token or letter.address_code,
        "same": same,
    }
    return render(request, "premises/looked_up.html", data, status=422 if form.errors else 200)
