"""What an officer does with the spaces of the area: reading the list, entering filings and recognitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import record
from chuangbao.core.engine.regions import region_name
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import page_of
from chuangbao.spaces.domain.recognising import end_recognition, enter_recognition
from chuangbao.spaces.forms import AreaSpacesForm, EndRecognitionForm, RecognitionForm
from chuangbao.spaces.models import Recognition, Space
from chuangbao.spaces.opening import say_hours
from chuangbao.spaces.permissions import may_oversee_spaces, may_recognise_space
from chuangbao.spaces.queries import list_area_spaces, with_card

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["end", "enter", "give_workbook", "list_area"]

EACH, MOST = 25, 10_000


def read_filter(request: Request) -> tuple[AreaSpacesForm, QuerySet[Space]]:
    """Return the filter and the spaces of the area that it asks for."""
    form = AreaSpacesForm(request.GET or None)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return form, list_area_spaces(request.actor, given)


@page(permission=may_oversee_spaces)
@require_safe
def list_area(request: Request) -> HttpResponse:
    """The spaces of the area."""
    form, rows = read_filter(request)
    page = page_of(with_card(rows, request.actor), request.GET.get("page"), each=EACH)
    context = {
        "form": form,
        "page": page,
        "hours": say_hours(page.object_list),
        "looked_at": request.actor.region,
        "query": request.GET.urlencode(),
        "place": region_name(request.actor.region),
    }
    return render(request, "spaces/area.html", context)


@page(permission=may_oversee_spaces)
@require_safe
def give_workbook(request: Request) -> HttpResponse:
    """The same as an Excel workbook."""
    rows: list[Any] = list(with_card(read_filter(request)[1], request.actor)[:MOST])
    record(request.actor, "export", kind="spaces.space", data={"rows": len(rows)})
    head = [
        _("Region"),
        _("Name of the space"),
        _("Kind of space"),
        _("Operating organisation"),
        _("State"),
        _("Street address"),
        _("Area in use, in all"),
        _("Opened on"),
        _("Telephone of the desk"),
        _("Filings and recognitions"),
    ]
    cells = (
        [
            str(r.region),
            r.name,
            str(r.get_kind_display()),
            r.operator.name,
            str(r.get_stage_display()),
            r.in_use[0].full_address if r.in_use else "",
            r.area or None,
            r.opened_on,
            r.phone,
            "\n".join(map(str, r.held)),
        ]
        for r in rows
    )
    return as_workbook("spaces", _("Spaces"), head, cells)


@page(permission=may_oversee_spaces)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def enter(request: Request, pk: int) -> HttpResponse:
    """Enter that a space was filed or recognised."""
    row = get_object_or_404(visible(Space, to=request.actor).select_related("operator", "region"), pk=pk)
    permit(may_recognise_space, actor=request.actor, row=row)
    form = RecognitionForm(request.POST or None)
    if attempt_filled(form, enter_recognition, space=row, actor=request.actor):
        messages.success(request, _("Entered. The operator has a notice."))
        return redirect("spaces:space", pk)
    context = {"form": form, "space": row, "recognition": None}
    return render(request, "spaces/recognition.html", context, status=422 if form.errors else 200)


@page(permission=may_oversee_spaces)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def end(request: Request, pk: int) -> HttpResponse:
    """End a filing or recognition."""
    row = get_object_or_404(visible(Recognition, to=request.actor).select_related("space__operator"), pk=pk)
    permit(may_recognise_space, actor=request.actor, row=row.space)
    form = EndRecognitionForm(request.POST or None)
    if attempt_filled(form, end_recognition, recognition=row, actor=request.actor):
        messages.success(request, _("Ended. The operator has a notice."))
        return redirect("spaces:space", row.space_id)
    context = {"form": form, "space": row.space, "recognition": row}
    return render(request, "spaces/recognition.html", context, status=422 if form.errors else 200)
