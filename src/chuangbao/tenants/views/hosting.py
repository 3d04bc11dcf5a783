"""The operator's page of one tenancy: talks, decision, place and cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.localization.formatting import plain_number
from chuangbao.tenants.domain.deciding import admit_tenant, decline_tenant
from chuangbao.tenants.domain.placing import place_tenant
from chuangbao.tenants.domain.talks import arrange_talk, note_talk
from chuangbao.tenants.domain.warnings import warn_of_tenancy
from chuangbao.tenants.forms import AnswerForm, EmptyForm, NoteForm, PlaceForm, TalkForm
from chuangbao.tenants.models import Talk
from chuangbao.tenants.permissions import may_run_board
from chuangbao.tenants.queries import list_cohorts
from chuangbao.tenants.views.acting import act_on_tenancy
from chuangbao.tenants.views.finding import find_hosted
from chuangbao.tenants.views.shared import describe_tenancy

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.tenants.models import Tenancy

__all__ = ["admit", "arrange", "change_place", "decline", "note", "show_hosted", "show_hosted_tenancy"]


@page(permission=may_run_board)
@require_safe
def show_hosted_tenancy(request: Request, pk: int) -> HttpResponse:
    """One tenancy and what can be done now."""
    return show_hosted(request, find_hosted(request, pk))


def show_hosted(request: Request, row: Tenancy, **forms: Any) -> HttpResponse:
    """Answer with the page of a tenancy; a form that was refused takes the place of an empty one."""
    return render(request, "tenants/tenancy.html", describe_hosted(request, row) | forms, status=422 if forms else 200)


def describe_hosted(request: Request, row: Tenancy) -> dict[str, Any]:
    """What the operator's page of a tenancy shows beside what both sides see."""
    return describe_tenancy(request, row) | {
        "talks": list_talks(request, row, {}),
        "warnings": warn_of_tenancy(row),
        "talking": TalkForm(),
        "deciding": EmptyForm(),
        "declining": AnswerForm(auto_id="decline-%s"),
        "placing": place_form(request, row),
    }


def list_talks(request: Request, row: Tenancy, refused: dict[int, NoteForm]) -> list[tuple[Talk, NoteForm]]:
    """Return the talks of a tenancy, each with the form of its note; ``refused`` are those that were sent and wrong."""
    return [
        (talk, refused.get(talk.pk) or NoteForm(initial={"note": talk.note}, auto_id=f"talk-{talk.pk}-%s"))
        for talk in visible(Talk, to=request.actor).filter(tenancy=row)
    ]


def place_form(request: Request, row: Tenancy, data: Any = None) -> PlaceForm:
    """The form of desks, area and cohort of a tenancy."""
    start = {name: getattr(row, name) for name in ("is_virtual", "desks", "cohort", "industry")}
    start["area"] = "" if row.area is None else plain_number(row.area)
    cohorts = list_cohorts(request.actor).filter(space=row.space_id)
    return PlaceForm(data, cohorts=cohorts, initial=start | {"seen": row.revision})


@page(permission=may_run_board)
@rate_limit("tenancy-talk", rate="120/h")
@post_only("tenants:tenancy", "pk")
@once
def arrange(request: Request, pk: int) -> HttpResponse:
    """Agree on a talk."""
    row, form = find_hosted(request, pk), TalkForm(request.POST)
    return act_on_tenancy(
        request,
        row,
        form,
        arrange_talk,
        said=_("The applicant has a notice of when and where."),
        shown=(show_hosted, "talking"),
    )


@page(permission=may_run_board)
@post_only("tenants:tenancy", "pk")
@once
def note(request: Request, pk: int, talk: int) -> HttpResponse:
    """Note what was said in a talk."""
    row, form = find_hosted(request, pk), NoteForm(request.POST)
    found = get_object_or_404(visible(Talk, to=request.actor).filter(tenancy=row), pk=talk)
    if attempt_filled(form, note_talk, talk=found, actor=request.actor):
        messages.success(request, _("Noted."))
        return redirect("tenants:tenancy", pk)
    return show_hosted(request, row, talks=list_talks(request, row, {talk: form}))


@page(permission=may_run_board)
@post_only("tenants:tenancy", "pk")
@once
def admit(request: Request, pk: int) -> HttpResponse:
    """Admit the tenant."""
    row, form = find_hosted(request, pk), EmptyForm(request.POST)
    return act_on_tenancy(
        request, row, form, admit_tenant, said=_("Admitted. Next: the agreement."), shown=(show_hosted, "deciding")
    )


@page(permission=may_run_board)
@post_only("tenants:tenancy", "pk")
@once
def decline(request: Request, pk: int) -> HttpResponse:
    """Do not admit the tenant, with a reason."""
    row, form = find_hosted(request, pk), AnswerForm(request.POST, auto_id="decline-%s")
    return act_on_tenancy(
        request,
        row,
        form,
        decline_tenant,
        said=_("Answered. The applicant reads the reason."),
        shown=(show_hosted, "declining"),
    )


@page(permission=may_run_board)
@post_only("tenants:tenancy", "pk")
@once
def change_place(request: Request, pk: int) -> HttpResponse:
    """Keep desks, area and cohort."""
    row = find_hosted(request, pk)
    form = place_form(request, row, request.POST)
    return act_on_tenancy(request, row, form, place_tenant, said=_("Saved."), shown=(show_hosted, "placing"))
