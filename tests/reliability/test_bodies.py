"""Slow and large bodies against a real server of one process: nobody else waits for them, nothing is written."""

from __future__ import annotations

import http.client
import socket
import time
import urllib.request
from contextlib import ExitStack, suppress

import pytest
from django.db import connection

from chuangbao.cli import up
from pglinks import named

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = (
    "POST /policies/import/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken={token}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000\r\n\r\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the web server of these tests writes to; ``tmp`` is where bodies would go."""
    made = tmp_path_factory.mktemp("served")
    (made / "tmp").mkdir()
    return made


@pytest.fixture(scope="module")
def port(folder, django_db_setup):
    """Where a web server of one process listens, started once for all tests of a file."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", named(connection.settings_dict["NAME"]))
        patch.setenv("CHUANGBAO_PROCESSES", "1")
        patch.setenv("TMPDIR", str(folder / "tmp"))
        web = up.serve("127.0.0.1", number, data=folder)
        up.wait_for("127.0.0.1", number, web)
    yield number
    up.stop(web)


def seconds_of(port, path):
    """How long an address takes to answer 200."""
    began = time.monotonic()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as page:
        assert page.status == 200
    return time.monotonic() - began


def test_nobody_waits_for_slow_senders(port):
    seconds_of(port, "/policies/import/")  # the first page of a process is slow by itself
    with ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(12)]
        for each in slow:
            each.sendall(HEAD.format(token="a" * 32).encode())
        for _ in range(4):
            for each in slow:
                each.sendall(b"a")
            time.sleep(0.1)
            assert seconds_of(port, "/healthz") < 1
            assert seconds_of(port, "/policies/import/") < 2


def list_written(folder):
    """The files with something in them; a process that starts leaves four bytes for a moment to try the folder."""
    found = []
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_size > 4:
                found.append(path)
    return found


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("path", "size"), [("/", 7), ("/policies/import/", 25)])
def test_a_large_body_is_refused_and_never_written(port, folder, path, size, chunked):
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    asking.putrequest("POST", path)
    asking.putheader("Cookie", f"csrftoken={'a' * 32}")
    asking.putheader("Content-Type", "multipart/form-data; boundary=B")
    asking.putheader(*(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(size * 2**20))))
    asking.endheaders()
    part = b"x" * 2**20
    with suppress(BrokenPipeError):  # the server may answer and hang up before the last piece is sent
        for _ in range(size):
            asking.send(b"%x\r\n%s\r\n" % (len(part), part) if chunked else part)
            assert list_written(folder / "tmp") == []
        if chunked:
            asking.send(b"0\r\n\r\n")
    answer = asking.getresponse()
    assert answer.status == 413
    assert "没有收下" in answer.read().decode()
    asking.close()
    assert seconds_of(port, "/healthz") < 1
