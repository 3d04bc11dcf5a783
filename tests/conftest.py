"""What every test may ask for."""

from __future__ import annotations

import pytest


@pytest.fixture
def library(db):
    """The library loaded from the pack of this installation."""
    from chuangbao.policies.domain.load import load_library  # noqa: PLC0415 - needs Django's setup
    from chuangbao.policies.domain.registry import current_pack  # noqa: PLC0415 - the same

    load_library(pack=current_pack())
