"""The files of the firms registered with a host: the list, one file, its contact, mail, tries and loss of contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of
from chuangbao.core.audit.readings import record_reading
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.premises.domain.files import keep_contact
from chuangbao.premises.domain.limits import read_limit
from chuangbao.premises.domain.mail import receive_mail
from chuangbao.premises.domain.reaching import answer_lost, list_failed_tries, note_try, state_lost
from chuangbao.premises.enums import MailStage, Reach
from chuangbao.premises.forms import ContactForm, LostForm, MailForm, OfficeForm, TryForm
from chuangbao.premises.models import ContactTry, HostFile, MailItem
from chuangbao.premises.permissions import (
    is_member,
    may_answer_lost,
    may_keep_contact,
    may_keep_premises,
    may_oversee,
    may_read_contact,
    may_see_letters,
)

if TYPE_CHECKING:
    from typing import Any

    from django import forms
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = [
    "add_try",
    "answer_report",
    "change_contact",
    "give_files",
    "list_files",
    "report_lost",
    "show_file",
    "take_mail",
]

PAGE_SIZE = 20
MOST_ROWS = 50


@page(permission=may_see_letters)
@require_safe
def list_files(request: Request) -> HttpResponse:
    """List the files in sight, the firms that cannot be reached first; search by firm or number, filter by state."""
    data = {
        "page": page_of(search_files(request), request.GET.get("page"), each=PAGE_SIZE),
        "q": request.GET.get("q", "").strip(),
        "reach": request.GET.get("reach", ""),
        "states": Reach.choices,
        "is_member": is_member.test(request.actor),
    }
    return render(request, "premises/files.html", data)


@page(permission=may_see_letters)
@rate_limit("files-excel", rate="60/h")
@require_safe
def give_files(request: Request) -> HttpResponse:
    """Give the files that were searched for as an Excel workbook, without names and telephones of contacts."""
    head = [
        _("Name of the firm"),
        _("Number of the letter"),
        _("Address of the premise"),
        _("Reach of the firm"),
        _("Contact confirmed on"),
        _("Last tried on"),
        _("Stated as lost on"),
        _("Answered by the office on"),
        _("What the office did"),
    ]
    rows = (
        [
            row.letter.licensee,
            row.letter.number,
            row.letter.address,
            str(row.get_reach_display()),
            row.contact_on,
            row.last_try,
            row.lost_on,
            row.office_on,
            row.office_note,
        ]
        for row in search_files(request)[:MOST]
    )
    return as_workbook("files", _("Files of firms"), head, rows)


def search_files(request: Request) -> QuerySet[Any]:
    """Return the files in sight that the reader's words and state leave."""
    words, reach = request.GET.get("q", "").strip(), request.GET.get("reach", "")
    rows = visible(HostFile, to=request.actor).select_related("letter__premise__site__space__operator")
    if words:
        rows = rows.filter(Q(letter__licensee__icontains=words) | Q(letter__number__startswith=words))
    if reach in Reach.values:
        rows = rows.filter(reach=reach)
    waiting = Count("mail", filter=Q(mail__stage=MailStage.WAITING), distinct=True)
    rows = rows.annotate(waiting=waiting, last_try=Max("tries__tried_on"))
    return rows.order_by("reach", "-letter__issued_on", "-pk")


@page(permission=may_see_letters)
@require_safe
def show_file(request: Request, pk: int) -> HttpResponse:
    """Show the file of a firm; an office that reads the contact is put on record."""
    row = find_file(request, pk)
    if may_oversee.test(request.actor) and row.has_contact and may_read_contact.test(request.actor, row):
        reason = _("The host cannot reach the firm")
        firm = row.letter.organisation_id
        record_reading(request.actor, row, organisation=firm, reason=reason, facts=["contact", "phone"])
    return render(request, "premises/file.html", describe_file(request, row))


@page(permission=is_member)
@post_only("premises:file", "pk")
@once
def change_contact(request: Request, pk: int) -> HttpResponse:
    """Keep who is reached at the firm."""
    row, form = find_file(request, pk), ContactForm(request.POST)
    permit(may_keep_contact, actor=request.actor, row=row)
    return answer_form(request, row, form, keep_contact, "keeping")


@page(permission=is_member)
@rate_limit("mail", rate="600/h")
@post_only("premises:file", "pk")
@once
def take_mail(request: Request, pk: int) -> HttpResponse:
    """Note mail that came for the firm."""
    row, form = find_file(request, pk), MailForm(request.POST)
    permit(may_keep_premises, actor=request.actor, row=row)
    return answer_form(request, row, form, receive_mail, "receiving")


@page(permission=is_member)
@rate_limit("contact-try", rate="600/h")
@post_only("premises:file", "pk")
@once
def add_try(request: Request, pk: int) -> HttpResponse:
    """Note a try to reach the firm."""
    row, form = find_file(request, pk), TryForm(request.POST)
    permit(may_keep_premises, actor=request.actor, row=row)
    return answer_form(request, row, form, note_try, "trying")


@page(permission=is_member)
@post_only("premises:file", "pk")
@once
def report_lost(request: Request, pk: int) -> HttpResponse:
    """State to the office that the firm cannot be reached."""
    row, form = find_file(request, pk), LostForm(request.POST)
    permit(may_keep_premises, actor=request.actor, row=row)
    return answer_form(request, row, form, state_lost, "losing")


@page(permission=may_oversee)
@post_only("premises:file", "pk")
@once
def answer_report(request: Request, pk: int) -> HttpResponse:
    """Note what the office did about a firm that its host cannot reach."""
    row, form = find_file(request, pk), OfficeForm(request.POST)
    permit(may_answer_lost, actor=request.actor, row=row)
    return answer_form(request, row, form, answer_lost, "answering")


def answer_form(request: Request, row: HostFile, form: forms.Form, verb: Any, name: str) -> HttpResponse:
    """Carry out a verb of a file with what was filled in, or show the page with what is wrong beside its field."""
    if attempt_filled(form, verb, file=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("premises:file", row.pk)
    return render(request, "premises/file.html", describe_file(request, row, **{name: form}), status=422)


def find_file(request: Request, pk: int) -> HostFile:
    """Return a file in sight. Raises Http404."""
    rows = visible(HostFile, to=request.actor)
    rows = rows.select_related("letter__organisation", "letter__premise__site__space__operator")
    return get_object_or_404(rows, pk=pk)


def describe_file(request: Request, row: HostFile, **forms_with_faults: forms.Form) -> dict[str, Any]:
    """What the page of a file shows."""
    actor, today = request.actor, timezone.localdate()
    reads_contact = may_read_contact.test(actor, row)
    contact = {"contact": row.contact or "", "phone": row.phone or ""} if reads_contact else {}
    return {
        "row": row,
        "today": today,
        "has_left": row.letter.ended_on is not None or row.hosted_until < today,
        "reads_contact": reads_contact,
        "is_host": is_member.test(actor) and may_keep_premises.test(actor, row),
        "keeps_contact": may_keep_contact.test(actor, row),
        "may_answer": may_answer_lost.test(actor, row),
        "sees_mail": is_member.test(actor),
        "mail": visible(MailItem, to=actor).filter(file=row).order_by("-received_on", "-pk")[:MOST_ROWS],
        "tries": visible(ContactTry, to=actor).filter(file=row).order_by("-tried_on", "-pk")[:MOST_ROWS],
        "failed": len(list_failed_tries(row)),
        "tries_needed": read_limit("lost_tries", today),
        "means_needed": read_limit("lost_means", today),
        "kept_days": read_limit("contact_kept_days", today),
        "history": history_of(row),
        "keeping": ContactForm(initial=contact),
        "receiving": MailForm(initial={"received_on": today}),
        "trying": TryForm(initial={"tried_on": today}),
        "losing": LostForm(),
        "answering": OfficeForm(initial={"office_note": row.office_note}),
        **forms_with_faults,
    }
