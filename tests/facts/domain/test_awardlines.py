"""Figures, days and codes of a line of past grants: what cannot be read is refused beside its column."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain import awardlines
from chuangbao.facts.models import Award
from chuangbao.rules.measures import KINDS


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (awardlines.amount_of, "5000.001", "amount"),
        (awardlines.amount_of, "很多", "amount"),
        (awardlines.months_of, "1.5", "months"),
        (awardlines.months_of, "0", "months"),
        (awardlines.level_of, "宇宙级", "level"),
        (lambda text: awardlines.kind_of(text, "x"), "红包", "kind"),
        (lambda text: awardlines.past_day(text, "granted_on"), "2999-01-01", "day"),
    ],
)
def test_what_cannot_be_read_is_refused(library, read, text, code):
    with pytest.raises(Refused) as refusal:
        read(text)
    assert refusal.value.code == code


def test_what_can_be_read_is_read(library):
    assert (awardlines.amount_of("0.5万"), awardlines.amount_of("")) == (Decimal(5000), None)
    assert (awardlines.months_of("12"), awardlines.months_of("")) == (12, None)
    assert awardlines.level_of(Award.Level.labels[0]) == Award.Level.values[0]
    assert awardlines.kind_of(KINDS[0] if isinstance(KINDS, tuple | list) else next(iter(KINDS)), "x") in KINDS
    assert awardlines.region_code("220102") == awardlines.region_code("南关区") == "220102"
    assert awardlines.region_code("没有这个地方") == ""
