"""The guards of the suite bite."""

from __future__ import annotations

import pytest
from django.template import engines
from django.utils import timezone

from chuangbao.core.http import rate_limits
from chuangbao.policies.models import Entry
from turning import FIXED, clock_shut


def test_an_undefined_template_variable_fails():
    with pytest.raises(AssertionError, match="nothing_here"):
        engines["django"].from_string("{{ nothing_here }}").render({})


def test_rows_without_an_order_come_shuffled(library):
    orders = {tuple(e.pk for e in Entry.objects.order_by()[:].all()) for _ in range(4)}
    assert len(orders) > 1
    assert len({tuple(e.pk for e in Entry.objects.all()) for _ in range(4)}) == 1


def test_a_test_file_that_asks_the_clock_while_it_is_read_fails():
    with clock_shut():
        taken = timezone.now
        with pytest.raises(AssertionError, match="while it is read"):
            timezone.localdate()
    assert taken() <= timezone.now()


def test_the_frame_of_a_rate_is_held_and_begins_to_count_again_where_it_turns(db, monkeypatch):
    assert [rate_limits.hit("x", "", "1/h") for _ in range(2)] == [True, False]
    for later, ends in (("00:59:59", [False]), ("01:00:00", [True, False])):
        count = rate_limits.COUNT.replace(FIXED, f"'2026-01-01 {later}+08'::timestamptz")
        monkeypatch.setattr(rate_limits, "COUNT", count)
        assert [rate_limits.hit("x", "", "1/h") for _ in ends] == ends
        monkeypatch.undo()
