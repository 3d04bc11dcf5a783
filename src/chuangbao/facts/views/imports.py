"""Facts out of a workbook: a template, a check line by line, and taking in what is sound."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine.current import current_pack
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.bodies import takes_files
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.localization.formatting import text
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.awarding import confirm_awards
from chuangbao.facts.domain.intake import confirm, discard, read_upload
from chuangbao.facts.domain.sheets import COLUMNS
from chuangbao.facts.domain.values import describe_expected
from chuangbao.facts.forms import UploadForm
from chuangbao.facts.models import Intake
from chuangbao.facts.permissions import may_import
from chuangbao.facts.words import label

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from chuangbao.core.http.requests import Request

__all__ = ["checked", "forget", "take_in", "template", "upload"]

PAGE = 50


@page(permission=may_import)
@rate_limit("facts-import", rate="60/h")
@once
@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request) -> HttpResponseBase:
    """Choose a file; it is read and checked, nothing is taken in yet."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    done = attempt(form, read_upload, upload=request.FILES.get("file"), actor=request.actor)
    if done:
        return redirect("facts:checked", done.row.pk)
    before = visible(Intake, to=request.actor).filter(holds=Intake.Holds.FACTS)[:10]
    context = {"form": form, "waiting": before, "columns": [text_of(c) for c in COLUMNS]}
    return render(request, "facts/import.html", context, status=422 if form.errors else 200)


def text_of(column: str) -> str:
    """The heading of a column in the reader's language."""
    return {
        "code": _("Unified social credit code"),
        "name": _("Fact"),
        "value": _("Value"),
        "when": _("As of, or period"),
    }[column]


@page(permission=may_import)
@require_GET
def template(request: Request) -> HttpResponseBase:  # noqa: ARG001 - the same for everybody
    """A workbook with every fact of the catalogue and what can be written for it."""
    pack = current_pack()
    head = [*(text_of(column) for column in COLUMNS), _("What it means")]
    rows = (
        ["", text(fact.label), "", "", f"{text(fact.question)} {describe_expected(pack, fact)}"]
        for fact in pack.facts.values()
    )
    return as_workbook("facts-template", _("Facts"), head, rows)


def waiting(request: Request, pk: int) -> Intake:
    """Return a file that the actor uploaded in this capacity."""
    return get_object_or_404(visible(Intake, to=request.actor), pk=pk)


@page(permission=may_import)
@require_safe
def checked(request: Request, pk: int) -> HttpResponseBase:
    """What was read, line by line, faults first."""
    intake = waiting(request, pk)
    wrong = intake.rows.exclude(problem="").count()
    rows = intake.rows.order_by("-problem" if wrong else "line", "line")
    found = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"intake": intake, "page": found, "wrong": wrong, "sound": found.paginator.count - wrong}
    if intake.holds == Intake.Holds.AWARDS:
        lines = [(row, json.loads(row.value)) for row in found]
        return render(request, "facts/checked_awards.html", context | {"lines": lines})
    return render(request, "facts/checked.html", context | {"rows": [(row, label(row.name)) for row in found]})


@page(permission=may_import)
@post_only("facts:checked", "pk")
def take_in(request: Request, pk: int) -> HttpResponseBase:
    """Take in what is sound."""
    with suppress(Refused):  # taken in already: its page says so
        intake = waiting(request, pk)
        verb = confirm_awards if intake.holds == Intake.Holds.AWARDS else confirm
        verb(intake=intake, actor=request.actor)
    return redirect("facts:checked", pk)


@page(permission=may_import)
@post_only("facts:checked", "pk")
def forget(request: Request, pk: int) -> HttpResponseBase:
    """Forget a file that was read."""
    intake = waiting(request, pk)
    try:
        discard(intake=intake, actor=request.actor)
    except Refused:
        return redirect("facts:checked", pk)
    return redirect("facts:award_import" if intake.holds == Intake.Holds.AWARDS else "facts:import")
