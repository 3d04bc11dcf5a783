"""The record (办理日志): searched by day, person, act and thing in words, and taken along as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chuangbao.accounts.forms import RecordForm
from chuangbao.accounts.permissions import may_audit
from chuangbao.accounts.record import describe_rows, head_words, search_record
from chuangbao.core.access.permissions import page
from chuangbao.core.audit.log import record as keep_record
from chuangbao.core.exports.excel import as_workbook

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.core.models import History

__all__ = ["record", "record_workbook"]

EACH, MOST = 50, 50_000


def narrowed(form: RecordForm) -> QuerySet[History]:
    """What the form asks for; nothing where it cannot be read."""
    if not form.is_bound:
        return search_record({})
    return search_record(form.cleaned_data) if form.is_valid() else search_record({}).none()


@page(permission=may_audit)
@require_GET
def record(request: Request) -> HttpResponse:
    """The record, the newest first."""
    form = RecordForm(request.GET or None)
    found = Paginator(narrowed(form), EACH).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": found, "entries": describe_rows(list(found.object_list)), "head": head_words(),
        "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "accounts/record.html", context, status=422 if form.errors else 200)


@page(permission=may_audit)
@require_GET
def record_workbook(request: Request) -> HttpResponse:
    """Return the record as a workbook; the export is put on record too."""
    rows = list(narrowed(RecordForm(request.GET or None))[:MOST])
    keep_record(request.actor, "export", kind="core.history", data={"rows": len(rows)})
    return as_workbook("record", _("The record"), head_words(), (entry.cells() for entry in describe_rows(rows)))
