"""The few front-end files that pages use, served from the installed packages under /static/vendor/.

Only what is in the list is collected: the packages hold thousands of files that no page asks for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["VENDOR_FILES", "VendorFinder"]

VENDOR_FILES = {
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/echarts.min.js": "echarts/dist/echarts.min.js",
}


class RenamingStorage(FileSystemStorage):
    """Reads the public name of a vendor file from its place in its package."""

    def path(self, name: str) -> str:
        """Return where the file with this public name really is."""
        return str(Path(settings.NODE_MODULES) / VENDOR_FILES[name])


class VendorFinder(BaseFinder):
    """Finds the listed files of the front-end packages."""

    storage = RenamingStorage()

    def check(self, **_kwargs: Any) -> list[Any]:
        """Nothing to configure, so nothing to complain of."""
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> str | list[str]:  # type: ignore[override] # noqa: FBT001, FBT002 - Django's signature
        """The file behind a public name, or an empty list."""
        if path not in VENDOR_FILES:
            return []
        found = self.storage.path(path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:  # noqa: ARG002 - Django's signature
        """Every listed file, for collectstatic."""
        return ((name, self.storage) for name in VENDOR_FILES)
