"""Who is entitled and has not applied (应享未享), one explanation, and what is new for oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from chuangbao.core.access import page
from chuangbao.core.history import record
from chuangbao.core.idempotency import once
from chuangbao.core.paging import MOST, page_of
from chuangbao.core.registry import current_pack
from chuangbao.core.scope import visible
from chuangbao.core.wording import text
from chuangbao.core.workbook import as_workbook
from chuangbao.facts import queries as subjects
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.permissions import may_have_facts
from chuangbao.facts.views.subjects import about
from chuangbao.policies import queries
from chuangbao.policies.domain.runs.offering import decline, reconsider
from chuangbao.policies.models import Entitlement, Offer, Reason
from chuangbao.policies.permissions import may_run, may_see_entitled

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from chuangbao.core.requests import Request

__all__ = ["answer", "entitled", "entitled_export", "explanation", "for_me"]

PAGE = 25
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
        }
        for row in rows
    ]  # fmt: skip


@page(permission=may_see_entitled)
@require_safe
def entitled(request: Request) -> HttpResponse:
    """应享未享清单."""
    wanted = asked(request)
    rows = queries.entitled(request.actor, **wanted)
    found = page_of(rows, request.GET.get("page"), each=PAGE)
    measures = sorted((m for m in current_pack().measures.values() if not m.model), key=lambda m: m.id)
    context = {
        "page": found, "rows": with_offers(list(found), request), "asked": wanted, "query": request.GET.urlencode(),
        "measures": [(m.id, text(m.title)) for m in measures], "places": queries.places(request.actor),
        "statuses": Entitlement.Status.choices, "may_run": may_run.test(request.actor),
        "declined": queries.declined_by_reason(request.actor, wanted["measure"]),
    }  # fmt: skip
    return render(request, "policies/runs/entitled.html", context)


@page(permission=may_see_entitled)
@require_GET
def entitled_export(request: Request) -> HttpResponse:
    """The same list as a workbook."""
    head = [
        _("Name"), _("Unified social credit code"), _("Region"), _("Measure"), _("Title"), _("Amount"), _("Unit"),
        _("Since"), _("Told"), _("Applied"), _("Paid"),
    ]  # fmt: skip
    found = with_offers(list(queries.entitled(request.actor, **asked(request))[:MOST]), request)
    rows = [exported(one) for one in found]
    record(request.actor, "export", kind="policies.entitlement", data={"rows": len(rows)})
    return as_workbook("entitled", _("Entitled and not applied"), head, rows)


def exported(one: dict[str, Any]) -> list[object]:
    """A row of the workbook; applications are not on this platform yet, and it says so."""
    row, offer, not_here = one["row"], one["offer"], _("not on this platform yet")
    told = f"{offer.told_at:%Y-%m-%d}" if offer and offer.told_at else ""
    title = text(one["measure"].title) if one["measure"] else ""
    return [
        *about(row.subject), row.measure, title, one["amount"], one["unit"], row.since.day, told, not_here, not_here
    ]  # fmt: skip


@page(permission=may_see_entitled | may_have_facts)
@require_safe
def explanation(request: Request, pk: int, ref: str) -> HttpResponse:
    """One subject before one measure: every condition, as the check-up explains it."""
    subject = get_object_or_404(subjects.in_sight(request.actor), pk=pk)
    measure = current_pack().measures.get(ref)
    if measure is None:
        raise Http404
    found = queries.explained(subject, ref, actor=request.actor)
    context = {"subject": subject, "measure": measure, "found": found, "answer": found.answer}
    return render(request, "policies/runs/explanation.html", context)


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


def shown(request: Request, form: AnswerForm | None = None) -> HttpResponse:
    """The page, with what was wrong in the one form that was sent."""
    rows = [one for one in with_offers(list(own(request)), request) if one["measure"]]
    for one in rows:
        sent = form is not None and form.data.get("measure") == one["row"].measure
        one["form"] = (
            form if sent else AnswerForm(initial={"measure": one["row"].measure}, auto_id=f"{one['row'].pk}-%s")
        )
    declined = [one for one in rows if one["offer"] and one["offer"].declined_at]
    context = {
        "wanted": [one for one in rows if one not in declined], "declined": declined,
        "subject": subject_of(request.actor),
    }  # fmt: skip
    return render(request, "policies/runs/for_me.html", context, status=422 if form else 200)


@page(permission=may_have_facts)
@require_POST
@once
def answer(request: Request) -> HttpResponse:
    """Not for us, and why; or for us after all."""
    subject = subject_of(request.actor)
    if request.POST.get("do") == "reconsider":
        rows = visible(Offer, to=request.actor).filter(declined_at__isnull=False, subject=subject)
        reconsider(offer=get_object_or_404(rows, measure=request.POST.get("measure", "")), actor=request.actor)
        return redirect("policies:for_me")
    row = get_object_or_404(own(request), measure=request.POST.get("measure", ""))
    form = AnswerForm(request.POST, auto_id=f"{row.pk}-%s")
    if not form.is_valid():
        return shown(request, form)
    decline(subject=subject, measure=row.measure, reason=form.cleaned_data["reason"], actor=request.actor)
    return redirect("policies:for_me")
