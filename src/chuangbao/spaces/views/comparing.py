"""Comparing up to four spaces side by side: the choice is in the address, so that it can be shared and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import public
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.http.requests import read_number
from chuangbao.spaces.comparison import MOST_COMPARED, compare_spaces, read_spaces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["compare", "read_chosen"]

DIGITS = 18


def read_chosen(request: Request) -> list[int]:
    """Return the ids of the spaces that an address names, each once and in its order."""
    keys = (read_number(text, digits=DIGITS) for text in request.GET.getlist("s")[:100])
    return list(dict.fromkeys(key for key in keys if key))


def write_query(chosen: Sequence[int]) -> str:
    """Return the part of an address that names spaces."""
    return urlencode([("s", key) for key in chosen])


@public
@rate_limit("spaces", rate="600/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def compare(request: Request) -> HttpResponse:
    """The chosen spaces side by side; one that is not there, and a fifth, is said and left out."""
    chosen = read_chosen(request)
    spaces = read_spaces(request.actor, chosen[:MOST_COMPARED])
    keys = [row.pk for row in spaces]
    context = {
        "columns": [(row, write_query([key for key in keys if key != row.pk])) for row in spaces],
        "lines": compare_spaces(request.actor, spaces) if spaces else [],
        "query": write_query(keys),
        "shared": request.build_absolute_uri(f"{reverse('spaces:compare')}?{write_query(keys)}"),
        "most": MOST_COMPARED,
        "has_too_many": len(chosen) > MOST_COMPARED,
        "missing": len(chosen[:MOST_COMPARED]) - len(spaces),
        "may_add": len(spaces) < MOST_COMPARED,
    }
    return render(request, "spaces/compare.html", context)
