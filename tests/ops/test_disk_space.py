"""A full disk: what saves is refused with the reason, what reads goes on, and figures never end the process."""

from __future__ import annotations

import errno
import os

import psycopg
import pytest
from django.db import OperationalError

from chuangbao.core.http import metrics
from chuangbao.ops import disk_space
from chuangbao.ops.disk_space import is_full, means_full, places_without_room


@pytest.fixture(autouse=True)
def look_again():
    disk_space.looked.clear()
    yield
    disk_space.looked.clear()


@pytest.fixture
def full(monkeypatch):
    monkeypatch.setattr(disk_space, "places_without_room", lambda: [disk_space.DATA_DIR])


def test_a_place_without_room_is_found_by_what_is_free():
    assert places_without_room() == []
    assert disk_space.DATA_DIR in places_without_room(1 << 60)


def test_the_disk_is_looked_at_once_a_second(monkeypatch, full):
    assert is_full()
    monkeypatch.setattr(disk_space, "places_without_room", list)
    assert is_full()  # as a moment ago
    monkeypatch.setattr(disk_space, "REMEMBERED", -1)
    assert not is_full()


def test_an_error_means_a_full_disk_by_its_code_however_deep():
    assert means_full(OSError(errno.ENOSPC, "no room"))
    wrapped = OperationalError()
    wrapped.__cause__ = psycopg.errors.DiskFull()
    assert means_full(wrapped)
    assert not means_full(OSError(errno.EACCES, "shut"))
    assert not means_full(None)


@pytest.mark.django_db
def test_pages_are_read_and_forms_refused_with_the_reason_until_there_is_room(client, full, monkeypatch):
    assert client.get("/").status_code == 200
    answer = client.post("/i18n/setlang/", {"language": "en"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "磁盘已满" in answer.content.decode()
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"disk": "full"})
    monkeypatch.setattr(disk_space, "places_without_room", list)
    disk_space.looked.clear()
    assert client.post("/i18n/setlang/", {"language": "en"}).status_code == 302
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (OSError(errno.ENOSPC, "no room"), 503, "磁盘已满"),
        (OperationalError("deadlock detected"), 500, "我们这边出了问题"),
    ],
)
def test_what_a_page_meets_is_told_by_its_kind(client, monkeypatch, fault, status, words):
    def broken(_request):
        raise fault

    monkeypatch.setattr("chuangbao.portal.views.home.render", lambda *_words, **_more: broken(None))
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_figures_without_room_are_not_counted_and_end_nothing(tmp_path, monkeypatch):
    figures = metrics.ReservedDict(str(tmp_path / "counter_1.db"))
    assert (tmp_path / "counter_1.db").stat().st_blocks * 512 >= metrics.FIRST_BYTES  # taken, not only promised
    for number in range(1000):  # more than the first room holds
        figures.write_value(f"{number:0100d}", float(number), 0.0)
    assert figures.read_value(f"{999:0100d}") == (999.0, 0.0)
    assert (tmp_path / "counter_1.db").stat().st_blocks * 512 >= 1 << 17

    def no_room(*_words):
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "posix_fallocate", no_room)
    with pytest.raises(OSError, match="no room"):
        for number in range(1000, 3000):
            figures.write_value(f"{number:0100d}", 1.0, 0.0)
    figures.close()
    for name, stays in (("counter_1.db", True), ("counter_2.db", False)):
        with pytest.raises(OSError, match="no room"):
            metrics.ReservedDict(str(tmp_path / name))
        assert (tmp_path / name).exists() == stays
    monkeypatch.setattr(metrics.REQUESTS, "labels", no_room)
    metrics.count_request("view", "GET", 200, 0.1)
    monkeypatch.delattr(os, "posix_fallocate")
    metrics.reserve(0, 1)
    read = metrics.ReservedDict(str(tmp_path / "counter_1.db"), True)
    assert (f"{1:0100d}", 1.0, 0.0) in list(read.read_all_values())
    read.close()
