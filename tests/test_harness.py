"""The guards of the suite bite."""

from __future__ import annotations

import pytest
from django.template import engines

from chuangbao.policies.models import Entry


def test_an_undefined_template_variable_fails():
    with pytest.raises(AssertionError, match="nothing_here"):
        engines["django"].from_string("{{ nothing_here }}").render({})


def test_rows_without_an_order_come_shuffled(library):
    orders = {tuple(e.pk for e in Entry.objects.order_by()[:].all()) for _ in range(4)}
    assert len(orders) > 1
    assert len({tuple(e.pk for e in Entry.objects.all()) for _ in range(4)}) == 1
