"""A person's notifications, and how they want to get them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangbao.core.access.permissions import page, signed_in
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.requests import safe_place
from chuangbao.core.messaging.notifications import body_of, name_people, title_of
from chuangbao.core.models import Notice
from chuangbao.ui.forms import PreferencesForm

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["notices", "open_notice", "preferences", "read_all"]

EACH = 20


@page(permission=signed_in)
def notices(request: Request) -> HttpResponse:
    """All notices, the newest first; only unread ones where asked."""
    rows = visible(Notice, to=request.actor)
    unread = request.GET.get("show") == "unread"
    found = Paginator(rows.filter(read_at=None) if unread else rows, EACH).get_page(request.GET.get("page"))
    name_people(found.object_list)
    shown = [{"notice": row, "title": title_of(row), "body": body_of(row)} for row in found.object_list]
    return render(request, "ui/pages/notices.html", {"shown": shown, "page": found, "unread": unread})


@page(permission=signed_in)
@post_only("core:notices")
def open_notice(request: Request, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    row = get_object_or_404(visible(Notice, to=request.actor), pk=pk)
    visible(Notice, to=request.actor).filter(pk=row.pk, read_at=None).update(read_at=timezone.now())
    return redirect(safe_place(request, row.url) or "core:notices")


@page(permission=signed_in)
@post_only("core:notices")
def read_all(request: Request) -> HttpResponse:
    """Mark all as read."""
    visible(Notice, to=request.actor).filter(read_at=None).update(read_at=timezone.now())
    return redirect("core:notices")


@page(permission=signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Request) -> HttpResponse:
    """Choose for each group of events how to hear of it."""
    form = PreferencesForm(request.POST or None, actor=request.actor)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Saved. This is how you will be told from now on."))
        return redirect("core:preferences")
    return render(request, "ui/pages/preferences.html", {"form": form}, status=422 if form.errors else 200)
