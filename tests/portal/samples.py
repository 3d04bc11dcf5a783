"""Pages of the portal that everybody may open."""

from __future__ import annotations

PAGES = [
    "/", "/map/", "/map/shapes.json", "/map/counties.json", "/map/data.json", "/offline/", "/manifest.webmanifest",
    "/robots.txt", "/service-worker.js",
]  # fmt: skip
