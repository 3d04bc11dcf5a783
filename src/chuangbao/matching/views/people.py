"""Who is entitled and has not applied (应享未享), one explanation, and what is new for a person."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_safe

from chuangbao.accounts.domain.acting import choices
from chuangbao.core.access.permissions import Forbidden, page
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.audit.log import record
from chuangbao.core.audit.readings import record_reading
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.verdicts import verdict_words
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.localization.formatting import text, unit_words
from chuangbao.facts import queries as subjects
from chuangbao.facts.domain.sensitive import sensitive_facts
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.models import Subject
from chuangbao.facts.permissions import is_concerned, may_have_facts
from chuangbao.facts.scopes import is_withheld
from chuangbao.facts.views.subjects import about
from chuangbao.matching import queries
from chuangbao.matching.domain.now import judge_now
from chuangbao.matching.domain.offering import decline, reconsider
from chuangbao.matching.models import Entitlement, Offer, Reason
from chuangbao.matching.permissions import may_run, may_see_entitled

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from chuangbao.accounts.models import Person
    from chuangbao.core.access.actors import Actor
    from chuangbao.core.http.requests import Request
    from chuangbao.rules.judgement import Answer

__all__ = ["answer", "entitled", "entitled_export", "entitled_sealed", "explanation", "for_me", "judge_at_once"]

PAGE, MOST_SEALED = 25, 200
FIRST_YEAR, LAST_YEAR = 1900, 2199
WHICH = gettext_lazy("Choose why it is not for you; the offices of your place see the reason.")


class AnswerForm(forms.Form):
    """It is not for us, and why."""

    measure = forms.CharField(max_length=120, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=gettext_lazy("Your reason"), choices=[("", gettext_lazy("Choose a reason")), *Reason.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": WHICH},
    )  # fmt: skip


def asked(request: Request) -> dict[str, str]:
    """What the address asks for, where there is such a thing in the area."""
    status, measure = request.GET.get("status", ""), request.GET.get("measure", "")
    region = request.GET.get("region", "")
    return {
        "measure": measure if measure in current_pack().measures else "",
        "region": region if region in dict(queries.places(request.actor)) else "",
        "status": status if status in Entitlement.Status.values else Entitlement.Status.ELIGIBLE,
    }


def with_offers(rows: list[Entitlement], request: Request) -> list[dict[str, Any]]:
    """Rows with their measure and what was said of them."""
    offers, measures = queries.offers_of(rows, request.actor), current_pack().measures
    return [
        {
            "row": row, "measure": measures.get(row.measure), "offer": offers.get((row.subject_id, row.measure)),
            "amount": None if row.cents is None else queries.yuan(row.cents), "unit": queries.unit_of(row.measure),
            "grant": queries.grant_of(row), "kind": queries.kind_of(row), "opening": queries.opening_now(row),
            "payable": None if row.payable is None else queries.yuan(row.payable),
        }
        for row in rows
    ]  # fmt: skip


class SealedForm(forms.Form):
    """Why one must see by name whom sensitive facts entitle."""

    reason = forms.CharField(
        label=gettext_lazy("Why you need to see them"), max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )  # fmt: skip


@page(permission=may_see_entitled)
@require_safe
def entitled(request: Request) -> HttpResponse:
    """Show the list of whom the rules entitle (应享未享清单), and how many more by sensitive facts."""
    return shown_list(request)


@page(permission=may_see_entitled)
@post_only("matching:entitled")
def entitled_sealed(request: Request) -> HttpResponse:
    """Show by name, for a reason, whom sensitive facts entitle; each of them sees who read it and why."""
    form = SealedForm(request.POST)
    if not form.is_valid():
        return shown_list(request, form)
    wanted = asked(request)
    found = list(queries.entitled_by_sensitive(request.actor, **wanted)[:MOST_SEALED])
    put_on_record(found, request.actor, form.cleaned_data["reason"])
    rows = with_offers(found, request)
    if request.POST.get("do") == "export":
        record(request.actor, "export", kind="policies.entitlement", data={"rows": len(rows)})
        return as_workbook("entitled", _("Entitled and not applied"), heads(), [exported(one) for one in rows])
    total = queries.entitled_by_sensitive(request.actor, **wanted).count()
    context = {"rows": rows, "total": total, "most": MOST_SEALED, "asked": wanted, "query": request.GET.urlencode(),
               "reason": form.cleaned_data["reason"]}  # fmt: skip
    return render(request, "matching/sealed.html", context)


def put_on_record(rows: list[Entitlement], actor: Actor, reason: str) -> None:
    """Say about each subject of some rows that it was read, with the sensitive facts that the measures tell."""
    measures: dict[int, set[str]] = {}
    subjects = {row.subject_id: row.subject for row in rows}
    for row in rows:
        measures.setdefault(row.subject_id, set()).add(row.measure)
    for pk, subject in subjects.items():
        record_reading(
            actor, subject, person=subject.person_id, organisation=subject.organisation_id, reason=reason,
            facts=sensitive_facts(measures[pk]),
        )  # fmt: skip


def shown_list(request: Request, sealed: SealedForm | None = None) -> HttpResponse:
    """Show the page of the list, with what was wrong in the form that was sent."""
    wanted = asked(request)
    rows = queries.entitled(request.actor, **wanted)
    found = page_of(rows, request.GET.get("page"), each=PAGE)
    measures = sorted((m for m in current_pack().measures.values() if not m.model), key=lambda m: m.id)
    context = {
        "page": found, "rows": with_offers(list(found), request), "asked": wanted, "query": request.GET.urlencode(),
        "measures": [(m.id, text(m.title)) for m in measures], "places": queries.places(request.actor),
        "statuses": Entitlement.Status.choices, "may_run": may_run.test(request.actor),
        "declined": queries.declined_by_reason(request.actor, wanted["measure"]), "judged": queries.is_judged(),
        "sealed": queries.entitled_by_sensitive(request.actor, **wanted).count(), "sealed_form": sealed or SealedForm(),
    }  # fmt: skip
    return render(request, "matching/entitled.html", context, status=422 if sealed else 200)


@page(permission=may_see_entitled)
@require_GET
def entitled_export(request: Request) -> HttpResponse:
    """Give the same list as a workbook; whom sensitive facts entitle is not in it."""
    found = with_offers(list(queries.entitled(request.actor, **asked(request))[:MOST]), request)
    rows = [exported(one) for one in found]
    if not rows and not queries.is_judged():
        rows = [[_("Not judged yet: no run over everybody has been finished.")]]
    record(request.actor, "export", kind="policies.entitlement", data={"rows": len(rows)})
    return as_workbook("entitled", _("Entitled and not applied"), heads(), rows)


def heads() -> list[str]:
    """Return the heads of the workbook."""
    return [
        _("Name"), _("Unified social credit code"), _("Region"), _("Number of the measure"), _("Measure"), _("Result"),
        _("Amount"), _("Under ceilings"), _("Unit"), _("Since"), _("Told"), _("Applied"), _("Paid"),
    ]  # fmt: skip


def sums(one: dict[str, Any]) -> list[object]:
    """The amount, and what is paid of it; nothing where nothing is counted."""
    return [None, None] if one["unit"] == "none" else [one["amount"], one["payable"]]


def exported(one: dict[str, Any]) -> list[object]:
    """A row of the workbook; applications are not on this platform yet, and it says so."""
    row, offer, not_here = one["row"], one["offer"], _("not on this platform yet")
    told = timezone.localdate(offer.told_at) if offer and offer.told_at else None
    title = text(one["measure"].title) if one["measure"] else ""
    return [
        *about(row.subject), row.measure, title, said(one), *sums(one), unit_words(one["unit"]), row.since.day,
        told, not_here, not_here,
    ]  # fmt: skip


def said(one: dict[str, Any]) -> str:
    """What the verdict of a row means in words: 可享受, 可申报, 差一点."""
    return verdict_words(str(one["row"].status), one["grant"])


@page(permission=may_see_entitled | may_have_facts)
@require_safe
def explanation(request: Request, pk: int, ref: str) -> HttpResponse:
    """Show one subject before one measure: every condition, as the check-up explains it.

    Raises Http404 where the pack has no such measure, or the subject is out of sight.
    """
    subject = find_subject(request, pk)
    measure = current_pack().measures.get(ref)
    if measure is None:
        raise Http404
    day = read_day(request.GET.get("day", ""))
    found = queries.explained(subject, ref, actor=request.actor, day=day)
    context = {"subject": subject, "measure": measure, "found": found, "answer": found.answer, "day": day}
    return render(request, "matching/explanation.html", context)


def find_subject(request: Request, pk: int) -> Subject:
    """The subject of the address, in sight of whom the person acts as.

    Raises Forbidden where another capacity of the person is concerned: a notice leads here whatever one acts as, and
    the page of the refusal offers that capacity. Raises Http404 elsewhere.
    """
    found = subjects.in_sight(request.actor).filter(pk=pk).first()
    if found is not None:
        return found
    one = unscoped(Subject, because="whether another capacity of the person is concerned").filter(pk=pk).first()
    held = choices(cast("Person", request.user))
    if one is not None and any(is_concerned.test(choice.actor, one) for choice in held):
        raise Forbidden(is_concerned, request.actor, one)
    raise Http404


def read_day(given: str) -> date | None:
    """The day of the address that a notice leads to; None where it names none that can be judged for."""
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


@page(permission=may_have_facts)
@require_safe
def for_me(request: Request) -> HttpResponse:
    """对我的新政策: what whom one acts for is entitled to, the newest first."""
    return shown(request)


def own(request: Request) -> QuerySet[Entitlement]:
    """What whom one acts for is entitled to now."""
    subject = subject_of(request.actor)
    rows = visible(Entitlement, to=request.actor).filter(subject=subject, gone=None, status="eligible")
    return rows.select_related("since").order_by("-since", "measure")


@page(permission=may_have_facts)
@rate_limit("judge-now", rate="12/h")
@post_only("matching:for_me")
def judge_at_once(request: Request) -> HttpResponse:
    """Show what the rules give whom one acts for by what is known at this moment."""
    answers = judge_now(subject=subject_of(request.actor), day=timezone.localdate(), actor=request.actor)
    return shown(request, now=answers)


def shown(request: Request, form: AnswerForm | None = None, now: list[Answer] | None = None) -> HttpResponse:
    """The page, with what was wrong in the one form that was sent, and what was judged at once."""
    rows = [one for one in with_offers(list(own(request)), request) if one["measure"]]
    for one in rows:
        sent = form is not None and form.data.get("measure") == one["row"].measure
        one["form"] = (
            form if sent else AnswerForm(initial={"measure": one["row"].measure}, auto_id=f"{one['row'].pk}-%s")
        )
    declined = [one for one in rows if one["offer"] and one["offer"].declined_at]
    subject = subject_of(request.actor)
    context = {
        "wanted": [one for one in rows if one not in declined], "declined": declined,
        "now": now, "at": timezone.localtime(),
        "subject": subject, "judged": queries.judged_since(subject), "withheld": is_withheld(request.actor, subject),
    }  # fmt: skip
    return render(request, "matching/for_me.html", context, status=422 if form else 200)


@page(permission=may_have_facts)
@post_only("matching:for_me")
@once
def answer(request: Request) -> HttpResponse:
    """Not for us, and why; or for us after all."""
    subject = subject_of(request.actor)
    if request.POST.get("do") == "reconsider":
        rows = visible(Offer, to=request.actor).filter(declined_at__isnull=False, subject=subject)
        reconsider(offer=get_object_or_404(rows, measure=request.POST.get("measure", "")), actor=request.actor)
        return redirect("matching:for_me")
    row = get_object_or_404(own(request), measure=request.POST.get("measure", ""))
    form = AnswerForm(request.POST, auto_id=f"{row.pk}-%s")
    if not form.is_valid():
        return shown(request, form)
    decline(subject=subject, measure=row.measure, reason=form.cleaned_data["reason"], actor=request.actor)
    return redirect("matching:for_me")
