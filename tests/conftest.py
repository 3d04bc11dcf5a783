"""What every test may ask for."""

from __future__ import annotations

import pytest


@pytest.fixture
def library(db):
    """The library loaded from the pack of this installation."""
    from chuangbao.policies.domain.load import load_library
    from chuangbao.policies.domain.registry import current_pack

    load_library(pack=current_pack())
