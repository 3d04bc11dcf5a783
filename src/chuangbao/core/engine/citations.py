"""How a clause is cited (条款引用) by its printed marks: 第四条第（三）项, or 一、（二）3.; its place is an id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chuangbao.core.engine.current import current_pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chuangbao.rules.model import Clause, Document

__all__ = ["clause_words", "list_citations", "marks_of", "path_of", "short_words"]

ARTICLE = re.compile(r"^第[^条]{1,12}条")
DIVISION = re.compile(r"^第[^章节编]{1,12}[编章节]")
ITEM = re.compile(r"^[（(][^）)]{1,8}[）)]$")
POINT = re.compile(r"^(\d{1,3}|[①-⑳])\s*[.．、]?$")


def path_of(marks: Iterable[str]) -> str:
    """The citation of a clause from the printed marks above it and its own, outermost first."""
    path = [mark.strip() for mark in marks if mark.strip()]
    if not any(ARTICLE.match(mark) for mark in path):
        return "".join(path)
    below = [mark for mark in path if not DIVISION.match(mark)]
    return "".join([below[0], *map(beneath, below[1:])])


def beneath(mark: str) -> str:
    """A mark below an article in the words of a citation: （三） is 第（三）项, 2. is 第2目."""
    point = POINT.match(mark)
    if ITEM.match(mark):
        return f"第{mark}项"
    return f"第{point[1]}目" if point else mark


def list_citations(clauses: Iterable[tuple[int, str]]) -> Iterator[str]:
    """The citation of each clause of a document, given in reading order as its level and its printed mark.

    What has no mark of its own is a paragraph (段) of the clause around it.
    """
    above: list[tuple[int, str]] = []
    counts: dict[tuple[str, ...], int] = {}
    for level, mark in clauses:
        while above and above[-1][0] >= level:
            above.pop()
        outer = tuple(text for _level, text in above)
        said = mark.strip()
        if not said:
            counts[outer] = counts.get(outer, 0) + 1
            said = f"第{counts[outer]}段"
        above.append((level, said))
        yield path_of((*outer, said))


def marks_of(sections: list[dict[str, object]]) -> Iterator[tuple[str, str]]:
    """The id of each part of a parsed document with its printed mark."""
    for section in sections:
        yield str(section["id"]), str(section["mark"] or "")
        yield from marks_of(section["children"])  # type: ignore[arg-type] # a tree of the same


def clause_words(clause: str, *, alone: bool = False) -> str:
    """How a clause is cited on a page: the number of its document and its printed mark, or the mark ``alone``."""
    found = find_clause(clause)
    if found is None:
        return clause.rpartition(":")[2] if ":" not in clause else _("a clause that the library no longer has")
    document, row = found
    if alone and row.mark:
        return row.mark
    if not row.mark:
        return clause if ":" not in clause else document.title.zh
    return f"{document.number or f'《{document.title.zh}》'} {row.mark}"


def short_words(clause: Clause) -> str:
    """How a clause is cited beside its document: its printed mark alone."""
    return clause.mark or ("" if ":" in clause.id else clause.id)


def find_clause(clause: str) -> tuple[Document, Clause] | None:
    """The clause with its document."""
    pack = current_pack()
    name, colon, _number = clause.partition(":")
    documents = [pack.documents[name]] if colon and name in pack.documents else pack.documents.values()
    return next(((d, c) for d in documents for c in d.clauses if c.id == clause), None)
