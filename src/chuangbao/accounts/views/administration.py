"""Pages of the three administrators: posts and duties, and the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangbao.accounts.domain import posts as verbs
from chuangbao.accounts.forms import DutyForm, PostForm, ReasonForm
from chuangbao.accounts.models import AdminDuty, Post
from chuangbao.accounts.permissions import is_administrator, may_administer, may_audit, may_manage_security
from chuangbao.core.access import page
from chuangbao.core.forms import attempt, attempt_filled
from chuangbao.core.idempotency import once
from chuangbao.core.models import History
from chuangbao.core.refusals import Refused
from chuangbao.core.requests import figure_in
from chuangbao.core.scope import visible

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.requests import Request

__all__ = ["appoint", "appoint_admin", "end_duty", "end_post", "posts", "record"]

EACH = 50


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
        "secures": may_manage_security.test(request.actor),
    }
    return render(request, "accounts/posts.html", context)


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
            messages.success(request, _("Appointed; the person is told."))
            return redirect("accounts:posts")
    return render(request, "accounts/appoint.html", {"form": form}, status=422 if form.errors else 200)


@page(permission=may_manage_security, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def appoint_admin(request: Request) -> HttpResponse:
    """Appoint one of the three administrators."""
    form = DutyForm(request.POST or None)
    if attempt_filled(form, verbs.appoint_administrator, actor=request.actor):
        messages.success(request, _("Appointed."))
        return redirect("accounts:posts")
    return render(request, "accounts/appoint.html", {"form": form}, status=422 if form.errors else 200)


@page(permission=is_administrator)
@require_POST
def end_post(request: Request, pk: int) -> HttpResponse:
    """End a post today."""
    row = get_object_or_404(visible(Post, to=request.actor), pk=pk)
    return ended(request, lambda reason: verbs.end_post(post=row, actor=request.actor, reason=reason))


@page(permission=may_manage_security)
@require_POST
def end_duty(request: Request, pk: int) -> HttpResponse:
    """End an administrator's duty."""
    row = get_object_or_404(visible(AdminDuty, to=request.actor), pk=pk)
    return ended(request, lambda reason: verbs.end_duty(duty=row, actor=request.actor, reason=reason))


def ended(request: Request, verb) -> HttpResponse:  # noqa: ANN001 - one of the two above
    """Carry it out, or say why not."""
    form = ReasonForm(request.POST)
    try:
        verb(form.cleaned_data["reason"] if form.is_valid() else "")
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Ended; with the next page it is gone."))
    return redirect("accounts:posts")


@page(permission=may_audit)
@require_GET
def record(request: Request) -> HttpResponse:
    """The record, the newest first: who did what, by number of person, verb or row."""
    rows = History.objects.select_related("person", "seal")
    asked = {name: request.GET.get(name, "").strip() for name in ("verb", "kind", "person", "object")}
    if asked["verb"]:
        rows = rows.filter(verb__startswith=asked["verb"])
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    for name, column in (("person", "person"), ("object", "object_id")):
        if asked[name]:
            rows = rows.filter(**{column: figure_in(asked[name], digits=18)})
    found = Paginator(rows, EACH).get_page(request.GET.get("page"))
    return render(request, "accounts/record.html", {"page": found, "asked": asked})
