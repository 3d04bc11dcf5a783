"""Saved web pages of government sites: the main content, without navigation, scripts and footer."""

from __future__ import annotations

import itertools
import re
from typing import Final

from lxml import etree, html

from chuangbao.gongwen.errors import DocumentError
from chuangbao.gongwen.model import ReadingWarning

__all__ = ["read_html"]

_NO_TEXT: Final = ("script", "style", "noscript", "template", "svg", "head")
_DROP: Final = (
    "nav",
    "header",
    "footer",
    "form",
    "button",
    "iframe",
    "select",
    "aside",
)
_BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "tr",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "section",
        "article",
        "center",
        "blockquote",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "br",
        "body",
        "main",
        "tbody",
    ]
)
_CHARSET: Final = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_MOST: Final = 0.85
_DEEPEST: Final = 100
_TITLE, _TITLES = 300, 10
_CODECS: Final = {"utf-8": "utf-8", "utf8": "utf-8", "gb18030": "gb18030", "big5": "big5", "utf-16": "utf-16"}
_META: Final = re.compile(r"(发文字号|文号|成文日期|发文机关)\s*+(?:[:：]\s*+)?+([^\s:：]{3,40})")


def _decode(data: bytes) -> str:
    """The page's own charset, where it is one that pages have, GBK read as GB18030; what does not fit is replaced."""
    found = _CHARSET.search(data[:4096])
    charset = found[1].decode("ascii").lower() if found else "utf-8"
    charset = "gb18030" if charset.startswith("gb") else charset
    try:
        return data.decode(_CODECS[charset])
    except (UnicodeDecodeError, KeyError):
        return data.decode("gb18030", errors="replace")


def _weights(body: html.HtmlElement) -> dict[html.HtmlElement, int]:
    """Chinese characters in every node that are no link, counted once from the leaves up."""
    total: dict[html.HtmlElement, int] = {}
    links: dict[html.HtmlElement, int] = {}
    for node in reversed(list(body.iter())):
        children = list(node)
        own = len(_CHINESE.findall(node.text or "")) if isinstance(node.tag, str) else 0
        tails = sum(len(_CHINESE.findall(child.tail or "")) for child in children)
        total[node] = own + tails + sum(total[child] for child in children)
        inner = sum(links[child] for child in children)
        links[node] = total[node] if node.tag == "a" else inner
    return {node: total[node] - links[node] for node in total}


def _main(body: html.HtmlElement) -> html.HtmlElement:
    """Go down while one child holds nearly all of the text."""
    node = body
    weights = _weights(body)
    total = weights[body]
    while True:
        inner = [c for c in node if isinstance(c.tag, str) and c.tag not in {"p", "br", "span"}]
        best = max(inner, key=weights.__getitem__, default=None)
        if best is None or weights[best] < total * _MOST:
            return node
        node = best


def _check_depth(root: html.HtmlElement, name: str) -> None:
    """Refuse what is nested deeper than any page: each level is looked at with all that is below it."""
    depths = {root: 0}
    for node in root.iter():
        depth = depths[node] + 1
        if depth > _DEEPEST:
            raise DocumentError(
                f"{name} was not read", f"its parts are nested more than {_DEEPEST} deep", "Copy its text and paste it"
            )
        depths |= dict.fromkeys(node, depth)


def _lines(node: html.HtmlElement) -> list[str]:
    """The text of a node, a block a line."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(node, events=("start", "end", "comment", "pi")):
        if event in {"comment", "pi"}:
            pieces.append(_flat(element.tail))  # the text goes on behind a remark
            continue
        block = element.tag in _BLOCKS
        if event == "start":
            pieces += ["\v" if block else "", _flat(element.text)]
        elif element is not node:
            pieces += ["\v" if block else ("\t" if element.tag in {"td", "th"} else ""), _flat(element.tail)]
    return [line.strip(" \n").rstrip(" \t") for line in "".join(pieces).split("\v")]


def _flatten_cells(root: html.HtmlElement) -> None:
    """Put the text of each cell of a table on one line: paragraphs inside a cell are no lines of the document."""
    for row in root.iter("tr"):
        cells = [cell for cell in row if cell.tag in {"td", "th"}]
        if len(cells) < 2 or any(True for _ in row.iter("table")):  # noqa: PLR2004 - one cell, or a table, is layout
            continue
        for cell in cells:
            text = " ".join(" ".join(cell.itertext()).split())
            tail = cell.tail
            for child in list(cell):
                cell.remove(child)
            cell.text, cell.tail = text, tail


def _drop(root: html.HtmlElement) -> None:
    """Take away what is no text of the document; a form or header that holds most of the page is the page."""
    etree.strip_elements(root, *_NO_TEXT, with_tail=False)
    total = len(_CHINESE.findall("".join(root.itertext())))
    for element in list(root.iter(*_DROP)):
        if element.getparent() is not None and len(_CHINESE.findall("".join(element.itertext()))) * 2 < total:
            element.drop_tree()


def _flat(text: str | None) -> str:
    """Line breaks of the source mean nothing in HTML."""
    return re.sub(r"[\r\n\v]+[ \t]*", "", text or "")


def read_html(data: bytes, name: str = "", warnings: list[ReadingWarning] | None = None) -> str:
    """Return the text, one block a line, with title and number before it when they were outside the main part.

    Args:
        data: the page.
        name: the name of the file, for messages.
        warnings: takes what was left out.

    Raises:
        DocumentError: there is no page in it, or it is nested deeper than any.

    """
    try:
        root = html.document_fromstring(_decode(data).encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError) as error:
        raise DocumentError(f"{name} was not read", "no page is found in it", "Save the page again") from error
    _check_depth(root, name)
    heading = " ".join(h.text_content().strip()[:_TITLE] for h in itertools.islice(root.iter("h1"), _TITLES))
    outside = " ".join(_lines(root))
    whole = _letters(root)
    _drop(root)
    _flatten_cells(root)
    body = root.find("body")
    chosen = _main(body if body is not None else root)
    lines = [line for line in _lines(chosen) if line]
    text = "\n".join(lines)
    lead = [f"{label}：{value}" for label, value in dict(_META.findall(outside)).items() if value not in text]
    if heading and re.sub(r"\s", "", heading) not in re.sub(r"\s", "", text):
        lead.append(heading)
    if warnings is not None:
        warnings += _left_out(whole, text, len(list(chosen.iter("img"))))
    return "\n".join([*lead, text]) + "\n"


def _letters(root: html.HtmlElement) -> int:
    """Count the Chinese characters of a page that a reader sees."""
    unseen = sum(len(_CHINESE.findall("".join(part.itertext()))) for part in root.iter(*_NO_TEXT))
    return len(_CHINESE.findall("".join(root.itertext()))) - unseen


def _left_out(whole: int, text: str, pictures: int) -> list[ReadingWarning]:
    """Return a warning for the text around the main part, and one for pictures inside it."""
    outside = whole - len(_CHINESE.findall(text))
    said = "%(count)s characters around the main part of the page (menus, footer) were left out"
    found = [ReadingWarning(said, values=(("count", str(outside)),))] if outside > 0 else []
    if pictures:
        said = "%(count)s pictures were not read; text in them is missing"
        found.append(ReadingWarning(said, values=(("count", str(pictures)),)))
    return found
