"""From text to a document: head, body tree, tail; then force, numbers and duties of every sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from chuangbao.gongwen.account import count_characters, find_tables
from chuangbao.gongwen.cites import basis_of, find_cites, repeals_of
from chuangbao.gongwen.duties import duties_of
from chuangbao.gongwen.effect import effective_of
from chuangbao.gongwen.errors import MAX_CHARACTERS, DocumentError, too_long
from chuangbao.gongwen.fold import fold
from chuangbao.gongwen.head import Head, read_head
from chuangbao.gongwen.issuers import issuers_of
from chuangbao.gongwen.lines import kind_of, lines_of, without_contents
from chuangbao.gongwen.modality import modality_of
from chuangbao.gongwen.model import Cite, Document, ReadingWarning, Section, Sentence
from chuangbao.gongwen.numbers import find_numbers
from chuangbao.gongwen.numerals import DATE, iso_date
from chuangbao.gongwen.quantities import quantities_of
from chuangbao.gongwen.readers import read_data, read_file
from chuangbao.gongwen.sentences import split, trim
from chuangbao.gongwen.structure import Node, Span, build, find_node_runs, walk_nodes
from chuangbao.gongwen.tail import Part, Tail, read_tail

__all__ = ["parse_data", "parse_file", "parse_text"]

_MADE_KNOWN: Final = ("发文日期", "发布日期", "公布日期", "发文时间", "发布时间", "生成日期")
_ENACTS: Final = re.compile(r"令")


@dataclass(frozen=True, slots=True)
class _Source:
    """The text in its three forms of one length: folded, folded without documents named, original."""

    folded: str
    countable: str
    text: str


def _without(folded: str, cites: list[Cite]) -> str:
    """The years and serials in the names of documents are no quantities."""
    pieces: list[str] = []
    at = 0
    for cite in cites:
        pieces += [folded[at : cite.start], "□" * (cite.end - cite.start)]
        at = cite.end
    return "".join([*pieces, folded[at:]])


def parse_file(path: Path | str) -> Document:
    """Read and parse a .txt, .docx, .pdf or .html file.

    Raises:
        DocumentError: the file is empty, locked, scanned, too large or of an unknown kind.

    """
    where = Path(path)
    warnings: list[ReadingWarning] = []
    text = read_file(where, warnings)
    return parse_text(text, name=where.name, warnings=tuple(warnings))


def parse_data(data: bytes, name: str) -> Document:
    """Parse the content of a file; its name only tells what its first bytes do not.

    Raises:
        DocumentError: the same.

    """
    warnings: list[ReadingWarning] = []
    text = read_data(data, name, warnings)
    return parse_text(text, name=name, warnings=tuple(warnings))


def parse_text(text: str, *, name: str = "", warnings: tuple[ReadingWarning, ...] = ()) -> Document:
    """Parse the text of one official document; positions refer to this very text.

    Args:
        text: what the reader of a file gave, or what was pasted.
        name: the name of the file, for messages.
        warnings: what that reader left out or doubts.

    Raises:
        DocumentError: there is nothing but white space in it, or more than any document holds.

    """
    if len(text) > MAX_CHARACTERS:
        raise too_long(name)
    folded = fold(text)
    lines = without_contents(lines_of(folded, text))
    if not lines:
        raise DocumentError(
            f"{name or 'the text'} is empty",
            "it holds no characters",
            "Choose the file with the document's text",
        )
    head = read_head(folded, text, lines)
    tail = read_tail(folded, text, lines[head.body :], head.title or "")
    return replace(_assemble(folded, text, name, head, tail), tables=find_tables(text, lines), warnings=warnings)


def _assemble(folded: str, text: str, name: str, head: Head, tail: Tail) -> Document:
    """All parts put together."""
    root = build(folded, tail.body)
    nodes, opening = _roots(folded, root, tail)
    cites = find_cites(folded, text)
    source = _Source(folded, _without(folded, cites), text)
    sections = tuple(_section(source, node, (i,)) for i, node in enumerate(nodes, 1))
    preamble = [] if not root.children and nodes and nodes[0].style == "段" else root.paragraphs + opening
    first = tail.body[0].start if tail.body else len(text)
    date = tail.date or _meta_day(head, "成文日期") or head.date or _meta_day(head, *_MADE_KNOWN)
    title = _order_title(head, cites, first) or head.title
    spans = _repeal_spans(folded, root, nodes)
    basis_end = _basis_end(nodes, root, len(text))
    kind = kind_of(fold(title)) if title else None
    issuers = issuers_of(title or "", head, tail)
    return Document(
        text=text,
        name=name,
        kind=kind,
        number=head.number or _meta_number(head) or _serial_number(head, issuers, kind),
        issuers=tuple(issuers),
        title=title,
        date=date,
        addressees=tuple(head.addressees),
        basis=tuple(basis_of(folded, cites, (first, basis_end))),
        attachments=tuple(tail.attachments),
        effective=effective_of(folded, first, date) or _meta_day(head, "施行日期", "实施日期", "生效日期"),
        repeals=tuple(repeals_of(folded, cites, spans)),
        cites=tuple(c for c in cites if c.start >= first),
        sections=sections,
        preamble=tuple(_sentences(source, preamble)),
        account=count_characters(text, first, nodes, preamble),
    )


def _repeal_spans(folded: str, root: Node, nodes: list[Node]) -> list[tuple[int, int, int]]:
    """Return start and end of each sentence and heading, with the end of the section that it opens."""
    body_end = max((child.end for child in root.children), default=0)
    spans = [(start, end, body_end) for p in root.paragraphs for start, end in split(folded, *p)]
    for node in (found for top in nodes for found in walk_nodes(top)):
        spans += [(*node.heading, node.end)] if node.heading else []
        spans += [(start, end, node.end) for p in node.paragraphs for start, end in split(folded, *p)]
    return sorted(set(spans))


def _roots(folded: str, root: Node, tail: Tail) -> tuple[list[Node], list[Span]]:
    """Return the top sections and the opening paragraphs that a carried document brings.

    The sections are the body's own, then one for each attachment; of a notice without any, those of the one
    document with marks that it carries.
    """
    carried = [(part, build(folded, part.lines)) for part in tail.parts]
    marked = [tree for _, tree in carried if tree.children]
    if not root.children and len(marked) == 1:
        rest = [_wrapped(part, tree) for part, tree in carried if not tree.children]
        return marked[0].children + rest, marked[0].paragraphs
    own = root.children
    if not own and not marked:
        own = [_paragraph(folded, span) for span in root.paragraphs]
    return own + [_wrapped(part, tree) for part, tree in carried], []


def _paragraph(folded: str, span: tuple[int, int]) -> Node:
    """A paragraph of a document that has no marks at all."""
    node = Node("段", span[0], (span[0], span[0]), paragraphs=[span], end=span[1])
    find_node_runs(folded, node)
    return node


def _wrapped(part: Part, tree: Node) -> Node:
    """A carried document as one section with its title as heading and its own numbering below."""
    first = part.title[0].start if part.title else tree.start
    heading = (part.title[0].start, part.title[-1].end) if part.title else None
    ends = [child.end for child in tree.children] + [end for _, end in tree.paragraphs]
    last = max(ends, default=heading[1] if heading else first)
    return Node(
        "件",
        first,
        (first, first),
        paragraphs=tree.paragraphs,
        heading=heading,
        children=tree.children,
        end=last,
    )


def _section(source: _Source, node: Node, path: tuple[int, ...]) -> Section:
    """The finished section and all below it."""
    text = source.text
    heading = "".join(text[slice(*node.heading)].split()) if node.heading else ""
    start, end = trim(source.folded, node.start, node.end)
    return Section(
        id=".".join(map(str, path)),
        mark="".join(text[slice(*node.mark)].split()),
        heading=heading,
        start=start,
        end=end,
        children=tuple(_section(source, child, (*path, i)) for i, child in enumerate(node.children, 1)),
        sentences=tuple(_sentences(source, node.paragraphs)),
    )


def _sentences(source: _Source, paragraphs: list[tuple[int, int]]) -> list[Sentence]:
    """The sentences of these paragraphs with all that is found in each."""
    found: list[Sentence] = []
    for span in paragraphs:
        for start, end in split(source.folded, *span):
            quantities = quantities_of(source.countable, source.text, start, end)
            piece = source.folded[start:end]
            found.append(Sentence(start, end, modality_of(piece, quantities), quantities, duties_of(piece)))
    return found


def _meta_day(head: Head, *labels: str) -> str | None:
    """A day of the metadata block, in either spelling."""
    for label in labels:
        value = fold(head.meta.get(label, ""))
        match = re.search(DATE, value)
        if match:
            return iso_date(match)
        plain = re.search(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", value)
        if plain:
            return f"{plain[1]}-{int(plain[2]):02d}-{int(plain[3]):02d}"
    return None


def _meta_number(head: Head) -> str | None:
    """The number of the metadata block."""
    for label in ("发文字号", "文号"):
        for _, _, number in find_numbers(fold(head.meta.get(label, ""))):
            return number
    return None


def _serial_number(head: Head, issuers: list[str], kind: str | None) -> str | None:
    """2021年第6号 under the title of a 公告 is a number with issuer and kind left out."""
    if not head.serial or kind not in {"公告", "通告", "令"}:
        return None
    return f"{' '.join(issuers)}{kind}{head.serial}"


def _order_title(head: Head, cites: list[Cite], first: int) -> str | None:
    """An order (令) that makes a regulation known carries its name: 《…条例》已经…通过."""
    if not head.number or not _ENACTS.search(head.number) or (head.title and "关于" in head.title):
        return None
    if head.title and kind_of(fold(head.title)) not in {None, "令", "命令"}:
        return None
    return next((c.title for c in cites if c.start >= first and c.title), None)


def _basis_end(nodes: list[Node], root: Node, length: int) -> int:
    """Where the search for the basis ends: the first mark, or the end of 第一条."""
    if not root.children and not nodes:
        return length
    first = nodes[0]
    while first.children and first.style in {"编", "章", "节"}:
        first = first.children[0]
    if first.style == "条":
        return first.end
    return nodes[-1].end if first.style == "段" else first.start
