"""Things to take along: a QR code of an address and a printed handout, set by typst."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pylopdf_fonts_zh_cn
import segno
import typst

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Paper", "qr_svg", "to_pdf", "typeset"]

FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent  # a machine without Chinese fonts prints Chinese all the same

ESCAPED = str.maketrans({character: f"\\{character}" for character in "\\#*_`$<>@[]~\"'=+-/"})
HEAD = """#set page(paper: "a4", margin: 2cm, numbering: "1 / 1")
#set text(font: ("Noto Sans SC", "Noto Serif SC"), size: 10.5pt, lang: "zh")
#set par(leading: 0.8em)
#show heading.where(level: 1): set text(size: 18pt, fill: rgb("#0a6a68"))
#show heading.where(level: 2): set text(size: 12.5pt)
"""


class Paper:
    """Collects headings, paragraphs and rows, and keeps every text from being read as markup."""

    def __init__(self, title: str) -> None:
        self.parts = [f"= {escaped(title)}"]

    def heading(self, text: str) -> None:
        """A heading within the paper."""
        self.parts.append(f"== {escaped(text)}")

    def paragraph(self, text: str) -> None:
        """One paragraph."""
        self.parts.append(escaped(text))

    def items(self, texts: Iterable[str]) -> None:
        """A list."""
        self.parts.append("\n".join(f"- {escaped(text)}" for text in texts))

    def table(self, rows: Iterable[Iterable[str]], widths: str) -> None:
        """A table; the first row is its head. ``widths`` are typst's columns, such as ``1fr, auto``."""
        cells = "\n".join(" ".join(f"[{escaped(cell)}]," for cell in row) for row in rows)
        self.parts.append(f"#table(columns: ({widths}), stroke: 0.4pt + gray, inset: 6pt,\n{cells}\n)")


def escaped(text: str) -> str:
    """Return text that typst shows unchanged."""
    return " ".join(text.split()).translate(ESCAPED)


def to_pdf(paper: Paper) -> bytes:
    """Set a paper as PDF."""
    return typeset(HEAD + "\n\n".join(paper.parts))


def typeset(source: str) -> bytes:
    """The PDF of a text in typst's markup, with the Chinese fonts that come with the system."""
    return cast("bytes", typst.Compiler(font_paths=[FONTS]).compile(input=source.encode(), format="pdf"))


def qr_svg(address: str) -> bytes:
    """A QR code as SVG, dark on white with its quiet zone."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=4, border=4, light="#ffffff")
    return out.getvalue()
