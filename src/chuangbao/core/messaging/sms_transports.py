"""Ways to send SMS (短信通道): files in the data folder, or one gateway that takes JSON over HTTP.

``SMS_TRANSPORT`` names the class. Another gateway is another class with the same ``send``; it need know nothing of
the outbox, which keeps each message until ``send`` has returned.
"""

from __future__ import annotations

import json
import os
from base64 import b64encode
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from uuid import UUID

__all__ = [
    "FileTransport",
    "GatewayAwayError",
    "HttpTransport",
    "NumberRefusedError",
    "Transport",
    "forget_files",
    "list_messages",
    "open_transport",
    "sent_at",
]

SECONDS = 10
TAKEN, WRONG = range(200, 300), {400, 404, 410, 422}
"""Answers of a gateway: it has the message, or it will never take it. All others mean: try again later."""


class GatewayAwayError(Exception):
    """The gateway does not answer, or cannot take messages now."""


class NumberRefusedError(Exception):
    """The gateway will never take this message: no such number, or words it does not send."""


class Transport(Protocol):
    """What sends SMS."""

    def send(self, *, number: str, text: str, key: UUID) -> None:
        """Send a text to a number (E.164); a message with a key that was taken before is not sent again.

        Raises GatewayAwayError where it is to be tried again, NumberRefusedError where that is of no use.
        """


def open_transport() -> Transport:
    """Return the way that the settings name."""
    made: Transport = import_string(settings.SMS_TRANSPORT)()
    return made


class FileTransport:
    """Every message becomes a file, named by its key: for trying, and for installations without a gateway."""

    def send(self, *, number: str, text: str, key: UUID) -> None:
        """Write the file. Raises GatewayAwayError where the folder cannot be written."""
        folder = Path(settings.SMS_FILE_PATH)
        content = json.dumps({"to": number, "at": timezone.now().isoformat(), "text": text}, ensure_ascii=False)
        unfinished = folder / f"{key}.part"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(
                os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
            ) as f:
                f.write(content)
            unfinished.replace(folder / f"{key}.json")
        except OSError as fault:
            raise GatewayAwayError(f"{type(fault).__name__}: the folder of messages cannot be written") from fault


class HttpTransport:
    """A gateway that takes ``POST`` with ``{"to", "text", "id"}`` as JSON; name and password go as Basic.

    The key of a message goes along as ``id`` and as ``Idempotency-Key``, so that a message whose answer was lost is
    sent once. 2xx: taken. 400, 404, 410, 422: never. Anything else: later.
    """

    def send(self, *, number: str, text: str, key: UUID) -> None:
        """Hand it to the gateway. Raises GatewayAwayError, NumberRefusedError."""
        parts = urlsplit(settings.SMS_GATEWAY)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        line = kind(parts.hostname or "", parts.port, timeout=SECONDS)
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": str(key)}
        if parts.username:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        place = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        content = json.dumps({"to": number, "text": text, "id": str(key)}, ensure_ascii=False).encode()
        try:
            line.request("POST", place, content, headers)
            status = line.getresponse().status
        except (OSError, HTTPException) as fault:
            raise GatewayAwayError(f"{type(fault).__name__}: the SMS gateway does not answer") from fault
        finally:
            line.close()
        if status in WRONG:
            raise NumberRefusedError(f"the SMS gateway answers {status}")
        if status not in TAKEN:
            raise GatewayAwayError(f"the SMS gateway answers {status}")


def list_messages(most: int | None = None) -> list[tuple[Path, dict[str, str]]]:
    """List the messages of the folder with their files, the newest first."""
    folder = Path(settings.SMS_FILE_PATH)
    files = sorted(folder.glob("*.json"), key=lambda f: f.stat().st_mtime, reverse=True) if folder.is_dir() else []
    return [(file, json.loads(file.read_text(encoding="utf-8"))) for file in files[:most]]


def sent_at(message: dict[str, str]) -> datetime:
    """Return when a message of the folder was sent."""
    return datetime.fromisoformat(message["at"])


def forget_files(numbers: set[str]) -> int:
    """Delete the messages to some numbers from the folder; how many."""
    gone = [file for file, message in list_messages() if message["to"] in numbers]
    for file in gone:
        file.unlink()
    return len(gone)
