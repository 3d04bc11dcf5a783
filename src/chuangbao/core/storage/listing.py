"""Every file of a store, folder by folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files.storage import Storage

__all__ = ["list_stored"]


def list_stored(store: Storage, folder: str = "") -> Iterator[str]:
    """The names in a store, on disk or in a bucket."""
    try:
        folders, names = store.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(names):
        yield f"{folder}{name}"
    for below in sorted(folders):
        yield from list_stored(store, f"{folder}{below}/")
