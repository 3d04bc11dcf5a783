"""Packs and programs kept on disk by their content, so that a start reads and compiles nothing twice.

What is kept is only ever read back by the same user on the same machine; a file of another version of the
program, or a broken one, is made again.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import pickle
import sys
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chuangbao.rules.model import Pack

__all__ = ["digest_of", "kept", "load_pack", "made_whole"]

PRIVATE = 0o700


@cache
def generation() -> str:
    """A fingerprint of the interpreter and of this package: what another one wrote is never read."""
    total = hashlib.sha256(sys.version.encode())
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        total.update(file.read_bytes())
    return total.hexdigest()[:16]


def kept(folder: Path | None, name: str, make: Callable[[], bytes]) -> bytes:
    """The bytes kept under ``name``, made now where there are none. A folder that cannot be written is no error."""
    if folder is None:
        return make()
    path = folder / f"{name}-{generation()}"
    with contextlib.suppress(OSError):
        return path.read_bytes()
    data = make()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        with made_whole(path) as fresh:
            fresh.write_bytes(data)
    return data


@contextlib.contextmanager
def made_whole(place: Path) -> Iterator[Path]:
    """A file that several processes may make at once is there as a whole or not at all.

    The path given out lies beside ``place`` and no one else writes to it; it takes the place at the end, or is gone
    after an error.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f"{place.name}.", suffix=".new")
    os.close(handle)
    fresh = Path(name)
    try:
        yield fresh
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


def load_pack(path: Path | str, cache: Path | None = None) -> Pack:
    """The pack in a folder, read from the folder ``cache`` when nothing in it has changed since.

    Raises PackError with every finding (file, line, column) when something in it does not hold.
    """
    root = Path(path)
    digest = digest_of(root)
    with no_garbage_collection():
        if cache is None:
            return read(root, digest)
        data = kept(cache, f"pack-{digest}", lambda: pickle.dumps(read(root, digest), pickle.HIGHEST_PROTOCOL))
        found: Pack = pickle.loads(data)  # noqa: S301 - see the module's first lines
        return replace(found, root=str(root))


def read(root: Path, digest: str) -> Pack:
    """The pack from its own files."""
    from chuangbao.rules.loader import read_pack  # late: a start from the cache needs no parser

    return read_pack(root, digest)


def digest_of(root: Path) -> str:
    """A fingerprint of all the files of a pack."""
    total = hashlib.sha256()
    for file in sorted(p for p in root.rglob("*") if p.is_file()):
        total.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


@contextlib.contextmanager
def no_garbage_collection() -> Iterator[None]:
    """A pack is a million small objects that all stay; looking through them again and again only costs time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
