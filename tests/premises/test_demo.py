"""The demonstration has a letter that holds and one that was revoked, once."""

from __future__ import annotations

import pytest

from chuangbao.core.access.row_access import unscoped
from chuangbao.portal.demo import load_demo
from chuangbao.premises.demo import load_demo_letters
from chuangbao.premises.models import ConsentLetter
from chuangbao.spaces.demo import load_demo_spaces

pytestmark = pytest.mark.usefixtures("regions")


def test_the_demonstration_is_made_once():
    assert load_demo_letters() == 0
    load_demo()
    load_demo_spaces()
    assert (load_demo_letters(), load_demo_letters()) == (2, 2)
    assert sorted(unscoped(ConsentLetter, because="a test").values_list("stage", flat=True)) == ["revoked", "valid"]
