"""What a file is by its content (文件类型识别), and what in it makes it dangerous; runs in the process of readers.

No Django here: what is wrong is a code, which ``core.storage.filetypes`` puts into words.
"""

from __future__ import annotations

import re
import zlib
from itertools import chain
from typing import TYPE_CHECKING, Final

import puremagic

from chuangbao.core.storage.errors import UnfitError
from chuangbao.gongwen.readers.package import BrokenPackageError, HostilePackageError, check_parts, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["recognise"]

UNPACKED, TIMES = 300 * 1024 * 1024, 150
MARKED_UP: Final = 100 * 1024 * 1024
"""Bytes that are read into memory as a whole: all parts of a package but its pictures."""
OBJECTS_UNPACKED, OBJECTS_READ = 64 * 1024 * 1024, 2000
PIECE: Final = 64 * 1024
LONGEST_OBJECTS: Final = 16 * 1024 * 1024
ZIP, ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
ACTIVE_PDF = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")
HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
OBJECTS = re.compile(rb"/ObjStm\b[^>]{0,400}+(?:>[^>]{1,400}+){0,8}?>>\s{0,9}+stream\r?\n")
MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<?php")
TEXT_HEAD: Final = 4096


def magic(ending: str) -> Callable[[bytes], bool]:
    """Known by its first bytes."""

    def fits(content: bytes) -> bool:
        try:
            return any(found.extension == f".{ending}" for found in puremagic.magic_string(content))
        except puremagic.PureError:
            return False

    return fits


def office(part: str) -> Callable[[bytes], bool]:
    """A package of Office that holds the named part."""

    def fits(content: bytes) -> bool:
        return content.startswith(ZIP) and part in names_in(content)

    return fits


def plain(content: bytes) -> bool:
    """A text and nothing that a browser would run."""
    head = content[:TEXT_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"\x00" in content or head.startswith(MARKUP) or b"<script" in content.lower():
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


TESTS: dict[str, Callable[[bytes], bool]] = {
    "pdf": lambda content: content.startswith(b"%PDF-"),
    "docx": office("word/document.xml"),
    "xlsx": office("xl/workbook.xml"),
    "png": magic("png"),
    "jpg": magic("jpg"),
    "txt": plain,
    "csv": plain,
}


def recognise(name: str, content: bytes, allowed: Sequence[str]) -> str:
    """Return the ending of a file's kind, recognised by its content and agreeing with its name.

    Raises UnfitError: kind, bomb, path, macros, active, disguised, broken.
    """
    ending = name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    if ending not in allowed or not TESTS[ending](content):
        raise UnfitError("kind")
    if ending in {"docx", "xlsx"}:
        check_package(content)
    elif ZIP_END in content[-65_600:]:
        raise UnfitError("disguised")
    if ending == "pdf":
        check_pdf(content)
    return ending


def names_in(content: bytes) -> list[str]:
    """The parts of a package; none where it cannot be read."""
    try:
        return [part.filename for part in parts_of(content)]
    except BrokenPackageError:
        return []


def check_package(content: bytes) -> None:
    """Look for bombs, entities, paths that lead out, macros and embedded programs in an Office file.

    Raises UnfitError: bomb, broken, path, macros.
    """
    most = min(UNPACKED, TIMES * len(content))
    try:
        names = check_parts(content, most=most, most_text=MARKED_UP, streamed="xl/worksheets/")
    except HostilePackageError as error:
        raise UnfitError("bomb") from error
    except BrokenPackageError as error:
        raise UnfitError("broken") from error
    if any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names):
        raise UnfitError("path")
    lower = [name.lower() for name in names]
    if any(name.endswith((".bin", ".exe", ".dll", ".js", ".vbs")) and "printersettings" not in name for name in lower):
        raise UnfitError("macros")


def check_pdf(content: bytes) -> None:
    """Look for what a PDF reader would run, also where its name is spelt in figures or packed.

    Raises UnfitError: active, and bomb as ``packed_objects`` does.
    """
    if any(word in plainly(part) for part in chain([content], packed_objects(content)) for word in ACTIVE_PDF):
        raise UnfitError("active")


def plainly(content: bytes) -> bytes:
    """Names as a reader understands them: ``/J#53`` is ``/JS``."""
    return HEX.sub(lambda found: bytes([int(found[1], 16)]), content)


def packed_objects(content: bytes) -> Iterator[bytes]:
    """Yield the objects of a PDF that are in packed streams, one at a time.

    Raises UnfitError: bomb, where there is more than any document has.
    """
    total, view = 0, memoryview(content)
    for count, found in enumerate(OBJECTS.finditer(content)):
        part = inflate(view[found.end() :])
        total += len(part)
        if total > OBJECTS_UNPACKED or count > OBJECTS_READ:
            raise UnfitError("bomb")
        yield part


def inflate(data: memoryview) -> bytes:
    """A packed stream, as far as it can be unpacked within reason; fed in pieces, so that nothing is copied twice."""
    unpacker, found, size = zlib.decompressobj(), [], 0
    for at in range(0, len(data), PIECE):
        try:
            part = unpacker.decompress(data[at : at + PIECE], LONGEST_OBJECTS - size)
        except zlib.error:
            break
        found.append(part)
        size += len(part)
        if unpacker.eof or size >= LONGEST_OBJECTS:
            break
    return b"".join(found)
