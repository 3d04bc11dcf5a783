"""What a file is by its content (文件类型识别), and what in it makes it dangerous, in words.

The content itself is looked at in a process of its own (``core.storage``).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from chuangbao.core.storage.errors import UnfitError
from chuangbao.core.storage.reading import read_apart
from chuangbao.core.workflow.refusals import Refused

__all__ = ["DOCUMENTS", "OTHER", "PAPERS", "SHEETS", "Kind", "recognise_type", "refusal_of"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its ending and its media type."""

    ending: str
    media_type: str


PDF = Kind("pdf", "application/pdf")
DOCX = Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
XLSX = Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
PNG, JPG = Kind("png", "image/png"), Kind("jpg", "image/jpeg")
TXT, CSV = Kind("txt", "text/plain"), Kind("csv", "text/csv")
PAPERS = (PDF, PNG, JPG)
SHEETS = (XLSX, CSV)
DOCUMENTS = (PDF, DOCX, XLSX, PNG, JPG, TXT, CSV)
OTHER = Kind("", "application/octet-stream")
"""A file that was already read as a document; no program is asked to open it."""


def recognise_type(name: str, content: bytes, allowed: tuple[Kind, ...]) -> Kind:
    """Return the kind of a file, recognised by its content and agreeing with its ending.

    Raises Refused (field ``file``): empty, kind, bomb, path, macros, active, disguised, broken, costly, busy.
    """
    if not content:
        raise Refused("empty", _("The file is empty."), field="file")
    by_ending = {kind.ending: kind for kind in allowed}
    try:
        ending = read_apart("recognise", content, name=name, allowed=list(by_ending))
    except UnfitError as error:
        raise refusal_of(error.code, allowed) from error
    return by_ending[str(ending)]


def refusal_of(code: str, allowed: tuple[Kind, ...]) -> Refused:
    """Why a file is not taken, in words."""
    message = {
        "kind": _(
            "This is not a file of a kind that is taken here (%(kinds)s), or its ending does not say what it is. "
            "Save it as one of them and try again."
        )
        % {"kinds": "、".join(kind.ending for kind in allowed)},
        "bomb": _("Unpacked, this file would be far too large."),
        "path": _("This file holds parts that point outside of it."),
        "macros": _("This file holds macros or embedded programs. Save it without them and try again."),
        "active": _("This PDF holds scripts or embedded files. Print it to a new PDF and try again."),
        "disguised": _("Another file is hidden inside this one. Save it anew and try again."),
        "broken": _("This file is damaged. Save it anew and try again."),
    }[code]
    return Refused(code, message, field="file")
