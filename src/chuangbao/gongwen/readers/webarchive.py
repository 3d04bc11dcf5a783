"""Pages that a browser saved as one file (.mht, .mhtml): the page inside, by the rules of e-mail (RFC 2557)."""

from __future__ import annotations

import email
import email.policy
import re
from typing import Any, Final

from chuangbao.gongwen.errors import DocumentError

__all__ = ["is_web_archive", "unpack_web_archive"]

_HEAD: Final = re.compile(rb"(?:From|MIME-Version|Snapshot-Content-Location|Subject|Date): ", re.IGNORECASE)


def is_web_archive(data: bytes) -> bool:
    """Return whether a file begins with the headers of a saved page."""
    return bool(_HEAD.match(data)) and b"content-type:" in data[:4096].lower()


def unpack_web_archive(data: bytes, name: str) -> bytes:
    """Return the first page of the archive: in UTF-8 where its header names a charset, else as the page itself says.

    Raises:
        DocumentError: there is no page in it.

    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page: Any = part.get_payload(decode=True)
            charset = part.get_content_charset()  # Chromium names none: only the page knows
            return _in_utf8(page, charset) if charset else bytes(page)
    raise DocumentError(f"{name} was not read", "no page is found in it", "Save the page again")


def _in_utf8(page: bytes, charset: str) -> bytes:
    """Return a page in UTF-8, its own mention of a charset set to that; as it is where the charset is unknown."""
    try:
        text = page.decode("gb18030" if charset.startswith("gb") else charset, errors="replace")
    except LookupError:
        return page
    return re.sub(rb"charset=[\"']?[\w-]+", b"charset=utf-8", text.encode(), count=1)
