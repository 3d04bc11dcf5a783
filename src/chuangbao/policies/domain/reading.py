"""A parsed document as a page shows it: sections with sentences, and marks inside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chuangbao.core.storage.reading import read_apart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.core.files.uploadedfile import UploadedFile

__all__ = ["Piece", "ShownSection", "figure_words", "read_text", "read_upload", "sections"]

LONGEST_YEAR: Final = 4
"""Digits that are written without a comma, so that a year stays one."""
SIGNS: Final = {">=": "≥ ", "<=": "≤ ", ">": "> ", "<": "< ", "~": "≈ "}
CURRENCIES: Final = {"CNY": "元", "USD": "美元", "EUR": "欧元", "HKD": "港元", "JPY": "日元"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; ``kind`` is empty, ``quantity`` or ``cite``, ``note`` says what was understood."""

    text: str
    kind: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence with its force (语气) and who has to act (责任主体)."""

    modality: str
    pieces: list[Piece]
    holders: list[str]


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section at its depth with its sentences."""

    id: str
    mark: str
    heading: str
    depth: int
    sentences: list[ShownSentence]
    tables: list[list[list[str]]]


def read_upload(upload: UploadedFile[bytes]) -> tuple[str, dict[str, Any]]:
    """Parse an uploaded file, apart; its type is recognised by its content.

    Raises DocumentError where it is no document, Refused(costly, busy) where reading it took too much.
    """
    ending = Path(str(upload.name)).suffix.lower()[:8]
    found = read_apart("document", b"".join(upload.chunks()), name=f"upload{ending}")
    return found["text"], found["parsed"]


def read_text(text: str) -> tuple[str, dict[str, Any]]:
    """Parse a pasted text, apart. Raises DocumentError, and Refused as ``read_upload``."""
    found = read_apart("text", text.encode("utf-8", "surrogatepass"))
    return found["text"], found["parsed"]


def sections(text: str, parsed: dict[str, Any]) -> list[ShownSection]:
    """Return the opening and every section in reading order."""
    opening = {"id": "0", "mark": "", "heading": "", "sentences": parsed["preamble"], "children": []}
    found = [opening, *parsed["sections"]] if parsed["preamble"] else parsed["sections"]
    return list(flat(text, found, parsed, 0))


def flat(text: str, found: list[dict[str, Any]], parsed: dict[str, Any], depth: int) -> Iterator[ShownSection]:
    """Yield each section of a tree; a sentence is cut at its marks, a row of a table goes into its table."""
    for section in found:
        starts = {s["start"] for s in section["sentences"]}
        tables = [table for table in parsed["tables"] if table["start"] in starts]
        sentences = [
            ShownSentence(
                sentence["modality"] or "",
                pieces(text, sentence, parsed["cites"]),
                list(dict.fromkeys(duty["name"] for duty in sentence["duty_holders"])),
            )
            for sentence in section["sentences"]
            if not any(table["start"] <= sentence["start"] < table["end"] for table in parsed["tables"])
        ]
        rows = [table["rows"] for table in tables]
        yield ShownSection(section["id"], section["mark"], section["heading"] or "", depth, sentences, rows)
        yield from flat(text, section["children"], parsed, depth + 1)


def figure_words(quantity: Mapping[str, Any]) -> str:
    """Return how a figure was understood: "≤ 500,000 元", "30–50 %", "100,000 ≤ … < 500,000 元"."""
    value, bound = quantity["value"], quantity["bound"] or ""
    first, *rest = str(quantity["unit"] or "").split("/")
    unit = "" if first in {"date", "ratio"} else "/".join([CURRENCIES.get(first, first), *rest])
    if not isinstance(value, list):
        return f"{SIGNS.get(bound, '')}{group_digits(value)} {unit}".strip()
    low, high = map(group_digits, value)
    if bound in {"<", ">", "<>"}:
        return f"{low} {'<' if '>' in bound else '≤'} … {'<' if '<' in bound else '≤'} {high} {unit}".strip()
    return f"{SIGNS.get(bound, '')}{low}–{high} {unit}".strip()


def group_digits(number: str) -> str:
    """Return a long number with commas; a day, a ratio and what else is no plain number as it is."""
    whole, point, part = number.partition(".")
    return f"{int(whole):,}{point}{part}" if whole.isdecimal() and len(whole) > LONGEST_YEAR else number


def pieces(text: str, sentence: dict[str, Any], cites: list[dict[str, Any]]) -> list[Piece]:
    """The sentence cut at its quantities and at the documents it names."""
    start, end = sentence["start"], sentence["end"]
    marks = [(q["start"], q["end"], "quantity", figure_words(q)) for q in sentence["quantities"]]
    marks += [
        (c["start"], c["end"], "cite", c["number"] or c["title"] or "") for c in cites if start <= c["start"] < end
    ]
    found, at = [], start
    for begin, stop, kind, note in sorted(marks):
        if begin < at:
            continue
        found += [Piece(text[at:begin]), Piece(text[begin:stop], kind, note)]
        at = stop
    return [piece for piece in [*found, Piece(text[at:end])] if piece.text]
