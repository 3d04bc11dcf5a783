"""Icons drawn into the page: one small SVG each, no icon font to fetch, nothing for a strict policy to block."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

__all__ = ["icon_svg"]

SAFE_NAME = re.compile(r"^[a-z0-9-]+$")
INSIDE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
FALLBACK = '<circle cx="12" cy="12" r="8"/>'


def icon_folder() -> Path:
    """Where the icon package keeps its outline drawings."""
    return Path(settings.NODE_MODULES) / "@tabler" / "icons" / "icons" / "outline"


@lru_cache(maxsize=512)
def shapes(name: str) -> str:
    """The drawing inside an icon file; a plain circle when the package has no such icon."""
    if not SAFE_NAME.match(name):
        return FALLBACK
    path = icon_folder() / f"{name}.svg"
    if not path.is_file():
        return FALLBACK
    drawing = INSIDE.search(path.read_text(encoding="utf-8"))
    return " ".join(drawing[1].split()) if drawing else FALLBACK


@lru_cache(maxsize=1024)
def icon_svg(name: str, css: str = "") -> SafeString:
    """An icon as inline SVG, hidden from screen readers: the words beside it carry the meaning."""
    return format_html(
        '<svg class="cb-icon {}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        css,
        mark_safe(shapes(name)),  # noqa: S308 - drawings come from the installed icon package only
    )
