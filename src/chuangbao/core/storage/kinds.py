"""What the process of readers can read: one function for each kind, bytes in, what JSON can carry out.

No Django and no database here. A file that is not taken is an ``UnfitError`` or a ``DocumentError``.
"""

from __future__ import annotations

import base64
import csv
import io
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from openpyxl import load_workbook

from chuangbao.core.storage.calendars import read_calendar
from chuangbao.core.storage.errors import UnfitError
from chuangbao.core.storage.filekinds import recognise
from chuangbao.core.storage.pictures import read_picture, shrink_picture
from chuangbao.gongwen.archives import list_members, take_member
from chuangbao.gongwen.parse import parse_data, parse_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["KINDS", "read_document", "read_member", "read_members", "read_table", "read_text"]

WIDEST, SPARSE, LONGEST = 30, 5, 401
"""Columns that are looked at; blank lines beside each with a value; characters of a cell that are kept."""
Cell = tuple[object, bool]


def read_document(data: bytes, *, name: str) -> dict[str, Any]:
    """An official document in any of its formats: its text and its tree.

    Raises DocumentError.
    """
    document = parse_data(data, name)
    return {"text": document.text, "parsed": document.to_dict()}


def read_members(data: bytes, *, name: str) -> list[dict[str, Any]]:
    """The documents in an archive, in the order of their names.

    Raises DocumentError.
    """
    return [member.to_dict() for member in list_members(data, name)]


def read_member(data: bytes, *, index: int) -> dict[str, Any]:
    """One document of an archive as ``read_document`` reads it, with its own bytes as text (Base64).

    Raises DocumentError.
    """
    name, content = take_member(data, index)
    return {**read_document(content, name=name), "content": base64.b64encode(content).decode()}


def read_text(data: bytes) -> dict[str, Any]:
    """A pasted text.

    Raises DocumentError.
    """
    document = parse_text(data.decode("utf-8", "surrogatepass"))
    return {"text": document.text, "parsed": document.to_dict()}


def read_table(
    data: bytes, *, name: str, allowed: Sequence[str], heads: Mapping[str, str], needed: Sequence[str], most: int
) -> dict[str, Any]:
    """The lines of a table under known headings, each with its number and its cells by column.

    ``heads`` names the column of each heading, in small letters; a line counts where its last needed column says
    something. Where headings are missing the answer names their columns under ``lacking``; ``long`` says that there
    are more than ``most`` lines.

    Raises UnfitError: what ``recognise`` raises, broken.
    """
    ending = recognise(name, data, allowed)
    rows = rows_of_workbook(data) if ending == "xlsx" else rows_of_csv(data)
    places = places_of(next(rows, []), heads)
    lacking = [column for column in needed if column not in places]
    lines: list[list[Any]] = []
    for number, row in enumerate(rows if not lacking else (), start=2):
        cells = {column: row[place] for column, place in places.items() if place < len(row)}
        if plain(cells.get(needed[-1], ("", False))[0]):
            lines.append([number, {column: [plain(value), formula] for column, (value, formula) in cells.items()}])
        if len(lines) > most or number > SPARSE * most:
            return {"lines": [], "lacking": [], "long": True}
    return {"lines": lines, "lacking": lacking, "long": False}


def rows_of_workbook(content: bytes) -> Iterator[Sequence[Cell]]:
    """Yield the rows of the first sheet, whatever its dimension says: each cell's value, and whether it is a formula.

    Raises UnfitError: broken; MemoryError where the file is too large for the reader.
    """
    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_col=WIDEST):
            yield [(cell_value(cell), cell.data_type == "f") for cell in row]
    except (MemoryError, UnfitError):
        raise
    except Exception as fault:
        # openpyxl raises whatever a broken part made it stumble over
        raise UnfitError("broken") from fault


def cell_value(cell: Any) -> object:
    """The value of a cell; one that the workbook shows in percent with its sign: 0.05 as 5% is the text 5%."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in (cell.number_format or ""):
        return f"{(Decimal(str(value)) * 100).normalize():f}%"
    return value


def rows_of_csv(content: bytes) -> Iterator[Sequence[Cell]]:
    """Yield the lines of a CSV file in UTF-8 or GB 18030.

    Raises UnfitError: broken; UnicodeDecodeError where it is in neither encoding.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            yield [(cell, False) for cell in row]
    except csv.Error as fault:
        raise UnfitError("broken") from fault


def places_of(row: Sequence[Cell], heads: Mapping[str, str]) -> dict[str, int]:
    """The place of each column."""
    found: dict[str, int] = {}
    for place, (title, _formula) in enumerate(row):
        column = heads.get(str(title or "")[:LONGEST].strip().lower())
        if column is not None:
            found.setdefault(column, place)
    return found


def plain(cell: object) -> str:
    """A cell as a person would have typed it."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{Decimal(str(cell)):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str("" if cell is None else cell).strip()[:LONGEST]


KINDS: Final[dict[str, Callable[..., Any]]] = {
    "document": read_document,
    "member": read_member,
    "members": read_members,
    "text": read_text,
    "table": read_table,
    "calendar": read_calendar,
    "picture": read_picture,
    "small picture": shrink_picture,
    "recognise": lambda data, *, name, allowed: recognise(name, data, allowed),
}
