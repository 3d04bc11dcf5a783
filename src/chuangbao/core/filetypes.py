"""What a file is by its content (文件类型识别), and what in it makes it dangerous."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import puremagic
from django.utils.translation import gettext as _

from chuangbao.core.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["DOCUMENTS", "PAPERS", "SHEETS", "Kind", "recognised"]

ENTRIES, UNPACKED, TIMES = 3000, 300 * 1024 * 1024, 150
MARKED_UP = 100 * 1024 * 1024  # what is read into memory as a whole
LONGEST_OBJECTS = 16 * 1024 * 1024
ZIP, ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
ACTIVE_PDF = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")
HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
OBJECTS = re.compile(rb"/ObjStm\b[^>]{0,400}(?:>[^>]{1,400}){0,8}>>\s*stream\r?\n")
MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<?php")
TEXT_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its ending, its media type, and how its content is told."""

    ending: str
    media_type: str
    test: Callable[[bytes], bool]


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


PDF = Kind("pdf", "application/pdf", lambda content: content.startswith(b"%PDF-"))
DOCX = Kind(
    "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    office("word/document.xml"),
)
XLSX = Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", office("xl/workbook.xml"))
PNG, JPG = Kind("png", "image/png", magic("png")), Kind("jpg", "image/jpeg", magic("jpg"))
TXT, CSV = Kind("txt", "text/plain", plain), Kind("csv", "text/csv", plain)
PAPERS = (PDF, PNG, JPG)
SHEETS = (XLSX, CSV)
DOCUMENTS = (PDF, DOCX, XLSX, PNG, JPG, TXT, CSV)


def recognised(name: str, content: bytes, allowed: tuple[Kind, ...]) -> Kind:
    """The kind of a file, told by its content and agreeing with its ending.

    Raises Refused (field ``file``): empty, kind, bomb, path, macros, active, disguised.
    """
    if not content:
        raise Refused("empty", _("The file is empty."), field="file")
    ending = name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    kind = next((k for k in allowed if k.ending == ending and k.test(content)), None)
    if kind is None:
        listed = "、".join(k.ending for k in allowed)
        raise Refused(
            "kind",
            _("This is not a file of a kind that is taken here (%(kinds)s), or its ending does not say what it is. "
              "Save it as one of them and try again.") % {"kinds": listed},
            field="file",
        )  # fmt: skip
    if kind in {DOCX, XLSX}:
        check_package(content)
    elif ZIP_END in content[-65_600:]:
        raise Refused(
            "disguised", _("Another file is hidden inside this one. Save it anew and try again."), field="file"
        )
    if kind is PDF:
        check_pdf(content)
    return kind


def names_in(content: bytes) -> list[str]:
    """The parts of a package; none where it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return package.namelist()
    except zipfile.BadZipFile:
        return []


def check_package(content: bytes) -> None:
    """Refuse bombs, paths that lead out, macros and embedded programs."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    texts = sum(
        part.file_size for part in parts if part.filename.lower().endswith(".xml") and "/sheet" not in part.filename
    )
    if len(parts) > ENTRIES or unpacked > min(UNPACKED, TIMES * len(content)) or texts > MARKED_UP:
        raise Refused("bomb", _("Unpacked, this file would be far too large."), field="file")
    if any(
        part.filename.startswith(("/", "\\")) or ".." in part.filename.replace("\\", "/").split("/") for part in parts
    ):
        raise Refused("path", _("This file holds parts that point outside of it."), field="file")
    lower = [part.filename.lower() for part in parts]
    if any(name.endswith((".bin", ".exe", ".dll", ".js", ".vbs")) and "printersettings" not in name for name in lower):
        raise Refused(
            "macros",
            _("This file holds macros or embedded programs. Save it without them and try again."),
            field="file",
        )


def check_pdf(content: bytes) -> None:
    """Refuse what a reader would run, also where its name is spelt in figures or packed."""
    if any(word in spelt for spelt in (plainly(content), *map(plainly, packed(content))) for word in ACTIVE_PDF):
        raise Refused(
            "active", _("This PDF holds scripts or embedded files. Print it to a new PDF and try again."), field="file"
        )


def plainly(content: bytes) -> bytes:
    """Names as a reader understands them: ``/J#53`` is ``/JS``."""
    return HEX.sub(lambda found: bytes([int(found[1], 16)]), content)


def packed(content: bytes) -> Iterator[bytes]:
    """The objects of a PDF that lie in packed streams, as far as they can be unpacked within reason."""
    for found in OBJECTS.finditer(content):
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(content[found.end() :], LONGEST_OBJECTS)
