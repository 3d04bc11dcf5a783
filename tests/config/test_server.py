"""Granian's requests as Django reads them."""

from __future__ import annotations

import asyncio
import io
from types import SimpleNamespace

import pytest

from chuangbao.config.server import Server, environ_of
from loops import run_apart


class Headers(list):
    """Headers as granian hands them over."""

    def items(self):
        return self


def scope_of(*headers, **given):
    """A request as granian hands it over."""
    usual = {
        "proto": "http", "http_version": "1.1", "server": "127.0.0.1:8000", "client": "192.0.2.7:5000",
        "scheme": "http", "method": "GET", "path": "/政策/", "query_string": "q=%E4%B8%AD", "authority": None,
    }  # fmt: skip
    return SimpleNamespace(**(usual | given), headers=Headers(headers))


def test_addresses_and_names_are_as_wsgi_wants_them():
    found = environ_of(scope_of(("host", "portal.example"), client="[2001:db8::1]:99"))
    assert found["PATH_INFO"].encode("latin-1").decode() == "/政策/"
    assert (found["SERVER_NAME"], found["SERVER_PORT"]) == ("127.0.0.1", "8000")
    assert found["REMOTE_ADDR"] == "2001:db8::1"
    assert found["HTTP_HOST"] == "portal.example"
    assert environ_of(scope_of(authority="two.example"))["HTTP_HOST"] == "two.example"


@pytest.mark.parametrize("first", [True, False])
def test_a_header_with_an_underscore_is_nobodys(first):
    sent = [("x-forwarded-for", "9.9.9.9"), ("x_forwarded_for", "5.6.7.8"), ("X_Forwarded_Proto", "https")]
    found = environ_of(scope_of(*(sent if first else reversed(sent))))
    assert found["HTTP_X_FORWARDED_FOR"] == "9.9.9.9"
    assert "HTTP_X_FORWARDED_PROTO" not in found


def test_headers_that_come_twice_become_one():
    found = environ_of(scope_of(("cookie", "a=1"), ("cookie", "b=2"), ("accept", "x"), ("accept", "y")))
    assert (found["HTTP_COOKIE"], found["HTTP_ACCEPT"]) == ("a=1; b=2", "x,y")


class Proto:
    """The other side of a request: the parts of its body, and its answer."""

    def __init__(self, *parts):
        self.parts, self.answer = parts, None

    async def __aiter__(self):
        for part in self.parts:
            yield part

    def response_bytes(self, *answer):
        self.answer = answer


def asked(page, scope, *parts):
    """What a server answers."""
    proto, server = Proto(*parts), Server(page, threads=1)

    async def ask():
        await server.__rsgi__(scope, proto)
        server.__rsgi_del__(asyncio.get_running_loop())

    run_apart(ask())
    assert server.bodies.held == 0
    return proto.answer


def test_a_page_reads_the_whole_body_and_is_closed():
    closed = []

    class Parts(io.BytesIO):
        def close(self):
            closed.append(1)

    def page(environ, start):
        start("201 Created", [("X-Length", environ["CONTENT_LENGTH"])])
        return Parts(environ["wsgi.input"].read())

    scope = scope_of(("content-length", "4"), ("content-type", "text/plain"), method="POST")
    assert asked(page, scope, b"ab", b"cd") == (201, [("X-Length", "4")], b"abcd")
    assert closed
    assert asked(lambda _e, s: s("200 OK", []) or [b"1"], scope_of()) == (200, [], b"1")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("content-length", "999999999")], 413),
        ([("content-length", "9")], 400),
        ([("transfer-encoding", "chunked")], None),
    ],
)
def test_a_body_that_is_not_taken_is_told_to_the_page(headers, status):
    told = []

    def page(environ, start):
        told.append(environ.get("chuangbao.body_refused"))
        start("200 OK", [])
        return [b""]

    _status, said, _content = asked(page, scope_of(*headers, method="POST"), b"abc")
    assert told == [status]
    assert (("Connection", "close") in said) == (status is not None)


def test_a_supervisor_is_answered_while_every_page_is_busy():
    threads = []

    def page(environ, start):
        import threading

        threads.append((environ["PATH_INFO"], threading.current_thread().name.partition("_")[0]))
        start("200 OK", [])
        return []

    for path in ("/healthz", "/"):
        asked(page, scope_of(path=path))
    assert threads == [("/healthz", "watch"), ("/", "page")]


def test_what_is_no_request_is_not_answered():
    assert asked(None, scope_of(proto="ws")) is None
