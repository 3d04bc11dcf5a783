"""A file that several make at once is never half of one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chuangbao.rules.store import made_whole


def test_two_that_make_it_at_once_do_not_mix(tmp_path):
    place, both = tmp_path / "cache" / "file.bin", Barrier(2)

    def make(letter):
        with made_whole(place) as fresh:
            both.wait(10)
            with fresh.open("w") as file:
                for _ in range(200):
                    file.write(letter * 1000)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(make, "ab"))
    assert place.read_text() in {"a" * 200_000, "b" * 200_000}
    assert list(place.parent.iterdir()) == [place]


def test_after_an_error_nothing_is_left(tmp_path):
    with pytest.raises(OSError, match="no room"), made_whole(tmp_path / "file") as fresh:
        fresh.write_text("half")
        raise OSError("no room")
    assert list(tmp_path.iterdir()) == []
