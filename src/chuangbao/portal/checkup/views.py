"""The pages of the check-up. Every step is a plain form; nothing needs JavaScript or an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangbao.core.access import public
from chuangbao.core.papers import to_pdf
from chuangbao.facts.forms import FactsForm, stored
from chuangbao.policies.domain.registry import current_engine, current_pack
from chuangbao.portal.checkup import verbs
from chuangbao.portal.checkup.forms import DayForm, StartForm
from chuangbao.portal.checkup.paper import paper_of
from chuangbao.portal.checkup.result import Result, result_of
from chuangbao.portal.conditions import code_label, joined
from chuangbao.portal.wording import value_words
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from chuangbao.portal.models import CheckUp, CheckUpAnswer
    from chuangbao.rules.model import Pack

__all__ = ["answer", "day", "pdf", "share", "shared", "start", "step", "withdraw"]


SHOWN = {"eligible": 10, "other": 6, "refused": 20}
EVERY = 100_000


def mine(token: str) -> CheckUp:
    """The check-up at this address, or 404 when it never was or has expired."""
    found = verbs.find(token)
    if found is None:
        raise Http404
    return found


@public
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Who are you, and what do you want?"""
    form = (
        StartForm(request.POST) if request.method == "POST" else StartForm(initial={"who": request.GET.get("who", "")})
    )
    if form.is_bound and form.is_valid():
        made = verbs.start(
            pack=current_pack(), who=form.cleaned_data["who"], want=form.cleaned_data["want"], day=timezone.localdate()
        )
        return redirect("checkup:step", made.token)
    return render(request, "checkup/start.html", {"form": form}, status=422 if form.errors else 200)


@public
@require_GET
def step(request: HttpRequest, token: str) -> HttpResponse:
    """The next question beside the result so far."""
    checkup = mine(token)
    result = result_of(checkup)
    wanted = request.GET.get("fact", "")
    return page(request, checkup, result, question_form(checkup, result, wanted))


def question_form(checkup: CheckUp, result: Result, wanted: str) -> FactsForm | None:
    """The form of the wanted fact, or of the next question."""
    engine = current_engine()
    asked = wanted if wanted in engine.pack.facts else result.question.fact if result.question else ""
    if not asked:
        return None
    was = result.profile.raw.get(asked)
    initial = (
        {asked: list(was) if isinstance(was, list | tuple) else stored(was)} if asked in result.profile.raw else {}
    )
    return FactsForm(engine=engine, names=[asked], as_of=checkup.as_of, initial=initial)


def page(
    request: HttpRequest, checkup: CheckUp, result: Result, form: FactsForm | None, *, days: DayForm | None = None
) -> HttpResponse:
    """The one page of a running check-up."""
    pack = current_pack()
    asked = next(iter(form.fields), "") if form else ""
    context = {
        "checkup": checkup, "result": result, "form": form, "asked": pack.facts.get(asked),
        "why": result.question if result.question and result.question.fact == asked else None,
        "given": [given(pack, result, a) for a in result.given if a.fact in pack.facts],
        "days": days or DayForm(initial={"as_of": checkup.as_of, "region": checkup.region}),
        "changeable": True, **limits(request),
    }  # fmt: skip
    wrong = (form is not None and form.is_bound) or (days is not None)
    return render(request, "checkup/step.html", context, status=422 if wrong else 200)


def limits(request: HttpRequest) -> dict[str, object]:
    """How many measures of a kind are shown at first: a reader's screen or two."""
    counts = dict.fromkeys(SHOWN, EVERY) if "all" in request.GET else SHOWN
    return {"limits": {name: f":{n}" for name, n in counts.items()} | {f"{name}_n": n for name, n in counts.items()}}


def given(pack: Pack, result: Result, answer: CheckUpAnswer) -> dict[str, object]:
    """One answer beside its question, in words."""
    value = result.profile.raw.get(answer.fact)
    return {"answer": answer, "fact": pack.facts[answer.fact], "words": answer_words(pack, answer.fact, value)}


def answer_words(pack: Pack, name: str, value: object) -> str:
    """An answer as people read it: a code by its label, money in yuan."""
    fact = pack.facts[name]
    if isinstance(value, list | tuple):
        return joined(code_label(name, str(part)) for part in value)
    if isinstance(value, str):
        return code_label(name, value)
    unit = "CNY" if fact.type is FactType.MONEY else "ratio" if fact.type is FactType.RATIO else fact.unit
    return value_words(value, unit) if value is not None else ""


@public
@require_POST
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Keep an answer, or keep that it is not known."""
    checkup, engine = mine(token), current_engine()
    fact = engine.pack.facts.get(request.POST.get("fact", ""))
    if fact is None:
        raise Http404
    if "unknown" in request.POST or ("none" in request.POST and fact.may_be_absent):
        verbs.answer(checkup=checkup, fact=fact, value=None, unknown="unknown" in request.POST)
        return redirect("checkup:step", token)
    form = FactsForm(request.POST, engine=engine, names=[fact.name], as_of=checkup.as_of)
    if not form.is_valid():
        return page(request, checkup, result_of(checkup), form)
    facts = form.facts()
    verbs.answer(checkup=checkup, fact=fact, value=facts.get(fact.name), unknown=fact.name not in facts)
    return redirect("checkup:step", token)


@public
@require_POST
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Forget an answer; its question may come back."""
    verbs.withdraw(checkup=mine(token), fact=request.POST.get("fact", ""))
    return redirect("checkup:step", token)


@public
@require_POST
def day(request: HttpRequest, token: str) -> HttpResponse:
    """Another day or another place."""
    checkup, form = mine(token), DayForm(request.POST)
    if not form.is_valid():
        result = result_of(checkup)
        return page(request, checkup, result, question_form(checkup, result, ""), days=form)
    verbs.set_day(checkup=checkup, day=form.cleaned_data["as_of"], region=form.cleaned_data["region"])
    return redirect("checkup:step", token)


@public
@require_POST
def share(_request: HttpRequest, token: str) -> HttpResponse:
    """Make a copy that can be shown to others."""
    copy = verbs.share(checkup=mine(token), pack=current_pack())
    return redirect(reverse("checkup:shared", args=[copy.token]) + "?new=1")


@public
@require_GET
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """A shared result; it can be read, not changed."""
    copy = verbs.find(token, shared=True)
    if copy is None:
        raise Http404
    context = {
        "checkup": copy,
        "result": result_of(copy),
        "address": request.build_absolute_uri(request.path),
        "changeable": False,
        **limits(request),
    }
    return render(request, "checkup/shared.html", context)


@public
@require_GET
def pdf(_request: HttpRequest, token: str) -> HttpResponse:
    """The result to take along."""
    checkup = verbs.find(token) or verbs.find(token, shared=True)
    if checkup is None:
        raise Http404
    response = HttpResponse(to_pdf(paper_of(checkup, result_of(checkup))), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="chuangbao.pdf"'
    return response
