"""What follows the body: signature (落款), date, list of attachments (附件说明), carried documents (印发、转发)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from chuangbao.gongwen.fold import compact
from chuangbao.gongwen.lines import ORG_END, Line, day_of, kind_of
from chuangbao.gongwen.marks import match_mark
from chuangbao.gongwen.numbers import line_number
from chuangbao.gongwen.numerals import DATE, iso_date

__all__ = ["Part", "Tail", "read_tail"]

_SIGNED: Final = re.compile(rf"^(?P<who>.{{2,80}}?) {{1,40}}(?P<day>{DATE})$")
_ATTACHMENTS: Final = re.compile(r"^附(?: {0,4}件 ?(?:\d{0,2}|[一二三四五六七八九十]?) ?[:.、]| {0,4}:) ?(?P<name>.*)$")
_HEADER: Final = re.compile(r"^\(?附 {0,4}[件表] ?(?:\d{1,2}|[一二三四五六七八九十]{1,2})?(?:-\d+)? ?:?\)?$")
_HEADED: Final = re.compile(
    r"^附 {0,4}[件表] ?(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:-\d+)? ?[:.、 ] ?(?P<name>[^。;]{2,60})$"
)
"""附件1：申请书 as the title of the attachment that follows."""
_FILE: Final = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar|pptx?|jpe?g|png)$", re.IGNORECASE)
_LINKED: Final = re.compile(r" 附件 ?\d{0,2}\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar)$", re.IGNORECASE)
"""The text of the link behind the name of an attachment: 名单 附件1.docx."""
_ITEM: Final = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]{1,2}) ?[.、] ?(?P<name>.*)$")
_JUNK: Final = re.compile(
    r"^\(此件|^抄 ?送|^主 ?送|^分 ?送|^印发|印 ?发$|^信息公开|^责任编辑|"
    r"^分享|^打印|^解读|^相关|^\(?(?:盖章|印章)\)?$|^主题词|^联系人|^公开方式|^政策解读|^扫一扫"
    r"|^版权|^主办|^承办|^网站|^ICP|^关闭|^\(?联系电话|^\(联系|^来源|^上一篇|^下一篇|^共印|^校对|^附件下载"
)
_SITE: Final = re.compile(
    r"^(?:版权|主办(?:单位)?:|承办(?:单位)?:|网站(?:地图|标识)|扫一扫|上一篇|下一篇|.{0,30}ICP备).{0,120}$"
)
"""What a site prints below the text of a page."""
_PERSON: Final = re.compile(
    r"^(?:总理|省长|市长|主席|部长|局长|主任|行长|署长|委员长|州长|县长|区长|审计长|厅长|会长)"
    r"[ :]{0,4}[\u4e00-\u9fff· ]{2,12}$"
)
_CARRIED: Final = re.compile(r"《([^《》]{2,100}(?:《[^《》]{2,80}》[^《》]{0,40})?)》")
_IN_FORCE: Final = re.compile(r"(?:施|执|实|进|发|试|运|推|举|履|可|[^银]通)行$")
_CLOSING: Final = re.compile(
    r"^(?:(?:特此|专此|此复|此致|谨此)[^，;]{0,8}|(?:盼|请|望|敬请|恳请)[^，;。]{0,16}(?:为荷|为盼|为感|为谢)[。!]?)$"
)
_SIGN_LONGEST: Final = 60
_JOIN: Final = 5
_PLAIN_LONGEST: Final = 60


@dataclass(slots=True)
class Part:
    """A carried document or an attachment: its title lines and its own lines."""

    title: list[Line] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    announced: bool = True
    """A line 附件 or a carried title opens it; else it is whatever follows the signature."""


@dataclass(slots=True)
class Tail:
    """The body's own lines, and what comes after them."""

    body: list[Line]
    date: str | None = None
    issuers: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def _is_signature(line: Line) -> bool:
    """An agency, a person in office, or a seal: what may stand above the date."""
    if len(line.bare) > _SIGN_LONGEST or re.search("[。，;:《]", line.text.rstrip(":")):
        return False
    if match_mark(line.text, 0, len(line.text)) or _IN_FORCE.search(line.bare):
        return False
    if _JUNK.search(line.text) or _PERSON.match(line.text):
        return True
    return all(
        ORG_END.search(token) for token in (line.text.split() if len(line.text) > len(line.bare) + 1 else [line.bare])
    ) or bool(ORG_END.search(line.bare))


def _signed_day(line: Line) -> str | None:
    """The day of a line that is a date, or an agency and a date."""
    day = day_of(line.text)
    if day:
        return day
    match = _SIGNED.match(line.text)
    agency = match and ORG_END.search(compact(match["who"])) and not re.search("[。，;:]", match["who"])
    return iso_date(match) if match and agency else None


def _names(line: Line) -> list[str]:
    """Agencies of one signature line."""
    if _JUNK.search(line.text) or _PERSON.match(line.text):
        return []
    match = _SIGNED.match(line.text)
    text = match["who"] if match else line.text
    tokens = text.split()
    several = all(ORG_END.search(t) and len(t) > 2 for t in tokens)  # noqa: PLR2004 - a centred name is not several
    return tokens if several else [compact(text)]


def _is_broken_row(above: Line, below: Line) -> bool:
    """Return whether two lines are one row of columns whose agencies each go on below (某市发展和改革 / 委员会)."""
    cells, rest = above.text.split(), below.text.split()
    unended = [cell for cell in cells if not ORG_END.search(cell)]
    plain = len(above.bare) <= _SIGN_LONGEST and not re.search("[。，;:《]", above.text)
    ended = all(ORG_END.search(cell) for cell in rest)
    return plain and ended and len(cells) > 1 and len(cells) > len(unended) == len(rest) > 0


def _complete_row(above: Line, below: Line) -> list[str]:
    """Return the agencies of such a row, each whole."""
    rest = iter(below.text.split())
    return [cell if ORG_END.search(cell) else cell + next(rest) for cell in above.text.split()]


def _take_signature(body: list[Line]) -> list[str]:
    """Take the signature lines off the end of the body and return the agencies in the order printed."""
    issuers: list[str] = []
    while body and (_signed_day(body[-1]) or _is_signature(body[-1])):
        line = body.pop()
        if day_of(line.text):
            continue
        if body and _is_broken_row(body[-1], line):
            issuers = _complete_row(body.pop(), line) + issuers
        else:
            issuers = _names(line) + issuers
    return issuers


def _attachments(lines: list[Line], text: str) -> tuple[list[str], list[Line]]:
    """The names after 附件：, and the lines without them."""
    names: list[str] = []
    kept: list[Line] = []
    inside = False
    for i, line in enumerate(lines):
        opening = _ATTACHMENTS.match(line.text)
        if opening and (opening["name"] or _ITEM.match(lines[i + 1].text if i + 1 < len(lines) else "")):
            inside = True
            names += _item_names(text, line, opening.start("name"))
        elif inside and _ITEM.match(line.text):
            names += _item_names(text, line, 0)
        elif inside and names and not _is_signature(line) and not line.text.endswith("。") and line.indent > _JOIN:
            names[-1] += compact(text[line.start : line.end])
        else:
            inside = False
            kept.append(line)
    return [n for n in names if n], kept


def _item_names(text: str, line: Line, offset: int) -> list[str]:
    """One line may hold several: 1.甲 2.乙."""
    rest = line.text[offset:]
    starts = [m.start() for m in re.finditer(r"(?:^| )(?:\d{1,2}|[一二三四五六七八九十]) ?[.、](?!\d)", rest)] or [0]
    if starts[0] > 0:
        starts = [0]
    stops = [*starts[1:], len(rest)]
    names: list[str] = []
    for start, stop in zip(starts, stops, strict=True):
        piece = rest[start:stop].rstrip()
        linked = _LINKED.search(piece)
        last = start + (linked.start() if linked else len(piece))
        lead = re.match(r" ?(?:(?:\d{1,2}|[一二三四五六七八九十]) ?[.、] ?)?", piece)
        at = line.start + offset + start + (lead.end() if lead else 0)
        names.append(compact(text[at : line.start + offset + last]).rstrip("；;。").strip("《》"))
    return names


def _carried_titles(title: str, preamble: str) -> set[str]:
    """Titles that the notice carries, in compact form."""
    return {compact(t) for t in _CARRIED.findall(compact(title)) + _CARRIED.findall(preamble)}


def _title_at(lines: list[Line], i: int, wanted: set[str]) -> int:
    """One past the lines from i that together are a carried title; i when they are none."""
    joined = ""
    for j in range(i, min(i + _JOIN, len(lines))):
        joined += lines[j].bare
        if joined in wanted or re.sub(r"\((?:试行|暂行)\)$", "", joined) in wanted:
            return j + 1
        if not any(title.startswith(joined) for title in wanted):
            return i
    return i


def _body_end(folded: str, lines: list[Line], wanted: set[str]) -> tuple[int, int]:
    """(one past the body with its signature, first line of what is carried)."""
    for i, line in enumerate(lines):
        if i and _title_at(lines, i, wanted) > i:
            return i, i
        if _HEADER.match(line.text) and i:
            return i, i
        if _signed_day(line) and not match_mark(folded, line.start, line.end):
            return i + 1, i + 1
    return len(lines), len(lines)


def read_tail(folded: str, text: str, lines: list[Line], title: str) -> Tail:
    """Part the lines after the head into body, signature, attachments and carried documents."""
    preamble = "".join(line.bare for line in lines[:4])
    wanted = _carried_titles(title, preamble)
    stop, after = _body_end(folded, lines, wanted)
    body = lines[:stop]
    while body and _SITE.match(body[-1].text) and not _signed_day(body[-1]):
        body.pop()
    tail = Tail(body)
    if body and (day := _signed_day(body[-1])):
        tail.date = day
    names, body = _attachments(body, text)
    tail.issuers = _take_signature(body)
    tail.body = [line for line in body if not _CLOSING.match(line.text)]
    below, rest = _listed_below(lines[after:], text)
    tail.attachments = names or below
    tail.parts = _parts(folded, rest, wanted)
    return tail


def _listed_below(lines: list[Line], text: str) -> tuple[list[str], list[Line]]:
    """Return the attachments that a page only names behind the signature (links to files), and the other lines.

    A list of files is kept apart from the attachments by the endings of its names, or because nothing follows it.
    """
    names, rest = _attachments(lines, text)
    files = any(_FILE.search(name) for name in names)
    nothing_follows = not any(not _JUNK.search(line.text) for line in rest)
    return (names, rest) if names and (files or nothing_follows) else ([], lines)


def _parts(folded: str, lines: list[Line], wanted: set[str]) -> list[Part]:
    """Carried documents and attachments, each from its title to the next."""
    parts: list[Part] = []
    i = 0
    while i < len(lines):
        line = lines[i]
        known = _title_at(lines, i, wanted)
        headed = _HEADED.match(line.text)
        if known > i:
            parts.append(Part(lines[i:known]))
            i = known
        elif headed and not line.row:
            start = line.start + headed.start("name")
            parts.append(Part([Line(start, line.end, headed["name"], line.indent)]))
            i += 1
        elif _HEADER.match(line.text):
            parts.append(Part())
            i += 1
        else:
            _into(folded, line, parts)
            i += 1
    return [part for part in parts if part.lines or (part.title and part.announced)]


def _into(folded: str, line: Line, parts: list[Part]) -> None:
    """One line into the part that is open, or into a new one."""
    if not line.row and (_JUNK.search(line.text) or _signed_day(line) or line_number(line.text)):
        return
    if not parts:
        parts.append(Part(announced=False))
    part = parts[-1]
    if not part.lines and _is_title_line(folded, line) and not (part.title and kind_of(part.title[-1].text)):
        part.title.append(line)
    elif not _is_note(folded, line, part):
        part.lines.append(line)


def _is_title_line(folded: str, line: Line) -> bool:
    """Return whether a line can be the title of an attachment: short, without mark, punctuation or cells."""
    plain = len(line.bare) <= _PLAIN_LONGEST and not re.search("[。;:，]", line.text)
    return plain and not line.row and not match_mark(folded, line.start, line.end)


def _is_note(folded: str, line: Line, part: Part) -> bool:
    """Return whether a line is the note in brackets under a title: （试行）, （2024年修订）."""
    bracketed = line.text.startswith("(") and line.text.endswith(")")
    return bracketed and not part.lines and not match_mark(folded, line.start, line.end)
