"""A formula stands in the brackets of the language, and a limit that is met without a margin says no more than that."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.utils.translation import override

from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.verdicts import gain_words
from chuangbao.rules.answers import ConditionAnswer
from chuangbao.rules.model import Text
from chuangbao.ui.presentation.conditions import describe
from chuangbao.ui.presentation.formula import amount_words


def test_english_has_no_wide_brackets(library):
    versions = [measure.versions[-1] for measure in current_pack().measures.values()]
    with override("en"):
        said = [amount_words(version) for version in versions]
    with override("zh-hans"):
        assert any("（" in amount_words(version) for version in versions)
    assert not [words for words in said if re.search("[（）]", words)]


@pytest.mark.parametrize(("unit", "said"), [("month", ""), ("CNY", "正好在界限上")])
def test_what_is_just_met_says_so_of_money_alone(unit, said):
    met = ConditionAnswer(
        "c",
        Text("满一年"),
        verdict=True,
        op=">=",
        unit=unit,
        value=Decimal(12),
        threshold=Decimal(12),
        distance=Decimal(0),
    )
    with override("zh-hans"):
        assert describe(met).distance == said


def test_a_tax_is_never_less_than_nothing_in_plain_words():
    with override("zh-hans"):
        said = gain_words("tax", "CNY", Decimal(20000), Decimal(12000))
    assert "不能比应缴的税更多" in said
    assert "合计上限" not in said
