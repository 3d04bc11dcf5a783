"""What the parser finds in an official document (公文), with positions in the original text.

The first step of the spine: a clause gets a stable address before a measure hangs on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Account",
    "Cite",
    "Document",
    "Duty",
    "Leaf",
    "Modality",
    "Quantity",
    "ReadingWarning",
    "Section",
    "Sentence",
    "Table",
]

Modality = Literal["MUST", "MAY", "ENC", "MUST_NOT", "EXEMPT", "TARGET", "DEF"]
QuantityKind = Literal["money", "percent", "duration", "count", "area", "date", "ratio"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the text (数量) with its normal value.

    `value` is a decimal in base units (yuan, per cent, single things) or an ISO date, or `[low, high]`;
    `bound` is ">=", "<=", ">", "<", "~" (about) or None; of a range, "<" says that its upper end is
    outside it, ">" its lower, "<>" both.
    """

    text: str
    value: str | list[str]
    unit: str
    kind: QuantityKind
    start: int
    end: int
    bound: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values."""
        return {
            "text": self.text,
            "value": self.value,
            "unit": self.unit,
            "kind": self.kind,
            "bound": self.bound,
            "start": self.start,
            "end": self.end,
        }


@dataclass(frozen=True, slots=True)
class Duty:
    """Who has to act (责任主体) and as what: subject (主语), lead (牵头), support (配合), responsible (责任)."""

    name: str
    role: Literal["subject", "lead", "support", "responsible"]

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values."""
        return {"name": self.name, "role": self.role}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a part of one that ；closes, with its force (语气) and numbers."""

    start: int
    end: int
    modality: Modality | None
    quantities: tuple[Quantity, ...] = ()
    duty_holders: tuple[Duty, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values."""
        return {
            "start": self.start,
            "end": self.end,
            "modality": self.modality,
            "quantities": [q.to_dict() for q in self.quantities],
            "duty_holders": [d.to_dict() for d in self.duty_holders],
        }


@dataclass(frozen=True, slots=True)
class Section:
    """A node of the tree (章、条、款、项 / 一、（一）1.); `mark` as printed, empty for a bare paragraph."""

    id: str
    mark: str
    heading: str
    start: int
    end: int
    children: tuple[Section, ...] = ()
    sentences: tuple[Sentence, ...] = ()

    def walk(self) -> Iterator[Section]:
        """This section and all below, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values."""
        return {
            "id": self.id,
            "mark": self.mark,
            "heading": self.heading,
            "start": self.start,
            "end": self.end,
            "children": [c.to_dict() for c in self.children],
            "sentences": [s.to_dict() for s in self.sentences],
        }


@dataclass(frozen=True, slots=True)
class Cite:
    """Another document named inside (引用文件), by title, by number, or both."""

    title: str | None
    number: str | None
    start: int
    end: int
    own: bool = False
    """The document names itself: 本《实施细则》."""

    @property
    def label(self) -> str:
        """As a reader would write it: 《…》（国办发〔2015〕9号）."""
        if self.title and self.number:
            return f"《{self.title}》（{self.number}）"
        return f"《{self.title}》" if self.title else self.number or ""

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values."""
        return {"title": self.title, "number": self.number, "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A piece of the original text; all leaves in a row are the document again, byte for byte."""

    start: int
    end: int
    kind: Literal["sentence", "other"]
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the document (表格): its rows of cells, and where it is printed in the text."""

    start: int
    end: int
    rows: tuple[tuple[str, ...], ...]

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values."""
        return {"start": self.start, "end": self.end, "rows": [list(row) for row in self.rows]}


@dataclass(frozen=True, slots=True)
class ReadingWarning:
    """What was left out or is doubtful, and where.

    `text` is English with names in the form %(name)s, so that a page can say it in the reader's language with `values`.
    """

    text: str
    place: str = ""
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Return the sentence with its place in front."""
        said = self.text % dict(self.values)
        return f"{self.place}: {said}" if self.place else said

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values; ``template`` and ``values`` are for saying it in another language."""
        said = {"text": self.text % dict(self.values), "place": self.place}
        return {**said, "template": self.text, "values": dict(self.values)}


@dataclass(frozen=True, slots=True)
class Account:
    """How many characters, blanks aside, are found in which part; the three parts together are the text."""

    head: int = 0
    tree: int = 0
    tail: int = 0

    @property
    def characters(self) -> int:
        """All characters of the text but blanks."""
        return self.head + self.tree + self.tail

    def to_dict(self) -> dict[str, int]:
        """Plain JSON values."""
        return {"characters": self.characters, "head": self.head, "tree": self.tree, "tail": self.tail}


@dataclass(frozen=True, slots=True)
class Document:
    """An official document read: head, body tree, tail, and what it names."""

    text: str
    name: str = ""
    kind: str | None = None
    number: str | None = None
    issuers: tuple[str, ...] = ()
    title: str | None = None
    date: str | None = None
    addressees: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    effective: str | None = None
    repeals: tuple[str, ...] = ()
    cites: tuple[Cite, ...] = ()
    sections: tuple[Section, ...] = ()
    preamble: tuple[Sentence, ...] = field(default=())
    tables: tuple[Table, ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()
    account: Account = field(default=Account())

    @property
    def is_official(self) -> bool:
        """Whether it has what an official document has: a number, a kind in its title, addressees or marks."""
        marked = any(section.mark for section in self.sections)
        return bool(self.number or (self.title and self.kind) or self.addressees or marked)

    def walk(self) -> Iterator[Section]:
        """Every section in reading order."""
        for section in self.sections:
            yield from section.walk()

    def leaves(self) -> list[Leaf]:
        """Pieces that together are the original text: sentences, and whatever stands between them."""
        spans = [(s.start, s.end) for s in self.preamble]
        spans += [(s.start, s.end) for section in self.walk() for s in section.sentences]
        leaves: list[Leaf] = []
        at = 0
        for start, end in sorted(spans):
            if start > at:
                leaves.append(Leaf(at, start, "other", self.text[at:start]))
            leaves.append(Leaf(start, end, "sentence", self.text[start:end]))
            at = end
        if at < len(self.text):
            leaves.append(Leaf(at, len(self.text), "other", self.text[at:]))
        return leaves

    def to_dict(self) -> dict[str, object]:
        """The JSON object of `chuangbao document parse --json`."""
        return {
            "kind": self.kind,
            "number": self.number,
            "issuers": list(self.issuers),
            "title": self.title,
            "date": self.date,
            "addressees": list(self.addressees),
            "basis": list(self.basis),
            "attachments": list(self.attachments),
            "effective": self.effective,
            "repeals": list(self.repeals),
            "cites": [c.to_dict() for c in self.cites],
            "sections": [s.to_dict() for s in self.sections],
            "preamble": [s.to_dict() for s in self.preamble],
            "tables": [t.to_dict() for t in self.tables],
            "warnings": [w.to_dict() for w in self.warnings],
            "account": self.account.to_dict(),
            "is_official": self.is_official,
        }
