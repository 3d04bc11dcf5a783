"""Plain text in the encodings that Chinese offices use: UTF-8, UTF-16 with a mark, GB18030."""

from __future__ import annotations

from chuangbao.gongwen.errors import DocumentError

__all__ = ["decode"]


def decode(data: bytes, name: str) -> str:
    """The text, byte for byte: encoding it again gives the file.

    Raises:
        DocumentError: no encoding fits.

    """
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise DocumentError(f"{name} was not read", "it is not text in UTF-8 or GB18030", "Save it again as UTF-8 text")
