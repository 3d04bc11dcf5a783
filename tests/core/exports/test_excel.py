"""Workbooks hold values, never formulas."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from chuangbao.core.exports.excel import EXCEL, workbook


def test_text_that_looks_like_a_formula_stays_text():
    made = load_workbook(BytesIO(workbook("表", ["甲", "乙"], [["=1+1", date(2015, 6, 8)], [None, 5]])))
    sheet = made["表"]
    assert next([c.value for c in row] for row in sheet) == ["甲", "乙"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value == "=1+1"
    assert sheet["B3"].value == 5
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠SUM(A1)"])
def test_text_that_looks_like_a_formula_stays_text_when_it_is_edited(text):
    """Excel reads a cell anew when somebody edits it, unless it is marked as quoted."""
    sheet = load_workbook(BytesIO(workbook("表", ["甲"], [[text], ["企业"], [-3]])))["表"]
    assert [sheet[place].quotePrefix for place in ("A2", "A3", "A4")] == [True, False, False]


def test_marks_that_excel_cannot_hold_are_left_out():
    made = load_workbook(BytesIO(workbook("表", ["甲\x01"], [["a\x00b\x0bc\x1f"]])))
    assert [[c.value for c in row] for row in made["表"]] == [["甲"], ["abc"]]


def test_the_library_as_a_workbook_holds_what_the_list_holds(client, library):
    answer = client.get("/policies/policies.xlsx?theme=loan&kind=measure")
    assert answer["Content-Type"] == EXCEL
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    titles = {row[1] for row in rows[1:]}
    assert "吉林省创业担保贷款" in titles
    assert len(rows) == 6
