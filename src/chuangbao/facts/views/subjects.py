"""Whom facts are about: the actor's own page, the list of an office, and the same as workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_safe

from chuangbao.accounts.models import Organisation
from chuangbao.accounts.models.organisations import OrganisationKind
from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import record
from chuangbao.core.engine.regions import tree
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.paging import MOST, page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.localization.formatting import text
from chuangbao.core.models import Region
from chuangbao.facts import queries
from chuangbao.facts.domain.standing import holdings
from chuangbao.facts.domain.subjects import open_to, subject_of, subject_of_organisation
from chuangbao.facts.enums import FactStage
from chuangbao.facts.forms import RevealForm
from chuangbao.facts.permissions import is_concerned, may_have_facts, may_list, may_open, may_see, may_state
from chuangbao.facts.scopes import is_withheld
from chuangbao.facts.words import fact_value, row_day, voice

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from chuangbao.core.http.requests import Request
    from chuangbao.facts.models import Subject

__all__ = ["export", "export_one", "listed", "mine", "organisation", "place", "reveal", "subject"]

PAGE = 20


class PlaceForm(forms.Form):
    """Whose offices may see the actor's own facts."""

    place = forms.ChoiceField(
        label=gettext_lazy("Whose offices may see and verify your facts"), required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # passed on
        places = [(code, text(units[-1].name)) for code, units in sorted(tree().periods.items()) if code != "100000"]
        self.fields["place"].choices = [("", _("Nobody's")), *places]  # type: ignore[attr-defined] # a choice field


@page(permission=may_have_facts | may_list)
@require_safe
def mine(request: Request) -> HttpResponseBase:
    """To the facts of whom one acts for; an officer to the list."""
    if may_have_facts.test(request.actor):
        return redirect("facts:subject", subject_of(request.actor).pk)
    return redirect("facts:subjects")


@page(permission=may_see)
@require_safe
def organisation(request: Request, pk: int) -> HttpResponseBase:
    """Go to the facts of an organisation in sight."""
    found = get_object_or_404(visible(Organisation, to=request.actor).distinct(), pk=pk)
    made = subject_of_organisation(found)
    permit(may_see, actor=request.actor, row=made)
    return redirect("facts:subject", made.pk)


def in_sight(request: Request, pk: int) -> Subject:
    """A subject that the actor may see, or 404."""
    return get_object_or_404(queries.in_sight(request.actor), pk=pk)


@page(permission=may_see)
@require_safe
def subject(request: Request, pk: int) -> HttpResponseBase:
    """Everything that is known of one subject, what contradicts, and what is missing."""
    return shown(request, in_sight(request, pk))


def shown(
    request: Request, found: Subject, *, why: str = "", form: PlaceForm | None = None, reveal: RevealForm | None = None
) -> HttpResponse:
    """The page of a subject."""
    sheet = queries.sheet_of(found, day=timezone.localdate(), actor=request.actor, why=why)
    own = may_open.test(request.actor, found) and found.person_id is not None
    context = {
        "subject": found, "sheet": sheet, "may_state": may_state.test(request.actor, found),
        "own": is_concerned.test(request.actor, found), "withheld": is_withheld(request.actor, found),
        "reveal": reveal or RevealForm(),
        "places": form or (PlaceForm(initial={"place": found.place_id or ""}) if own else None),
    }  # fmt: skip
    return render(request, "facts/subject.html", context, status=422 if form or reveal else 200)


@page(permission=may_see)
@post_only("facts:subject", "pk")
def reveal(request: Request, pk: int) -> HttpResponseBase:
    """Open what is sealed; the reason is put on record (敏感信息查阅留痕)."""
    found, form = in_sight(request, pk), RevealForm(request.POST)
    if not form.is_valid():
        return shown(request, found, reveal=form)
    return shown(request, found, why=form.cleaned_data["reason"])


@page(permission=may_open)
@post_only("facts:subject", "pk")
def place(request: Request, pk: int) -> HttpResponseBase:
    """Open the actor's own facts to the offices of a place, or close them."""
    found, form = in_sight(request, pk), PlaceForm(request.POST)
    if not form.is_valid():
        return shown(request, found, form=form)
    chosen = form.cleaned_data["place"]
    open_to(subject=found, place=Region.objects.get(pk=chosen) if chosen else None, actor=request.actor)
    return redirect("facts:subject", pk)


def search_of(request: Request) -> dict[str, str]:
    """What the address asks for."""
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "kind", "state", "sort")}
    return {"words": asked["q"], "kind": asked["kind"], "state": asked["state"], "sort": asked["sort"] or "newest"}


@page(permission=may_list)
@require_safe
def listed(request: Request) -> HttpResponseBase:
    """List the subjects of the area of the officer's post."""
    asked = search_of(request)
    rows = queries.list_subjects(request.actor, **asked)
    found = page_of(rows, request.GET.get("page"), each=PAGE)
    counts = queries.counts_of(list(found), request.actor)
    context = {
        "page": found, "rows": [(one, counts[one.pk]) for one in found], "asked": asked,
        "query": request.GET.urlencode(),
        "kinds": [("person", _("Person")), *OrganisationKind.choices], "states": FactStage.choices,
        "sorts": [("newest", _("The newest first")), ("name", _("By name"))],
    }  # fmt: skip
    return render(request, "facts/subjects.html", context)


@page(permission=may_list)
@require_GET
def export(request: Request) -> HttpResponseBase:
    """The same list as a workbook."""
    head = [_("Name"), _("Unified social credit code"), _("Region"), *(str(stage.label) for stage in FactStage)]
    found = list(queries.list_subjects(request.actor, **search_of(request))[:MOST])
    counts = queries.counts_of(found, request.actor)
    rows = ([*about(one), *(counts[one.pk].get(stage, 0) for stage in FactStage)] for one in found)
    record(request.actor, "export", kind="facts.subject", data={"rows": len(found)})
    return as_workbook("subjects", _("Subjects"), head, rows)


def about(one: Subject) -> list[object]:
    """Name, code and region of a subject."""
    where = one.organisation.region if one.organisation else one.place
    return [str(one), one.organisation.code if one.organisation else "", str(where or "")]


@page(permission=may_see)
@require_GET
def export_one(request: Request, pk: int) -> HttpResponseBase:
    """What is known of one subject as a workbook; what is sealed for the reader stays so."""
    found = in_sight(request, pk)
    why = "export" if is_concerned.test(request.actor, found) else ""
    held = holdings(found, day=timezone.localdate(), actor=request.actor, why=why).values()
    head = [_("Fact"), _("Value"), _("As of, or period"), _("Source"), _("Verification")]
    rows = (
        [
            text(one.fact.label), fact_value(one.fact, one.standing.value), row_day(one.standing.row),
            voice(one.standing.row), str(one.standing.row.get_stage_display()),
        ]
        for one in held
    )  # fmt: skip
    record(request.actor, "export", found, data={"rows": len(held)})
    return as_workbook("facts", _("Facts"), head, rows)
