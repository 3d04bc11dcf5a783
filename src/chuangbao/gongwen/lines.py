"""The text as lines with positions: the unit in which an official document is laid out (版式)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from chuangbao.gongwen.fold import compact
from chuangbao.gongwen.numerals import DATE, iso_date

__all__ = ["KIND", "ORG_END", "Line", "day_of", "kind_of", "lines_of", "without_contents"]

_KINDS: Final = (
    "意见|通知|办法|条例|公告|规划|方案|细则|批复|函|规定|决定|通告|通报|报告|请示|议案|命令|令|纪要|计划|纲要|措施|政策|指南|指引|预案|章程"
    "|规则|准则|标准|决议|公报|目录|清单|要点|制度|规程|倡议书|规范|法|解释|复函|答复|说明|分工|政策问答|须知|流程|提示|公示|公示名单|名单公示|解读|问答|简章"
)
KIND: Final = re.compile(rf"(?P<kind>{_KINDS})(?: ?[(〔][^()〔〕]{{1,30}}[)〕])?$")
ORG_END: Final = re.compile(
    r"(?:部|委|委员会|厅|局|署|院|会|行|办公室|办公厅|政府|中心|总局|协会|集团|公司|学院|大学|办|委\(局\)|组|党组|银行|法院|检察院|管委会|团委|总工会|妇联|税务局)$"
)
_DAY: Final = re.compile(DATE)
_MARK_ALONE: Final = re.compile(
    r"^[\s　]*(?:第.{1,6}[条章节]|[(（]?[\d一二三四五六七八九十]{1,3}[)）]?[.．、]?|[①-⑳⑴-⒇㈠-㈩])$"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space at its ends; positions in the text."""

    start: int
    end: int
    text: str
    indent: int
    row: bool = False
    """A row of a table: cells parted by tabs."""

    @property
    def bare(self) -> str:
        """Without inner white space either."""
        return compact(self.text)


def _is_row(printed: str) -> bool:
    """Return whether a line holds cells parted by tabs; one tab right behind a mark only sets the text off."""
    cells = printed.strip().split("\t")  # a tab before the first word may be an indent
    return len(cells) > 1 and not (len(cells) == 2 and _MARK_ALONE.match(cells[0]))  # noqa: PLR2004 - mark and text


def lines_of(folded: str, original: str = "") -> list[Line]:
    """Return the lines that are not blank; ``original`` is the text before folding, which still has its tabs."""
    found: list[Line] = []
    for match in re.finditer(r"[^\n]+", folded):
        raw = match.group()
        line = raw.strip()
        if line:
            indent = len(raw) - len(raw.lstrip())
            start = match.start() + indent
            row = _is_row(original[match.start() : match.end()])
            found.append(Line(start, start + len(line), line, indent, row))
    return found


def without_contents(lines: list[Line]) -> list[Line]:
    """The lines without a table of contents (目录): from its heading to where its first entry comes again."""
    kept = list(lines)
    start = next((i for i, line in enumerate(kept) if line.bare == "目录"), None)
    if start is None or start + 1 >= len(kept):
        return kept
    entry = re.sub(r"(?<![.·…—\d])[.·…—\d]*$", "", kept[start + 1].bare)
    again = next((i for i in range(start + 2, len(kept)) if entry and kept[i].bare == entry), None)
    if again is not None:
        del kept[start:again]
    return kept


def day_of(line: str) -> str | None:
    """The ISO day when the line is nothing but a date, in brackets or not."""
    bare = compact(line).strip("()")
    match = _DAY.fullmatch(bare)
    return iso_date(match) if match else None


def kind_of(title: str) -> str | None:
    """The kind (文种) that a title ends with."""
    match = KIND.search(compact(title))
    return match["kind"] if match else None
