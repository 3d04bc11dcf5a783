"""A register that drops CSV or Excel files into a folder (文件交换目录); settled ones go to ``done`` or ``failed``.

A file is written under a name that ends in ``.part`` and renamed when it is whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.facts.connectors import Delivery, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["DropFolder", "drop_folders"]

ENDINGS = (".csv", ".xlsx")


class DropFolder:
    """One folder, named like its register."""

    def __init__(self, folder: Path) -> None:
        """Nothing is read yet."""
        self.folder = folder

    @property
    def register(self) -> str:
        """The folder's name."""
        return self.folder.name

    def waiting(self) -> Iterator[Delivery]:
        """The files that lie there; links are not followed."""
        try:
            found = sorted(p for p in self.folder.iterdir() if p.suffix.lower() in ENDINGS and not p.is_symlink())
            for path in found:
                yield Delivery(path.name, path.read_bytes())
        except OSError as fault:
            raise UnreachableError(str(fault.strerror)) from fault

    def settle(self, delivery: Delivery, *, taken: bool, report: str) -> None:
        """Move the file away, with its report beside it; one of the same name is not overwritten."""
        target = self.folder / ("done" if taken else "failed")
        name = f"{delivery.digest[:12]}-{delivery.name}"
        try:
            target.mkdir(exist_ok=True)
            (target / f"{name}.txt").write_text(report, encoding="utf-8")
            (self.folder / delivery.name).replace(target / name)
        except OSError as fault:
            raise UnreachableError(str(fault.strerror)) from fault


def drop_folders(place: Path) -> list[DropFolder]:
    """One for every folder of a place; none where nothing was set up."""
    return [DropFolder(path) for path in sorted(place.iterdir()) if path.is_dir()] if place.is_dir() else []
