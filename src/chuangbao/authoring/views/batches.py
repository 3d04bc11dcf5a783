"""Bringing many documents to the desk at once, and the report of what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.authoring.domain.batches import TASK, queue_files
from chuangbao.authoring.forms import BatchForm
from chuangbao.authoring.permissions import may_author, may_draft
from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.bodies import takes_files
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.models import Job
from chuangbao.gongwen import DocumentError
from chuangbao.policies.importing import warning_words
from chuangbao.policies.readerwords import explain_document_error

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["batch", "bring_many"]


@page(permission=may_draft)
@rate_limit("bring-many", rate="20/h")
@once
@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def bring_many(request: Request) -> HttpResponse:
    """Choose files or an archive; the worker reads them."""
    form = BatchForm(request.POST, request.FILES) if request.method == "POST" else BatchForm()
    if form.is_bound and form.is_valid():
        given = {"ref": form.cleaned_data["ref"], "uploads": form.cleaned_data["documents"]}
        if queued := attempt(form, queue_files, actor=request.actor, **given):
            return redirect("core:job", queued.row.key)
    return render(request, "authoring/bring_many.html", {"form": form}, status=422 if form.errors else 200)


@page(permission=may_author)
@require_safe
def batch(request: Request, key: UUID) -> HttpResponse:
    """Show the report of documents that were brought together, also while the work goes on or after it was stopped."""
    job = get_object_or_404(visible(Job, to=request.actor).filter(task=TASK), key=key)
    lines = [describe_line(line) for line in job.result.get("lines", [])]
    read = sum("pk" in line for line in lines)
    context = {"job": job, "lines": lines, "read": read, "refused": len(lines) - read, "of": job.result.get("of", 0)}
    return render(request, "authoring/batch.html", context)


def describe_line(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line of the report in the reader's language: why a file was refused, what was left out of it."""
    why = line.get("refused", "")
    if line.get("error"):
        why = explain_document_error(DocumentError(*line["error"]), name=line["name"])
    return {**line, "why": why, "warnings": [warning_words(warning) for warning in line.get("warnings", [])]}
