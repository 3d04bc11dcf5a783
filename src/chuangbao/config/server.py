"""The web application for the server (granian, RSGI): whole bodies first, then a thread for the page.

Python works at one page at a time, and a page that waits for its sender would keep a thread from everybody else. So
the event loop reads bodies within the bounds of ``core.http.bodies``, and only then a page gets a thread. Headers whose
names hold an underscore are dropped: Django could not tell ``X_Forwarded_For`` from ``X-Forwarded-For``.
"""

from __future__ import annotations

import asyncio
import io
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["THREADS", "Server", "environ_of"]

THREADS = 4
Environ = dict[str, Any]


class Answer(NamedTuple):
    """What a page answered."""

    status: int
    headers: list[tuple[str, str]]
    content: bytes


class Server:
    """Granian's application: ``__rsgi__`` is called for every request."""

    def __init__(self, page: Callable[..., Iterable[bytes]], *, threads: int = THREADS) -> None:
        from chuangbao.core.http.bodies import Bodies
        from chuangbao.core.http.requests import WATCHED

        self.page, self.bodies, self.watched = page, Bodies(), WATCHED
        self.pages = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self.watch = ThreadPoolExecutor(1, thread_name_prefix="watch")
        """So that a supervisor is answered while every page is busy."""

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            return
        environ = environ_of(scope)
        length = await self.take_body(environ, proto)
        try:
            pool = self.watch if environ["PATH_INFO"] in self.watched else self.pages
            answer = await asyncio.get_running_loop().run_in_executor(pool, self.ask, environ)
        finally:
            self.bodies.release(environ["wsgi.input"], length)
        proto.response_bytes(answer.status, answer.headers, answer.content)

    async def take_body(self, environ: Environ, proto: Any) -> int:
        """Put the whole body into ``environ``, or the status of its refusal; return its length in bytes."""
        from chuangbao.core.http.bodies import REFUSED, BodyError, limit_of
        from chuangbao.core.http.requests import network_of

        declared = environ.get("CONTENT_LENGTH", "")
        body: IO[bytes] = io.BytesIO()
        length = 0
        if declared not in {"", "0"} or "HTTP_TRANSFER_ENCODING" in environ:
            try:
                body, length = await self.bodies.receive(
                    proto,
                    declared=int(declared) if declared.isdecimal() else None,
                    sender=network_of(environ),
                    limit=limit_of(environ["PATH_INFO"]),
                )
            except BodyError as refused:
                environ[REFUSED] = int(refused.status)
        environ |= {"wsgi.input": body, "CONTENT_LENGTH": str(length)}
        return length

    def ask(self, environ: Environ) -> Answer:
        """Let a page answer, in a thread."""
        begun: list[Any] = []
        parts = self.page(environ, lambda status, headers, _fault=None: begun.extend((status, headers)))
        try:
            content = b"".join(parts)
        finally:
            with suppress(AttributeError):
                parts.close()  # type: ignore[attr-defined] # of WSGI, where there is something to close
        status, headers = begun
        answer = Answer(int(status.split(" ", 1)[0]), headers, content)
        if "chuangbao.body_refused" in environ:
            answer.headers.append(("Connection", "close"))
        return answer

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """Begin nothing more."""
        for pool in (self.pages, self.watch):
            pool.shutdown(wait=False, cancel_futures=True)


def environ_of(scope: Any) -> Environ:
    """The variables of WSGI for a request."""
    server, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        add_header(environ, name, value)
    return environ


def add_header(environ: Environ, name: str, value: str) -> None:
    """Add one header; several of one name become one, and a name with an underscore is dropped."""
    if "_" in name:
        return
    key = name.upper().replace("-", "_")
    if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
        key = f"HTTP_{key}"
    before = environ.get(key)
    joint = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = value if before is None else f"{before}{joint}{value}"
