"""Finding the tenancy that an address names, for the side that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from chuangbao.core.access.row_access import visible
from chuangbao.tenants.models import Tenancy
from chuangbao.tenants.permissions import is_host
from chuangbao.tenants.queries import list_hosted, list_own

if TYPE_CHECKING:
    from django.db.models import Model

    from chuangbao.core.http.requests import Request

__all__ = ["address_for", "find_hosted", "find_own", "find_paper", "find_tenancy_of_party"]

PARTS = ("space__operator", "organization", "team", "cohort")


def find_hosted(request: Request, pk: int) -> Tenancy:
    """Return a tenancy of a space that the actor's organisation runs. Raises Http404."""
    return get_object_or_404(list_hosted(request.actor).select_related(*PARTS), pk=pk)


def find_own(request: Request, pk: int) -> Tenancy:
    """Return a tenancy of the actor's own firm or team. Raises Http404."""
    return get_object_or_404(list_own(request.actor).select_related(*PARTS), pk=pk)


def find_tenancy_of_party(request: Request, pk: int) -> Tenancy:
    """Return a tenancy of which the actor is host or tenant. Raises Http404."""
    rows = visible(Tenancy, to=request.actor).select_related(*PARTS)
    return get_object_or_404(rows, pk=pk)


def find_paper(request: Request, model: type[Model], pk: int) -> Any:
    """Return a row that hangs on a tenancy of which the actor is host or tenant. Raises Http404."""
    parts = [f"tenancy__{part}" for part in PARTS]
    return get_object_or_404(visible(model, to=request.actor).select_related(*parts), pk=pk)


def address_for(request: Request, tenancy: Tenancy) -> str:
    """Return the page of a tenancy for the side that the actor is on."""
    name = "tenants:tenancy" if is_host.test(request.actor, tenancy) else "tenants:own"
    return reverse(name, args=[tenancy.pk])
