"""Lists as Excel workbooks (导出): sheets with a frozen head, cells that hold values and never formulas."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from django.http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl import Workbook

__all__ = ["EXCEL", "Sheet", "as_workbook", "workbook"]

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST, SHEET_NAME = 60, 31
LIKE_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its title, its head, and rows of values."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[object]]


def workbook(title: str, head: Sequence[str], rows: Iterable[Sequence[object]], *, more: Sequence[Sheet] = ()) -> bytes:
    """The bytes of a workbook. Text that begins like a formula stays text; what Excel cannot hold is left out.

    ``more`` are sheets behind the first.
    """
    from openpyxl import Workbook  # late: most processes never write a workbook

    book = Workbook(write_only=True)
    for sheet in (Sheet(title, head, rows), *more):
        write_sheet(book, sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def write_sheet(book: Workbook, content: Sheet) -> None:
    """One sheet with a frozen head."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(content.title[:SHEET_NAME])
    sheet.freeze_panes = "A2"
    for place in range(len(content.head)):
        sheet.column_dimensions[get_column_letter(place + 1)].width = WIDEST // 2 if place == 1 else WIDEST // 4

    def cell(value: object, *, bold: bool = False) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value)
        if isinstance(value, str):
            made.data_type = "s"
            made.quotePrefix = value.startswith(LIKE_FORMULAS)  # Excel would make one of it as soon as it is edited
        made.font = Font(bold=bold)
        return made

    sheet.append([cell(title, bold=True) for title in content.head])
    for row in content.rows:
        sheet.append([cell(value) for value in row])


def as_workbook(
    name: str, title: str, head: Sequence[str], rows: Iterable[Sequence[object]], *, more: Sequence[Sheet] = ()
) -> HttpResponse:
    """The answer of a page that gives a list to take along, as ``name``.xlsx."""
    answer = HttpResponse(workbook(title, head, rows, more=more), content_type=EXCEL)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
