"""Long files begin early, each whole in one process."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from ordering import order_tests, share_out


@dataclass
class Test:
    """What the order goes by."""

    __test__ = False
    path: str
    number: int
    marks: dict = field(default_factory=dict)
    fixturenames: tuple = ()

    def get_closest_marker(self, name):
        return self.marks.get(name)


LONG = {"unmeasured": SimpleNamespace()}
EMPTYING = {"django_db": SimpleNamespace(kwargs={"transaction": True})}


def make_file(path, tests, **how):
    return [Test(path, number, **how) for number in range(tests)]


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_each_share_begins_with_a_long_file_and_none_is_cut_in_two(processes):
    long = [make_file(f"long{number}", size, marks=LONG) for number, size in enumerate((3, 11, 1))]
    short = [make_file(f"short{number}", 7) for number in range(9)]
    items = [test for file in (*short[:4], *long, *short[4:]) for test in file]
    ordered = order_tests(items, processes)
    assert sorted(map(id, ordered)) == sorted(map(id, items))
    begin, shares = 0, []
    for size in share_out(len(items), processes):
        shares.append([test.path for test in ordered[begin : begin + size]])
        begin += size
    assert begin == len(items)
    assert [share[0] for share in shares] == [f"long{number}" for number in range(processes)]
    for file in long:
        (whole,) = [share for share in shares if file[0].path in share]
        assert whole.count(file[0].path) == len(file)


def test_what_empties_the_database_stays_where_it_is_the_long_ones_first():
    undone, last = make_file("undone", 3), make_file("last", 2)
    some = make_file("some", 2, fixturenames=("transactional_db",))
    long = make_file("long", 2, marks=LONG | EMPTYING)
    assert [test.path for test in order_tests([*undone, *some, *long, *last], 2)] == [
        *["undone"] * 3, *["long"] * 2, *["some"] * 2, *["last"] * 2,
    ]  # fmt: skip


def test_a_share_may_be_smaller_than_its_long_files():
    items = make_file("long", 5, marks=LONG) + make_file("short", 1)
    assert sorted(map(id, order_tests(items, 3))) == sorted(map(id, items))
