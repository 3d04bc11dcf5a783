"""Many documents one after the other (批量读取): the line of a report for each of them. Loads no reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from chuangbao.gongwen.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["MOST_DOCUMENTS", "is_hidden", "line_of", "list_folder"]

MOST_DOCUMENTS: Final = 100
"""Documents of one archive or of one form."""
_HIDDEN: Final = re.compile(r"^(?:\.|~\$|thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


def list_folder(folder: Path) -> list[Path]:
    """Return the files of a folder and of those below it, without the hidden ones."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not is_hidden(path.relative_to(folder).parts))


def line_of(name: str, read: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """Return the line of a report about one document: what was read of it, or why it was not.

    Args:
        name: the file as people call it.
        read: reads it; what it returns is what ``Document.to_dict`` makes.

    """
    try:
        parsed = read()
    except DocumentError as error:
        return {"name": name, "error": [error.what, error.why, error.remedy]}
    kept = ("title", "number", "account", "warnings", "is_official")
    return {"name": name, "error": None, **{key: parsed[key] for key in kept}}


def is_hidden(parts: tuple[str, ...]) -> bool:
    """Return whether a path leads to what programs leave beside documents (.DS_Store, __MACOSX, ~$通知.docx)."""
    return any(_HIDDEN.match(part) or part == "__MACOSX" for part in parts)
