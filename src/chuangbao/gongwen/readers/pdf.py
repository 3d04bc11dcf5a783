"""PDF files with a text layer: lines that the layout broke are joined, page numbers dropped."""

from __future__ import annotations

import io
import itertools
import re
import zlib
from typing import Any, Final

import pdfplumber
from pypdf import PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import StreamObject

from chuangbao.gongwen.errors import DocumentError

__all__ = ["join_lines", "read_pdf"]

PageLine = tuple[str, float, float, float]
_PAGE_NUMBER: Final = re.compile(r"^[\s\-—–－·]*(?:第 ?)?\d{1,4}(?: ?页)?(?: ?[/共] ?共? ?\d{1,4} ?页?)?[\s\-—–－·]*$")
_OPENS: Final = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十百]{1,5}[编章节条]|附件)"
)
_MAX_PAGES: Final = 2000
_MAX_UNPACKED: Final = 100 * 1024 * 1024
_STREAM: Final = re.compile(rb"stream\r?\n")
_PROSE: Final = 18  # letters; a shorter line is a title or a heading


def read_pdf(data: bytes, name: str) -> str:
    """The text layer, one paragraph a line.

    Raises:
        DocumentError: the file is locked, damaged, too long or only pictures of pages.

    """
    _check(data, name)
    try:
        pages = _pages(data)
    except Exception as error:
        # the library raises whatever a broken part made it stumble over
        raise DocumentError(f"{name} was not read", "the PDF is damaged", "Download or export it again") from error
    text = "\n".join(join_lines(pages))
    if not text.strip():
        raise DocumentError(
            f"{name} has no text layer",
            "its pages are pictures (a scan)",
            "Recognise the text (OCR) first, or give the Word file",
        )
    return text + "\n"


def _pages(data: bytes) -> list[list[PageLine]]:
    """The lines of each page."""
    found: list[list[PageLine]] = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            found.append(_page_lines(page))
            page.close()
    return found


def _check(data: bytes, name: str) -> None:
    """Refuse what is locked, damaged or too long."""
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = 0 if locked else len(reader.pages)
        unpacked = 0 if locked or pages > _MAX_PAGES else _unpacked(reader, data)
    except LimitReachedError:
        unpacked = _MAX_UNPACKED + 1
    except Exception as error:
        # the same
        raise DocumentError(f"{name} was not read", "the PDF is damaged", "Download or export it again") from error
    if unpacked > _MAX_UNPACKED:
        raise DocumentError(f"{name} was not read", "it unpacks to far too much", "Print it to a new PDF")
    if locked:
        raise DocumentError(
            f"{name} was not read", "the PDF is locked with a password", "Save a copy without a password"
        )
    if pages > _MAX_PAGES:
        raise DocumentError(f"{name} was not read", f"it has {pages} pages, more than {_MAX_PAGES}", "Split it")


def _unpacked(reader: PdfReader, data: bytes) -> int:
    """How many bytes the streams that make up the text have when unpacked; counting ends where it is too many.

    Streams are found by the table of objects, and once more by their mark: what one reader passes over another opens.
    """
    total = 0
    for number in {*reader.xref_objStm, *itertools.chain.from_iterable(reader.xref.values())}:
        total += _length(reader, number)
        if total > _MAX_UNPACKED:
            return total
    for found in _STREAM.finditer(data):
        if b"/Image" not in data[max(found.start() - 500, 0) : found.start()]:
            total += _inflated(memoryview(data)[found.end() :])
        if total > 2 * _MAX_UNPACKED:
            break
    return total // 2


def _length(reader: PdfReader, number: int) -> int:
    """The bytes of one stream; pictures are not opened for the text, and what cannot be read is not either."""
    try:
        found = reader.get_object(number)
        text = isinstance(found, StreamObject) and found.get("/Subtype") != "/Image"
        return len(found.get_data()) if text else 0  # type: ignore[union-attr] # a stream by the line above
    except LimitReachedError:
        raise
    except Exception:  # noqa: BLE001 - the library raises whatever a broken object made it stumble over
        return 0


def _inflated(data: Any) -> int:
    """The bytes of a packed stream, or of the stream packed in it."""
    try:
        once = zlib.decompressobj().decompress(data, 2 * _MAX_UNPACKED + 1)
    except zlib.error:
        return 0
    return len(once) + (_inflated(once) if once.startswith(b"x") else 0)


def _page_lines(page: Any) -> list[PageLine]:
    """Text, left edge, right edge and letter size of each line; page numbers at either edge dropped."""
    lines: list[PageLine] = []
    for raw in page.extract_text_lines(return_chars=True):
        size = max(char["size"] for char in raw["chars"])
        lines.append((raw["text"].strip(), raw["x0"], raw["x1"], size))
    while lines and _PAGE_NUMBER.match(lines[-1][0]):
        lines.pop()
    while lines and _PAGE_NUMBER.match(lines[0][0]):
        lines.pop(0)
    return lines


def join_lines(pages: list[list[PageLine]]) -> list[str]:
    """A line goes on in the next when it reaches the right margin and the next is not indented."""
    lines = [line for page in pages for line in page]
    if not lines:
        return []
    left = min(line[1] for line in lines)
    right = max(line[2] for line in lines)
    joined = [lines[0][0]]
    for before, line in itertools.pairwise(lines):
        wide = before[2] - before[1] >= _PROSE * before[3] and abs(before[3] - line[3]) < 1
        full = wide and before[2] >= right - 2.2 * before[3]
        flush = line[1] <= left + line[3]
        if full and flush and before[0][-1:] != "：" and not _OPENS.match(line[0]):
            joined[-1] += line[0]
        else:
            joined.append(line[0])
    return joined
