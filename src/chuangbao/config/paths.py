"""Where things lie; read before Django's settings, because the database must run first."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "DATA_DIR",
    "NODE_MODULES",
    "OTHERS",
    "PACKAGE",
    "PACK_DIR",
    "PRIVATE",
    "ROOT",
    "close_data_folder",
    "make_data_folder",
    "open_parts",
]

PRIVATE, THROUGH, OTHERS = 0o700, 0o711, 0o077

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parents[1]
INSTALLED = (PACKAGE / "carried").is_dir()
"""Whether we run from a wheel, which carries packs and front-end files beside the code, and not from a checkout."""
CARRIED = PACKAGE / "carried" if INSTALLED else ROOT


def data_folder() -> Path:
    """Where what is written goes: ``var`` of the checkout; for an installed program the user's own data folder."""
    if not INSTALLED:
        return ROOT / "var"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "chuangbao"


DATA_DIR = Path(os.environ.get("CHUANGBAO_DATA") or data_folder())
PACK_DIR = Path(os.environ.get("CHUANGBAO_PACK") or CARRIED / "packs" / "jilin")
NODE_MODULES = Path(os.environ.get("CHUANGBAO_NODE_MODULES") or CARRIED / "node_modules")
CLOSED_BY_THEMSELVES = {"files", "cluster"}
"""Folders whose every part has been made for one user alone: uploads, and the cluster of PostgreSQL."""
SETTLED = {"done", "failed"}


def make_data_folder() -> None:
    """Make the data folder, for its own user alone; root's is walked through by the user of PostgreSQL."""
    DATA_DIR.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    with suppress(PermissionError):  # another user's folder that we may write in
        DATA_DIR.chmod(THROUGH if os.geteuid() == 0 else PRIVATE)


def close_data_folder(place: Path | None = None) -> int:
    """Close to group and others what is open below the data folder; return how many files and folders.

    Folders into which registers drop files stay as they are, since another user may have to write there.
    """
    found = [path for path in open_parts(place or DATA_DIR) if path.lstat().st_mode & OTHERS]
    for path in found:
        with suppress(PermissionError, FileNotFoundError):
            path.chmod(path.stat().st_mode & ~OTHERS)
    return len(found)


def open_parts(place: Path) -> Iterator[Path]:
    """The files and folders below the data folder that no other user may read."""
    for folder, folders, names in os.walk(place):
        here = Path(folder)
        folders[:] = [name for name in folders if name not in CLOSED_BY_THEMSELVES and not (here / name).is_symlink()]
        dropped = here.relative_to(place).parts[:1] == ("registers",) and not SETTLED & set(here.parts)
        if not dropped:
            yield from (here / name for name in names if not (here / name).is_symlink())
        if here not in {place, place / "postgres"} and not dropped:
            yield here
