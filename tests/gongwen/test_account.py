"""Every character of a text has its place, and tables stay tables."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings

from chuangbao.gongwen import parse_text
from officelines import patchwork


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(patchwork)
def test_the_parts_together_are_the_text(text):
    account = parse_text(text).account
    assert account.characters == len(re.sub(r"\s", "", text))
    assert min(account.head, account.tree, account.tail) >= 0


def test_the_account_of_a_notice():
    document = parse_text("某市关于补贴的通知\n各单位：\n　　一、补贴5万元。\n某市科技局\n2024年5月1日\n")
    account = document.account
    assert (account.head, account.tree, account.tail) == (13, 8, 14)


def test_a_table_keeps_its_cells_and_its_rows_are_no_marks():
    document = parse_text(
        "某市关于名单的通知\n各单位：\n一、名单\n1.\t单位\t面积\n2.\t甲公司\t800平方米\n\n二、要求\n报送。\n"
    )
    (table,) = document.tables
    assert table.rows == (("1.", "单位", "面积"), ("2.", "甲公司", "800平方米"))
    assert [s.mark for s in document.sections] == ["一、", "二、"]
    assert document.to_dict()["tables"][0]["rows"][1] == ["2.", "甲公司", "800平方米"]


def test_what_is_no_official_document_says_so():
    assert not parse_text("你好，我想开店").is_official
    assert parse_text("各单位：\n请报送。").is_official
