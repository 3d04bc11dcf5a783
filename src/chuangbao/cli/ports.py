"""Ports: whether one is free, which is, and which program holds one that is not."""

from __future__ import annotations

import errno
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chuangbao.cli.start import stop

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FIRST_PORT", "LARGEST", "choose_port", "holder_of"]

FIRST_PORT, PORTS, LARGEST = 8000, 50, 65535
LISTENING = "0A"
"""The state of a listening socket in the tables of Linux."""


def choose_port(host: str, port: int | None) -> int:
    """The port that is asked for, which must be free, or from ``FIRST_PORT`` on the first free one.

    Stops with status 1 where the port is taken, naming the program that holds it where the machine tells, and where
    nothing can listen on the address at all.
    """
    if port is not None:
        if is_taken(host, port):
            told = holder_of(port) or "another program"
            stop(
                f"端口 {port} 已被占用 · port {port} is taken by {told}."
                " 换一个端口，或先停掉它 · name another with --port, or stop that program."
            )
        return port
    for candidate in range(FIRST_PORT, FIRST_PORT + PORTS):
        if not is_taken(host, candidate):
            return candidate
    return stop(f"端口 {FIRST_PORT}–{FIRST_PORT + PORTS - 1} 均被占用 · all are taken; name another with --port.")


def is_taken(host: str, port: int) -> bool:
    """Tell whether another program listens there; stops with status 1 where none can."""
    try:
        family, kind, number, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, number) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            return True
        stop(f"地址 {host} 端口 {port} 无法使用 · nothing can listen on {host}, port {port}: {fault.strerror}.")
    return False


def holder_of(port: int) -> str:
    """The program that listens on a port, as ``name (process 123)``; empty where the machine does not tell."""
    sockets = {f"socket:[{number}]" for number in listening_on(port)}
    for handle in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):  # of another user, or gone already
            if str(handle.readlink()) in sockets:
                process = handle.parents[1]
                return f"{(process / 'comm').read_text(encoding='utf-8').strip()} (process {process.name})"
    return ""


def listening_on(port: int) -> Iterator[str]:
    """The numbers of the sockets that listen on a port."""
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in Path("/proc/net", table).read_text(encoding="ascii").splitlines()[1:]:
                _row, local, _remote, state, *_rest = columns = line.split()
                if state == LISTENING and int(local.rpartition(":")[2], 16) == port:
                    yield columns[9]
