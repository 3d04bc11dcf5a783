"""What the shell of every page knows: the ways through the portal, the visitor's look, the version."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy

from chuangbao.portal.preferences import look_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

__all__ = ["shell"]


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the main navigation."""

    label: _StrPromise
    url_name: str
    icon: str


WAYS = (
    Way(gettext_lazy("Home"), "portal:home", "home"),
    Way(gettext_lazy("Check-up"), "checkup:start", "stethoscope"),
    Way(gettext_lazy("Policies"), "policies:library", "books"),
    Way(gettext_lazy("Import a file"), "policies:import", "file-upload"),
    Way(gettext_lazy("Map"), "portal:map", "map-2"),
)
OTHER_LANGUAGE = {"zh-hans": ("en", "English"), "en": ("zh-hans", "中文")}


def shell(request: HttpRequest) -> dict[str, object]:
    """The context of every page; see portal/base.html."""
    code, label = OTHER_LANGUAGE["en" if (get_language() or "").startswith("en") else "zh-hans"]
    home = reverse("portal:home")
    ways = [(way, reverse(way.url_name)) for way in WAYS]
    under = [url for _way, url in ways if is_here(request.path, url, home)]
    here = max(under, key=len, default="")
    return {
        "shell": {
            "ways": [{"label": way.label, "url": url, "icon": way.icon, "here": url == here} for way, url in ways],
            "look": look_of(request),
            "other_language": {"code": code, "label": label},
            "here": request.get_full_path(),
            "query": request.GET.get("q", ""),
            "version": installed_version(),
        }
    }


def is_here(path: str, url: str, home: str) -> bool:
    """Whether a page lies under a navigation entry; the home page only under itself."""
    return path == url if url == home else path.startswith(url)


def installed_version() -> str:
    """The version of the installed package; a checkout that is not installed says so."""
    try:
        return version("chuangbao")
    except PackageNotFoundError:
        return "dev"
