"""What can be booked in the one search box, by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangbao.booking.models import Resource
from chuangbao.core.access.row_access import visible
from chuangbao.core.localization.name_search import name_contains
from chuangbao.core.search_sources import Hit, search_by_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []


@search_by_name("booking", _("What can be booked"))
def find_named_resources(actor: Actor, words: str, most: int) -> Iterable[Hit]:
    """Find resources in sight that are in use."""
    rows = visible(Resource, to=actor).filter(name_contains(words), retired_at=None, venue__is_open=True)
    for row in rows.select_related("venue").order_by("name", "pk")[:most]:
        yield Hit(row.name, reverse("booking:resource", args=[row.pk]), f"{row.get_kind_display()} · {row.venue.name}")
