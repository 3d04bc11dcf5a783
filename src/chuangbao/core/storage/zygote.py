"""The process of readers: it has loaded every parser, and forks a child with limits for each file.

``python -m chuangbao.core.storage.zygote FD``: the other end of the socket ``FD`` asks. A request is one message, a
header in JSON with two open files: the content, and a socket for the answer. A child that goes beyond its limits is
ended by the kernel, and the answer breaks off; when the asking process ends, so does this one.
"""

from __future__ import annotations

import ctypes
import gc
import json
import mmap
import os
import resource
import signal
import socket
import sys
from contextlib import suppress
from typing import Any, Final

from chuangbao.core.storage.errors import UnfitError
from chuangbao.core.storage.kinds import KINDS
from chuangbao.gongwen.errors import DocumentError

__all__ = ["answer_to", "close_network", "limit_self", "main", "watch_events"]

NICE, OPEN_FILES = 5, 64
HEADER: Final = 1 << 16
NEW_NETWORK: Final = 0x40000000  # CLONE_NEWNET
NEW_USER: Final = 0x10000000  # CLONE_NEWUSER
FORBIDDEN: Final = frozenset(
    {
        "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "subprocess.Popen",
        "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.kill", "os.putenv",
    }
)  # fmt: skip
WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def limit_self(limits: dict[str, Any]) -> None:
    """Bound this process: processor time, wall clock, memory, no new files; other work comes first."""
    cpu, memory = int(limits["cpu"]), int(limits["memory"])
    signal.setitimer(signal.ITIMER_REAL, float(limits["wall"]))
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(NICE)


def close_network() -> bool:
    """Leave the network for one of its own, where the system lets us; whether it did."""
    library = ctypes.CDLL(None)
    return any(library.unshare(flags) == 0 for flags in (NEW_NETWORK, NEW_NETWORK | NEW_USER))


def watch_events(event: str, given: tuple[Any, ...]) -> None:
    """Audit hook of the process that reads files: stop the network, other programs and files that are written.

    Raises PermissionError with the name of the event.
    """
    written = event == "open" and isinstance(given[2], int) and given[2] & WRITES
    if event in FORBIDDEN or written:
        raise PermissionError(event)


def answer_to(header: dict[str, Any], data: bytes) -> dict[str, Any]:
    """What one file says, or why it is not taken."""
    try:
        return {"ok": KINDS[header["kind"]](data, **header["given"])}
    except DocumentError as error:
        return {"document": [error.what, error.why, error.remedy]}
    except UnfitError as error:
        return {"unfit": error.code}
    except MemoryError:
        return {"over": "memory"}
    except Exception as error:  # noqa: BLE001 - whatever a parser raises, this process answers
        return {"fault": f"{type(error).__name__}: {error}"[:300]}


def written_out(answer: dict[str, Any], most: int) -> bytes:
    """The answer as bytes, where it is not longer than may be."""
    try:
        out = json.dumps(answer, ensure_ascii=True, separators=(",", ":")).encode()
    except MemoryError:
        return b'{"over":"memory"}'
    return out if len(out) <= most else b'{"over":"output"}'


def serve(header: dict[str, Any], content: int, out: int) -> None:  # pragma: no cover - runs in a forked child
    """Read one file in this process, which ends with it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    close_network()
    limit_self(header["limits"])
    sys.addaudithook(watch_events)
    size = os.fstat(content).st_size
    data = mmap.mmap(content, size, prot=mmap.PROT_READ)[:] if size else b""
    answer = written_out(answer_to(header, data), int(header["limits"]["output"]))
    with suppress(OSError), socket.socket(fileno=out) as line:
        line.sendall(answer)


def main(number: int) -> None:  # pragma: no cover - runs in a process of its own
    """Fork a child for each request until the asking process closes the socket."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=number) as line:
        line.send(b"ready")
        while True:
            try:
                message, files, _flags, _address = socket.recv_fds(line, HEADER, 2)
            except ConnectionResetError:  # it was killed while something it had sent was still on its way
                return
            if not message:
                return
            if os.fork() == 0:
                line.detach()
                os.close(number)
                serve(json.loads(message), *files)
                os._exit(0)
            for file in files:
                os.close(file)


if __name__ == "__main__":
    main(int(sys.argv[1]))
