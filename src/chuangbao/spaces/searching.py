"""Spaces in the one search box: by their names, and by the street of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangbao.core.search_sources import Hit, search_by_name
from chuangbao.spaces.enums import SpaceStage
from chuangbao.spaces.queries import find_spaces

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []


def list_address(words: str) -> str:
    """Return the address of all spaces that words find."""
    return f"{reverse('spaces:list')}?{urlencode({'q': words})}"


@search_by_name("spaces", _("Spaces"), more=list_address)
def find_named_spaces(actor: Actor, words: str, most: int) -> Iterable[Hit]:
    """Find open spaces."""
    rows = find_spaces(actor, {"q": words}).filter(stage=SpaceStage.OPEN).select_related("region")
    for row in rows.order_by("name", "pk")[:most]:
        yield Hit(row.name, reverse("spaces:space", args=[row.pk]), f"{row.get_kind_display()} · {row.region}")
