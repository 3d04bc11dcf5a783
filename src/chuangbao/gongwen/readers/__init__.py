"""Files to text: what a clerk has on the desk (.txt, Word, PDF, a saved web page)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chuangbao.gongwen.errors import DocumentError
from chuangbao.gongwen.readers.docx import read_docx
from chuangbao.gongwen.readers.html import read_html
from chuangbao.gongwen.readers.pdf import read_pdf
from chuangbao.gongwen.readers.text import decode

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MAX_BYTES", "read_file"]

MAX_BYTES: Final = 50 * 1024 * 1024
_OLE: Final = b"\xd0\xcf\x11\xe0"


def read_file(path: Path) -> str:
    """The text of a file, told by its content rather than by its name.

    Raises:
        DocumentError: the file cannot be read, with the reason and the remedy.

    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DocumentError(
                f"{path.name} was not read",
                f"it has {size} bytes, more than {MAX_BYTES}",
                "Split it or save the text alone",
            )
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"{path.name} cannot be opened", str(error.strerror or error), "Check the path and the rights"
        ) from error
    text = _convert(path, data)
    if not text.strip():
        raise DocumentError(
            f"{path.name} is empty", "no text was found in it", "Choose the file with the document's text"
        )
    return text


def _convert(path: Path, data: bytes) -> str:
    """Choose the reader by the first bytes, then by the ending."""
    suffix = path.suffix.lower()
    if data.startswith(b"%PDF"):
        return read_pdf(data, path.name)
    if data.startswith(b"PK"):
        return read_docx(data, path.name)
    if data.startswith(_OLE):
        raise DocumentError(
            f"{path.name} was not read",
            "it is an old .doc, .wps or a locked Word file",
            "Save it without a password as .docx",
        )
    if suffix in {".html", ".htm"} or data.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        return read_html(data)
    if suffix in {".txt", ".md", ""}:
        return decode(data, path.name)
    raise DocumentError(
        f"{path.name} was not read",
        f"{suffix} is not a kind this parser knows",
        "Give a .txt, .docx, .pdf or .html file",
    )
