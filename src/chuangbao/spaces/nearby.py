"""Where the directory of spaces begins (从哪里看起): with the reader's own region, where it is known.

What was chosen last is kept in a session that is there already; no cookie is set for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from chuangbao.accounts.models import Organisation
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import local_places, region_line, region_name
from chuangbao.spaces.enums import SpaceStage
from chuangbao.spaces.queries import find_spaces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.http.requests import Request

__all__ = ["begin_region", "keep_region", "list_wider"]

KEPT = "spaces_region"


def keep_region(request: Request, region: str) -> None:
    """Keep what a reader chose, who has a session; empty for the whole province."""
    if request.session.session_key and request.session.get(KEPT) != region:
        request.session[KEPT] = region


def begin_region(request: Request) -> str:
    """Return the region with which the directory begins for a reader; empty for the whole province.

    It is what was chosen last, else that of the organisation or post, else the nearest above it that has a space.
    """
    if KEPT in request.session:
        return str(request.session[KEPT])
    province = current_pack().region
    for code in region_line(own_region(request.actor)):
        if code == province:
            break
        if find_spaces(request.actor, {"region": code}).filter(stage=SpaceStage.OPEN).exists():
            return code
    return ""


def own_region(actor: Actor) -> str:
    """Return the region of the post or organisation that an actor acts for; empty for others."""
    if actor.capacity is not Capacity.MEMBER:
        return actor.region
    rows = unscoped(Organisation, because="the region of the reader's own organisation")
    return rows.filter(pk=actor.organisation_id or 0).values_list("region", flat=True).first() or ""


def list_wider(region: str, given: Mapping[str, str]) -> list[tuple[str, str]]:
    """List the regions around one as their names with the query of each; none where the whole province is shown.

    ``given`` is what else was asked for.
    """
    places = {unit.code for unit in local_places()} - {current_pack().region}
    line = [code for code in region_line(region) if code in places] if region in places else []
    asked = {name: value for name, value in given.items() if name not in {"region", "page"}}
    wider = [(region_name(code), urlencode({**asked, "region": code})) for code in line[1:]]
    return [*wider, (region_name(current_pack().region), urlencode({**asked, "region": ""}))] if line else []
