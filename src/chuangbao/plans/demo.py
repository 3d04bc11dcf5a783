"""Floors of the demonstration (演示数据) in three spaces: none exists; some of it is booked, some closed off."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from chuangbao.booking.demo import VENUE
from chuangbao.booking.domain.resources import create_resource
from chuangbao.booking.models import Booking, Busy, Resource, Venue
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.plans.domain.floors import create_floor
from chuangbao.plans.domain.shapes import lay, save_laid
from chuangbao.plans.models import Floor, Shape
from chuangbao.spaces.models import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["load_demo_plans"]

WHY = "made-up rows of the demonstration"
WIDE, DEEP = 24_000, 14_400
OTHERS = 2
"""How many more spaces have a floor."""
Parts = tuple[tuple[str, str, int, int, int, int, int], ...]
SHELL: Parts = (
    ("stairs", "", 18_600, 0, 2_700, 5_400, 0),
    ("lift", "", 21_300, 0, 2_700, 2_400, 0),
    ("toilet", "", 21_300, 2_400, 2_700, 3_000, 0),
    ("corridor", "", 0, 5_400, 24_000, 1_800, 0),
    ("door", "", 5_900, 5_330, 1_000, 140, 180),
    ("door", "", 9_300, 5_330, 900, 140, 180),
    ("door", "", 14_300, 5_330, 1_200, 140, 180),
    ("door", "", 22_800, 5_330, 900, 140, 180),
    ("door", "", 18_900, 7_130, 1_000, 140, 0),
    ("door", "", 21_800, 7_130, 900, 140, 0),
)
"""What all three have: kind, label, from the left, from above, width, depth, turn."""
OWN: Parts = (
    ("room", "大会议室 301", 0, 0, 7_200, 5_400, 0),
    ("room", "洽谈室 302", 7_200, 0, 3_600, 5_400, 0),
    ("room", "创客工坊", 10_800, 0, 7_800, 5_400, 0),
    ("machine", "激光切割机", 11_300, 1_500, 2_000, 1_400, 0),
    ("machine", "三维打印机", 15_600, 1_500, 2_000, 1_400, 0),
    ("open", "流动工位区", 0, 7_200, 14_400, 7_200, 0),
    ("room", "固定工位室", 14_400, 7_200, 6_000, 7_200, 0),
    ("room", "储物间", 20_400, 7_200, 3_600, 7_200, 0),
    ("other", "储物柜", 20_800, 12_600, 2_800, 1_000, 0),
)
LINKS = {
    "大会议室 301": "演示·大会议室",
    "洽谈室 302": "演示·洽谈室",
    "激光切割机": "演示·激光切割机",
    "三维打印机": "演示·三维打印机",
    "流动工位区": "演示·流动工位",
    "A01": "演示·固定工位A01",
    "储物柜": "演示·储物柜",
}
PLAIN: Parts = (
    ("room", "路演厅", 0, 0, 10_800, 5_400, 0),
    ("room", "创客工坊", 10_800, 0, 7_800, 5_400, 0),
    ("machine", "三维打印机", 11_300, 1_500, 2_000, 1_400, 0),
    ("machine", "电子焊台", 15_600, 1_500, 2_000, 1_400, 0),
    ("open", "休息区", 0, 10_800, 4_800, 3_600, 0),
    ("room", "独立办公室", 14_400, 7_200, 6_000, 7_200, 0),
    ("room", "会客室", 20_400, 7_200, 3_600, 7_200, 0),
)
BENT = [[0, 0], [14_400, 0], [14_400, 7_200], [4_800, 7_200], [4_800, 3_600], [0, 3_600]]
"""The corners of an open area that is no rectangle."""
BOOKABLE = {"路演厅": "room", "三维打印机": "machine", "电子焊台": "machine", "独立办公室": "room", "会客室": "room"}


@transaction.atomic
def load_demo_plans() -> int:
    """Make what is missing, and return how many floors there are; running it again changes nothing."""
    own = unscoped(Venue, because=WHY).filter(name=VENUE, is_open=True).first()
    if own is None:
        return 0
    if not own.floors.exists():
        draw_own(own)
    sites = unscoped(Site, because=WHY).filter(space__is_demo=True, venue__isnull=False).exclude(venue=own)
    for site in sites.select_related("venue").order_by("pk")[:OTHERS]:
        if site.venue is not None and not site.venue.floors.exists():
            draw_other(site.venue)
    return unscoped(Floor, because=WHY).filter(venue__name__startswith="演示·").count()


def list_desks(
    letter: str, count: int, x: int, y: int, *, columns: int
) -> Iterator[tuple[str, str, int, int, int, int, int]]:
    """Yield desks in pairs that face each other, numbered from 01; a pair of rows takes 3.3 m."""
    for n in range(count):
        row, column = divmod(n, columns)
        faces = row % 2
        down = y + (row // 2) * 3_300 + (700 if faces else 0)
        yield "desk", f"{letter}{n + 1:02}", x + column * 1_500, down, 1_400, 700, 0 if faces else 180


def draw_parts(floor: Floor, parts: Any, links: dict[str, Resource]) -> None:
    """Draw shapes on a floor, with what can be booked there."""
    made = [
        Shape(floor=floor, kind=kind, label=label, x_mm=x, y_mm=y, width_mm=wide, depth_mm=deep, turn=turn)
        for kind, label, x, y, wide, deep, turn in parts
    ]
    for shape in made:
        shape.resource = links.get(shape.label)
        lay(shape, floor)
    save_laid(made)


def draw_own(venue: Venue) -> None:
    """Draw the floor of the operator that a person of the demonstration belongs to, over what can be booked there."""
    floor = create_floor(actor=SYSTEM, venue=venue, name="3层", level=3, width_mm=WIDE, depth_mm=DEEP)
    named = {row.name: row for row in unscoped(Resource, because=WHY).filter(venue=venue)}
    links = {label: named[name] for label, name in LINKS.items() if name in named}
    desks = [*list_desks("F", 16, 1_200, 9_000, columns=8), *list_desks("A", 6, 14_900, 9_900, columns=3)]
    draw_parts(floor, [*OWN, *SHELL, *desks], links)
    live(list(links.values()))


def draw_other(venue: Venue) -> None:
    """Draw the floor of another space, and make what can be booked on it."""
    floor = create_floor(actor=SYSTEM, venue=venue, name="1层", width_mm=WIDE, depth_mm=DEEP)
    desks = list(list_desks("B", 10, 6_000, 8_600, columns=5))
    kinds = BOOKABLE | {desk[1]: "fixed_desk" for desk in desks}
    links = {
        label: create_resource(
            actor=SYSTEM,
            venue=venue,
            kind=kind,
            name=f"演示·{label}",
            floor="1层",
            audience="tenants" if label in {"独立办公室", "B09", "B10"} else "public",
            capacity=20 if label == "路演厅" else 6 if kind == "room" else 1,
        )
        for label, kind in kinds.items()
    }
    bent = Shape(floor=floor, kind="open", label="开放工位区", x_mm=0, y_mm=7_200, points=BENT)
    save_laid([lay(bent, floor)])
    draw_parts(floor, [*PLAIN, *SHELL, *desks], links)
    live(list(links.values()))


def live(resources: list[Resource]) -> None:
    """Book some of it: desks for weeks, a room twice a day; close one machine off."""
    midnight = datetime.combine(timezone.localdate(), time(), resources[0].venue.clock)
    for row in resources:
        if row.kind == "fixed_desk" and row.name[-1] in "1368":
            hold(row, midnight, midnight + timedelta(days=60))
        elif row.kind == "room" and row.name.endswith(("大会议室", "路演厅")):
            for day in range(14):
                for hour in (10, 14):
                    starts = midnight + timedelta(days=day, hours=hour)
                    hold(row, starts, starts + timedelta(hours=2))
        elif row.name.endswith("三维打印机"):
            period = DateTimeTZRange(midnight, midnight + timedelta(days=60))
            Busy.objects.create(resource=row, period=period, reason="演示：检修")


def hold(row: Resource, starts: datetime, ends: datetime) -> None:
    """Write a booking of the operator's own."""
    of = row.venue.organization
    Booking.objects.create(
        resource=row,
        for_organization=of,
        starts=starts,
        ends=ends,
        blocked=DateTimeTZRange(starts, ends),
        purpose="演示",
    )
