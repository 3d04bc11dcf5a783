"""Open data of the register (开放数据): CSV that no program takes for formulas, with its licence."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils import timezone

from chuangbao.core.engine.current import current_pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["LICENCE", "write_csv"]

LICENCE = "CC BY 4.0"
LIKE_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def write_cell(value: Any) -> Any:
    """Return a value as a cell of CSV has it: a list in one cell, and no text that Excel would take for a formula."""
    said = " / ".join(value) if isinstance(value, list) else value
    return f"'{said}" if isinstance(said, str) and said.startswith(LIKE_FORMULAS) else said


def write_csv(name: str, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> HttpResponse:
    """Return rows as a file of CSV; its licence is in the last line and in the head of the answer."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["Link"] = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
    sheet = csv.writer(answer)
    sheet.writerow(columns)
    for row in rows:
        sheet.writerow(map(write_cell, row.values()))
    sheet.writerow([f"# {LICENCE}", current_pack().title.zh, timezone.localdate()])
    return answer
