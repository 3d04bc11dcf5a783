"""The list of the library: everything in it, narrowed by words and facets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chuangbao.core.access import public
from chuangbao.policies.domain.registry import current_pack
from chuangbao.policies.search import FACETS, Facet, Search

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from chuangbao.rules.model import Pack, Text

__all__ = ["library"]

PAGE = 20


@public
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """政策库: browse and search."""
    pack = current_pack()
    text = request.GET.get("q", "")[:200]
    chosen = {name: request.GET.get(name, "")[:40] for name in FACETS}
    search = Search(text, chosen, timezone.localdate(), pack.synonyms)
    page = Paginator(search.narrowed(), PAGE).get_page(request.GET.get("page"))
    facets = [
        {"name": name, "title": facet_title(name), "values": [named(pack, request, name, f) for f in values]}
        for name, values in search.facets().items()
    ]
    context = {"page": page, "facets": facets, "text": text, "narrowed": any(chosen.values())}
    return render(request, "policies/library.html", context)


def facet_title(name: str) -> str:
    """What a facet narrows by."""
    return {
        "kind": gettext("What it is"),
        "subject": gettext("Who it is for"),
        "region": gettext("Level"),
        "state": gettext("Validity"),
    }[name]


def named(pack: Pack, request: HttpRequest, name: str, facet: Facet) -> dict[str, object]:
    """A facet value with its words and the address that sets or clears it."""
    query = request.GET.copy()
    query.pop("page", None)
    if facet.chosen:
        query.pop(name, None)
    else:
        query[name] = facet.value
    words = VALUES().get(facet.value) or region_name(pack, facet.value) or facet.value
    return {"label": words, "count": facet.count, "chosen": facet.chosen, "url": f"?{query.urlencode()}"}


def region_name(pack: Pack, code: str) -> Text | None:
    """The name of a region code."""
    return region.name if (region := pack.regions.latest(code)) else None


def VALUES() -> dict[str, str]:  # noqa: N802 - a table that must be worded in the reader's language
    """The words for facet values."""
    return {
        "measure": gettext("Measures"), "document": gettext("Documents"), "clause": gettext("Clauses"),
        "in_force": gettext("In force"), "ended": gettext("Ended"), "future": gettext("Not yet in force"),
        "person": gettext("People"), "enterprise": gettext("Companies"), "space": gettext("Makerspaces"),
        "institution": gettext("Universities and institutes"), "investor": gettext("Investors"),
        "agency": gettext("Public bodies"),
    }  # fmt: skip
