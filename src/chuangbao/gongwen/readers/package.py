"""Packages of Office (.docx, .xlsx) before they are opened: what they unpack to, and what is refused in them.

A part is judged by its content, never by its name: a part under any name can be made the document.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Final

__all__ = ["FAULTS", "BrokenPackageError", "HostilePackageError", "check_parts", "parts_of"]

_HEAD: Final = 4096
_ENTRIES: Final = 3000
_PICTURES: Final = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\xd7\xcd\xc6\x9a", b"\x01\x00\x00\x00",
    b"RIFF",
)  # fmt: skip
FAULTS: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, UnicodeError, ValueError, OverflowError,
    struct.error, zlib.error, RuntimeError, EOFError, OSError,
)  # fmt: skip


class BrokenPackageError(Exception):
    """An archive that cannot be read; zipfile raises whatever the fault made it stumble over."""


class HostilePackageError(Exception):
    """An archive that unpacks to too much or holds what Office never writes; the message says which."""


def parts_of(data: bytes) -> list[zipfile.ZipInfo]:
    """The parts of a package.

    Raises:
        BrokenPackageError: it cannot be read.

    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return package.infolist()
    except FAULTS as error:
        raise BrokenPackageError from error


def check_parts(data: bytes, *, most: int, most_text: int, streamed: str = "") -> list[str]:
    """The names of the parts, where together they unpack to at most ``most`` bytes, ``most_text`` without pictures.

    Parts whose name begins with ``streamed`` are never in memory as a whole and count as pictures do.

    Raises:
        BrokenPackageError: it cannot be read.
        HostilePackageError: it is larger, or a part declares a document type (entities).

    """
    parts = parts_of(data)
    if len(parts) > _ENTRIES:
        raise HostilePackageError(f"it has {len(parts)} parts")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > most:
        raise HostilePackageError(f"it unpacks to {unpacked} bytes")
    text = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for part in parts:
                with package.open(part) as file:
                    head = file.read(_HEAD)
                if b"<!DOCTYPE" in head or b"<\x00!\x00D\x00O\x00C\x00T\x00Y\x00P\x00E" in head:
                    raise HostilePackageError("one of its parts declares a document type")
                apart = head.startswith(_PICTURES) or (streamed and part.filename.startswith(streamed))
                text += 0 if apart else part.file_size
    except FAULTS as error:
        raise BrokenPackageError from error
    if text > most_text:
        raise HostilePackageError(f"its texts unpack to {text} bytes")
    return [part.filename for part in parts]
