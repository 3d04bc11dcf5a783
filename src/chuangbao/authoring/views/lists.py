"""What is being written and what is published: the list of the desk, and how a measure begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.authoring.domain.openings import openings
from chuangbao.authoring.domain.skeleton import begin_measure, begin_revision, revisable
from chuangbao.authoring.forms import NewMeasureForm
from chuangbao.authoring.permissions import may_author, may_draft
from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine.current import current_pack
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.localization.width import narrow
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import MeasureVersion

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.rules.model import Measure

__all__ = ["desk", "new_measure", "open_parameters", "revise"]

PAGE = 25


@page(permission=may_author)
@require_safe
def desk(request: Request) -> HttpResponse:
    """政策起草: versions with their state; narrowed by words and state."""
    stage, text = request.GET.get("stage", ""), narrow(request.GET.get("q", "")).strip()[:100]
    found = listed(request, stage, text)
    measures = unregistered(text) if text else []
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")), "stage": stage, "text": text,
        "stages": Stage.choices, "may_draft": may_draft.test(request.actor),
        "measures": measures, "revisable": revisable(measures, request.actor) if measures else set(),
    }  # fmt: skip
    return render(request, "authoring/list.html", context)


def listed(request: Request, stage: str, text: str) -> QuerySet[MeasureVersion]:
    """The versions that match, the newest first."""
    rows = visible(MeasureVersion, to=request.actor).select_related("measure", "author", "reviewer")
    rows = rows.filter(stage=stage) if stage in Stage.values else rows.exclude(stage=Stage.DISCARDED)
    if text:
        rows = rows.filter(
            Q(title__icontains=text) | Q(name__icontains=text) | Q(measure__ref__icontains=text)
            | Q(clauses__contains=[text])
        )  # fmt: skip
    return rows.order_by("-pk")


def unregistered(text: str) -> list[Measure]:
    """Measures of the library that match: each can be revised from here."""
    measures = [m for m in current_pack().measures.values() if not m.model]
    return [m for m in measures if text in m.title.zh or text in m.id or text in m.clauses][:10]


@page(permission=may_draft)
@once
@require_http_methods(["GET", "HEAD", "POST"])
def new_measure(request: Request) -> HttpResponse:
    """A measure from scratch, on a clause."""
    initial = {"clause": request.GET.get("clause", ""), "valid_from": timezone.localdate(), "kind": "subsidy",
               "subject": "enterprise"}  # fmt: skip
    form = NewMeasureForm(request.POST or None, pack=current_pack(), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {k: v for k, v in form.cleaned_data.items() if k != "valid_from"}
        given = {"values": values, "valid_from": form.cleaned_data["valid_from"]}
        done = attempt(form, begin_measure, actor=request.actor, **given)
        if done:
            return redirect("authoring:text", done.row.pk)
    return render(request, "authoring/new.html", {"form": form}, status=422 if form.errors else 200)


@page(permission=may_draft)
@once
@post_only("authoring:desk")
def revise(request: Request) -> HttpResponse:
    """A draft from the version in force."""
    try:
        draft = begin_revision(ref=request.POST.get("ref", ""), day=timezone.localdate(), actor=request.actor)
    except Refused as refused:
        return render(request, "authoring/refused.html", {"refused": refused}, status=409)
    return redirect("authoring:text", draft.pk)


@page(permission=may_author)
@require_safe
def open_parameters(request: Request) -> HttpResponse:
    """待定标准: what the documents leave for an office to set."""
    found, drafts = openings(), may_draft.test(request.actor)
    measures = [measure for opening in found for measure in opening.measures]
    context = {
        "openings": found, "waiting": sum(not o.settled for o in found), "may_draft": drafts,
        "revisable": revisable(measures, request.actor) if drafts else set(),
    }  # fmt: skip
    return render(request, "authoring/openings.html", context)
