"""Tables in a PDF (表格): where lines are drawn round cells, the cells of a row are kept apart by tabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from chuangbao.gongwen.fold import compact, name_radicals

__all__ = ["PageLine", "RuledTable", "find_ruled_tables"]

PageLine = tuple[str, float, float, float]
"""Text, left edge, right edge and letter size."""
_FEWEST_EDGES: Final = 4
_MOST_EDGES: Final = 3000


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table: the pieces of text inside it, and its rows as lines."""

    raws: list[Any]
    lines: list[PageLine]


def find_ruled_tables(page: Any, raws: list[Any]) -> list[RuledTable]:
    """Return the tables of a page that hold two cells beside and below each other and lose none of the text.

    Args:
        page: the page as pdfplumber gives it.
        raws: its lines of text.

    """
    if not _FEWEST_EDGES <= len(page.edges) <= _MOST_EDGES:
        return []
    tables = []
    for table in page.find_tables():
        rows = [[compact(name_radicals(cell or "")) for cell in row] for row in table.extract()]
        inside = [raw for raw in raws if _is_inside(raw, table.bbox)]
        shown = sorted("".join(compact(name_radicals(raw["text"])) for raw in inside))
        if len(rows) > 1 and max(map(len, rows)) > 1 and sorted("".join(map("".join, rows))) == shown:
            tables.append(RuledTable(inside, [("\t".join(row), table.bbox[0], table.bbox[0], 0.0) for row in rows]))
    return tables


def _is_inside(raw: Any, box: tuple[float, float, float, float]) -> bool:
    """Return whether the middle of a line of text is in a box."""
    x, y = (raw["x0"] + raw["x1"]) / 2, (raw["top"] + raw["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])
