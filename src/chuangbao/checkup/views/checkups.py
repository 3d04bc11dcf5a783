"""The pages of the check-up. Every step is a plain form; nothing needs JavaScript or an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from chuangbao.checkup.domain import checkups, own, sharing
from chuangbao.checkup.domain.life import PREFIX, follow_life, name_of
from chuangbao.checkup.domain.moves import DAY, forget_moves, keep_before, moves_of
from chuangbao.checkup.domain.result import ENOUGH, Result, result_of
from chuangbao.checkup.forms import DayForm, QuestionForm, StartForm
from chuangbao.checkup.lifeform import LifeForm, initial_of, list_rows
from chuangbao.checkup.permissions import may_open_checkup
from chuangbao.checkup.said import answer_words, list_assumed, list_figures, list_private, shown_words
from chuangbao.checkup.sense import sense_of
from chuangbao.checkup.sheet import has_days
from chuangbao.checkup.views.echo import echo_figure
from chuangbao.core.access.permissions import SignInFirst, public
from chuangbao.core.access.permissions import page as page_for
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.http.resuming import remembered_capacity
from chuangbao.facts.domain.standing import holdings
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.forms import write_value
from chuangbao.facts.permissions import may_have_facts
from chuangbao.facts.scopes import is_withheld
from chuangbao.facts.words import fact_value

if TYPE_CHECKING:
    from collections.abc import Collection

    from chuangbao.checkup.models import CheckUp, CheckUpAnswer
    from chuangbao.core.http.requests import Request
    from chuangbao.facts.forms import FactsForm
    from chuangbao.rules.interview import LifePage
    from chuangbao.rules.model import Fact, Pack

__all__ = [
    "adopt",
    "answer",
    "day",
    "describe_result",
    "find_own_checkup",
    "judge_checkup",
    "limits",
    "start",
    "step",
    "withdraw",
]


SHOWN = {"eligible": 10, "other": 6, "refused": 20}
EVERY = 100_000
MOST_DIGITS = 3  # of a wish for more questions


def find_own_checkup(request: Request, token: str) -> CheckUp:
    """The check-up at this address, or 404 when it never was, has expired, or belongs to another person.

    Raises SignInFirst where the session of who was signed in here has ended in the midst of it.
    """
    found = checkups.find_checkup(token)
    if found is None:
        raise Http404
    if not may_open_checkup.test(request.actor, found):
        if not request.actor.signed_in and remembered_capacity(request):
            raise SignInFirst
        raise Http404
    return found


def judge_checkup(request: Request, checkup: CheckUp) -> Result:
    """Its result by its own answers, or by the facts of whom one acts for."""
    return result_of(checkup, own.answers_of(checkup, request.actor))


@public
@rate_limit("check-up", rate="300/h", per="ip")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Request) -> HttpResponse:
    """Who are you, and what do you want?"""
    chosen = {name: request.GET[name] for name in ("who", "want", "region") if name in request.GET}
    if may_have_facts.test(request.actor):
        chosen = own.read_known_start(request.actor, current_pack()) | chosen
    form = StartForm(request.POST) if request.method == "POST" else StartForm(initial=chosen)
    if form.is_bound and form.is_valid():
        asked = {"pack": current_pack(), "day": timezone.localdate(), **form.cleaned_data}
        if may_have_facts.test(request.actor):
            made = own.begin_own_checkup(actor=request.actor, **asked)
            own.keep_verdicts(made, judge_checkup(request, made).answers)
        else:
            made = checkups.begin_checkup(**asked)
        return redirect("checkup:step", made.token)
    context = {"form": form, "signed_in": may_have_facts.test(request.actor)}
    return render(request, "checkup/start.html", context, status=422 if form.errors else 200)


@public
@rate_limit("check-up-all", rate="300/10m", per="ip", methods=("GET", "HEAD"), asks="all")
@require_GET
def step(request: Request, token: str) -> HttpResponse:
    """The next question beside the result so far."""
    checkup = find_own_checkup(request, token)
    result = judge_checkup(request, checkup)
    return page(request, checkup, result, next_form(request, checkup, result))


def next_form(request: Request, checkup: CheckUp, result: Result) -> FactsForm | None:
    """The form of the page of life or of the question that is wanted, else of the first that is open.

    At ten questions it stops; ``more`` says how many a person wishes to answer.
    """
    page = next((page for page in result.lived.pages if page.id == request.GET.get("page")), None)
    if page is None and not request.GET.get("fact") and not result.is_over(most_wished(request)):
        page = result.pending
    if page is not None:
        initial = initial_of(page, result.spoken) | known_of(page, result)
        return LifeForm(page=page, who=checkup.who, engine=current_engine(), as_of=checkup.as_of, initial=initial)
    return question_form(checkup, result, request.GET.get("fact", ""), most=most_wished(request))


def known_of(page: LifePage, result: Result) -> dict[str, object]:
    """The facts of a page that are known, as a form shows them."""
    raw = {name: value for name, value in result.profile.raw.items() if name not in result.lived.assumed}
    return {q.name: write_value(raw[q.name]) for q in page.questions if q.kind == "fact" and q.name in raw}


def most_wished(request: Request) -> int:
    """How many questions a person wishes to answer: ten, or more where they asked for more."""
    said = request.POST.get("more") or request.GET.get("more") or ""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS else ENOUGH


def question_form(checkup: CheckUp, result: Result, wanted: str, *, most: int = ENOUGH) -> FactsForm | None:
    """The form of the wanted fact, or of the next question while there are fewer than ``most``.

    How large a loan is wished is asked first of whoever came for one. What is only reckoned with is no answer: it is
    filled in where it is changed, and nowhere else.
    """
    engine = current_engine()
    following = result.wished or (result.question.fact if result.question else "")
    following = "" if result.is_over(most) else following
    asked = wanted if wanted in engine.pack.facts else following
    if not asked:
        return None
    was, initial = result.profile.raw.get(asked), dict[str, object]()
    if asked in result.profile.raw and (asked == wanted or asked not in result.lived.assumed):
        initial = {asked: list(was) if isinstance(was, list | tuple) else write_value(was)}
    return QuestionForm(engine=engine, names=[asked], as_of=checkup.as_of, initial=initial)


def page(
    request: Request, checkup: CheckUp, result: Result, form: FactsForm | None, *, days: DayForm | None = None
) -> HttpResponse:
    """The one page of a running check-up."""
    pack = current_pack()
    life = form.page if isinstance(form, LifeForm) else None
    asked = next(iter(form.fields), "") if form and not life else ""
    private = list_private(checkup, result)
    context = {
        "checkup": checkup, "result": result, "form": form, "asked": pack.facts.get(asked), "life": life,
        "said": list_rows(result.lived, result.spoken, checkup.who), "more": most_wished(request), "enough": ENOUGH,
        "back": back_of(checkup, result, life, asked), **describe_result(result),
        "why": result.question if result.question and result.question.fact == asked else None,
        "given": [given(pack, result, a) for a in result.given if a.fact in pack.facts],
        "days": days or DayForm(initial={"as_of": checkup.as_of, "region": checkup.region}),
        "copies": sharing.list_shared_copies(checkup), "changeable": True, "private": private,
        "shown_to_others": shown_words(checkup, result) if private and result.pending is None else "",
        "may_keep": checkup.subject is None and not request.actor.signed_in and bool(result.given or result.spoken),
        "may_adopt": checkup.subject is None and may_have_facts.test(request.actor), "today": timezone.localdate(),
        **limits(request), **turns(request, checkup, result),
    }  # fmt: skip
    wrong = (form is not None and form.is_bound) or (days is not None)
    return render(request, "checkup/step.html", context, status=422 if wrong else 200)


def describe_result(result: Result) -> dict[str, object]:
    """The line of sense, what the result assumes without an answer, and whether it knows days ahead."""
    return {
        "sense": sense_of(result),
        "assumed": list_assumed(result),
        "figures": list_figures(result),
        "has_days": has_days(result),
    }


def back_of(checkup: CheckUp, result: Result, life: LifePage | None, asked: str) -> str:
    """The address of the question before this one; empty on the first page."""
    step = reverse("checkup:step", args=[checkup.token])
    pages = [page.id for page in result.lived.pages]
    if life is not None:
        place = pages.index(life.id)
        return f"{step}?page={pages[place - 1]}" if place else ""
    facts = [row.fact for row in result.given if row.pk and row.fact not in result.presets]
    before = facts[: facts.index(asked)] if asked in facts else facts
    if before:
        return f"{step}?fact={before[-1]}"
    return f"{step}?page={pages[-1]}" if pages else ""


def turns(request: Request, checkup: CheckUp, result: Result) -> dict[str, object]:
    """Return what changed since last time, for people who are signed in; and whether something is withheld."""
    last, found = own.list_changes(checkup, result.answers, actor=request.actor)
    withheld = checkup.subject is not None and is_withheld(request.actor, checkup.subject)
    return {
        "withheld": withheld,
        "moves": None if withheld else moves_of(checkup, result),
        "last": last,
        "turns": [(turn, current_pack().measures[turn.answer.measure]) for turn in found],
    }


def limits(request: Request) -> dict[str, object]:
    """How many measures of a kind are shown at first: a reader's screen or two."""
    counts = dict.fromkeys(SHOWN, EVERY) if "all" in request.GET else SHOWN
    return {"limits": counts}


def given(pack: Pack, result: Result, answer: CheckUpAnswer) -> dict[str, object]:
    """One answer beside its question, in words."""
    value = result.profile.raw.get(answer.fact)
    return {"answer": answer, "fact": pack.facts[answer.fact], "words": answer_words(pack, answer.fact, value)}


@public
@rate_limit("check-up-step", rate="600/10m", per="ip")
@post_only("checkup:step", "token")
def answer(request: Request, token: str) -> HttpResponse:
    """Keep an answer, or keep that it is not known.

    Raises Http404 for a fact that the catalogue does not have.
    """
    checkup, engine = find_own_checkup(request, token), current_engine()
    if "page" in request.POST:
        return answer_life(request, checkup)
    fact = engine.pack.facts.get(request.POST.get("fact", ""))
    if fact is None:
        raise Http404
    if "unknown" in request.POST or ("none" in request.POST and fact.may_be_absent):
        return kept(request, checkup, fact, None, unknown="unknown" in request.POST)
    form = QuestionForm(request.POST, engine=engine, names=[fact.name], as_of=checkup.as_of)
    if not form.is_valid():
        return page(request, checkup, judge_checkup(request, checkup), form)
    facts = form.facts()
    echo_figure(request, fact, facts.get(fact.name))
    return kept(request, checkup, fact, facts.get(fact.name), unknown=fact.name not in facts)


def answer_life(request: Request, checkup: CheckUp) -> HttpResponse:
    """Keep the answers of one page of life, those that are facts as facts.

    Raises Http404: the check-up does not ask this page.
    """
    result = judge_checkup(request, checkup)
    found = next((page for page in result.lived.pages if page.id == request.POST["page"]), None)
    if found is None:
        raise Http404
    engine = current_engine()
    form = LifeForm(request.POST, page=found, who=checkup.who, engine=engine, as_of=checkup.as_of)
    if not form.is_valid():
        return page(request, checkup, result, form)
    names = {*form.names, *(name_of(question.name) for question in found.questions)}
    note_change(request, checkup, name_of(found.id), names)
    checkups.keep_life_answers(checkup=checkup, answers=form.answers())
    facts = form.facts()
    for name in form.names:
        echo_figure(request, engine.pack.facts[name], facts.get(name))
        keep_answer(request, checkup, engine.pack.facts[name], facts.get(name), unknown=name not in facts)
    if checkup.subject is None:
        withdraw_undone(checkup, result, said=names)
    else:
        own.keep_verdicts(checkup, judge_checkup(request, checkup).answers)
    return onward(request, checkup)


def withdraw_undone(checkup: CheckUp, before: Result, *, said: Collection[str]) -> None:
    """Forget the answers that a changed page of life contradicts: who has no partners now has no number of them.

    ``said`` are the names of the page, which stand as they were just said.
    """
    if not any(row.fact in said for row in before.spoken):
        return  # it is answered for the first time: what was stated goes before what follows
    then, now = follow_life(checkup, before.spoken), follow_life(checkup, checkup.answers.all())
    for row in before.given:
        if row.fact in now.keys() - then.keys() - set(said) and str(now[row.fact]) != row.value:
            checkups.withdraw_answer(checkup=checkup, fact=row.fact)


def onward(request: Request, checkup: CheckUp) -> HttpResponse:
    """Go on to the next question; a wish for more than ten goes along."""
    most = most_wished(request)
    more = f"?more={most}" if most != ENOUGH else ""
    return redirect(reverse("checkup:step", args=[checkup.token]) + more)


def keep_answer(request: Request, checkup: CheckUp, fact: Fact, value: object, *, unknown: bool) -> None:
    """Keep one answer where it belongs: with the facts of whom one acts for, or with the check-up."""
    if checkup.subject is None or unknown:
        checkups.keep_answer(checkup=checkup, fact=fact, value=value, unknown=unknown)
    else:
        own.keep_fact(checkup=checkup, fact=fact, value=value, actor=request.actor)


def note_change(request: Request, checkup: CheckUp, cause: str, names: set[str]) -> None:
    """Keep what came out so far where an answer is changed, or what was assumed is said; forget it where it is new."""
    by = own.answers_of(checkup, request.actor)
    is_changed = not names.isdisjoint(row.fact for row in (*by.given, *by.life))
    before = result_of(checkup, by) if is_changed or cause in names else None
    if before is not None and (is_changed or cause in before.assumptions):
        keep_before(checkup, cause, before)
    else:
        forget_moves(checkup)


def kept(request: Request, checkup: CheckUp, fact: Fact, value: object, *, unknown: bool) -> HttpResponse:
    """Keep one answer, and go on."""
    note_change(request, checkup, fact.name, {fact.name})
    keep_answer(request, checkup, fact, value, unknown=unknown)
    if checkup.subject is not None and not unknown:
        own.keep_verdicts(checkup, judge_checkup(request, checkup).answers)
    return onward(request, checkup)


@public
@rate_limit("check-up-step", rate="600/10m", per="ip")
@post_only("checkup:step", "token")
def withdraw(request: Request, token: str) -> HttpResponse:
    """Forget an answer; its question may come back."""
    checkup, name = find_own_checkup(request, token), request.POST.get("fact", "")
    note_change(request, checkup, name, {name})
    if name.startswith(PREFIX):
        checkups.withdraw_answer(checkup=checkup, fact=name)
    if name not in current_pack().facts:
        return redirect("checkup:step", token)  # nothing to forget
    if checkup.subject is None:
        checkups.withdraw_answer(checkup=checkup, fact=name)
    else:
        own.take_back_fact(checkup=checkup, fact=name, actor=request.actor)
        own.keep_verdicts(checkup, judge_checkup(request, checkup).answers)
    return redirect("checkup:step", token)


@public
@rate_limit("check-up-step", rate="600/10m", per="ip")
@post_only("checkup:step", "token")
def day(request: Request, token: str) -> HttpResponse:
    """Another day or another place."""
    checkup, form = find_own_checkup(request, token), DayForm(request.POST)
    if not form.is_valid():
        result = judge_checkup(request, checkup)
        return page(request, checkup, result, question_form(checkup, result, ""), days=form)
    wanted = {"day": form.cleaned_data["as_of"], "region": form.cleaned_data["region"]}
    if (checkup.as_of, checkup.region) != (wanted["day"], wanted["region"]):
        keep_before(checkup, DAY, judge_checkup(request, checkup))
    checkups.set_day(checkup=checkup, **wanted)
    return redirect("checkup:step", token)


@page_for(permission=may_have_facts)
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: Request, token: str) -> HttpResponse:
    """Take ticked answers of an anonymous check-up over into the person's facts."""
    checkup, pack = find_own_checkup(request, token), current_pack()
    if checkup.subject is not None:
        return redirect("checkup:step", token)
    if request.method == "POST":
        made = own.adopt_checkup(checkup=checkup, names=request.POST.getlist("fact"), actor=request.actor)
        own.keep_verdicts(made, judge_checkup(request, made).answers)
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
        for name, value in checkups.read_answers(pack, list(checkup.answers.all())).items()
    ]  # fmt: skip
    return render(request, "checkup/adopt.html", {"checkup": checkup, "rows": rows, "subject": subject})
