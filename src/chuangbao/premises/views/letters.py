"""Letters of consent: the list, issuing, one letter with its moves, its PDF."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of
from chuangbao.core.audit.readings import record_reading
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.exports.pdf import qr_svg, to_pdf
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.premises.domain.industries import describe_industry
from chuangbao.premises.domain.letters import (
    issue_letter,
    last_day,
    note_industry,
    note_licence,
    replace_letter,
    revoke_letter,
)
from chuangbao.premises.domain.warnings import list_same_applicant
from chuangbao.premises.enums import LetterStage
from chuangbao.premises.forms import IndustryForm, LetterForm, LicenceForm, RevokeForm
from chuangbao.premises.models import ConsentLetter, LetterLookup, Premise
from chuangbao.premises.permissions import is_member, may_issue_letter, may_oversee, may_see_letters
from chuangbao.premises.sheet import paper_of
from chuangbao.premises.views.scope import describe_scope

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet

    from chuangbao.core.http.requests import Request

__all__ = [
    "KNOWN",
    "MOST_CHARACTERS",
    "give_pdf",
    "give_workbook",
    "list_letters",
    "new_letter",
    "note",
    "replace",
    "revoke",
    "show_letter",
]

PAGE_SIZE = 20
MOST_LOOKUPS = 20
MOST_DIGITS = 18
A_YEAR = timedelta(days=365)
KNOWN = ("licensee", "licensee_code")
"""What the page of a tenant knows of its firm and writes into the address."""
MOST_CHARACTERS = 120


@page(permission=may_see_letters)
@require_safe
def list_letters(request: Request) -> HttpResponse:
    """List the letters in sight: search by firm, number or code, filter by state."""
    rows = search(request)
    data = {
        "page": page_of(rows, request.GET.get("page"), each=PAGE_SIZE),
        "q": request.GET.get("q", "").strip(),
        "stage": request.GET.get("stage", ""),
        "stages": LetterStage.choices,
        "by": request.GET.get("by", ""),
        "query": request.GET.urlencode(),
    }
    return render(request, "premises/letters.html", data)


@page(permission=may_see_letters)
@rate_limit("letters-excel", rate="60/h")
@require_safe
def give_workbook(request: Request) -> HttpResponse:
    """Give the letters that were searched for as an Excel workbook, one row a licence."""
    head = [
        _("Number"),
        _("Name of the firm"),
        _("Unified social credit code"),
        _("Address of the premise"),
        _("Issued on"),
        _("Valid until"),
        _("State"),
        _("Licence issued on"),
        _("Business in its own words"),
        _("Industry beside the words"),
    ]
    rows = (
        [
            row.number,
            row.licensee,
            row.licensee_code,
            row.address,
            row.issued_on,
            row.valid_until,
            str(row.get_stage_display()),
            row.licensed_on,
            row.business,
            row.industry_code,
        ]
        for row in search(request)[:MOST]
    )
    return as_workbook("letters", _("Letters of consent"), head, rows)


def search(request: Request) -> QuerySet[ConsentLetter]:
    """Return the letters in sight that the reader's words and state leave, the newest first."""
    words, stage = request.GET.get("q", "").strip(), request.GET.get("stage", "")
    rows = visible(ConsentLetter, to=request.actor).select_related("premise__site__space__operator", "issuer")
    if words:
        rows = rows.filter(
            Q(licensee__icontains=words) | Q(number__startswith=words) | Q(licensee_code__istartswith=words)
        )
    if (by := request.GET.get("by", "")).isdigit():
        of = visible(ConsentLetter, to=request.actor).select_related("premise").filter(pk=int(by[:MOST_DIGITS])).first()
        rows = list_same_applicant(rows, of) if of else rows.none()
    return (rows.filter(stage=stage) if stage in LetterStage.values else rows).order_by("-issued_on", "-pk")


@page(permission=is_member)
@rate_limit("letter", rate="120/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_letter(request: Request, pk: int) -> HttpResponse:
    """Issue a letter for a premise."""
    premise = get_object_or_404(visible(Premise, to=request.actor).select_related("site__space"), pk=pk)
    permit(may_issue_letter, actor=request.actor, row=premise)
    known = {name: request.GET.get(name, "")[:MOST_CHARACTERS] for name in KNOWN}
    today = timezone.localdate()
    start = {"valid_until": today + A_YEAR, **known}
    form = LetterForm(request.POST or None, initial=start, latest=last_day(today))
    if done := attempt_filled(form, issue_letter, premise=premise, actor=request.actor):
        messages.success(request, _("Issued under the number %s.") % done.row.number)
        return redirect("premises:letter", done.row.pk)
    data = {"form": form, "premise": premise}
    return render(request, "premises/letter_new.html", data, status=422 if form.errors else 200)


@page(permission=may_see_letters)
@require_safe
def show_letter(request: Request, pk: int) -> HttpResponse:
    """Show a letter, who looked it up, and what can be done with it; an office that reads who applied is on record."""
    row = find_letter(request, pk)
    if row.applicant and may_oversee.test(request.actor):
        reason = _("Oversight of the letters of an address")
        record_reading(request.actor, row, organisation=row.organisation_id, reason=reason, facts=["applicant"])
    return render(request, "premises/letter.html", describe_letter(request, row))


@page(permission=is_member)
@rate_limit("letter", rate="120/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def replace(request: Request, pk: int) -> HttpResponse:
    """Issue another letter in place of this one, such as for a longer term or another name."""
    row = find_letter(request, pk)
    permit(may_issue_letter, actor=request.actor, row=row)
    names = ("licensee", "licensee_code", "applicant", "business", "industry_code")
    today = timezone.localdate()
    initial = {"valid_until": today + A_YEAR, **{name: getattr(row, name) for name in names}}
    form = LetterForm(request.POST or None, initial=initial, latest=last_day(today))
    if done := attempt_filled(form, replace_letter, letter=row, actor=request.actor):
        messages.success(request, _("Issued under the number %s.") % done.row.number)
        return redirect("premises:letter", done.row.pk)
    data = {"form": form, "premise": row.premise, "replaces": row}
    return render(request, "premises/letter_new.html", data, status=422 if form.errors else 200)


@page(permission=is_member)
@rate_limit("letter", rate="120/h")
@post_only("premises:letter", "pk")
@once
def revoke(request: Request, pk: int) -> HttpResponse:
    """Revoke a letter, with a reason."""
    row = find_letter(request, pk)
    form = RevokeForm(request.POST)
    if attempt_filled(form, revoke_letter, letter=row, actor=request.actor):
        messages.success(request, _("Revoked. Whoever looks it up sees it from now on."))
        return redirect("premises:letter", pk)
    return render(request, "premises/letter.html", describe_letter(request, row, revoking=form), status=422)


@page(permission=is_member)
@post_only("premises:letter", "pk")
@once
def note(request: Request, pk: int) -> HttpResponse:
    """Note the licence that the firm got at this address."""
    row = find_letter(request, pk)
    form = LicenceForm(request.POST)
    if attempt_filled(form, note_licence, letter=row, actor=request.actor):
        messages.success(request, _("The licence is noted."))
        return redirect("premises:letter", pk)
    return render(request, "premises/letter.html", describe_letter(request, row, licence=form), status=422)


@page(permission=is_member)
@post_only("premises:letter", "pk")
@once
def note_code(request: Request, pk: int) -> HttpResponse:
    """Note the industry beside the words of the business."""
    row = find_letter(request, pk)
    form = IndustryForm(request.POST)
    if attempt_filled(form, note_industry, letter=row, actor=request.actor):
        messages.success(request, _("The industry is noted."))
        return redirect("premises:letter", pk)
    return render(request, "premises/letter.html", describe_letter(request, row, coding=form), status=422)


@page(permission=may_see_letters)
@rate_limit("letter-pdf", rate="120/h")
@require_safe
def give_pdf(request: Request, pk: int) -> HttpResponse:
    """Give the letter as a PDF with its QR code, to be signed, stamped and handed in."""
    row = find_letter(request, pk)
    address = request.build_absolute_uri(reverse("premises:look_up_code", args=[row.address_code]))
    page_address = request.build_absolute_uri(reverse("premises:look_up"))
    content = to_pdf(paper_of(row, qr_svg(address).decode(), page_address))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    return response


def find_letter(request: Request, pk: int) -> ConsentLetter:
    """Return a letter in sight. Raises Http404."""
    rows = visible(ConsentLetter, to=request.actor).select_related(
        "space", "issuer", "premise__site__space__operator", "file"
    )
    return get_object_or_404(rows, pk=pk)


def describe_letter(
    request: Request,
    row: ConsentLetter,
    *,
    revoking: RevokeForm | None = None,
    licence: LicenceForm | None = None,
    coding: IndustryForm | None = None,
) -> dict[str, Any]:
    """What the page of a letter shows."""
    known = {"licensee_code": row.licensee_code, "licensed_on": row.licensed_on or timezone.localdate()}
    lookups = visible(LetterLookup, to=request.actor).filter(letter=row)
    return {
        "row": row,
        "file": getattr(row, "file", None),
        "industry": describe_industry(row.industry_code),
        "scope": describe_scope(row.business),
        "by_others": count_same_applicant(request, row),
        "may_issue": may_issue_letter.test(request.actor, row),
        "revoking": revoking or RevokeForm(),
        "licence": licence or LicenceForm(initial=known),
        "coding": coding or IndustryForm(initial={"industry_code": row.industry_code}),
        "lookups": lookups.order_by("-at", "-pk")[:MOST_LOOKUPS],
        "lookup_count": lookups.count(),
        "history": history_of(row),
    }


def count_same_applicant(request: Request, row: ConsentLetter) -> int:
    """Return how many other letters in sight at the same site have the same applicant."""
    rows = list_same_applicant(visible(ConsentLetter, to=request.actor), row)
    return rows.exclude(pk=row.pk).count() if row.applicant_key else 0
