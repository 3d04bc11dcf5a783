"""How a visitor wants to see the portal: light or dark, normal or large print (适老化).

Kept in two plain cookies, so that it works without an account and without JavaScript.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["PRINTS", "PRINT_COOKIE", "THEMES", "THEME_COOKIE", "Look", "look_of"]

THEME_COOKIE = "chuangbao_theme"
PRINT_COOKIE = "chuangbao_print"
THEMES = ("auto", "light", "dark")
PRINTS = ("normal", "large")


@dataclass(frozen=True, slots=True)
class Look:
    """A visitor's choice; ``auto`` follows the device."""

    theme: str = "auto"
    print: str = "normal"


def look_of(request: HttpRequest) -> Look:
    """Read the choice from the cookies; anything unknown counts as no choice."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    size = request.COOKIES.get(PRINT_COOKIE, "normal")
    return Look(theme if theme in THEMES else "auto", size if size in PRINTS else "normal")
