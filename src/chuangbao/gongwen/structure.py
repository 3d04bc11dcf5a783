"""The body as a tree (章—条—款—项, or 一、（一）1.（1）), from marks at the head of lines and runs inside them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from chuangbao.gongwen.headings import heading_end
from chuangbao.gongwen.marks import LEGAL, Mark, match_mark
from chuangbao.gongwen.modality import modality_of
from chuangbao.gongwen.runs import find_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.gongwen.lines import Line

__all__ = ["Node", "Span", "build", "find_node_runs", "walk_nodes"]

Span = tuple[int, int]
_BRACKETED: Final = re.compile(r"(?P<h>〔[^〔〕]{1,40}〕|\([^()]{1,30}\)) ?(?=\S)")
_NAME_LONGEST: Final = 20


@dataclass(slots=True)
class Node:
    """A section while it is being built: own paragraphs first, then children."""

    style: str
    start: int
    mark: Span
    number: int = 0
    paragraphs: list[Span] = field(default_factory=list)
    heading: Span | None = None
    children: list[Node] = field(default_factory=list)
    end: int = 0


def walk_nodes(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, in reading order."""
    yield node
    for child in node.children:
        yield from walk_nodes(child)


def _level(stack: list[Node], mark: Mark) -> int:
    """How many nodes of the stack stay open when this mark comes."""
    if mark.style in LEGAL:
        keep = [i for i, node in enumerate(stack) if node.style in LEGAL and LEGAL[node.style] < LEGAL[mark.style]]
        return keep[-1] + 1 if keep else 1
    floor = max((i for i, node in enumerate(stack) if node.style in {"条", "款"}), default=0)
    for i in range(len(stack) - 1, floor, -1):
        if stack[i].style == mark.style:
            return i
    return len(stack)


def _open(stack: list[Node], node: Node, keep: int) -> None:
    del stack[keep:]
    stack[-1].children.append(node)
    stack.append(node)


def _bare(folded: str, stack: list[Node], line: Span) -> None:
    """A paragraph without a mark: a new 款 inside a 条, else more text of the section that is open.

    Below an item that only names its subject (1.自愿申报) the paragraph is the item's own text.
    """
    article = next((i for i in range(len(stack) - 1, 0, -1) if stack[i].style == "条"), 0)
    if article and not _is_named_item(folded, stack[-1]):
        _open(stack, Node("款", line[0], (line[0], line[0]), paragraphs=[line]), article + 1)
    else:
        stack[-1].paragraphs.append(line)


def _is_named_item(folded: str, node: Node) -> bool:
    """Return whether an item's own line is a name without punctuation, so that its text follows below."""
    if node.style in {"条", "款"} or not node.paragraphs:
        return False
    return not re.search("[。;:，!?]", folded[slice(*node.paragraphs[0])])


def build(folded: str, lines: list[Line]) -> Node:
    """The tree of these lines; the root's own paragraphs are what comes before the first mark."""
    root = Node("", lines[0].start if lines else 0, (0, 0))
    stack = [root]
    for line in lines:
        marks = _marks(folded, line)
        if not marks:
            _bare(folded, stack, (line.start, line.end))
        for mark, stop in marks:
            _open_mark(stack, mark, stop)
    for child in root.children:
        _settle(folded, child, in_article=False)
    return root


def _marks(folded: str, line: Line) -> list[tuple[Mark, int]]:
    """Return the mark that opens a line and where its text ends; each where a run fills the line (①…；②…；③…)."""
    mark = None if line.row else match_mark(folded, line.start, line.end)
    if mark is None:
        return []
    run = find_run(folded, line.start, line.end, max(mark.number, 1))
    if mark.style not in LEGAL and run and run[0].start == mark.start:
        stops = [each.start for each in run[1:]] + [line.end]
        return [(replace(each, style=mark.style), stop) for each, stop in zip(run, stops, strict=True)]
    return [(mark, line.end)]


def _open_mark(stack: list[Node], mark: Mark, stop: int) -> None:
    """Open the section of a mark with the text up to ``stop``."""
    node = Node(mark.style, mark.start, (mark.start, mark.end), mark.number)
    _open(stack, node, _level(stack, mark))
    rest = (mark.text_start, stop)
    if mark.style == "条":
        paragraphs = [rest] if rest[0] < rest[1] else []
        _open(stack, Node("款", rest[0], (rest[0], rest[0]), paragraphs=paragraphs), len(stack))
    elif rest[0] < rest[1]:
        node.paragraphs.append(rest)


def _settle(folded: str, node: Node, *, in_article: bool) -> None:
    """Headings out of the text, one 款 folded into its 条, paragraphs and runs made children."""
    article = in_article or node.style == "条"
    if node.style == "条":
        _fold_article(folded, node)
    elif node.mark[0] < node.mark[1] and node.paragraphs:
        _take_heading(folded, node, in_article=in_article)
    if not node.children and node.style != "款":
        _paragraph_children(folded, node)
    for child in node.children:
        _settle(folded, child, in_article=article)
    if not node.children:
        find_node_runs(folded, node)
    inner = [node.mark[1], *(end for _, end in node.paragraphs), *(child.end for child in node.children)]
    node.end = max([*inner, node.heading[1] if node.heading else 0])


def _fold_article(folded: str, node: Node) -> None:
    """第五条第（三）项: where a 条 has one 款, its 项 hang on the 条 itself, as lawyers cite it."""
    first = node.children[0]
    heading = _BRACKETED.match(folded, first.start) if first.paragraphs else None
    if _has_own_heading(folded, node):
        node.heading = first.paragraphs.pop(0)
    elif heading:
        node.heading = heading.span("h")
        first.start = heading.end()
        first.paragraphs[0] = (heading.end(), first.paragraphs[0][1])
        first.mark = (first.start, first.start)
    if not first.paragraphs and len(node.children) > 1 and not first.children:
        del node.children[0]
        first = node.children[0]
    if len(node.children) == 1:
        node.paragraphs, node.children = first.paragraphs, first.children


def _has_own_heading(folded: str, article: Node) -> bool:
    """Return whether the line of a 条 only names it (第一条 补贴标准) and its text follows below."""
    first = article.children[0]
    if not first.paragraphs or not (len(article.children) > 1 or first.children):
        return False
    words = folded[slice(*first.paragraphs[0])]
    return len(words) <= _NAME_LONGEST and not re.search("[。;:，!?]", words) and modality_of(words, ()) is None


def _take_heading(folded: str, node: Node, *, in_article: bool) -> None:
    """The heading off the mark's own line: the whole of it, or its first sentence."""
    start, end = node.paragraphs[0]
    if start < node.mark[1]:
        return
    alone = not (len(node.paragraphs) > 1 or node.children)
    found = heading_end(folded, start, end, node.style, in_article=in_article, alone=alone)
    if found is None:
        return
    stop, text_start = found
    node.heading = (start, stop)
    node.paragraphs[0] = (text_start, end)
    if text_start >= end:
        del node.paragraphs[0]


def _paragraph_children(folded: str, node: Node) -> None:
    """Two or more paragraphs without marks become children, the line of the mark stays with it."""
    own = [p for p in node.paragraphs if folded.count("\n", node.mark[1], p[0]) == 0]
    rest = node.paragraphs[len(own) :]
    if len(rest) < 2 or not node.style:  # noqa: PLR2004 - one paragraph is simply the section's text
        return
    node.paragraphs = own
    node.children = [Node("段", p[0], (p[0], p[0]), paragraphs=[p]) for p in rest]
    found = [heading_end(folded, *p, "段", in_article=False, alone=False) for p in rest]
    if all(found):
        for child, heading in zip(node.children, found, strict=True):
            if heading:
                child.heading = (child.start, heading[0])
                child.paragraphs = [(heading[1], child.paragraphs[0][1])]


def find_node_runs(folded: str, node: Node) -> None:
    """一是…二是… or （一）…；（二）… inside the last paragraph become children."""
    if not node.paragraphs:
        return
    start, end = node.paragraphs[-1]
    run = find_run(folded, start, end)
    if not run:
        return
    node.paragraphs[-1] = (start, run[0].start)
    if not folded[start : run[0].start].strip():
        del node.paragraphs[-1]
    stops = [mark.start for mark in run[1:]] + [end]
    for mark, stop in zip(run, stops, strict=True):
        child = Node(mark.style, mark.start, (mark.start, mark.end), mark.number, [(mark.text_start, stop)])
        child.end = stop
        node.children.append(child)
