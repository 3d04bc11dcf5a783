"""A register that drops CSV or Excel files into a folder (文件交换目录).

Settled ones go to ``done`` or ``failed``, sealed.

A file is written under a name that ends in ``.part`` and renamed when it is whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chuangbao.config.paths import PRIVATE, SETTLED
from chuangbao.core.storage.encryption import decrypt_bytes, encrypt_bytes
from chuangbao.facts.connectors import Delivery, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["DropFolder", "drop_folders", "forget_settled", "open_settled"]

ENDINGS, SEALED = (".csv", ".xlsx"), ".sealed"
LARGEST = 50 * 1024 * 1024


class DropFolder:
    """One folder, named like its register."""

    def __init__(self, folder: Path) -> None:
        """Nothing is read yet."""
        self.folder = folder

    @property
    def register(self) -> str:
        """The folder's name."""
        return self.folder.name

    def list_deliveries(self) -> Iterator[Delivery]:
        """Yield the files of the folder; links are not followed.

        Raises UnreachableError where the folder cannot be read, or, after all others are handed over, a file cannot.
        """
        try:
            names = sorted(p for p in self.folder.iterdir() if p.suffix.lower() in ENDINGS)
            found = [path for path in names if path.is_file() and not path.is_symlink()]
        except OSError as fault:
            raise UnreachableError(str(fault.strerror)) from fault
        unread = ""
        for path in found:
            try:
                delivery = self.delivery_of(path)
            except OSError as fault:
                unread = f"{path.name}: {fault.strerror}"
                continue
            yield delivery
        if unread:  # told after all others have been handed over
            raise UnreachableError(unread)

    def delivery_of(self, path: Path) -> Delivery:
        """One file; of one that is too large only what tells it from others is read."""
        size = path.stat().st_size
        if size <= LARGEST:
            return Delivery(path.name, path.read_bytes())
        most = LARGEST // 1024**2
        problem = _("The file is larger than %(most)d MB.") % {"most": most}
        return Delivery(path.name, f"{path.name} {size} {path.stat().st_mtime_ns}".encode(), problem)

    def settle(self, delivery: Delivery, *, taken: bool, report: str) -> None:
        """Encrypt a file and move it, with its report, to ``done`` or ``failed``; none of the same name is overwritten.

        What registers say of enterprises is encrypted in the database, so it stays open nowhere else.
        Raises UnreachableError where the folder cannot be written.
        """
        target = self.folder / ("done" if taken else "failed")
        moved = target / f"{delivery.digest[:12]}-{delivery.name}"
        try:
            target.mkdir(exist_ok=True, mode=PRIVATE)
            moved.with_name(f"{moved.name}.txt").write_text(report, encoding="utf-8")
            (self.folder / delivery.name).replace(moved)
            if not delivery.problem:
                self.put_away(moved, delivery)
        except OSError as fault:
            raise UnreachableError(str(fault.strerror)) from fault

    def put_away(self, moved: Path, delivery: Delivery) -> None:
        """Seal a file that was moved; one that was replaced in the meantime goes back, to be taken in by itself."""
        content = moved.read_bytes()
        if content != delivery.content:
            moved.replace(self.folder / delivery.name)
            return
        moved.with_name(f"{moved.name}{SEALED}").write_bytes(encrypt_bytes(content, context=context_of(moved)))
        moved.unlink()


def context_of(path: Path) -> str:
    """What a sealed file is bound to: its name and its register."""
    return f"register:{path.parent.parent.name}/{path.name.removesuffix(SEALED)}"


def open_settled(path: Path) -> bytes:
    """The content of a file that was put away sealed; raises SealedError."""
    return decrypt_bytes(path.read_bytes(), context=context_of(path.resolve()))


def forget_settled(place: Path, *, before: float) -> int:
    """Delete the files that were put away before a time (seconds since 1970), and their reports; how many."""
    old = [path for path in place.glob("*/*/*") if path.parent.name in SETTLED and path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def drop_folders(place: Path) -> list[DropFolder]:
    """One for every folder of a place; none where nothing was set up."""
    return [DropFolder(path) for path in sorted(place.iterdir()) if path.is_dir()] if place.is_dir() else []
