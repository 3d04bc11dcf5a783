"""The parser of Chinese official documents (公文): text in, a tree with positions out. No Django.

The parsers of foreign formats are loaded with ``parse_file`` and ``parse_text``, not with this package: a web process
never needs them.
"""

from typing import TYPE_CHECKING, Any

from chuangbao.gongwen.errors import MAX_CHARACTERS, DocumentError
from chuangbao.gongwen.model import (
    Account,
    Cite,
    Document,
    Duty,
    Leaf,
    Quantity,
    ReadingWarning,
    Section,
    Sentence,
    Table,
)

if TYPE_CHECKING:
    from chuangbao.gongwen.parse import parse_data, parse_file, parse_text

__all__ = [
    "MAX_CHARACTERS",
    "Account",
    "Cite",
    "Document",
    "DocumentError",
    "Duty",
    "Leaf",
    "Quantity",
    "ReadingWarning",
    "Section",
    "Sentence",
    "Table",
    "parse_data",
    "parse_file",
    "parse_text",
]


def __getattr__(name: str) -> Any:
    """The functions that parse, loaded when they are asked for."""
    if name not in {"parse_data", "parse_file", "parse_text"}:
        raise AttributeError(name)
    from chuangbao.gongwen import parse  # late: see the module's first lines

    return getattr(parse, name)
