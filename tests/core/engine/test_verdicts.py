"""When one may apply, in words."""

from __future__ import annotations

from datetime import date

import pytest

from chuangbao.core.engine.verdicts import opening_words
from chuangbao.rules.windows import Opening

FIRST, LAST = date(2026, 3, 1), date(2026, 4, 30)


@pytest.mark.parametrize(
    ("opening", "words"),
    [
        (None, ""),
        (Opening("unknown", fact="registered_on"), ""),
        (Opening("open", FIRST, LAST), "2026年4月30日"),
        (Opening("opens", FIRST, LAST), "2026年3月1日"),
        (Opening("missed", FIRST, LAST), "2026年4月30日"),
    ],
)
def test_a_window_is_told_by_its_days(opening, words):
    said = opening_words(opening)
    assert (words in said) if words else said == ""
