"""A judged condition in words: what holds by its being not so names what is not so."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils.translation import override

from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.rules import tree
from chuangbao.ui.presentation.conditions import describe

DAY = date(2026, 11, 28)
NEGATION = {"zh": "不|没|无|未|非|以外", "en": r"(?i)\b(not?|never|only|sound)\b"}


def turned_conditions():
    """Every condition of the measures in force that asks that something be not so, with its version."""
    versions = (v for m in current_pack().measures.values() for v in m.versions if v.in_force(DAY))
    return [
        (version, condition)
        for version in versions
        for condition in version.conditions
        if isinstance(condition.when, tree.Not) and isinstance(condition.when.operand, tree.Name)
    ]


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "增值税小规模纳税人：否"), ("en", ": no")])
def test_what_is_not_so_is_named_beside_its_value(language, words):
    engine = current_engine()
    found = 0
    for version, condition in turned_conditions():
        fact = condition.when.operand.name
        if current_pack().facts[fact].derived:
            continue
        for value in (False, True):
            answer = engine.judge(engine.profile({fact: value}, as_of=DAY, region="220000"), version.version)
            said = next(one for one in answer.conditions if one.id == condition.id)
            assert said.verdict is not value
            with override(language):
                label = current_pack().facts[fact].label.get(language)
                assert describe(said).given.startswith(label), (version.version, condition.id)
                found += describe(said).given.endswith(words)
    assert found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_words_of_such_a_condition_say_not(language):
    plain = {
        (version.version, condition.label.get(language))
        for version, condition in turned_conditions()
        if not re.search(NEGATION[language], condition.label.get(language))
    }
    assert plain == set()


def test_what_is_so_is_said_as_it_is():
    engine = current_engine()
    answer = engine.judge(engine.profile({"is_sole": True}, as_of=DAY, region="220000"), "IIT-SOLE-2023")
    with override("zh-hans"):
        assert describe(answer.conditions[0]).given == "是"
