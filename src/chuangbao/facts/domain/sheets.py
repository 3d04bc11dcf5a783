"""Tables out of files (读表): four columns under known headings, in a workbook or a CSV file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from chuangbao.core.filetypes import SHEETS, recognised
from chuangbao.core.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["COLUMNS", "Line", "lines_of"]

COLUMNS = {
    "code": ("统一社会信用代码", "Unified social credit code", "code"),
    "name": ("信息项", "Fact", "fact"),
    "value": ("取值", "内容", "Value", "value"),
    "when": ("截至日期或所属期", "As of, or period", "as_of"),
}
WIDEST, SPARSE = 30, 5  # columns that are looked at; blank lines beside each with a value
NEEDED = ("name", "value")
HEADS = {title.lower(): column for column, titles in COLUMNS.items() for title in titles}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table; ``formula`` where the value is worked out by the workbook and not written."""

    number: int
    code: str
    name: str
    value: str
    when: str
    formula: bool = False


def lines_of(name: str, content: bytes, *, most: int) -> list[Line]:
    """The lines that say something, or Refused (field ``file``) where the file is not such a table."""
    kind = recognised(name, content, SHEETS)
    rows = rows_of_workbook(content) if kind.ending == "xlsx" else rows_of_csv(content)
    head = heads(next(rows, []))
    found = []
    for number, row in enumerate(rows, start=2):
        line = line_of(number, row, head)
        if line is not None:
            found.append(line)
        if len(found) > most or number > SPARSE * most:
            raise Refused("long", _("The file has more than %(n)d lines. Divide it.") % {"n": most}, field="file")
    if not found:
        raise Refused("nothing", _("No line of this file has a value."), field="file")
    return found


Cell = tuple[object, bool]


def rows_of_workbook(content: bytes) -> Iterator[Sequence[Cell]]:
    """The first sheet: each cell's value, and whether it is a formula."""
    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        for row in sheet.iter_rows(max_col=WIDEST):
            yield [(cell.value, cell.data_type == "f") for cell in row]
    except Exception as fault:
        # openpyxl raises whatever a broken part made it stumble over
        raise Refused("broken", _("This workbook is damaged. Save it anew and try again."), field="file") from fault


def rows_of_csv(content: bytes) -> Iterator[Sequence[Cell]]:
    """The lines of a CSV file in either of the usual encodings."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            yield [(cell, False) for cell in row]
    except csv.Error as fault:
        raise Refused("broken", _("This CSV file is damaged. Save it anew and try again."), field="file") from fault


def heads(row: Sequence[Cell]) -> dict[str, int]:
    """Where each column stands."""
    found: dict[str, int] = {}
    for place, (title, _formula) in enumerate(row):
        column = HEADS.get(str(title or "").strip().lower())
        if column is not None:
            found.setdefault(column, place)
    lacking = [COLUMNS[column][0] for column in NEEDED if column not in found]
    if lacking:
        raise Refused(
            "head",
            _("The first line lacks the headings %(names)s. Use the template.") % {"names": "、".join(lacking)},
            field="file",
        )
    return found


def line_of(number: int, row: Sequence[Cell], head: dict[str, int]) -> Line | None:
    """One line, or None where it has no value."""

    def cell(column: str) -> Cell:
        place = head.get(column)
        return row[place] if place is not None and place < len(row) else (None, False)

    value, formula = cell("value")
    if not plain(value):
        return None
    code, name, when = (plain(cell(column)[0]) for column in ("code", "name", "when"))
    return Line(number, code[:40], name[:120], plain(value), when[:40], formula)


def plain(cell: object) -> str:
    """A cell as a person would have typed it."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{Decimal(str(cell)):f}"
    return cell.date().isoformat() if isinstance(cell, datetime) else str("" if cell is None else cell).strip()
