"""A parsed document as a page shows it: sections with sentences, and marks inside them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangbao.gongwen import parse_file, parse_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files.uploadedfile import UploadedFile

__all__ = ["Piece", "ShownSection", "read_text", "read_upload", "sections"]


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


def read_upload(upload: UploadedFile[bytes]) -> tuple[str, dict[str, Any]]:
    """Parse an uploaded file; its type is told by its content. Raises DocumentError."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / f"upload{Path(str(upload.name)).suffix.lower()[:8]}"
        with place.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        document = parse_file(place)
    return document.text, document.to_dict()


def read_text(text: str) -> tuple[str, dict[str, Any]]:
    """Parse a pasted text. Raises DocumentError."""
    document = parse_text(text)
    return document.text, document.to_dict()


def sections(text: str, parsed: dict[str, Any]) -> list[ShownSection]:
    """Every section in reading order."""
    return list(flat(text, parsed["sections"], parsed["cites"], 0))


def flat(text: str, found: list[dict[str, Any]], cites: list[dict[str, Any]], depth: int) -> Iterator[ShownSection]:
    """Walk the tree; each sentence is cut at its marks."""
    for section in found:
        sentences = [
            ShownSentence(
                sentence["modality"] or "",
                pieces(text, sentence, cites),
                [duty["name"] for duty in sentence["duty_holders"]],
            )
            for sentence in section["sentences"]
        ]
        yield ShownSection(section["id"], section["mark"], section["heading"] or "", depth, sentences)
        yield from flat(text, section["children"], cites, depth + 1)


def pieces(text: str, sentence: dict[str, Any], cites: list[dict[str, Any]]) -> list[Piece]:
    """The sentence cut at its quantities and at the documents it names."""
    start, end = sentence["start"], sentence["end"]
    marks = [(q["start"], q["end"], "quantity", f"{q['value']} {q['unit'] or ''}") for q in sentence["quantities"]]
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
