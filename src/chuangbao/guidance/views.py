"""Pages of questions: asking, the thread, what an office has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.accounts.models import Organisation
from chuangbao.checkup.domain import own
from chuangbao.checkup.domain.checkups import find_checkup
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.said import list_private
from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine.current import current_pack
from chuangbao.core.http.forms import attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.facts.permissions import is_concerned
from chuangbao.guidance.domain.asking import ask_office, detach_checkup, move_question
from chuangbao.guidance.forms import AskForm, SayForm
from chuangbao.guidance.models import Message, Question
from chuangbao.guidance.permissions import may_ask, may_read
from chuangbao.guidance.states import QuestionStage

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.checkup.models import CheckUp
    from chuangbao.core.http.requests import Request

__all__ = ["ask", "detach", "question", "questions", "take_step"]

EACH = 25


@page(permission=may_read)
@require_safe
def questions(request: Request) -> HttpResponse:
    """One's own questions; for an officer those of the area, open ones first by ``open=1``."""
    rows = visible(Question, to=request.actor).select_related("place", "region")
    if request.GET.get("open"):
        rows = rows.filter(stage=QuestionStage.OPEN).order_by("due_on", "pk")
    found = page_of(rows, request.GET.get("page"), each=EACH)
    context = {"page": found, "may_ask": may_ask.test(request.actor), "only_open": bool(request.GET.get("open"))}
    return render(request, "guidance/questions.html", context)


@page(permission=may_ask)
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("ask-office", rate="20/h")
@once
def ask(request: Request) -> HttpResponse:
    """Ask the office of a place, with a copy of the check-up where one wishes."""
    asked = request.POST if request.method == "POST" else request.GET
    checkup = checkup_of(request, asked.get("checkup", ""))
    start = {name: asked.get(name, "") for name in ("measure", "checkup")} | {"place": place_of(request, checkup)}
    private = private_of(request, checkup) if checkup else []
    form = AskForm(request.POST or None, initial=start, with_checkup=checkup is not None, private=private)
    done = None
    if form.is_valid():
        said = form.cleaned_data
        sent = checkup if said.get("attach") else None
        done = attempt(
            form,
            ask_office,
            actor=request.actor,
            place=said["place"],
            text=said["text"],
            measure=said["measure"],
            checkup=sent,
            along=said.get("along", ()),
        )
    if done:
        messages.success(request, _("Your question is with the office. You will be told when it is answered."))
        return redirect("guidance:question", done.row.pk)
    measure = current_pack().measures.get(str(start["measure"]))
    context = {"form": form, "measure": measure}
    return render(request, "guidance/ask.html", context, status=422 if form.errors else 200)


def private_of(request: Request, checkup: CheckUp) -> list[tuple[str, str]]:
    """The answers that a copy for the office leaves out unless they are ticked, each with what it says."""
    result = result_of(checkup, own.answers_of(checkup, request.actor))
    return [(name, f"{label} {said}".strip()) for name, label, said in list_private(checkup, result)]


def checkup_of(request: Request, token: str) -> CheckUp | None:
    """Return the check-up that may be attached: one at an address that the person holds, of none but themselves."""
    found = find_checkup(token) if token else None
    if found is not None and found.subject is not None and not is_concerned.test(request.actor, found.subject):
        return None
    return found


def place_of(request: Request, checkup: CheckUp | None) -> str:
    """Return the place to begin with: that of the check-up, or of the organisation."""
    if checkup is not None and checkup.region != current_pack().region:
        return checkup.region
    mine = visible(Organisation, to=request.actor).filter(pk=request.actor.organisation_id or 0)
    return mine.values_list("region", flat=True).first() or ""


@page(permission=may_read)
@require_safe
def question(request: Request, pk: int) -> HttpResponse:
    """The thread, with what one may do now."""
    return show(request, find_visible(request, pk))


def find_visible(request: Request, pk: int) -> Question:
    """The question, where it is in the actor's sight."""
    return get_object_or_404(visible(Question, to=request.actor).select_related("place", "region", "person"), pk=pk)


def show(request: Request, row: Question, form: SayForm | None = None) -> HttpResponse:
    """The page, with a form that was refused in place of an empty one."""
    moves = row.life.open_to(row, request.actor)
    verbs = {move.verb for move in moves}
    is_mine = may_ask.test(request.actor)
    context = {
        "question": row,
        "thread": visible(Message, to=request.actor).filter(question=row),
        "moves": moves,
        "writes": bool(verbs - {"close", "withdraw"}),
        "form": form or SayForm(hands_on="hand_on" in verbs),
        "is_mine": is_mine,
        "measure": current_pack().measures.get(row.measure),
        "attached": row.attached,
    }
    return render(request, "guidance/question.html", context, status=422 if form is not None else 200)


@page(permission=may_read)
@post_only("guidance:question", "pk")
@rate_limit("question", rate="120/h")
@once
def take_step(request: Request, pk: int, verb: str) -> HttpResponse:
    """Answer, ask back, hand on, reply, close or take back."""
    row = find_visible(request, pk)
    if verb not in row.life.by_verb:
        return redirect("guidance:question", pk)
    form = SayForm(request.POST, hands_on=verb == "hand_on")
    if attempt_filled(form, move_question, question=row, verb=verb, actor=request.actor):
        messages.success(request, _("Done."))
        if verb == "hand_on":  # it may lie outside one's sight now
            return redirect("guidance:questions")
        return redirect("guidance:question", pk)
    return show(request, row, form)


@page(permission=may_ask)
@post_only("guidance:question", "pk")
@once
def detach(request: Request, pk: int) -> HttpResponse:
    """Take the attached check-up back."""
    detach_checkup(question=find_visible(request, pk), actor=request.actor)
    messages.success(request, _("The office can no longer open your check-up."))
    return redirect("guidance:question", pk)
