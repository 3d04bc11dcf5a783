"""Reading foreign files apart (隔离读取): in a process of its own with limits, few at a time, so that pages go on.

Files of strangers can make a parser work for hours or take all memory. Here they are read by a child that the kernel
ends when it goes beyond its limits; what runs over is a refusal in words, never a page that hangs.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from structlog import get_logger

from chuangbao.config.paths import DATA_DIR
from chuangbao.core.storage.errors import UnfitError
from chuangbao.core.workflow.refusals import Refused
from chuangbao.gongwen.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from django.http import HttpRequest, HttpResponse

__all__ = ["IN_JOB", "IN_PAGE", "Limits", "close", "read_apart", "return_when_full", "start"]

MEGABYTE = 1 << 20
SLOTS = max(2, (os.cpu_count() or 2) // 2)
PLACE = DATA_DIR / "reading"
RETRY_SECONDS, START_SECONDS, GRACE, PAUSE = 10, 60.0, 2.0, 0.05
PIECE = 1 << 16
INHERITED = {"LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH"}
log = get_logger(__name__)
full: ContextVar[bool] = ContextVar("full", default=False)
"""Whether a file of this request was turned away because too many are being read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: seconds of processor and of wall clock, bytes of memory and of the answer.

    ``patience`` is how many seconds a file waits until one of the others has been read.
    """

    cpu: int
    wall: float
    memory: int
    output: int
    patience: float


IN_PAGE = Limits(cpu=10, wall=15.0, memory=1024 * MEGABYTE, output=32 * MEGABYTE, patience=2.0)
IN_JOB = Limits(cpu=120, wall=180.0, memory=1536 * MEGABYTE, output=128 * MEGABYTE, patience=300.0)


class Helper:
    """The process of readers that belongs to this process; it is started when the first file comes."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.line: socket.socket | None = None
        self.owner = 0
        self.ready = False

    def ensure_running(self) -> socket.socket:
        """The line to the process, which is started where there is none (after a fork there is none of ours)."""
        if self.line is None or self.owner != os.getpid() or self.process is None or self.process.poll() is not None:
            if self.line is not None:
                self.line.close()
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            environment = {k: v for k, v in os.environ.items() if k in INHERITED or k.startswith("COVERAGE_")}
            environment |= {
                "PATH": "",
                "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)),
                "OPENBLAS_NUM_THREADS": "1",
            }
            with theirs:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "chuangbao.core.storage.zygote", str(theirs.fileno())],
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    env=environment,
                    cwd="/",
                )
            self.line, self.owner, self.ready = ours, os.getpid(), False
        return self.line

    def ready_line(self) -> socket.socket:
        """The line to the process once it has loaded its parsers; raises OSError where it does not come that far."""
        line = self.ensure_running()
        if not self.ready:
            line.settimeout(START_SECONDS)
            if not line.recv(PIECE):
                raise ConnectionResetError
            line.settimeout(None)
            self.ready = True
        return line

    def send(self, header: bytes, files: list[int]) -> None:
        """Ask; a process that has ended is started again, once."""
        with self.lock:
            try:
                socket.send_fds(self.ready_line(), [header], files)
            except OSError:
                self.end()
                socket.send_fds(self.ready_line(), [header], files)

    def end(self) -> None:
        """Let the process end; the lock is held, or no request is left."""
        if self.line is not None:
            self.line.close()
        if self.process is not None and self.owner == os.getpid():
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(1)
        self.line = self.process = None


helper = Helper()


def start() -> None:
    """Start the process of readers before the first file comes, without waiting for it."""
    with helper.lock:
        helper.ensure_running()


@atexit.register
def close() -> None:
    """End the process of readers."""
    helper.end()


def read_apart(kind: str, data: bytes, /, *, limits: Limits = IN_PAGE, **given: Any) -> Any:
    """What ``core.storage.kinds`` reads of a foreign file, read in a process of its own.

    Raises Refused (field ``file``): costly where it took more than ``limits``, busy where too many are being read,
    broken where the parser failed. UnfitError and DocumentError as the reader raised them.
    """
    header = json.dumps({"kind": kind, "given": given, "limits": asdict(limits)}).encode()
    with slot(limits.patience), content_of(data) as content:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                helper.send(header, [content.fileno(), theirs.fileno()])
            answer = receive_answer(ours, limits)
    return unpack_answer(kind, answer, limits)


def receive_answer(line: socket.socket, limits: Limits) -> dict[str, Any]:
    """The whole answer, or that it ran over: a child that was ended breaks off."""
    end = time.monotonic() + limits.wall + GRACE
    pieces: list[bytes] = []
    size = 0
    try:
        while size <= limits.output:
            line.settimeout(max(end - time.monotonic(), PAUSE))
            piece = line.recv(PIECE)
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
        found: dict[str, Any] = json.loads(b"".join(pieces))
    except (OSError, ValueError):
        return {"over": "time"}
    return found


def unpack_answer(kind: str, answer: dict[str, Any], limits: Limits) -> Any:
    """Return what was read.

    Raises DocumentError, UnfitError, Refused(costly) beyond the limits, Refused(broken): what the answer says.
    """
    if "ok" in answer:
        return answer["ok"]
    if "document" in answer:
        raise DocumentError(*answer["document"])
    if "unfit" in answer:
        raise UnfitError(str(answer["unfit"]))
    log.warning("file not read", kind=kind, reason=str(answer.get("over") or answer.get("fault")))
    if "over" in answer:
        message = _(
            "Reading this took more than %(seconds)d seconds or %(memory)d MB of memory, so it was not read. "
            "Save it anew without pictures, divide it, or paste the part that matters."
        ) % {"seconds": limits.wall, "memory": limits.memory // MEGABYTE}
        raise Refused("costly", message, field="file")
    raise Refused("broken", _("This file is damaged. Save it anew and try again."), field="file")


@contextmanager
def content_of(data: bytes) -> Iterator[IO[bytes]]:
    """An open file without a name that holds the bytes; in memory where the system can."""
    made = (
        os.fdopen(os.memfd_create("content"), "w+b") if hasattr(os, "memfd_create") else tempfile.TemporaryFile()  # noqa: SIM115 - closed below
    )
    with made as file:
        file.write(data)
        file.flush()
        yield file


@contextmanager
def slot(patience: float) -> Iterator[None]:
    """One of the few places to read in, of all processes of this machine together.

    Raises Refused(busy) where none becomes free in time.
    """
    end = time.monotonic() + patience
    while True:
        for number in range(SLOTS):
            with open_slot(PLACE, number) as file:
                if take_lock(file):
                    yield
                    return
        if time.monotonic() >= end:
            full.set(True)
            message = _("Other files are being read at the moment. Wait a few seconds and send it again.")
            raise Refused("busy", message, field="file")
        time.sleep(PAUSE)


@contextmanager
def open_slot(place: Path, number: int) -> Iterator[int]:
    """The lock file of one place."""
    flags = os.O_RDWR | os.O_CREAT
    try:
        file = os.open(place / str(number), flags, 0o600)
    except FileNotFoundError:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.open(place / str(number), flags, 0o600)
    try:
        yield file
    finally:
        os.close(file)


def take_lock(file: int) -> bool:
    """Whether the lock of a place is ours now; it is given back when the file is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def return_when_full(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a form that was refused because too many files are being read is answered with 503 and a time."""

    def answer_or_delay(request: HttpRequest) -> HttpResponse:
        token = full.set(False)
        try:
            response = answer(request)
            if full.get() and response.status_code == 422:  # noqa: PLR2004 - a refused form
                response.status_code = 503
                response["Retry-After"] = str(RETRY_SECONDS)
            return response
        finally:
            full.reset(token)

    return answer_or_delay
