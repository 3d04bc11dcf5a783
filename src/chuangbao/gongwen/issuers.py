"""Who issued the document (发文机关): from the title, the letterhead, the signature or the number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chuangbao.gongwen.fold import compact, fold
from chuangbao.gongwen.lines import ORG_END

if TYPE_CHECKING:
    from chuangbao.gongwen.head import Head
    from chuangbao.gongwen.tail import Tail

__all__ = ["issuers_of"]

_SEAM: Final = re.compile(
    r"(?<=[部委局厅行会])(?=国家|财政部|税务总局|科技部|教育部|人力资源|工业和信息化部|商务部|海关总署|中国人民银行|民政部|退役军人|农业农村部|住房|自然资源部|生态环境部|中国证监会)"
)
_FORWARDS: Final = re.compile(r"(?<=.)(?:转发|批转|印发)")
"""What parts who issues a title from what is passed on (国务院办公厅转发国家地震局关于…的通知)."""
_NUMBERED: Final = re.compile(r"^(?P<who>.+?)(?:公告|令)")


def _agencies(text: str) -> list[str]:
    """Names in a row: parted by blanks, 、 or the known seams."""
    tokens = [t for part in re.split(r"[ 、]", text.strip()) for t in _SEAM.split(part) if t]
    return tokens if all(ORG_END.search(fold(t)) for t in tokens) else []


def issuers_of(title: str, head: Head, tail: Tail) -> list[str]:
    """The issuers in the order in which they are printed."""
    before, about, _ = title.partition("关于")
    before = _FORWARDS.split(before)[0]
    named = _agencies(before) if about else []
    if named:
        signed = tail.issuers
        return signed if len(signed) > len(named) and compact("".join(signed)) == compact(before) else named
    if tail.issuers:
        return tail.issuers
    if head.issuers:
        return head.issuers
    numbered = _NUMBERED.match(head.number or "")
    if numbered:
        return numbered["who"].split()
    listed = next((head.meta[k] for k in ("发文机关", "发文单位", "制定机关", "发布机构") if head.meta.get(k)), "")
    return re.split(r"[ 、，]+", listed) if listed else []
