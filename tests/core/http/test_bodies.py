"""Bodies of requests: bounded in length, in time and all together, before any page is asked."""

from __future__ import annotations

import asyncio
import inspect
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import get_resolver

from chuangbao.core.http import bodies
from chuangbao.core.http.bodies import LARGEST_FORM, LARGEST_UPLOAD, REFUSED, Bodies, BodyError, limit_of
from loops import run_apart


async def parts_of(*parts, pause=0.0):
    for part in parts:
        await asyncio.sleep(pause)
        yield part


def received(*parts, declared=None, limit=100, pause=0.0, reading=None, sender="192.0.2.1"):
    """What is kept of a body, and its length."""
    reading = reading or Bodies(patience=5)
    body, length = run_apart(
        reading.receive(parts_of(*parts, pause=pause), declared=declared, sender=sender, limit=limit)
    )
    with body:
        return body.read(), length


def status_of(*parts, **given):
    """The status of a refusal."""
    with pytest.raises(BodyError) as refused:
        received(*parts, **given)
    return refused.value.status


def test_a_body_within_its_bounds_is_kept_whole(monkeypatch):
    monkeypatch.setattr(bodies, "IN_MEMORY", 3)
    assert received(b"ab", b"", b"cdef", declared=6) == (b"abcdef", 6)
    assert received(b"x" * 100) == (b"x" * 100, 100)
    assert received() == (b"", 0)


@pytest.mark.parametrize("declared", [None, 101, 10**12])
def test_a_body_that_is_too_long_is_refused_whether_it_says_so_or_not(declared):
    assert status_of(b"x" * 60, b"x" * 41, declared=declared) is HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_what_is_refused_is_read_only_so_far(monkeypatch):
    monkeypatch.setattr(bodies, "LARGEST_DISCARDED", 50)
    read = []

    async def endless():
        while True:
            read.append(1)
            yield b"x" * 20

    with pytest.raises(BodyError):
        run_apart(Bodies().receive(endless(), declared=10**9, sender="x", limit=100))
    assert len(read) == 3


@pytest.mark.parametrize("declared", [5, 10**6])
def test_a_body_that_comes_too_slowly_is_given_up(declared):
    reading = Bodies(patience=0.05)
    assert status_of(*[b"x"] * 5, declared=declared, pause=0.03, reading=reading) is HTTPStatus.REQUEST_TIMEOUT
    assert (reading.held, reading.senders.total()) == (0, 0)


def test_a_long_body_gets_the_time_that_a_slow_line_needs(monkeypatch):
    monkeypatch.setattr(bodies, "SLOWEST", 10)
    assert received(*[b"xx"] * 5, pause=0.03, reading=Bodies(patience=0.05)) == (b"x" * 10, 10)


@pytest.mark.parametrize(("parts", "declared"), [([b"abc"], 4), ([b"abcd"], 3), ([], 1)])
def test_a_body_that_broke_off_is_none(parts, declared):
    assert status_of(*parts, declared=declared) is HTTPStatus.BAD_REQUEST


def test_one_sender_and_all_of_them_have_a_bound(monkeypatch):
    monkeypatch.setattr(bodies, "AT_ONCE", 2)
    monkeypatch.setattr(bodies, "AT_ONCE_OF_ONE", 1)
    reading = Bodies()
    busy = HTTPStatus.SERVICE_UNAVAILABLE
    with reading.take_place("a"):
        assert status_of(b"x", sender="a", reading=reading) is busy
        assert received(b"x", sender="b", reading=reading) == (b"x", 1)
        with reading.take_place("b"):
            assert status_of(b"x", sender="c", reading=reading) is busy
    assert received(b"x", sender="a", reading=reading) == (b"x", 1)


def test_all_bodies_together_have_a_bound(monkeypatch):
    monkeypatch.setattr(bodies, "HELD", 10)
    reading = Bodies()
    first = run_apart(reading.receive(parts_of(b"x" * 8), declared=8, sender="a", limit=100))
    assert status_of(b"x" * 3, reading=reading) is HTTPStatus.SERVICE_UNAVAILABLE
    reading.release(*first)
    assert received(b"x" * 3, reading=reading) == (b"xxx", 3)


def test_a_full_disk_refuses_one_body_and_nothing_else(monkeypatch):
    class Full:
        def write(self, _content):
            raise OSError(28, "No space left on device")

        def close(self):
            pass

    reading = Bodies()
    with monkeypatch.context() as full:
        full.setattr(bodies.tempfile, "SpooledTemporaryFile", lambda **_: Full())
        assert status_of(b"x", reading=reading) is HTTPStatus.SERVICE_UNAVAILABLE
    assert received(b"x", reading=reading) == (b"x", 1)


def views(entries):
    """Every view, with its name."""
    for entry in entries:
        if hasattr(entry, "url_patterns"):
            yield from views(entry.url_patterns)
        else:
            yield inspect.unwrap(entry.callback).__qualname__, entry.callback


def test_a_page_that_reads_files_declares_it_and_no_other_does():
    reads = {name for name, view in views(get_resolver().url_patterns)
             if "request.FILES" in inspect.getsource(inspect.unwrap(view))}  # fmt: skip
    declared = {n for n, view in views(get_resolver().url_patterns) if getattr(view, bodies.TAKES_FILES, False)}
    assert reads == declared
    assert declared >= {"fact", "upload", "bring", "import_document"}


def test_files_can_be_sent_only_where_there_is_a_field_for_them():
    assert limit_of("/policies/import/") == limit_of("/facts/subjects/1/revenue/") == LARGEST_UPLOAD
    assert limit_of("/") == limit_of("/accounts/login/") == limit_of("/no/such/place") == LARGEST_FORM


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "words"),
    [(413, "最多 6 MB"), (408, "没有按时"), (503, "半分钟"), (400, "只到达了一部分")],
)
def test_a_refusal_says_what_happened_and_what_to_do(status, words):
    answer = Client().post("/", {"x": "1"}, **{REFUSED: status})
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert "没有收下" in page
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_two_bodies_of_one_sender_are_counted_until_both_are_read():
    reading = Bodies()
    with reading.take_place("a"):
        with reading.take_place("a"):
            assert reading.senders["a"] == 2
        assert reading.senders["a"] == 1
    assert "a" not in reading.senders
