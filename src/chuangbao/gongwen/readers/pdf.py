"""PDF files with a text layer: lines that the layout broke are joined, page numbers dropped."""

from __future__ import annotations

import io
import itertools
import re
from typing import Any, Final

import pdfplumber
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from chuangbao.gongwen.errors import DocumentError

__all__ = ["join_lines", "read_pdf"]

PageLine = tuple[str, float, float, float]
_PAGE_NUMBER: Final = re.compile(r"^[\s\-—–－·]*(?:第 ?)?\d{1,4}(?: ?页)?(?: ?[/共] ?共? ?\d{1,4} ?页?)?[\s\-—–－·]*$")
_OPENS: Final = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十百]{1,5}[编章节条]|附件)"
)
_MAX_PAGES: Final = 2000
_PROSE: Final = 18  # letters; a shorter line is a title or a heading


def read_pdf(data: bytes, name: str) -> str:
    """The text layer, one paragraph a line.

    Raises:
        DocumentError: the file is locked, damaged, too long or only pictures of pages.

    """
    _check(data, name)
    pages: list[list[PageLine]] = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            pages.append(_page_lines(page))
            page.close()
    text = "\n".join(join_lines(pages))
    if not text.strip():
        raise DocumentError(
            f"{name} has no text layer",
            "its pages are pictures (a scan)",
            "Recognise the text (OCR) first, or give the Word file",
        )
    return text + "\n"


def _check(data: bytes, name: str) -> None:
    """Refuse what is locked, damaged or too long."""
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = 0 if locked else len(reader.pages)
    except (PyPdfError, ValueError, KeyError) as error:
        raise DocumentError(f"{name} was not read", "the PDF is damaged", "Download or export it again") from error
    if locked:
        raise DocumentError(
            f"{name} was not read", "the PDF is locked with a password", "Save a copy without a password"
        )
    if pages > _MAX_PAGES:
        raise DocumentError(f"{name} was not read", f"it has {pages} pages, more than {_MAX_PAGES}", "Split it")


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
