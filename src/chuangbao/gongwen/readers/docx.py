"""Word files (.docx): paragraphs and tables in order; automatic numbers (自动编号) are written out."""

from __future__ import annotations

import io
import zipfile
from typing import Final

import docx
from docx.document import Document  # noqa: TC002 - not the function of the same name
from docx.table import Table
from docx.text.paragraph import Paragraph

from chuangbao.gongwen.errors import DocumentError
from chuangbao.gongwen.readers.numbering import Numbering

__all__ = ["read_docx"]

_MAX_UNPACKED: Final = 200 * 1024 * 1024
_MAX_XML: Final = 40 * 1024 * 1024  # a book of ten thousand pages; as a tree it takes many times as much


def _check(data: bytes, name: str) -> None:
    """Refuse what is no Word file and what unpacks to too much (zip bomb)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(item.file_size for item in packed.infolist())
            marked_up = sum(
                item.file_size for item in packed.infolist() if item.filename.lower().endswith((".xml", ".rels"))
            )
            names = packed.namelist()
    except zipfile.BadZipFile as error:
        raise DocumentError(f"{name} was not read", "its archive is damaged", "Save it again from Word") from error
    if unpacked > _MAX_UNPACKED or marked_up > _MAX_XML:
        raise DocumentError(
            f"{name} was not read", f"it unpacks to {unpacked} bytes", "Save its text alone and try again"
        )
    if "word/document.xml" not in names:
        raise DocumentError(f"{name} was not read", "it is an archive, but no Word document", "Give the .docx itself")


def read_docx(data: bytes, name: str) -> str:
    """The text, one paragraph a line, cells of a table row parted by tabs.

    Raises:
        DocumentError: the file is no sound Word document.

    """
    _check(data, name)
    try:
        return _text(docx.Document(io.BytesIO(data)))
    except Exception as error:
        # the libraries raise whatever a broken part made them stumble over
        raise DocumentError(
            f"{name} was not read", "its parts do not fit together", "Save it again from Word"
        ) from error


def _text(document: Document) -> str:
    """The text of an opened document."""
    numbering = Numbering(document)
    lines: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            lines.append(numbering.label(block) + block.text)
        elif isinstance(block, Table):
            lines += ["\t".join(dict.fromkeys(cell.text.strip() for cell in row.cells)) for row in block.rows]
    return "\n".join(lines) + "\n"
