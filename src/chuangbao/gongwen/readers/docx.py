"""Word files (.docx): all that carries text, in order; automatic numbers (自动编号) are written out.

The parts are read as XML: the usual library passes over smart tags, content controls, text boxes and tables in cells
without a word, and refuses a file for a picture that is missing, which Word opens.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from chuangbao.gongwen.errors import DocumentError
from chuangbao.gongwen.readers.numbering import Numbering
from chuangbao.gongwen.readers.package import BrokenPackageError, HostilePackageError, check_parts
from chuangbao.gongwen.readers.wordtext import Notes, WordText
from chuangbao.gongwen.readers.xmlnames import name_of, value_of

if TYPE_CHECKING:
    from chuangbao.gongwen.model import ReadingWarning

__all__ = ["read_docx"]

_MAX_UNPACKED: Final = 200 * 1024 * 1024
_MAX_SPAN: Final = 63  # columns of a table in Word
_MAX_XML: Final = 60 * 1024 * 1024  # a book of ten thousand pages; as a tree it takes many times as much
_MAIN: Final = "word/document.xml"
_SPANS: Final = frozenset({"gridSpan", "gridBefore", "gridAfter"})


def _check(data: bytes, name: str) -> None:
    """Refuse what is no Word file and what unpacks to too much (zip bomb)."""
    try:
        names = check_parts(data, most=_MAX_UNPACKED, most_text=_MAX_XML)
    except BrokenPackageError as error:
        raise DocumentError(f"{name} was not read", "its archive is damaged", "Save it again from Word") from error
    except HostilePackageError as error:
        raise DocumentError(f"{name} was not read", str(error), "Save its text alone and try again") from error
    if not any(part.startswith("word/document") for part in names):
        raise DocumentError(f"{name} was not read", "it is an archive, but no Word document", "Give the .docx itself")


def read_docx(data: bytes, name: str, warnings: list[ReadingWarning] | None = None) -> str:
    """Return the text, one paragraph a line, cells of a table row parted by tabs.

    Args:
        data: the file.
        name: its name, for messages.
        warnings: takes what was left out.

    Raises:
        DocumentError: the file is no sound Word document.

    """
    _check(data, name)
    try:
        text, notes = _read_parts(data, name)
    except DocumentError:
        raise
    except Exception as error:
        # a broken part makes the parser stumble over whatever it holds
        raise DocumentError(
            f"{name} was not read", "its parts do not fit together", "Save it again from Word"
        ) from error
    if warnings is not None:
        warnings += notes.as_warnings()
    return text


def _read_parts(data: bytes, name: str) -> tuple[str, Notes]:
    """Return the text of the document with its headers before it, and what was left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = _Parts(package)
        main = parts.read(parts.find_main())
        _check_spans(main, name)
        word = WordText(
            Numbering(parts.read("word/numbering.xml"), parts.read("word/styles.xml")),
            {kind: _texts_by_id(parts.read(f"word/{kind}s.xml"), kind) for kind in ("footnote", "endnote")},
            name,
        )
        lines = word.read_blocks(_body(main))
        above = _heads(word, parts, "header", lines)
        below = _heads(word, parts, "footer", [*lines, *above])
        word.notes.footers += below
        word.notes.diagrams += sum(
            len("".join(parts.read(part).itertext())) for part in parts.names("word/diagrams/data") if parts.has(part)
        )
    return "\n".join([*above, *lines]) + "\n", word.notes


class _Parts:
    """The XML parts of a package, each read once; a part that is missing is an empty one."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        """Keep the package and the names of its parts."""
        self._package = package
        self._names = set(package.namelist())
        self._parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)

    def has(self, part: str) -> bool:
        """Return whether the package has the part."""
        return part in self._names

    def names(self, prefix: str) -> list[str]:
        """Return the parts whose names begin so, in the order of their numbers."""
        found = (part for part in self._names if part.startswith(prefix) and part.endswith(".xml"))
        return sorted(found, key=lambda part: (len(part), part))

    def find_main(self) -> str:
        """Return the part that the package names as its document; some programs call it document2.xml."""
        for link in self.read("_rels/.rels"):
            if value_of(link, "Type", "").endswith("/officeDocument"):
                target = value_of(link, "Target", _MAIN).lstrip("/")
                return target if target in self._names else _MAIN
        return _MAIN

    def read(self, part: str) -> Any:
        """Return the root of a part."""
        if part not in self._names:
            return etree.Element("none")
        return etree.fromstring(self._package.read(part), parser=self._parser)


def _body(main: Any) -> Any:
    """Return the body of the main part."""
    return next(child for child in main if name_of(child) == "body")


def _check_spans(main: Any, name: str) -> None:
    """Refuse a cell over more columns than Word has: no office made it, and a reader would repeat it as often."""
    for span in main.iter():
        if name_of(span) not in _SPANS:
            continue
        value = value_of(span, "val", "1")
        if len(value) > len(str(_MAX_SPAN)) or int(value) > _MAX_SPAN:
            raise DocumentError(
                f"{name} was not read", f"a cell of a table spans {value[:20]} columns", "Save it again from Word"
            )


def _texts_by_id(root: Any, kind: str) -> dict[str, Any]:
    """Return the notes of a part by their numbers; separators are none."""
    return {
        value_of(note, "id", ""): note
        for note in root
        if name_of(note) == kind and value_of(note, "type", "normal") == "normal"
    }


def _heads(word: WordText, parts: _Parts, kind: str, known: list[str]) -> list[str]:
    """Return the lines of all headers or footers that say something and are found nowhere else, each once."""
    lines = [line.strip() for part in parts.names(f"word/{kind}") for line in word.read_blocks(parts.read(part))]
    said = [line for line in lines if any("\u4e00" <= letter <= "\u9fff" for letter in line)]
    return [line for line in dict.fromkeys(said) if line not in known]
