"""Finding the tenancy that an address names, for the side that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from chuangbao.tenants.queries import list_hosted, list_own

if TYPE_CHECKING:
    from chuangbao.core.http.requests import Request
    from chuangbao.tenants.models import Tenancy

__all__ = ["find_hosted", "find_own"]

PARTS = ("space__operator", "organization", "team", "cohort")


def find_hosted(request: Request, pk: int) -> Tenancy:
    """Return a tenancy of a space that the actor's organisation runs. Raises Http404."""
    return get_object_or_404(list_hosted(request.actor).select_related(*PARTS), pk=pk)


def find_own(request: Request, pk: int) -> Tenancy:
    """Return a tenancy of the actor's own firm or team. Raises Http404."""
    return get_object_or_404(list_own(request.actor).select_related(*PARTS), pk=pk)
