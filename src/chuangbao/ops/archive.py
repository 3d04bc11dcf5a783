"""A backup is one file: a tar of the database, the uploads, the keys where they were asked for, and a manifest.

The manifest comes last and holds the digest of every other part; nothing is taken from a backup before all of
them agree with it.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
import time
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BackupError", "Reader", "Writer", "open_archive", "write_archive"]

FORMAT, MANIFEST, CHUNK = 1, "manifest.json", 1 << 20


class BackupError(Exception):
    """A backup cannot be written, read or put back; the text says why and what to do."""


class Digesting(io.RawIOBase):
    """Passes bytes through and digests them."""

    def __init__(self, source: Any) -> None:
        super().__init__()
        self.source, self.digest = source, sha256()

    def read(self, size: int = -1) -> bytes:
        """As the source."""
        content: bytes = self.source.read(size)
        self.digest.update(content)
        return content


class Writer:
    """Adds parts and remembers their digests."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.parts: dict[str, dict[str, Any]] = {}

    def add(self, name: str, source: Any, size: int) -> None:
        """Add one part of a known size, from anything that can be read."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = size, 0o600, int(time.time())
        reading = Digesting(source)
        self.tar.addfile(entry, reading)
        self.parts[name] = {"size": size, "sha256": reading.digest.hexdigest()}

    def finish(self, facts: dict[str, Any]) -> None:
        """Add the manifest."""
        text = json.dumps({"format": FORMAT, **facts, "parts": self.parts}, ensure_ascii=False, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode, entry.mtime = len(text), 0o600, int(time.time())
        self.tar.addfile(entry, io.BytesIO(text))


@contextmanager
def write_archive(target: Path) -> Iterator[Writer]:
    """Write a backup beside its place and put it there only when it is whole and on the disk."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


class Reader:
    """A backup whose every part has been compared with its manifest."""

    def __init__(self, tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
        self.tar, self.manifest = tar, manifest

    def names(self, folder: str) -> list[str]:
        """The parts below a folder."""
        return [name for name in self.manifest["parts"] if name.startswith(f"{folder}/")]

    def part(self, name: str) -> IO[bytes]:
        """One part."""
        return cast("IO[bytes]", self.tar.extractfile(name))  # `require_safe_name` lets files alone through


@contextmanager
def open_archive(path: Path) -> Iterator[Reader]:
    """Open a backup; raises BackupError unless all of it is as it was written."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            yield Reader(tar, compare_parts(tar))
    except (tarfile.TarError, OSError, EOFError) as fault:
        raise BackupError(f"{path} cannot be read: {type(fault).__name__}") from fault


def compare_parts(tar: tarfile.TarFile) -> dict[str, Any]:
    """Return the manifest after comparing size and SHA-256 of every part with it.

    Raises BackupError where it is missing, of another format, or a part differs.
    """
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    for entry in tar:
        name = require_safe_name(entry)
        content = cast("IO[bytes]", tar.extractfile(entry))
        if name == MANIFEST:
            manifest = json.loads(content.read())
        else:
            found[name] = {"size": entry.size, "sha256": digest_of(content)}
    if manifest is None:
        raise BackupError("the backup has no manifest: it was cut off, or is none of ours")
    if manifest.get("format") != FORMAT:
        raise BackupError(f"the backup has format {manifest.get('format')}; this program reads {FORMAT}")
    if found != manifest["parts"]:
        parts = manifest["parts"]
        wrong = sorted(name for name in {*found, *parts} if found.get(name) != parts.get(name))
        raise BackupError(f"the backup is damaged: {', '.join(wrong[:5])} not as in its manifest")
    return manifest


def require_safe_name(entry: tarfile.TarInfo) -> str:
    """Return the name of an entry.

    Raises BackupError where it is no plain file or its path leads out of the folder.
    """
    path = PurePosixPath(entry.name)
    if not entry.isfile() or path.is_absolute() or ".." in path.parts:
        raise BackupError(f"{entry.name} leads out of the backup: this is none of ours")
    return entry.name


def digest_of(content: IO[bytes]) -> str:
    """The digest of a part."""
    digest = sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
