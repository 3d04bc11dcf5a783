"""Files to text: what a clerk has on the desk (.txt, Word, PDF, a saved web page)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from chuangbao.gongwen.errors import MAX_CHARACTERS, DocumentError, too_long
from chuangbao.gongwen.model import ReadingWarning
from chuangbao.gongwen.readers.docx import read_docx
from chuangbao.gongwen.readers.html import read_html
from chuangbao.gongwen.readers.legacy import convert_to_docx
from chuangbao.gongwen.readers.ofd import is_ofd, read_ofd
from chuangbao.gongwen.readers.pdf import read_pdf
from chuangbao.gongwen.readers.text import decode
from chuangbao.gongwen.readers.webarchive import is_web_archive, unpack_web_archive

__all__ = ["MAX_BYTES", "read_data", "read_file"]

MAX_BYTES: Final = 50 * 1024 * 1024
_LOST: Final = "\ufffd"
_MOST_LOST: Final = 0.3
_OLE: Final = b"\xd0\xcf\x11\xe0"


def read_file(path: Path, warnings: list[ReadingWarning] | None = None) -> str:
    """Return the text of a file, whose kind is recognised by its content rather than by its name.

    Args:
        path: where the file is.
        warnings: takes what the reader left out or doubts.

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
    return read_data(data, path.name, warnings)


def read_data(data: bytes, name: str, warnings: list[ReadingWarning] | None = None) -> str:
    """Return the text of a file's content; ``warnings`` as in ``read_file``.

    Raises:
        DocumentError: it cannot be read, with the reason and the remedy.

    """
    text = _convert(Path(name), data, warnings)
    if not text.strip():
        raise DocumentError(f"{name} is empty", "no text was found in it", "Choose the file with the document's text")
    if len(text) > MAX_CHARACTERS:
        raise too_long(name)
    if lost := text.count(_LOST):
        _doubt_letters(text, lost, name, warnings)
    return text


def _doubt_letters(text: str, lost: int, name: str, warnings: list[ReadingWarning] | None) -> None:
    """Warn of letters that the file's encoding does not have; refuse a text that has hardly any others."""
    said = "%(count)s letters could not be read because they have no names"
    if lost > len(text) * _MOST_LOST:
        raise DocumentError(f"{name} was not read", "it is not text in UTF-8 or GB18030", "Save it again as UTF-8 text")
    if warnings is not None and not any(warning.text == said for warning in warnings):
        warnings.append(ReadingWarning(said, values=(("count", str(lost)),)))


def _convert(path: Path, data: bytes, warnings: list[ReadingWarning] | None) -> str:
    """Choose the reader by the first bytes, then by the ending."""
    suffix = path.suffix.lower()
    if data.startswith(b"%PDF"):
        return read_pdf(data, path.name, warnings)
    if data.startswith(b"PK"):
        return read_ofd(data, path.name, warnings) if is_ofd(data) else read_docx(data, path.name, warnings)
    if data.startswith(_OLE):
        return read_docx(convert_to_docx(data, path.name), path.name, warnings)
    if is_web_archive(data):
        return read_html(unpack_web_archive(data, path.name), path.name, warnings)
    if suffix in {".html", ".htm"} or data.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        return read_html(data, path.name, warnings)
    if suffix in {".txt", ".md", ""}:
        return decode(data, path.name)
    raise DocumentError(
        f"{path.name} was not read",
        f"{suffix} is not a kind this parser knows",
        "Give a .txt, .docx, .pdf, .ofd or .html file",
    )
