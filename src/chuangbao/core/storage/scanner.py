"""Looking for malicious software in uploads (查毒): a ClamAV daemon reached by its own protocol (clamd, INSTREAM).

``CHUANGBAO_SCANNER`` is ``tcp://host:3310`` or ``unix:///run/clamav/clamd.ctl``. Content is streamed in chunks, each
behind its length in four bytes; the daemon answers with one line, and with the threat's name where it found one.
"""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ScannerError", "ping_scanner", "scan_content"]

CHUNK, SECONDS, PORT = 64 * 1024, 120, 3310
LONGEST = 4096
CLEAN, FOUND = "OK", "FOUND"


class ScannerError(Exception):
    """The scanner is away, or says that it could not look; nothing is known of the content."""


def scan_content(content: bytes, *, address: str) -> str:
    """Return the name of the threat in the content, empty where there is none. Raises ScannerError."""
    said = ask(address, b"zINSTREAM\0", chunks_of(content))
    words = said.removeprefix("stream:").strip()
    if words == CLEAN:
        return ""
    if words.endswith(FOUND):
        return words.removesuffix(FOUND).strip()
    raise ScannerError(words or "the scanner closed the connection without a word")


def ping_scanner(*, address: str) -> None:
    """Ask whether the scanner is there. Raises ScannerError."""
    said = ask(address, b"zPING\0", iter(()))
    if said != "PONG":
        raise ScannerError(said or "the scanner closed the connection without a word")


def chunks_of(content: bytes) -> Iterator[bytes]:
    """Cut the content, each part behind its length, and an empty one at the end."""
    for start in range(0, len(content), CHUNK):
        part = content[start : start + CHUNK]
        yield struct.pack(">I", len(part)) + part
    yield struct.pack(">I", 0)


def ask(address: str, command: bytes, parts: Iterator[bytes]) -> str:
    """Send a command and what belongs to it, and return the answer up to its null character.

    Raises ScannerError where the scanner does not answer.
    """
    try:
        with connect_scanner(address) as line:
            with suppress(BrokenPipeError, ConnectionResetError):  # it has seen enough; its answer says why
                line.sendall(command)
                for part in parts:
                    line.sendall(part)
            said = b""
            while not said.endswith(b"\0") and len(said) < LONGEST:
                more = line.recv(LONGEST)
                if not more:
                    break
                said += more
    except OSError as fault:
        raise ScannerError(f"{type(fault).__name__}: the scanner does not answer") from fault
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def connect_scanner(address: str) -> socket.socket:
    """Open the line to the scanner. Raises OSError."""
    parts = urlsplit(address)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(SECONDS)
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((parts.hostname or "127.0.0.1", parts.port or PORT), SECONDS)
