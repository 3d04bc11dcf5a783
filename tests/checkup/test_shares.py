"""A share kept as 0.03 is shown as 3% wherever a page, a chart or an answer shows it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.html import strip_tags
from django.utils.translation import override

from chuangbao.checkup.views.checkups import answer_words
from chuangbao.core.engine.current import current_engine
from chuangbao.policies.views.measures import last_value
from chuangbao.rules.answers import ConditionAnswer
from chuangbao.rules.model import FactType, Parameter, ParameterValue, Text
from chuangbao.ui.presentation.conditions import ConditionWords, describe, shown_value, span_unit
from chuangbao.ui.templatetags.ui import document_words

LOAN = "/policies/measures/2.6.1-loan-jl-int/"


def row(**more) -> ConditionWords:
    with override("zh-hans"):
        return describe(ConditionAnswer("c", Text("占比"), verdict=False, op=">=", unit="ratio", **more))


def test_a_condition_row_shows_a_share_in_percent():
    shown = row(value=Decimal("0.03"), threshold=Decimal("0.05"), distance=Decimal("0.02"), fact="main_share")
    assert (shown.given, shown.required, shown.distance) == ("3%", "不少于5%", "还差2%")


def test_the_calculator_draws_and_lists_a_share_in_percent(client, library):
    asked = {"version": "LOAN-JL-INT-2025", "over": "loan_rate", "example": "1"}
    page = client.get(LOAN, asked, headers={"accept-language": "zh-hans"}).content.decode()
    table = page[page.index('id="curve"') :]
    cells = [strip_tags(cell) for cell in re.findall(r"<tr>\s*<td>(.*?)</td>", table)]
    assert cells, "no table"
    assert all(cell.endswith("%") for cell in cells)
    drawn = client.get(f"{LOAN}curve.json", asked, headers={"accept-language": "zh-hans"}).json()
    assert drawn["label"] == "贷款利率（%）"
    assert max(Decimal(x) for x, _ in drawn["points"]) > 1


def test_an_answer_of_the_check_up_shows_a_share_in_percent(library):
    assert answer_words(current_engine().pack, "loan_rate", Decimal("0.03")) == "3%"


def test_a_changed_parameter_of_a_version_is_told_with_its_unit():
    rate = Parameter("rate", FactType.RATIO, "", Text("比例"), (ParameterValue(date(2015, 1, 1), Fraction(1, 4)),))
    assert last_value(rate) == "25%"
    assert last_value(replace(rate, values=())) == "—"


def test_a_document_is_named_and_never_by_its_id(library):
    pack = current_engine().pack
    document = pack.documents[pack.seed]
    with override("zh-hans"):
        assert document_words(document.id) == f"{document.title.zh} {document.number}"
        assert document_words("gone") == "资料库中没有"


def test_days_differ_by_days_and_shares_by_percent():
    dated = ConditionAnswer("c", Text("日"), verdict=True, value=date(2016, 1, 1))
    assert span_unit(dated) == "day"
    assert shown_value(dated, date(2016, 1, 1)).startswith(("2016年", "1 January"))
