"""The demonstration has accounts that are paid, late and due, once."""

from __future__ import annotations

import pytest

from billing.scene import WHY
from chuangbao.billing.demo import load_demo_billing
from chuangbao.billing.models import Contract, Statement
from chuangbao.billing.queries import with_open
from chuangbao.core.access.row_access import unscoped
from chuangbao.portal.demo import load_demo
from chuangbao.spaces.demo import load_demo_spaces

pytestmark = pytest.mark.usefixtures("regions")


def test_accounts_of_the_demonstration_are_made_once():
    assert load_demo_billing() == 0
    load_demo()
    load_demo_spaces()
    made = load_demo_billing()
    assert made == load_demo_billing() == 9
    assert all(row.number.startswith("演示") for row in unscoped(Contract, because=WHY))
    rows = with_open(unscoped(Statement, because=WHY))
    assert rows.filter(open=0).count() == 9
    assert rows.filter(open__gt=0).count() == 18
