"""Where every character of a text went (head, tree, tail), and the tables among its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.gongwen.model import Account, Table
from chuangbao.gongwen.structure import walk_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chuangbao.gongwen.lines import Line
    from chuangbao.gongwen.structure import Node, Span

__all__ = ["count_characters", "find_tables"]


def count_characters(text: str, first: int, nodes: Iterable[Node], opening: Iterable[Span]) -> Account:
    """Count the characters that are no blanks by the part in which they are found.

    Args:
        text: the whole text.
        first: where the body begins.
        nodes: the top sections.
        opening: paragraphs before the first mark, which are a part of the tree.

    """
    spans = [*opening, *(span for top in nodes for node in walk_nodes(top) for span in _own_spans(node))]
    head = tree = tail = at = 0
    for start, end in sorted(spans):
        tree += _count(text, max(start, at), end)
        head += _count(text, at, min(start, first))
        tail += _count(text, max(at, first), start)
        at = max(at, end)
    head += _count(text, at, first)
    tail += _count(text, max(at, first), len(text))
    return Account(head, tree, tail)


def _own_spans(node: Node) -> Iterator[Span]:
    """Yield mark, heading and paragraphs of a section without those below it."""
    yield node.mark
    if node.heading:
        yield node.heading
    yield from node.paragraphs


def _count(text: str, start: int, end: int) -> int:
    """Count the characters between two places that are no blanks."""
    return sum(1 for character in text[start:end] if not character.isspace()) if start < end else 0


def find_tables(text: str, lines: Iterable[Line]) -> tuple[Table, ...]:
    """Return the tables: lines in a row whose cells are parted by tabs."""
    tables: list[Table] = []
    rows: list[Line] = []
    for line in lines:
        if line.row and (not rows or _adjoins(text, rows[-1], line)):
            rows.append(line)
            continue
        if rows:
            tables.append(_table(text, rows))
        rows = [line] if line.row else []
    return (*tables, _table(text, rows)) if rows else tuple(tables)


def _adjoins(text: str, above: Line, below: Line) -> bool:
    """Return whether nothing but one line end and blanks is between two lines."""
    return text.count("\n", above.end, below.start) <= 1


def _table(text: str, rows: list[Line]) -> Table:
    starts = [text.rfind("\n", 0, row.start) + 1 for row in rows]  # a first cell may be empty
    cells = tuple(
        tuple(cell.strip() for cell in text[start : row.end].split("\t"))
        for start, row in zip(starts, rows, strict=True)
    )
    return Table(rows[0].start, rows[-1].end, cells)
