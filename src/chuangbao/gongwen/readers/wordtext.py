"""The text of WordprocessingML (ECMA-376): every element that carries text is read, or counted as left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from chuangbao.gongwen.errors import MAX_CHARACTERS, too_long
from chuangbao.gongwen.model import ReadingWarning
from chuangbao.gongwen.readers.xmlnames import name_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.gongwen.readers.numbering import Numbering

__all__ = ["Notes", "WordText"]

_PLACE: Final = "　"
"""What a tab inside a paragraph becomes: only the cells of a table are parted by tabs."""
_SIGNS: Final = {"br": "\n", "cr": "\n", "tab": _PLACE, "ptab": _PLACE, "noBreakHyphen": "-"}
_BOXES: Final = {"F0A8": "□", "F06F": "□", "F0FE": "☑", "F052": "☑", "F0FC": "√", "F0A1": "○", "F0B7": "•"}
"""Symbols of the fonts Wingdings and Symbol, which have no letters: the boxes of forms above all."""
_DROPPED: Final = frozenset({"del", "moveFrom", "pPr", "rPr", "instrText", "delInstrText", "rt", "sectPr", "tblPr"})
_PICTURES: Final = frozenset({"blip", "imagedata"})
_NOTES: Final = {"footnoteReference": "footnote", "endnoteReference": "endnote"}


@dataclass(slots=True)
class Notes:
    """What a file holds besides the text that was read, as counts of characters or things."""

    deleted: int = 0
    comments: int = 0
    pictures: int = 0
    diagrams: int = 0
    charts: int = 0
    embedded: int = 0
    footers: list[str] = field(default_factory=list)

    def as_warnings(self) -> list[ReadingWarning]:
        """Return a warning for each kind of thing that was left out."""
        said = (
            (self.deleted, "%(count)s characters struck out by tracked changes were left out"),
            (self.comments, "%(count)s comments in the margin were left out"),
            (self.pictures, "%(count)s pictures were not read; text in them is missing"),
            (self.diagrams, "a diagram with %(count)s characters was not read"),
            (self.charts, "%(count)s charts were not read"),
            (self.embedded, "%(count)s embedded files were not read"),
        )
        found = [ReadingWarning(text, values=(("count", str(count)),)) for count, text in said if count]
        found += [
            ReadingWarning("a line of the footer was left out: %(line)s", values=(("line", line[:80]),))
            for line in self.footers
        ]
        return found


class WordText:
    """Reads blocks (paragraphs, tables and what wraps them) into lines."""

    def __init__(self, numbering: Numbering, notes: dict[str, dict[str, Any]], name: str) -> None:
        """Take the list definitions, the footnotes and endnotes by number, and the name of the file."""
        self.notes = Notes()
        self._numbering = numbering
        self._texts = notes
        self._name = name
        self._length = 0
        self._boxes: list[Any] = []

    def read_blocks(self, container: Any) -> list[str]:
        """Return the lines of a container of blocks."""
        lines: list[str] = []
        for block in container:
            self._read_block(block, lines)
        return lines

    def _read_block(self, block: Any, lines: list[str]) -> None:
        name = name_of(block)
        if name == "p":
            self._add(lines, self._paragraph(block))
            self._add_boxes(lines)
        elif name == "tbl":
            for row in self._rows(block):
                self._add(lines, "\t".join(row))
            self._add_boxes(lines)
        elif name == "altChunk":
            self.notes.embedded += 1
        elif name in _DROPPED:
            self._count_deleted(block)
        else:
            for child in _chosen(block):
                self._read_block(child, lines)

    def _add(self, lines: list[str], line: str) -> None:
        """Keep a line.

        Raises:
            DocumentError: there are more characters than any document has.

        """
        self._length += len(line)
        if self._length > MAX_CHARACTERS:
            raise too_long(self._name)
        lines.append(line)

    def _add_boxes(self, lines: list[str]) -> None:
        """Put the text boxes of the block just read below it, each paragraph a line."""
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            lines += [line for line in self.read_blocks(box) if line.strip()]

    def _paragraph(self, paragraph: Any) -> str:
        label = self._numbering.label(paragraph)
        return label + "".join(self._inline(paragraph))

    def _inline(self, element: Any) -> Iterator[str]:
        """Yield the text of what is inside a paragraph."""
        for child in _chosen(element):
            name = name_of(child)
            if name == "t":
                yield child.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "sym":
                yield _BOXES.get(value_of(child, "char", "").upper(), "□")
            elif name == "txbxContent":
                self._boxes.append(child)
            elif name in _DROPPED:
                self._count_deleted(child)
            elif name in _NOTES:
                yield self._note(child, _NOTES[name])
            elif name == "ffData":
                yield _field(child)
            else:
                self._count_thing(name)
                yield from self._inline(child)

    def _note(self, reference: Any, kind: str) -> str:
        """Return a footnote where it is referred to, in brackets."""
        note = self._texts[kind].get(value_of(reference, "id", ""))
        lines = [] if note is None else [line.strip() for line in self.read_blocks(note)]
        said = " ".join(line for line in lines if line)
        return f"（注：{said}）" if said else ""

    def _count_deleted(self, element: Any) -> None:
        self.notes.deleted += sum(len(each.text or "") for each in element.iter() if name_of(each) == "delText")

    def _count_thing(self, name: str) -> None:
        """Count what is drawn or embedded and cannot be read as text."""
        self.notes.pictures += name in _PICTURES
        self.notes.comments += name == "commentReference"
        self.notes.charts += name == "chart"
        self.notes.embedded += name == "OLEObject"

    def _rows(self, table: Any) -> Iterator[list[str]]:
        """Yield the cells of each row; a cell merged with the one above it has that one's text."""
        above: dict[int, str] = {}
        for row in _inside(table, "tr"):
            if any(name_of(mark) == "del" for properties in _inside(row, "trPr") for mark in properties):
                self._count_deleted(row)
                continue
            yield self._row(row, above)

    def _row(self, row: Any, above: dict[int, str]) -> list[str]:
        cells: list[str] = []
        column = _number(row, "trPr", "gridBefore")
        cells += [""] * column
        for cell in _inside(row, "tc"):
            merged = _property(cell, "tcPr", "vMerge")
            goes_on = merged is not None and value_of(merged, "val", "continue") == "continue"
            text = above.get(column, "") if goes_on else self._cell(cell)
            above[column] = text
            cells.append(text)
            column += max(1, _number(cell, "tcPr", "gridSpan"))
        return cells

    def _cell(self, cell: Any) -> str:
        """Return the text of a cell on one line; a table inside it has its rows parted by ；."""
        lines: list[str] = []
        for block in cell:
            if name_of(block) == "tbl":
                lines.append("；".join(" ".join(filter(None, row)) for row in self._rows(block)))
            else:
                self._read_block(block, lines)
        return " ".join(" ".join(line.split()) for line in lines if line.strip())


def _chosen(element: Any) -> Iterator[Any]:
    """Yield the children; of two forms of the same content (AlternateContent) the first that has text."""
    for child in element:
        if name_of(child) != "AlternateContent":
            yield child
            continue
        forms = [form for form in child if name_of(form) in {"Choice", "Fallback"}]
        chosen = next((form for form in forms if _has_text(form)), forms[0] if forms else None)
        if chosen is not None:
            yield chosen


def _has_text(element: Any) -> bool:
    return any(name_of(each) == "t" and each.text for each in element.iter())


def _inside(element: Any, name: str) -> Iterator[Any]:
    """Yield the children of a name, also where a control or a custom tag wraps them."""
    for child in element:
        found = name_of(child)
        if found == name:
            yield child
        elif found in {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"}:
            yield from _inside(child, name)


def _property(element: Any, group: str, name: str) -> Any:
    """Return a property of a row or cell, or None."""
    for properties in _inside(element, group):
        for each in properties:
            if name_of(each) == name:
                return each
    return None


def _number(element: Any, group: str, name: str) -> int:
    found = _property(element, group, name)
    return 0 if found is None else int(value_of(found, "val", "0"))


def _field(data: Any) -> str:
    """Return what a field of an old form shows: the entry chosen from its list, or its box."""
    for each in data:
        name = name_of(each)
        if name == "ddList":
            entries = [value_of(entry, "val", "") for entry in each if name_of(entry) == "listEntry"]
            chosen = next((int(value_of(r, "val", "0")) for r in each if name_of(r) == "result"), 0)
            return entries[chosen] if chosen < len(entries) else ""
        if name == "checkBox":
            marks = [m for m in each if name_of(m) in {"checked", "default"}]
            ticked = any(value_of(m, "val", "1") not in {"0", "false"} for m in marks)
            return "☑" if ticked else "□"
    return ""
