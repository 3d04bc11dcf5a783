"""Workbooks hold values, never formulas."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from chuangbao.core.workbook import EXCEL, workbook


def test_text_that_looks_like_a_formula_stays_text():
    made = load_workbook(BytesIO(workbook("表", ["甲", "乙"], [["=1+1", date(2015, 6, 8)], [None, 5]])))
    sheet = made["表"]
    assert next([c.value for c in row] for row in sheet) == ["甲", "乙"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value == "=1+1"
    assert sheet["B3"].value == 5
    assert sheet.freeze_panes == "A2"


def test_the_library_as_a_workbook_holds_what_the_list_holds(client, library):
    answer = client.get("/policies/policies.xlsx?theme=loan&kind=measure")
    assert answer["Content-Type"] == EXCEL
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    titles = {row[1] for row in rows[1:]}
    assert "吉林省创业担保贷款" in titles
    assert len(rows) == 4
