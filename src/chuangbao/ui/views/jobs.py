"""How far a job is, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from chuangbao.core.access.permissions import page, signed_in
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.post_only import post_only
from chuangbao.core.jobs.jobs import cancel
from chuangbao.core.models import Job
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["cancel_job", "job"]

AGAIN = 2


@page(permission=signed_in)
@require_GET
def job(request: Request, key: UUID) -> HttpResponse:
    """The page looks again every two seconds until the job is over; with JavaScript only its middle changes."""
    row = get_object_or_404(visible(Job, to=request.actor), key=key)
    template = "ui/pages/job_state.html" if request.headers.get("HX-Request") else "ui/pages/job.html"
    answer = render(request, template, {"job": row})
    if not row.over:
        answer["Refresh"] = str(AGAIN)
    return answer


@page(permission=signed_in)
@post_only("core:job", "key")
def cancel_job(request: Request, key: UUID) -> HttpResponse:
    """Ask it to stop."""
    row = get_object_or_404(visible(Job, to=request.actor), key=key)
    try:
        cancel(job=row, actor=request.actor)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("core:job", key)
