"""Bounds for the bodies of requests (请求体限制): how long, how slow and how many at once, before a page is asked.

The web server reads a whole body before it gives a page a thread, so a slow sender holds no thread; what is too
long, too slow or too much at once is never written to the disk, and the page says so (``refuse_bodies``).
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, TypeVar

from django.http import Http404
from django.shortcuts import render
from django.urls import resolve
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from django.http import HttpRequest, HttpResponse

__all__ = [
    "LARGEST_FORM",
    "LARGEST_UPLOAD",
    "REFUSED",
    "Bodies",
    "BodyError",
    "limit_of",
    "refuse_bodies",
    "takes_files",
]

View = TypeVar("View", bound="Callable[..., Any]")
MEGABYTE = 1024 * 1024
LARGEST_FORM, LARGEST_UPLOAD = 6 * MEGABYTE, 21 * MEGABYTE
LARGEST_DISCARDED = 4 * LARGEST_UPLOAD
"""So much is read and thrown away, so that a browser that sends too much can read why it was refused."""
IN_MEMORY = MEGABYTE
PATIENCE, SLOWEST = 30.0, 25_000
"""Seconds that every body may take, and bytes a second below which a longer one is given up."""
AT_ONCE, AT_ONCE_OF_ONE, HELD = 256, 24, 256 * MEGABYTE
"""Bodies that are read at once by a process, of them from one address, and bytes of all of them together."""
REFUSED, TAKES_FILES = "chuangbao.body_refused", "chuangbao_takes_files"


class BodyError(Exception):
    """A body is not taken; ``status`` is the HTTP status that says why."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


def takes_files(view: View) -> View:
    """Declare that a page has a field for files; to all others only a form can be sent."""
    setattr(view, TAKES_FILES, True)
    return view


def limit_of(path: str) -> int:
    """Return how many bytes may be sent to an address."""
    try:
        view = resolve(path).func
    except Http404:
        return LARGEST_FORM
    return LARGEST_UPLOAD if getattr(view, TAKES_FILES, False) else LARGEST_FORM


@dataclass
class Bodies:
    """The bodies that one process is reading, so that all of them together have a bound."""

    patience: float = PATIENCE
    senders: Counter[str] = field(default_factory=Counter)
    held: int = 0
    """Bytes that wait for their page or are read by it."""

    async def receive(
        self, chunks: AsyncIterator[bytes], *, declared: int | None, sender: str, limit: int
    ) -> tuple[IO[bytes], int]:
        """Read a whole body; return it at its start, and its length.

        Args:
            chunks: the parts as they come.
            declared: the length that its head names, or None where it names none.
            sender: the address that it comes from.
            limit: the bytes that are taken at the most.

        Raises:
            BodyError: 413 too long, 408 too slow, 503 too many at once or no room on the disk, 400 broken off.
        """
        with self.take_place(sender):
            if declared is not None and declared > limit:
                await self.discard(chunks)
                raise BodyError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return await self.keep(chunks, declared, limit)

    @contextmanager
    def take_place(self, sender: str) -> Iterator[None]:
        """Hold one of the places for bodies that are being read.

        Raises BodyError with 503 where all places, or all of this sender, are taken.
        """
        if self.senders.total() >= AT_ONCE or self.senders[sender] >= AT_ONCE_OF_ONE:
            raise BodyError(HTTPStatus.SERVICE_UNAVAILABLE)
        self.senders[sender] += 1
        try:
            yield
        finally:
            self.senders[sender] -= 1
            if not self.senders[sender]:
                del self.senders[sender]

    async def keep(self, chunks: AsyncIterator[bytes], declared: int | None, limit: int) -> tuple[IO[bytes], int]:
        """Read the parts into memory, or a long body into an unnamed file; return it and its length in bytes.

        Raises BodyError: 503 where the disk fails, 400 where the length is not the declared one, and as ``hold`` does.
        """
        body, length = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY), 0  # noqa: SIM115 - it is closed with its request
        try:
            async for chunk in self.in_time(chunks):
                length += len(chunk)
                self.hold(len(chunk), length, limit)
                body.write(chunk)
        except OSError as fault:
            self.release(body, length)
            raise BodyError(HTTPStatus.SERVICE_UNAVAILABLE) from fault
        except BaseException:
            self.release(body, length)
            raise
        if declared is not None and length != declared:
            self.release(body, length)
            raise BodyError(HTTPStatus.BAD_REQUEST)
        body.seek(0)
        return body, length  # a spooled file is a file of bytes in all but name

    def hold(self, size: int, length: int, limit: int) -> None:
        """Count bytes that came; raise BodyError where the body (413) or all bodies together (503) are too much."""
        self.held += size
        if length > limit:
            raise BodyError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if self.held > HELD:
            raise BodyError(HTTPStatus.SERVICE_UNAVAILABLE)

    def release(self, body: IO[bytes] | tempfile.SpooledTemporaryFile[bytes], length: int) -> None:
        """Forget a body."""
        body.close()
        self.held -= length

    async def discard(self, chunks: AsyncIterator[bytes]) -> None:
        """Read what will be refused, and keep nothing of it."""
        length = 0
        async for chunk in self.in_time(chunks):
            length += len(chunk)
            if length > LARGEST_DISCARDED:
                return

    async def in_time(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Pass the parts on as long as they come fast enough; raise BodyError (408) where they do not."""
        began, length, parts = time.monotonic(), 0, aiter(chunks)
        while True:
            left = began + self.patience + length / SLOWEST - time.monotonic()
            try:
                chunk = await asyncio.wait_for(anext(parts), max(left, 0))
            except StopAsyncIteration:
                return
            except TimeoutError as fault:
                raise BodyError(HTTPStatus.REQUEST_TIMEOUT) from fault
            length += len(chunk)
            yield chunk


def refuse_bodies(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: answer in the shell where the web server took no body (``REFUSED`` holds the status)."""

    def looked_at(request: HttpRequest) -> HttpResponse:
        status = request.META.get(REFUSED)
        return answer(request) if status is None else refusal(request, HTTPStatus(status))

    return looked_at


def refusal(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """The page that says why nothing was taken, and what to do."""
    context = words_of(status, limit_of(request.path_info) // MEGABYTE)
    response = render(request, "body_refused.html", context, status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = "30"
    return response


def words_of(status: HTTPStatus, most: int) -> Mapping[str, str]:
    """What happened and what to do, in the reader's language; ``most`` is in MB."""
    again = _("Nothing was taken in. Go back, what you typed is still there, and send it again.")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return {
            "title": _("That was too large to be taken"),
            "lead": _("At most %(most)d MB can be sent to this page at once.") % {"most": most},
            "remedy": _("Nothing was taken in. Go back and send a smaller file, or the parts one after the other."),
        }
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return {
            "title": _("Too much is being sent at the moment"),
            "lead": _("The site takes in as much as it can at once."),
            "remedy": _("Nothing was taken in. Wait half a minute, go back and send it again."),
        }
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return {
            "title": _("The line was too slow"),
            "lead": _("What you sent did not arrive in time."),
            "remedy": again,
        }
    return {"title": _("The line broke"), "lead": _("Only a part of what you sent has arrived."), "remedy": again}
