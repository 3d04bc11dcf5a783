"""Saved web pages of government sites: the main content, without navigation, scripts and footer."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree, html

__all__ = ["read_html"]

_DROP: Final = (
    "script",
    "style",
    "nav",
    "header",
    "footer",
    "noscript",
    "form",
    "button",
    "iframe",
    "select",
    "svg",
    "aside",
    "template",
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
_META: Final = re.compile(r"(发文字号|文号|成文日期|发文机关)\s*[:：]?\s*([^\s:：]{3,40})")


def _decode(data: bytes) -> str:
    """The page's own charset, GBK read as GB18030; what does not fit is replaced."""
    found = _CHARSET.search(data[:4096])
    charset = found[1].decode("ascii").lower() if found else "utf-8"
    charset = "gb18030" if charset.startswith("gb") else charset
    try:
        return data.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return data.decode("gb18030", errors="replace")


def _weight(node: html.HtmlElement) -> int:
    """Chinese characters in a node that are no link."""
    links = sum(len(_CHINESE.findall(a.text_content())) for a in node.iter("a"))
    return len(_CHINESE.findall(node.text_content())) - links


def _main(body: html.HtmlElement) -> html.HtmlElement:
    """Go down while one child holds nearly all of the text."""
    node = body
    total = _weight(body)
    while True:
        inner = [c for c in node if isinstance(c.tag, str) and c.tag not in {"p", "br", "span"}]
        best = max(inner, key=_weight, default=None)
        if best is None or _weight(best) < total * _MOST:
            return node
        node = best


def _lines(node: html.HtmlElement) -> list[str]:
    """The text of a node, a block a line."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(node, events=("start", "end")):
        if not isinstance(element.tag, str):
            pieces.append((element.tail or "") if event == "end" and element is not node else "")
            continue
        block = element.tag in _BLOCKS
        if event == "start":
            pieces += ["\v" if block else "", _flat(element.text)]
        elif element is not node:
            pieces += ["\v" if block else ("\t" if element.tag in {"td", "th"} else ""), _flat(element.tail)]
    return [line.strip(" \t\n") for line in "".join(pieces).split("\v")]


def _flat(text: str | None) -> str:
    """Line breaks of the source mean nothing in HTML."""
    return re.sub(r"[\r\n\v]+[ \t]*", "", text or "")


def read_html(data: bytes) -> str:
    """The document's text, one block a line, its title and number before it when they stood outside."""
    root = html.document_fromstring(_decode(data).encode(), parser=html.HTMLParser(encoding="utf-8"))
    heading = " ".join(h.text_content().strip() for h in root.iter("h1"))
    outside = " ".join(_lines(root))
    etree.strip_elements(root, *_DROP, with_tail=False)
    body = root.find("body")
    chosen = _main(body if body is not None else root)
    lines = [line for line in _lines(chosen) if line]
    text = "\n".join(lines)
    lead = [f"{label}：{value}" for label, value in dict(_META.findall(outside)).items() if value not in text]
    if heading and re.sub(r"\s", "", heading) not in re.sub(r"\s", "", text):
        lead.append(heading)
    return "\n".join([*lead, text]) + "\n"
