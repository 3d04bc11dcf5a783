"""What a result is taken along as: a PDF, a printed page, a calendar file, and links that can be withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chuangbao.checkup.domain import checkups, own, sharing
from chuangbao.checkup.domain.moves import says_alike
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.paper import (
    assumed_words,
    disclaimer_of,
    head_of,
    paper_of,
    source_of,
    totals_of,
    waiting_title,
    waiting_words,
)
from chuangbao.checkup.sheet import events_of, left_out_words, sheet_of, unclear_words
from chuangbao.checkup.views.checkups import describe_result, find_own_checkup, judge_checkup, limits
from chuangbao.core.access.permissions import public
from chuangbao.core.engine.current import current_pack
from chuangbao.core.exports.calendar import to_calendar
from chuangbao.core.exports.pdf import qr_svg, to_pdf
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit

if TYPE_CHECKING:
    from chuangbao.checkup.domain.result import Result
    from chuangbao.checkup.models import CheckUp
    from chuangbao.checkup.sheet import HandoverSheet
    from chuangbao.core.http.requests import Request

__all__ = ["calendar", "pdf", "print_page", "share", "shared", "shared_code", "unshare"]


@public
@rate_limit("check-up-step", rate="600/10m", per="ip")
@post_only("checkup:step", "token")
def share(request: Request, token: str) -> HttpResponse:
    """Make a copy that can be shown to others."""
    checkup = find_own_checkup(request, token)
    given = own.answers_of(checkup, request.actor).given
    membership = request.actor.holder_id if checkup.subject and checkup.subject.organisation_id else None
    copy = sharing.share_copy(
        checkup=checkup, pack=current_pack(), given=given, membership=membership, along=request.POST.getlist("along")
    )
    return redirect(reverse("checkup:shared", args=[copy.token]) + "?new=1")


@public
@rate_limit("check-up-step", rate="600/10m", per="ip")
@post_only("checkup:step", "token")
def unshare(request: Request, token: str, copy: int) -> HttpResponse:
    """Withdraw a shared copy: its address leads nowhere from now on."""
    sharing.withdraw_copy(checkup=find_own_checkup(request, token), copy=copy)
    messages.success(request, _("Withdrawn: the address no longer leads anywhere."))
    return redirect(reverse("checkup:step", args=[token]) + "#take")


@public
@require_GET
def shared(request: Request, token: str) -> HttpResponse:
    """Show a shared result; it can be read, not changed.

    Raises Http404 where the copy never was, has expired or is no longer shared.
    """
    copy = checkups.find_checkup(token, shared=True)
    if copy is None:
        raise Http404
    shown = judge_checkup(request, copy)
    context = {
        "checkup": copy,
        "result": shown,
        "address": request.build_absolute_uri(request.path),
        "ends": timezone.localdate(copy.expires_at),
        "changeable": False,
        "is_new": "new" in request.GET,
        "left_out": left_out_words(sharing.count_left_out(copy)),
        "hidden": sharing.list_hidden(current_pack(), copy),
        "unclear_words": unclear_words(),
        **limits(request),
        **describe_result(shown),
    }
    return render(request, "checkup/shared.html", context)


@public
@require_GET
def shared_code(request: Request, token: str) -> HttpResponse:
    """Draw the QR code of a shared result.

    Raises Http404 where there is no shared copy at this address.
    """
    if checkups.find_checkup(token, shared=True) is None:
        raise Http404
    address = request.build_absolute_uri(reverse("checkup:shared", args=[token]))
    return HttpResponse(qr_svg(address), content_type="image/svg+xml")


def find_readable(request: Request, token: str) -> CheckUp:
    """The shared copy at an address, or the check-up of the reader.

    Raises Http404, SignInFirst: see ``find_own_checkup``.
    """
    return checkups.find_checkup(token, shared=True) or find_own_checkup(request, token)


def find_shared_token(checkup: CheckUp, shown: Result) -> str:
    """The token that a QR code leads to: a shared copy itself, else the newest copy that says what the paper says.

    Empty where no copy was shared, and where the newest leaves open what the paper decides.
    """
    if checkup.shared:
        return checkup.token
    copy = next((copy for copy in sharing.list_shared_copies(checkup) if copy.token), None)
    return copy.token if copy is not None and says_alike(result_of(copy), shown) else ""


def sheet_for(request: Request, checkup: CheckUp) -> tuple[HandoverSheet, str]:
    """The sheet of a check-up with the address of its shared copy, and the token of that copy."""
    shown = judge_checkup(request, checkup)
    code = find_shared_token(checkup, shown)
    address = request.build_absolute_uri(reverse("checkup:shared", args=[code])) if code else ""
    left_out = sharing.count_left_out(checkup) if checkup.shared else 0
    site = request.build_absolute_uri(reverse("checkup:start"))
    hidden = sharing.list_hidden(current_pack(), checkup) if checkup.shared else set()
    return sheet_of(checkup, shown, address=address, site=site, left_out=left_out, hidden=hidden), code


@public
@rate_limit("pdf", rate="120/10m", per="ip", methods=("GET", "HEAD"))
@require_GET
def pdf(request: Request, token: str) -> HttpResponse:
    """The result to take along."""
    sheet, _code = sheet_for(request, find_readable(request, token))
    paper = paper_of(sheet)
    response = HttpResponse(to_pdf(paper), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="chuangbao.pdf"'
    return response


@public
@rate_limit("pdf", rate="120/10m", per="ip", methods=("GET", "HEAD"))
@require_GET
def print_page(request: Request, token: str) -> HttpResponse:
    """The same sheet as a page that a browser prints."""
    checkup = find_readable(request, token)
    sheet, code = sheet_for(request, checkup)
    context = {
        "checkup": checkup,
        "sheet": sheet,
        "head": head_of(sheet),
        "totals": totals_of(sheet),
        "left_out": left_out_words(sheet.left_out),
        "disclaimer": disclaimer_of(sheet),
        "source": source_of(sheet),
        "assumed": assumed_words(sheet),
        "waiting": {"title": waiting_title(sheet), "lines": [waiting_words(one) for one in sheet.open]},
        "code": code,
    }
    return render(request, "checkup/printed.html", context)


@public
@rate_limit("pdf", rate="120/10m", per="ip", methods=("GET", "HEAD"))
@require_GET
def calendar(request: Request, token: str) -> HttpResponse:
    """The days ahead as a calendar file: what opens, what closes, what may be had from when."""
    checkup = find_readable(request, token)
    events = events_of(checkup, judge_checkup(request, checkup), host=request.build_absolute_uri("/"))
    content = to_calendar(_("My check-up: days to keep"), events, written_at=timezone.now())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="chuangbao.ics"'
    return response
