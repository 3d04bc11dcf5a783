"""Offices in the one search box, by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.directory import find_offices
from chuangbao.core.search_sources import Hit, search_by_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []


def list_address(words: str) -> str:
    """Return the address of the directory narrowed to words."""
    return f"{reverse('accounts:offices')}?{urlencode({'q': words})}"


@search_by_name("offices", _("Where to go"), more=list_address)
def find_named_offices(_actor: Actor, words: str, most: int) -> Iterable[Hit]:
    """Find offices of the directory."""
    rows = find_offices(region="", department="", words="")
    named = rows.filter(Q(name__icontains=words) | Q(name_en__icontains=words))
    for row in named.order_by("name", "pk")[:most]:
        yield Hit(str(row), reverse("accounts:office", args=[row.pk]), f"{row.region} {row.address}".strip())
