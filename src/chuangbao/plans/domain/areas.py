"""Areas as they are drawn (面积), held against those that the site says: a difference is said, not forced."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.plans.domain.geometry import area_of
from chuangbao.plans.enums import AREAS, ShapeKind
from chuangbao.plans.models import Shape
from chuangbao.spaces.models import Site

if TYPE_CHECKING:
    from chuangbao.booking.models import Venue
    from chuangbao.core.access.actors import Actor

__all__ = ["Drawn", "compare_areas"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Areas of all floors of a venue in m²; ``said`` is what its site says, None where it says nothing."""

    rooms: Decimal
    all_areas: Decimal
    said: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Return by how much more is drawn than is said; None where nothing is said, or nothing drawn."""
        return None if self.said is None or not self.all_areas else self.all_areas - self.said

    @property
    def distance(self) -> Decimal:
        """Return the difference without its sign; 0 where there is none to work out."""
        return abs(self.difference or Decimal(0))


def compare_areas(actor: Actor, venue: Venue) -> Drawn:
    """Return what is drawn of a venue and what its site says (I01)."""
    rows = unscoped(Shape, because="of a venue that the caller keeps").filter(floor__venue=venue, removed_at=None)
    areas = [(row.kind, area_of(row)) for row in rows.filter(kind__in=AREAS)]
    rooms = sum((area for kind, area in areas if kind == ShapeKind.ROOM), Decimal(0))
    site = visible(Site, to=actor).filter(venue=venue, until=None).first()
    return Drawn(rooms, sum((area for _kind, area in areas), Decimal(0)), site.total_area if site else None)
