"""PDF files with a text layer: lines that the layout broke are joined, page numbers dropped."""

from __future__ import annotations

import io
import itertools
import logging
import re
import zlib
from typing import Any, Final

import pdfplumber
from pypdf import PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import StreamObject

from chuangbao.gongwen.errors import MAX_CHARACTERS, DocumentError, too_long
from chuangbao.gongwen.fold import name_radicals
from chuangbao.gongwen.model import ReadingWarning
from chuangbao.gongwen.readers.pdftables import PageLine, find_ruled_tables
from chuangbao.gongwen.readers.pdfwork import MAX_WORK, work_of

__all__ = ["join_lines", "read_pdf"]

_PAGE_NUMBER: Final = re.compile(r"^[\s\-—–－·]*(?:第 ?)?\d{1,4}(?: ?页)?(?: ?[/共] ?共? ?\d{1,4} ?页?)?[\s\-—–－·]*$")
_BROWSER_EDGE: Final = re.compile(
    r"^(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? ?(?:[上下]午)? ?\d{1,2}:\d{2}(?::\d{2})? ?(?:[AP]M)?(?!\d).{0,200}"
    r"|(?:https?|file)://\S{1,400}(?: {0,9}\d{1,4}/\d{1,4})?)$"
)
"""What a browser prints at the edges of a page: the moment and the title above, the address and the page below."""
_OPENS: Final = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十百]{1,5}[编章节条]|附件)"
)
logging.getLogger("pdfminer").setLevel(logging.ERROR)  # its doubts about fonts are nothing a reader can act on
_MAX_PAGES: Final = 2000
_MAX_UNPACKED: Final = 100 * 1024 * 1024
_STREAM: Final = re.compile(rb"stream\r?\n")
_NAMELESS: Final = re.compile(r"\(cid:\d{1,6}\)|\ufffd|[\ue000-\uf8ff]")
_MOST_NAMELESS: Final = 0.3
_SAME_LINE: Final = 0.6
_GAP: Final = 0.4
_PROSE: Final = 18  # letters; a shorter line is a title or a heading


def read_pdf(data: bytes, name: str, warnings: list[ReadingWarning] | None = None) -> str:
    """Return the text layer, one paragraph a line.

    Args:
        data: the file.
        name: its name, for messages.
        warnings: takes the pages that have no text.

    Raises:
        DocumentError: the file is locked, damaged, too long, only pictures of pages, or its letters have no names.

    """
    _check(data, name)
    try:
        pages = _pages(data, name)
    except DocumentError:
        raise
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
    _check_letters(text, name)
    if warnings is not None:
        warnings += _doubts(pages, text)
    return text + "\n"


def _check_letters(text: str, name: str) -> None:
    """Refuse a text whose letters have numbers of a font instead of names."""
    nameless = sum(len(match[0]) for match in _NAMELESS.finditer(text))
    if nameless > len(text) * _MOST_NAMELESS:
        raise DocumentError(
            f"{name} was not read",
            "its letters have no names, so that they can be seen but not read",
            "Recognise the text (OCR), or give the Word file",
        )


def _doubts(pages: list[list[PageLine]], text: str) -> list[ReadingWarning]:
    """Return a warning for each page without text, and one for letters that cannot be read."""
    found = [
        ReadingWarning("the page has no text (a scan or a picture) and was not read", f"page {number}")
        for number, lines in enumerate(pages, 1)
        if not lines
    ]
    if nameless := len(_NAMELESS.findall(text)):
        said = "%(count)s letters could not be read because they have no names"
        found.append(ReadingWarning(said, values=(("count", str(nameless)),)))
    return found


def _pages(data: bytes, name: str) -> list[list[PageLine]]:
    """The lines of each page."""
    found: list[list[PageLine]] = []
    count = 0
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            found.append(_page_lines(page))
            page.close()
            count += sum(len(line[0]) for line in found[-1])
            if count > MAX_CHARACTERS:
                raise too_long(name)
    return found


def _check(data: bytes, name: str) -> None:
    """Refuse what is locked, damaged or too long."""
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = 0 if locked else len(reader.pages)
        unpacked = 0 if locked or pages > _MAX_PAGES else _unpacked(reader, data)
        work = work_of(reader) if 0 < unpacked <= _MAX_UNPACKED and pages else 0
    except LimitReachedError:
        unpacked, work = _MAX_UNPACKED + 1, 0
    except Exception as error:
        # the same
        raise DocumentError(f"{name} was not read", "the PDF is damaged", "Download or export it again") from error
    if unpacked > _MAX_UNPACKED:
        raise DocumentError(f"{name} was not read", "it unpacks to far too much", "Print it to a new PDF")
    if work > MAX_WORK:
        raise DocumentError(
            f"{name} was not read", "its pages draw the same things far too often", "Print it to a new PDF"
        )
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
    raws_of_page = page.extract_text_lines(return_chars=True)
    tables = find_ruled_tables(page, raws_of_page)
    within = {id(raw): n for n, table in enumerate(tables) for raw in table.raws}
    written: set[int] = set()
    for raws in _rows(raws_of_page):
        number = within.get(id(raws[0]))
        if number is not None:
            lines += tables[number].lines if number not in written else []
            written.add(number)
            continue
        size = max(char["size"] for raw in raws for char in raw["chars"])
        left, right = min(raw["x0"] for raw in raws), max(raw["x1"] for raw in raws)
        lines.append((name_radicals(_text_of(raws).strip()), left, right, size))
    while lines and _is_edge(lines[-1][0]):
        lines.pop()
    while lines and _is_edge(lines[0][0]):
        lines.pop(0)
    return lines


def _rows(raws: list[Any]) -> list[list[Any]]:
    """Return the pieces of each line: figures and quotation marks in another font may be a little higher or lower."""
    rows: list[list[Any]] = []
    for raw in raws:
        if rows and all(_is_level(other, raw) for other in rows[-1]):
            rows[-1].append(raw)
        else:
            rows.append([raw])
    return rows


def _is_level(one: Any, other: Any) -> bool:
    """Return whether two pieces are at the same height."""
    common = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    lower = min(one["bottom"] - one["top"], other["bottom"] - other["top"])
    return bool(common > lower * _SAME_LINE)


def _text_of(raws: list[Any]) -> str:
    """Return the text of a line; that of several pieces is put together letter by letter from left to right."""
    if len(raws) == 1:
        return str(raws[0]["text"])
    chars = sorted((char for raw in raws for char in raw["chars"]), key=lambda char: char["x0"])
    text = "".join(
        f" {char['text']}" if char["x0"] - before["x1"] > char["size"] * _GAP else char["text"]
        for before, char in itertools.pairwise(chars)
    )
    return f"{chars[0]['text']}{text}"


def _is_edge(line: str) -> bool:
    """Return whether a line at the edge of a page is its number or what a browser prints there."""
    return bool(_PAGE_NUMBER.match(line) or _BROWSER_EDGE.match(line))


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
        if full and flush and "\t" not in line[0] and before[0][-1:] != "：" and not _OPENS.match(line[0]):
            joined[-1] += line[0]
        else:
            joined.append(line[0])
    return joined
