"""Tables of facts at their edges; what they say is tried in tests/facts/test_connectors.py and test_pages.py."""

from __future__ import annotations

import pytest

from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.sheets import lines_of


def test_an_empty_file_is_refused_beside_its_field():
    with pytest.raises(Refused) as refused:
        lines_of("a.csv", b"", most=10)
    assert (refused.value.code, refused.value.field) == ("empty", "file")
