"""Mail that hosts took in: the list with what waits too long, and one piece of mail with its moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.premises.domain.limits import read_limit
from chuangbao.premises.domain.mail import hand_over_mail, is_overdue, send_mail_back, waits_too_long
from chuangbao.premises.enums import MailKind, MailStage
from chuangbao.premises.forms import HandOverForm, SendBackForm
from chuangbao.premises.models import MailItem
from chuangbao.premises.permissions import is_member, may_keep_premises

if TYPE_CHECKING:
    from typing import Any

    from django import forms
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["give_mail", "hand_over", "list_mail", "send_back", "show_item"]

PAGE_SIZE = 20
LATE = "late"


@page(permission=is_member)
@require_safe
def list_mail(request: Request) -> HttpResponse:
    """List the mail in sight: search by firm or sender, filter by kind and state; ``late`` is what waits too long."""
    today = timezone.localdate()
    found = page_of(search_mail(request), request.GET.get("page"), each=PAGE_SIZE)
    data = {
        "page": found,
        "late": {row.pk for row in found if is_overdue(row, today)},
        "q": request.GET.get("q", "").strip(),
        "stage": request.GET.get("stage", ""),
        "kind": request.GET.get("kind", ""),
        "stages": [*MailStage.choices, (LATE, _("Waits too long"))],
        "kinds": MailKind.choices,
        "query": request.GET.urlencode(),
        "days": read_limit("mail_days", today),
        "official_days": read_limit("official_mail_days", today),
    }
    return render(request, "premises/mail.html", data)


@page(permission=is_member)
@rate_limit("mail-excel", rate="60/h")
@require_safe
def give_mail(request: Request) -> HttpResponse:
    """Give the mail that was searched for as an Excel workbook, without the names of who took it."""
    head = [
        _("Received on"),
        _("Name of the firm"),
        _("Number of the letter"),
        _("Kind of mail"),
        _("Sender"),
        _("State"),
        _("Handed over or sent back on"),
        _("Days waited"),
    ]
    rows = (
        [
            row.received_on,
            row.file.letter.licensee,
            row.file.letter.number,
            str(row.get_mail_kind_display()),
            row.sender,
            str(row.get_stage_display()),
            row.left_on,
            row.days_waiting,
        ]
        for row in search_mail(request)[:MOST]
    )
    return as_workbook("mail", _("Mail taken in"), head, rows)


def search_mail(request: Request) -> QuerySet[MailItem]:
    """Return the mail in sight that the reader's words, kind and state leave, the newest first."""
    words, stage = request.GET.get("q", "").strip(), request.GET.get("stage", "")
    kind = request.GET.get("kind", "")
    rows = visible(MailItem, to=request.actor).select_related("file__letter")
    if words:
        rows = rows.filter(Q(file__letter__licensee__icontains=words) | Q(sender__icontains=words))
    if kind in MailKind.values:
        rows = rows.filter(mail_kind=kind)
    if stage == LATE:
        rows = rows.filter(waits_too_long(timezone.localdate()))
    elif stage in MailStage.values:
        rows = rows.filter(stage=stage)
    return rows.order_by("-received_on", "-pk")


@page(permission=is_member)
@require_safe
def show_item(request: Request, pk: int) -> HttpResponse:
    """Show a piece of mail, and how it leaves the house."""
    return render(request, "premises/mail_item.html", describe_item(request, find_item(request, pk)))


@page(permission=is_member)
@post_only("premises:mail_item", "pk")
@once
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Note to whom the mail was handed over."""
    return answer_form(request, pk, HandOverForm(request.POST), hand_over_mail, "handing")


@page(permission=is_member)
@post_only("premises:mail_item", "pk")
@once
def send_back(request: Request, pk: int) -> HttpResponse:
    """Note that the mail was sent back."""
    return answer_form(request, pk, SendBackForm(request.POST, prefix="back"), send_mail_back, "returning")


def answer_form(request: Request, pk: int, form: forms.Form, verb: Any, name: str) -> HttpResponse:
    """Carry out a verb of a piece of mail, or show the page with what is wrong beside its field."""
    row = find_item(request, pk)
    permit(may_keep_premises, actor=request.actor, row=row)
    if attempt_filled(form, verb, item=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("premises:mail_item", pk)
    return render(request, "premises/mail_item.html", describe_item(request, row, **{name: form}), status=422)


def find_item(request: Request, pk: int) -> MailItem:
    """Return a piece of mail in sight. Raises Http404."""
    rows = visible(MailItem, to=request.actor).select_related("file__letter__premise__site__space__operator")
    return get_object_or_404(rows, pk=pk)


def describe_item(request: Request, row: MailItem, **forms_with_faults: forms.Form) -> dict[str, Any]:
    """What the page of a piece of mail shows."""
    today = timezone.localdate()
    return {
        "row": row,
        "is_late": is_overdue(row, today),
        "is_host": may_keep_premises.test(request.actor, row),
        "history": history_of(row),
        "handing": HandOverForm(initial={"left_on": today}),
        "returning": SendBackForm(initial={"left_on": today}, prefix="back"),
        **forms_with_faults,
    }
