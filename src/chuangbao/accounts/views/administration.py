"""Pages of the three administrators: posts and duties, and the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET, require_http_methods

from chuangbao.accounts.domain import posts as verbs
from chuangbao.accounts.forms import DepartmentForm, DutyForm, EndForm, PostForm
from chuangbao.accounts.models import AdminDuty, Organisation, OrganisationKind, Post
from chuangbao.accounts.permissions import is_administrator, may_administer, may_manage_security
from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.workflow.proposals import proposals_to, propose
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from chuangbao.core.http.requests import Request

__all__ = ["appoint", "appoint_admin", "confirm_post", "department", "end_duty", "end_post", "posts"]

EACH = 50
ENDED = _l("Ended; with the next page it is gone.")
PROPOSED = _l("Proposed; a second administrator confirms it.")


@page(permission=is_administrator)
@require_GET
def posts(request: Request) -> HttpResponse:
    """Every post, current ones first, and the administrators."""
    rows = visible(Post, to=request.actor).select_related("person", "agency", "region").order_by("-term", "pk")
    duties = visible(AdminDuty, to=request.actor).filter(ended_at=None).select_related("person")
    context = {
        "page": Paginator(rows, EACH).get_page(request.GET.get("page")),
        "duties": duties,
        "today": timezone.localdate(),
        "appoints": may_administer.test(request.actor),
        "agencies": agencies_of(request),
        "secures": may_manage_security.test(request.actor),
        "alone": may_manage_security.test(request.actor) and verbs.is_alone(request.actor),
        "proposals": proposals_to(["duty.appoint", "duty.end"], request.actor),
    }
    return render(request, "accounts/posts.html", context)


def agencies_of(request: Request) -> list[tuple[Organisation, DepartmentForm]]:
    """The agencies, each with the form that says which department it is; for those who appoint."""
    if not may_administer.test(request.actor):
        return []
    rows = visible(Organisation, to=request.actor).filter(kind=OrganisationKind.AGENCY).select_related("region")
    return [(r, DepartmentForm(initial={"code": r.department}, auto_id=f"agency-{r.pk}-%s")) for r in rows]


@page(permission=may_administer)
@post_only("accounts:posts")
def department(request: Request, pk: int) -> HttpResponse:
    """Say which department an agency is."""
    row = get_object_or_404(visible(Organisation, to=request.actor), pk=pk)
    form = DepartmentForm(request.POST)
    if attempt_filled(form, verbs.set_department, agency=row, actor=request.actor):
        messages.success(request, _("Kept: the officers of the agency write the policies of this department."))
    else:
        messages.warning(request, "".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("accounts:posts")


@page(permission=may_manage_security)
@post_only("accounts:posts")
def confirm_post(request: Request, pk: int) -> HttpResponse:
    """Let a post that reaches a whole province begin."""
    row = get_object_or_404(visible(Post, to=request.actor), pk=pk)
    try:
        verbs.confirm_post(post=row, actor=request.actor)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Confirmed; the person is told."))
    return redirect("accounts:posts")


@page(permission=may_administer, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def appoint(request: Request) -> HttpResponse:
    """Appoint an officer."""
    form = PostForm(request.POST or None, actor=request.actor)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        to = verbs.Appointment(**{name: value for name, value in given.items() if name != "email"})
        if attempt(form, verbs.appoint_officer, actor=request.actor, email=given["email"], to=to):
            waits = verbs.reaches_a_province(given["region"])
            messages.success(
                request,
                _("Appointed; it begins when a security administrator has confirmed it.")
                if waits
                else _("Appointed; the person is told."),
            )
            return redirect("accounts:posts")
    return render(request, "accounts/appoint.html", {"form": form}, status=422 if form.errors else 200)


@page(permission=may_manage_security, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def appoint_admin(request: Request) -> HttpResponse:
    """Appoint one of the three administrators."""
    form = DutyForm(request.POST or None)
    if form.is_bound and form.is_valid():
        alone, given = verbs.is_alone(request.actor), {**form.cleaned_data, "actor": request.actor}
        if alone:
            del given["reason"]
        if attempt(form, verbs.appoint_administrator if alone else verbs.propose_administrator, **given):
            messages.success(request, _("Appointed.") if alone else PROPOSED)
            return redirect("accounts:posts")
    return render(request, "accounts/appoint.html", {"form": form}, status=422 if form.errors else 200)


@page(permission=is_administrator, fresh=True)
@post_only("accounts:posts")
def end_post(request: Request, pk: int) -> HttpResponse:
    """End a post today."""
    row = get_object_or_404(visible(Post, to=request.actor), pk=pk)
    return carry_out(request, lambda reason: verbs.end_post(post=row, actor=request.actor, reason=reason))


@page(permission=may_manage_security, fresh=True)
@post_only("accounts:posts")
def end_duty(request: Request, pk: int) -> HttpResponse:
    """End an administrator's duty, or propose it to a second administrator."""
    row, actor = get_object_or_404(visible(AdminDuty, to=request.actor), pk=pk), request.actor
    if row.person_id == actor.person_id or verbs.is_alone(actor, concerned=row.person_id):
        return carry_out(request, lambda reason: verbs.end_duty(duty=row, actor=actor, reason=reason))
    return carry_out(request, lambda reason: propose(row, "duty.end", actor=actor, reason=reason), PROPOSED)


def carry_out(request: Request, verb: Callable[[str], object], words: str | _StrPromise = ENDED) -> HttpResponse:
    """Do what the form asks and say so, or say why not; back to the list of posts."""
    form = EndForm(request.POST)
    try:
        verb(form.cleaned_data["reason"] if form.is_valid() else "")
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("accounts:posts")
