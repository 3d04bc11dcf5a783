"""Lists as Excel workbooks (导出): one sheet, a frozen head, cells that hold values and never formulas."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["EXCEL", "as_workbook", "workbook"]

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST, SHEET_NAME = 60, 31


def workbook(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The bytes of a workbook. Text that begins like a formula stays text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:SHEET_NAME])
    sheet.freeze_panes = "A2"
    for place in range(len(head)):
        sheet.column_dimensions[get_column_letter(place + 1)].width = WIDEST // 2 if place == 1 else WIDEST // 4

    def cell(value: object, *, bold: bool = False) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, value=value)
        if isinstance(value, str):
            made.data_type = "s"
        made.font = Font(bold=bold)
        return made

    sheet.append([cell(title, bold=True) for title in head])
    for row in rows:
        sheet.append([cell(value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def as_workbook(name: str, title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The answer of a page that gives a list to take along, as ``name``.xlsx."""
    answer = HttpResponse(workbook(title, head, rows), content_type=EXCEL)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
