"""The variants of a simulation: a form with every figure, condition and day of a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from chuangbao.core.access.permissions import page, permit
from chuangbao.core.engine.current import current_pack
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.post_only import post_only
from chuangbao.rules.variants import VariantError
from chuangbao.simulations.domain.simulations import default_day, drop_variant, put_variant
from chuangbao.simulations.forms import VariantForm, version_choices
from chuangbao.simulations.permissions import may_change_simulation, may_simulate
from chuangbao.simulations.views.simulations import found

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.rules.model import Version
    from chuangbao.simulations.models import Simulation, SimulationVariant

__all__ = ["drop", "new_variant", "variant"]


@page(permission=may_simulate)
@require_http_methods(["GET", "HEAD", "POST"])
def new_variant(request: Request, key: UUID) -> HttpResponse:
    """A variant, from the version of the simulation or from another one of the measure."""
    return formed(request, own(request, key), None)


@page(permission=may_simulate)
@require_http_methods(["GET", "HEAD", "POST"])
def variant(request: Request, key: UUID, number: int) -> HttpResponse:
    """Change a variant."""
    row = own(request, key)
    return formed(request, row, get_object_or_404(row.variants, number=number))


@page(permission=may_simulate)
@post_only("simulations:simulation", "key")
def drop(request: Request, key: UUID, number: int) -> HttpResponse:
    """Take a variant out."""
    drop_variant(simulation=own(request, key), number=number, actor=request.actor)
    return redirect("simulations:simulation", key)


def own(request: Request, key: UUID) -> Simulation:
    """A simulation that the actor may change."""
    row = found(request, key)
    permit(may_change_simulation, actor=request.actor, row=row)
    return row


def formed(request: Request, row: Simulation, kept: SimulationVariant | None) -> HttpResponse:
    """The form, and what is sent with it."""
    stands = kept.version if kept else row.version
    version = version_of(row, request.GET.get("version") or stands)
    day = row.day if version.version == row.version else default_day(version, timezone.localdate())
    initial = {"name": "", "day": None if day == row.day else day}
    if kept and version.version == kept.version:
        initial = {"name": kept.name, "day": kept.day, **VariantForm.initial_of(kept.changes, version)}
    measure = current_pack().measures[row.measure]
    form = VariantForm(
        request.POST or None, initial=initial, measure=measure, version=version, on=day, pack=current_pack()
    )
    if request.method == "POST" and form.is_valid() and put(form, row, kept, request):
        return redirect("simulations:simulation", row.key)
    context = {
        "row": row, "form": form, "version": version, "variant": kept, "versions": version_choices(measure),
    }  # fmt: skip
    return render(request, "simulations/variant.html", context, status=422 if form.errors else 200)


def version_of(row: Simulation, name: str) -> Version:
    """Return a version of the measure.

    Raises Http404 where it is none.
    """
    measure, version = current_pack().versions.get(name, (None, None))
    if measure is None or version is None or measure.id != row.measure:
        raise Http404
    return version


def put(form: VariantForm, row: Simulation, kept: SimulationVariant | None, request: Request) -> bool:
    """Keep what was typed; what does not hold together is said beside its field."""
    given = {
        "number": kept.number if kept else None, "name": form.cleaned_data["name"], "day": form.cleaned_data["day"],
        "version": form.version.version, "changes": form.changes(),
    }  # fmt: skip
    try:
        return bool(attempt(form, put_variant, simulation=row, actor=request.actor, **given))
    except VariantError as error:
        form.show(error.findings)
        return False
