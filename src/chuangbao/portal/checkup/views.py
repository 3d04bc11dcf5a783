"""The pages of the check-up. Every step is a plain form; nothing needs JavaScript or an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangbao.core.access import page as page_for
from chuangbao.core.access import public
from chuangbao.core.limits import limited
from chuangbao.core.papers import to_pdf
from chuangbao.facts.domain.standing import holdings
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.forms import FactsForm, stored
from chuangbao.facts.permissions import is_concerned, may_have_facts
from chuangbao.facts.words import fact_value
from chuangbao.policies.domain.registry import current_engine, current_pack
from chuangbao.portal.checkup import own, verbs
from chuangbao.portal.checkup.forms import DayForm, StartForm
from chuangbao.portal.checkup.paper import paper_of
from chuangbao.portal.checkup.result import Result, result_of
from chuangbao.portal.conditions import code_label, joined
from chuangbao.portal.wording import value_words
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from chuangbao.core.requests import Request
    from chuangbao.portal.models import CheckUp, CheckUpAnswer
    from chuangbao.rules.model import Fact, Pack

__all__ = ["adopt", "answer", "day", "pdf", "share", "shared", "start", "step", "withdraw"]


SHOWN = {"eligible": 10, "other": 6, "refused": 20}
EVERY = 100_000


def mine(request: Request, token: str) -> CheckUp:
    """The check-up at this address, or 404 when it never was, has expired, or belongs to somebody else."""
    found = verbs.find(token)
    if found is None or (found.subject is not None and not is_concerned.test(request.actor, found.subject)):
        raise Http404
    return found


def judged(request: Request, checkup: CheckUp) -> Result:
    """Its result by its own answers, or by the facts of whom one acts for."""
    return result_of(checkup, own.answers_of(checkup, request.actor))


@public
@limited("check-up", rate="300/h", per="ip")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Request) -> HttpResponse:
    """Who are you, and what do you want?"""
    form = (
        StartForm(request.POST) if request.method == "POST" else StartForm(initial={"who": request.GET.get("who", "")})
    )
    if form.is_bound and form.is_valid():
        asked = {"pack": current_pack(), "day": timezone.localdate(), **form.cleaned_data}
        if may_have_facts.test(request.actor):
            made = own.start(actor=request.actor, **asked)
            own.keep_verdicts(made, judged(request, made).answers)
        else:
            made = verbs.start(**asked)
        return redirect("checkup:step", made.token)
    context = {"form": form, "signed_in": may_have_facts.test(request.actor)}
    return render(request, "checkup/start.html", context, status=422 if form.errors else 200)


@public
@require_GET
def step(request: Request, token: str) -> HttpResponse:
    """The next question beside the result so far."""
    checkup = mine(request, token)
    result = judged(request, checkup)
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
    request: Request, checkup: CheckUp, result: Result, form: FactsForm | None, *, days: DayForm | None = None
) -> HttpResponse:
    """The one page of a running check-up."""
    pack = current_pack()
    asked = next(iter(form.fields), "") if form else ""
    context = {
        "checkup": checkup, "result": result, "form": form, "asked": pack.facts.get(asked),
        "why": result.question if result.question and result.question.fact == asked else None,
        "given": [given(pack, result, a) for a in result.given if a.fact in pack.facts],
        "days": days or DayForm(initial={"as_of": checkup.as_of, "region": checkup.region}),
        "changeable": True, "may_adopt": checkup.subject is None and may_have_facts.test(request.actor),
        **limits(request), **turns(checkup, result),
    }  # fmt: skip
    wrong = (form is not None and form.is_bound) or (days is not None)
    return render(request, "checkup/step.html", context, status=422 if wrong else 200)


def turns(checkup: CheckUp, result: Result) -> dict[str, object]:
    """What changed since last time, for somebody signed in."""
    last, found = own.changes_since(checkup, result) if checkup.subject is not None else (None, [])
    return {"last": last, "turns": [(turn, current_pack().measures[turn.answer.measure]) for turn in found]}


def limits(request: Request) -> dict[str, object]:
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
def answer(request: Request, token: str) -> HttpResponse:
    """Keep an answer, or keep that it is not known."""
    checkup, engine = mine(request, token), current_engine()
    fact = engine.pack.facts.get(request.POST.get("fact", ""))
    if fact is None:
        raise Http404
    if "unknown" in request.POST or ("none" in request.POST and fact.may_be_absent):
        return kept(request, checkup, fact, None, unknown="unknown" in request.POST)
    form = FactsForm(request.POST, engine=engine, names=[fact.name], as_of=checkup.as_of)
    if not form.is_valid():
        return page(request, checkup, judged(request, checkup), form)
    facts = form.facts()
    return kept(request, checkup, fact, facts.get(fact.name), unknown=fact.name not in facts)


def kept(request: Request, checkup: CheckUp, fact: Fact, value: object, *, unknown: bool) -> HttpResponse:
    """Keep one answer where it belongs, and go on."""
    if checkup.subject is None or unknown:
        verbs.answer(checkup=checkup, fact=fact, value=value, unknown=unknown)
    else:
        own.keep(checkup=checkup, fact=fact, value=value, actor=request.actor)
        own.keep_verdicts(checkup, judged(request, checkup).answers)
    return redirect("checkup:step", checkup.token)


@public
@require_POST
def withdraw(request: Request, token: str) -> HttpResponse:
    """Forget an answer; its question may come back."""
    checkup, name = mine(request, token), request.POST.get("fact", "")
    if name not in current_pack().facts:
        return redirect("checkup:step", token)  # nothing to forget
    if checkup.subject is None:
        verbs.withdraw(checkup=checkup, fact=name)
    else:
        own.take_back(checkup=checkup, fact=name, actor=request.actor)
        own.keep_verdicts(checkup, judged(request, checkup).answers)
    return redirect("checkup:step", token)


@public
@require_POST
def day(request: Request, token: str) -> HttpResponse:
    """Another day or another place."""
    checkup, form = mine(request, token), DayForm(request.POST)
    if not form.is_valid():
        result = judged(request, checkup)
        return page(request, checkup, result, question_form(checkup, result, ""), days=form)
    verbs.set_day(checkup=checkup, day=form.cleaned_data["as_of"], region=form.cleaned_data["region"])
    return redirect("checkup:step", token)


@public
@require_POST
def share(request: Request, token: str) -> HttpResponse:
    """Make a copy that can be shown to others."""
    checkup = mine(request, token)
    copy = verbs.share(checkup=checkup, pack=current_pack(), given=own.answers_of(checkup, request.actor).given)
    return redirect(reverse("checkup:shared", args=[copy.token]) + "?new=1")


@page_for(permission=may_have_facts)
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: Request, token: str) -> HttpResponse:
    """Take the answers of a check-up without a name over into one's facts, those that one ticks."""
    checkup, pack = mine(request, token), current_pack()
    if checkup.subject is not None:
        return redirect("checkup:step", token)
    if request.method == "POST":
        made = own.adopt(checkup=checkup, names=request.POST.getlist("fact"), actor=request.actor)
        own.keep_verdicts(made, judged(request, made).answers)
        return redirect("checkup:step", made.token)
    subject = subject_of(request.actor)
    standing = holdings(subject, day=timezone.localdate(), actor=request.actor, why="check-up")
    held = {name: found.standing.value for (name, _period), found in standing.items()}
    rows = [
        {
            "fact": pack.facts[name], "words": fact_value(pack.facts[name], value),
            "same": name in held and held[name] == value,
            "held": fact_value(pack.facts[name], held[name]) if name in held else "",
        }
        for name, value in verbs.known(pack, list(checkup.answers.all())).items()
    ]  # fmt: skip
    return render(request, "checkup/adopt.html", {"checkup": checkup, "rows": rows, "subject": subject})


@public
@require_GET
def shared(request: Request, token: str) -> HttpResponse:
    """A shared result; it can be read, not changed."""
    copy = verbs.find(token, shared=True)
    if copy is None:
        raise Http404
    context = {
        "checkup": copy,
        "result": judged(request, copy),
        "address": request.build_absolute_uri(request.path),
        "changeable": False,
        **limits(request),
    }
    return render(request, "checkup/shared.html", context)


@public
@require_GET
def pdf(request: Request, token: str) -> HttpResponse:
    """The result to take along."""
    checkup = verbs.find(token, shared=True) or mine(request, token)
    response = HttpResponse(to_pdf(paper_of(checkup, judged(request, checkup))), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="chuangbao.pdf"'
    return response
