"""Which regions lie in which (行政区划): one tree for administration, for what one may see, and for roll-up."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils import timezone

from chuangbao.config.paths import PACK_DIR
from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import text
from chuangbao.core.models import Region, RegionPeriod
from chuangbao.rules.catalogue import read_regions

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.rules.regions import Region as Unit
    from chuangbao.rules.regions import RegionTree

__all__ = ["covered_regions", "full_address", "load_regions", "local_places", "region_line", "region_name", "tree"]


@lru_cache(maxsize=1)
def tree() -> RegionTree:
    """The tree of the installation's pack, by date."""
    return read_regions(PACK_DIR / "regions.csv")


def covered_regions(region: str, day: date | None = None) -> frozenset[str]:
    """The codes of a region and all that report to it on a day (today where none is given)."""
    return covered_on(region, day or timezone.localdate())


@lru_cache(maxsize=4096)
def covered_on(region: str, day: date) -> frozenset[str]:
    """The same, remembered for the day."""
    return frozenset(code for code in tree().periods if region in reporting_line(code, day))


def reporting_line(code: str, day: date) -> tuple[str, ...]:
    """A unit and whom it reports to, nearest first; the code's own parent where nothing else is said."""
    found: list[str] = []
    while code and code not in found:
        found.append(code)
        unit = tree().at(code, day) or tree().latest(code)
        code = (unit.reports_to or unit.parent) if unit else ""
    return tuple(found)


def region_line(code: str, day: date | None = None) -> tuple[str, ...]:
    """A region and whom it reports to, nearest first, on a day (today where none is given)."""
    return reporting_line(code, day or timezone.localdate())


def region_name(code: str) -> str:
    """The full name of a region in the reader's language, the code itself where it is not known."""
    unit = tree().latest(code)
    return text(unit.name) if unit else code


def full_address(region: str, *parts: str, day: date | None = None, within: str = "") -> str:
    """Return an address as it is registered: 省、市、区, then the parts; what these begin with of it is not doubled.

    For who looks at a region ``within``, that region and those above it are left out.
    """
    today = day or timezone.localdate()
    line = [unit for code in tree().line(region, today) if (unit := tree().latest(code))]
    units = [unit for unit in reversed(line) if unit.level != "nation"]
    street = "".join(part.strip() for part in parts)
    for unit in units:
        street = street.removeprefix(unit.name.zh).lstrip()
    known = tree().line(within, today)
    return "".join(unit.name.zh for unit in units if unit.code not in known) + street


def local_places(day: date | None = None, *, with_zones: bool = False) -> tuple[Unit, ...]:
    """List the province of this installation and the places in it that exist on a day, each below its own parent.

    Development zones, which only statistics count as units, go along where people narrow a list or say where they are.
    """
    return places_on(current_pack().region, day or timezone.localdate(), with_zones=with_zones)


@lru_cache(maxsize=16)
def places_on(province: str, day: date, *, with_zones: bool) -> tuple[Unit, ...]:
    """The same, remembered for the day: it is a walk through the tree of the nation, and many a page asks for it."""
    units = [unit for code in tree().periods if (unit := tree().at(code, day)) is not None]
    units = [unit for unit in units if with_zones or not unit.statistical_only]
    units = [unit for unit in units if province in tree().line(unit.code, day)]
    return tuple(sorted(units, key=lambda unit: tree().line(unit.code, day)[::-1]))


def load_regions() -> None:
    """Write the tree into the tables that other rows point to; what is there already is brought up to date."""
    units = {code: periods[-1] for code, periods in tree().periods.items()}
    Region.objects.bulk_create(
        [
            Region(code=code, name_zh=unit.name.zh, name_en=unit.name.en, level=unit.level)
            for code, unit in units.items()
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name_zh", "name_en", "level"],
    )
    RegionPeriod.objects.all().delete()
    RegionPeriod.objects.bulk_create(period(unit) for periods in tree().periods.values() for unit in periods)


def period(unit: Unit) -> RegionPeriod:
    """One unit's row for one period."""
    return RegionPeriod(
        region_id=unit.code,
        parent_id=unit.parent or None,
        reports_to_id=unit.reports_to or None,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
        has_code=unit.has_code,
    )
