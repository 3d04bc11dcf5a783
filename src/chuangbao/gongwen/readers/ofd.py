"""OFD (GB/T 33190), the page format of Chinese offices: the text of its pages, by the places of its letters."""

from __future__ import annotations

import io
import itertools
import posixpath
import zipfile
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from chuangbao.gongwen.errors import MAX_CHARACTERS as MOST
from chuangbao.gongwen.errors import DocumentError, too_long
from chuangbao.gongwen.model import ReadingWarning
from chuangbao.gongwen.readers.package import BrokenPackageError, HostilePackageError, check_parts, parts_of
from chuangbao.gongwen.readers.pdf import join_lines
from chuangbao.gongwen.readers.xmlnames import name_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.gongwen.readers.pdftables import PageLine

__all__ = ["is_ofd", "read_ofd"]

_START: Final = "OFD.xml"
_MAX_UNPACKED: Final = 200 * 1024 * 1024
_MAX_XML: Final = 60 * 1024 * 1024
_SAME_LINE: Final = 1.5  # millimetres between the upper edges of letters of one line
_LETTER: Final = 5.0  # millimetres, where an object does not say its size

Letters = tuple[float, float, float, float, str]
"""Upper edge, left edge, right edge, size and text of one piece."""


def is_ofd(data: bytes) -> bool:
    """Return whether an archive is an OFD document."""
    try:
        return any(part.filename == _START for part in parts_of(data))
    except BrokenPackageError:
        return False


def read_ofd(data: bytes, name: str, warnings: list[ReadingWarning] | None = None) -> str:
    """Return the text of all pages, one paragraph a line.

    Raises:
        DocumentError: the file is broken, or its pages hold no text.

    """
    try:
        check_parts(data, most=_MAX_UNPACKED, most_text=_MAX_XML)
        pages = _read_pages(data, name)
    except DocumentError:
        raise
    except HostilePackageError as error:
        raise DocumentError(f"{name} was not read", str(error), "Print it to a PDF") from error
    except Exception as error:
        # a broken part makes the parser stumble over whatever it holds
        raise DocumentError(f"{name} was not read", "the OFD file is damaged", "Export it again") from error
    text = "\n".join(join_lines(pages))
    if not text.strip():
        raise DocumentError(
            f"{name} has no text layer", "its pages are pictures (a scan)", "Recognise the text (OCR) first"
        )
    if warnings is not None:
        warnings += [
            ReadingWarning("the page has no text (a scan or a picture) and was not read", f"page {number}")
            for number, lines in enumerate(pages, 1)
            if not lines
        ]
    return text + "\n"


def _read_pages(data: bytes, name: str) -> list[list[PageLine]]:
    """Return the lines of each page of all documents in the package."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    pages: list[list[PageLine]] = []
    count = 0
    with zipfile.ZipFile(io.BytesIO(data)) as package:

        def read(part: str) -> Any:
            return etree.fromstring(package.read(part.lstrip("/")), parser=parser)

        for document in _texts(read(_START), "DocRoot"):
            root = read(document)
            places = [value_of(page, "BaseLoc", "") for page in root.iter() if name_of(page) == "Page"]
            for place in places:
                pages.append(_lines(read(posixpath.join(posixpath.dirname(document), place))))
                count += sum(len(line[0]) for line in pages[-1])
                if count > MOST:
                    raise too_long(name)
    return pages


def _texts(root: Any, name: str) -> Iterator[str]:
    return ((each.text or "").strip() for each in root.iter() if name_of(each) == name)


def _lines(page: Any) -> list[PageLine]:
    """Return the lines of a page from the places of its text objects."""
    pieces = sorted(_pieces(page), key=lambda piece: (piece[0], piece[1]))
    rows: list[list[Letters]] = []
    for piece in pieces:
        if rows and abs(piece[0] - rows[-1][0][0]) <= _SAME_LINE:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [_line(sorted(row, key=lambda piece: piece[1])) for row in rows]


def _pieces(page: Any) -> Iterator[Letters]:
    """Yield each text object of a page that says something."""
    for text in page.iter():
        if name_of(text) != "TextObject":
            continue
        left, top, width, _ = (float(part) for part in value_of(text, "Boundary", "0 0 0 0").split())
        said = "".join(_texts(text, "TextCode"))
        if said.strip():
            yield top, left, left + width, float(value_of(text, "Size", str(_LETTER))), said


def _line(row: list[Letters]) -> PageLine:
    """Join the pieces of a line; a gap as wide as two letters stays a blank."""
    text = row[0][4]
    for before, piece in itertools.pairwise(row):
        text += ("　" if piece[1] - before[2] > 2 * piece[3] else "") + piece[4]
    return text.strip(), row[0][1], row[-1][2], max(piece[3] for piece in row)
