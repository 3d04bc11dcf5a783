"""Things to take along: a QR code of an address and a printed handout, set by typst."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pylopdf_fonts_zh_cn

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Leaflet", "Paper", "qr_svg", "to_leaflet", "to_pdf", "typeset"]

FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent  # a machine without Chinese fonts prints Chinese all the same

ESCAPED = str.maketrans({character: f"\\{character}" for character in "\\#*_`$<>@[]~\"'=+-/"})
LONG_FIGURE = 18
"""Characters: a longer one is a sentence, and stands below the title."""
HEAD = """#set page(paper: "a4", margin: (x: 1.8cm, y: 1.6cm), numbering: "1 / 1")
#set text(font: ("Noto Sans SC", "Noto Serif SC"), size: 10.5pt, lang: "zh")
#set par(leading: 0.8em)
#show strong: it => context text(stroke: 0.2pt + text.fill, it.body) // the font has one weight
#show heading.where(level: 1): set text(size: 18pt, fill: rgb("#0a6a68"))
#show heading.where(level: 2): set text(size: 12.5pt)
#let small = 9.5pt
#let grey = rgb("#444444")
#let tick = box(width: 8pt, height: 8pt, stroke: 0.7pt, baseline: 0.5pt)
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

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        """What is known of the paper itself, two and two beside each other."""
        cells = "\n".join(f"[#text(fill: grey)[{escaped(name)}]], [{escaped(value)}]," for name, value in pairs)
        self.parts.append(f"#grid(columns: (auto, 1fr, auto, 1fr), gutter: 8pt,\n{cells}\n)")

    def frame(self, said: str, lines: Iterable[str]) -> None:
        """A sentence that matters most, with lines below it, in a frame."""
        below = "\n\n".join(escaped(line) for line in lines)
        inside = f"#text(size: 14pt)[*{escaped(said)}*]\n\n{below}"
        self.parts.append(f'#block(width: 100%, inset: 10pt, radius: 4pt, stroke: 1pt + rgb("#0a6a68"))[{inside}]')

    def row(self, title: str, figure: str, lines: Iterable[str], ticks: Iterable[str]) -> None:
        """One thing with its figure, what is said of it, and what is ticked off; a page never cuts it in two."""
        head = f"#grid(columns: (1fr, auto), gutter: 12pt, [*{escaped(title)}*], [*{escaped(figure)}*])"
        if len(figure) > LONG_FIGURE:  # a sentence would squeeze the title
            head = f"*{escaped(title)}*\n\n*{escaped(figure)}*"
        below = "\n\n".join(f"#text(size: small)[{escaped(line)}]" for line in lines if line)
        boxes = "\n".join(f"{tick_off(each)}," for each in ticks)
        if boxes:
            below += f"\n\n#text(size: small)[#grid(columns: (1fr, 1fr), gutter: 7pt,\n{boxes}\n)]"
        rule = "stroke: (top: 0.4pt + gray)"
        self.parts.append(f"#block(width: 100%, breakable: false, inset: (y: 6pt), {rule})[{head}\n\n{below}]")

    def note(self, text: str) -> None:
        """Small print at the end."""
        self.parts.append(f"#text(size: small, fill: grey)[{escaped(text)}]")

    def code(self, svg: str, caption: str, address: str) -> None:
        """A QR code, which is a picture in SVG, with what it leads to."""
        words = f"[*{escaped(caption)}*\\ #text(size: small)[{escaped(address)}]]"
        grid = f"#grid(columns: (auto, 1fr), gutter: 10pt, align: horizon, {picture(svg, '3cm')}, {words})"
        self.parts.append(f"#block(breakable: false)[{grid}]")


def tick_off(text: str) -> str:
    """A box to tick and what it is for; a second line stands below the first, not below the box."""
    return f"grid(columns: (auto, 1fr), gutter: 0.45em, tick, [{escaped(text)}])"


def picture(svg: str, width: str) -> str:
    """A picture in SVG as typst draws it."""
    quoted = svg.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'image(bytes("{quoted}"), format: "svg", width: {width})'


def escaped(text: str) -> str:
    """Return text that typst shows unchanged, line by line."""
    return "\\ ".join(" ".join(line.split()).translate(ESCAPED) for line in text.strip().split("\n"))


LEAFLET = """#set page(paper: "a4", margin: (x: 1.7cm, y: 1.5cm))
#set text(font: ("Noto Sans SC", "Noto Serif SC"), lang: "zh")
#set par(leading: 0.75em, spacing: 0.9em)
#show strong: it => context text(stroke: 0.025em + text.fill, it.body) // the font has one weight
#let teal = rgb("#0a6a68")
#let tick = box(width: 0.8em, height: 0.8em, stroke: 0.06em, baseline: 0.08em)
#let sheet(size) = {
  set text(size: size)
  PARTS
}
#layout(area => {
  let sizes = range(9, 25).rev().map(n => n * 1pt)
  let fits = sizes.find(size => measure(block(width: area.width, sheet(size))).height <= area.height)
  if fits != none { block(width: 100%, height: area.height, sheet(fits)) } else { sheet(10pt) }
})
"""
"""A page that is filled with the largest print that leaves it one page."""


GAP = "\n  v(0.7em)\n  v(1fr)\n  "
"""Between two parts of a leaflet: some room, and what is left of the page."""


@dataclass(frozen=True, slots=True)
class Leaflet:
    """One page to hand out or to pin up: what it is, what one gets, who, how, whom to call, and a code to scan."""

    title: str
    note: str
    figure: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    ticks: tuple[str, tuple[str, ...]]
    calls: tuple[str, ...]
    code: str
    caption: str
    small: str


def to_leaflet(leaflet: Leaflet) -> bytes:
    """Set a leaflet as PDF."""
    parts = [f"[#text(size: 1.55em, fill: teal)[*{escaped(leaflet.title)}*]\n\n{escaped(leaflet.note)}]"]
    if leaflet.figure:
        said = f"[#text(size: 1.25em)[*{escaped(leaflet.figure)}*]]"
        parts.append(f"block(width: 100%, inset: 0.7em, radius: 0.3em, stroke: 0.1em + teal, {said})")
    for title, lines in leaflet.sections:
        listed = "\n".join(f"- {escaped(line)}" for line in lines)
        parts.append(f"[#text(fill: teal)[*{escaped(title)}*]\n\n{listed}]")
    title, papers = leaflet.ticks
    if papers:
        boxes = " ".join(f"{tick_off(each)}," for each in papers)
        parts.append(f"[#text(fill: teal)[*{escaped(title)}*]\n\n#grid(columns: (1fr, 1fr), gutter: 0.6em, {boxes})]")
    calls = "\\ ".join(f"#text(size: 1.15em)[*{escaped(call)}*]" for call in leaflet.calls)
    words = f"[{calls}\n\n{escaped(leaflet.caption)}\n\n#text(size: 0.75em)[{escaped(leaflet.small)}]]"
    parts.append(f"grid(columns: (auto, 1fr), gutter: 1em, align: horizon, {picture(leaflet.code, '7em')}, {words})")
    return typeset(LEAFLET.replace("PARTS", GAP.join(parts)))


def to_pdf(paper: Paper) -> bytes:
    """Set a paper as PDF."""
    return typeset(HEAD + "\n\n".join(paper.parts))


def typeset(source: str) -> bytes:
    """The PDF of a text in typst's markup, with the Chinese fonts that come with the system."""
    import typst  # late: most processes never print

    return cast("bytes", typst.Compiler(font_paths=[FONTS]).compile(input=source.encode(), format="pdf"))


def qr_svg(address: str) -> bytes:
    """A QR code as SVG, dark on white with its quiet zone."""
    import segno  # late: most processes never draw one

    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=4, border=4, light="#ffffff")
    return out.getvalue()
