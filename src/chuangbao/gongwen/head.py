"""The head of a document (版头、标题、主送机关) and the metadata block that government sites put above it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from chuangbao.gongwen.fold import compact
from chuangbao.gongwen.lines import KIND, ORG_END, Line, day_of
from chuangbao.gongwen.marks import LEGAL, match_mark
from chuangbao.gongwen.numbers import find_numbers, line_number
from chuangbao.gongwen.numerals import DATE, iso_date

__all__ = ["Head", "read_head", "split_addressees", "title_text"]

_LABELS: Final = (
    "索引号|信息索引号|信息名称|主题分类|信息分类|服务对象|发文机关|发文单位|发布机构|发布单位|制定机关|公布机关|成文日期|发布日期|公布日期|更新时间|更新日期|发文日期|发文时间"
    "|发布时间|生成日期|施行日期|实施日期|生效日期|标题|名称|文号|发文字号|主题词|公文种类|公文时效|有效性|效力状态|效力级别|时效性|关键词|来源|信息来源|组配分类"
    "|体裁分类|体裁|公开方式|公开形式|公开类别|公开范围|时效|废止日期|失效日期|分类|题材|浏览次数|浏览量|阅读次数|阅读量|点击量|点击数|浏览|时间|日期|访问量|字体|字号|作者|责任编辑|签发人|密级|紧急程度|统一编号|登记号|规范性文件编号|规范性文件登记号"
)
_LABEL: Final = re.compile(
    r"(?<![\u4e00-\u9fff])(?P<label>"
    + "|".join(" {0,4}".join(label) for label in _LABELS.split("|"))
    + r")(?: ?[:〕]| {1,8}(?=\S)|$)"
)
_JUNK: Final = re.compile(
    r"^(?:首页|当前位置|您的?位置|您现在|打印|关闭|分享|收藏|【|〔(?:大|字体|打印)|大中小|A[+-]|扫一扫|用微信|特急|加急|平急|机密|秘密|政府信息公开|政策解读|相关|"
    r"点击|下载|保护视力色|\d{4}-\d{1,2}-\d{1,2}|目录$|政策文件$|红头文件$|第? ?\d+ ?页|—|-)|[>›]|^\d{3,8}$|来源:|浏览"
)
_SCAN_ME: Final = re.compile(r"^(?:扫一扫|用微信|您现在|当前位置)")
_LETTERHEAD: Final = re.compile(r"^(?P<who>[\u4e00-\u9fff() ]{3,60}?) ?(?:文件|发文)$")
_LETTERHEAD_LINE: Final = re.compile(r"^[\u4e00-\u9fff()]{3,30}$")
_ENACTED: Final = re.compile(r"^\(.{0,400}\)?$")
_ADOPTED: Final = re.compile(
    rf"^\(?{DATE}(?![前后起至止])[^。;:]{{0,60}}?(?:通过|批准|公布|发布|颁布|修订|修正|修改|印发|施行|委员会|会议)\)?$"
)
"""A line of its own that says when and by whom a document was adopted or made known (题注)."""
_NUMBERED_TITLE: Final = re.compile(r"^(?P<number>[\u4e00-\u9fff]{1,20} ?〔 ?[12]\d{3} ?〕 ?\d{1,5} ?号) ?(?=\S)")
_ADOPTION: Final = re.compile(r"第 ?\d{1,5} ?次[^。;:]{0,20}会议[^。;:]{0,10}(?:通过|批准)[^。;:]{0,30}\)?$")
_ADDRESSED: Final = re.compile(
    r"(?:人民政府|政府|部门|委|厅|局|单位|机构|公司|院|校|区|会|银行|办|院所|企业|省|市|县|州|盟|旗|所|处|行|中心|机关|团体|部|组织|学院|大学|高校|集团|分局|支队|协会|同志|室|署|军|兵团|你们|代表|委员|主席|先生|女士|教授|院士)(?:\([^()]{1,30}\))?$"
)
_ADDRESSEE_SIGNS: Final = re.compile(r"[，、;,]|^各")
_NO_ADDRESSEE: Final = re.compile(r"[《》〈〉]|关于|^\d|[a-zA-Z]{3}|http|发布|浏览|点击|字体|来源|时间|日期|分享|打印")
_BULLET: Final = re.compile(r"^[●■◆▪◇□•·*▶►>\- ]+")
_LEADS_ON: Final = re.compile(r"(?:如下|以下|下列|事项|通知|公告|批复|规定|内容|意见|为):$")
_LAYOUT_LONGEST: Final = 60
_SHORT_LABEL: Final = 6
_TITLE_GOES_ON: Final = re.compile(r"^(?:的|及|和|、|》|并|与|等)")
_OF_A_KIND: Final = re.compile(
    r"的(?:[\u4e00-\u9fff]{0,4}(?:意见|通知|决定|批复|复函|函|公告|通告|通报|报告|请示|决议|答复))$"
)
"""How a title about something ends."""
_SERIAL: Final = re.compile(r"\(?((?:[12]\d{3}年)?第?\d{1,4}号)\)?$")
_PLAIN_DAY: Final = re.compile(r"^(?P<day>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?: [^。;:]{0,30})?$")
_ONLY_BESIDE: Final = frozenset({"时间", "日期", "浏览"})
"""Labels that open no line of metadata: 时间：3月5日 may be what a notice says."""
_LONG: Final = 90
_LONG_TITLE: Final = 160
_TITLE_LINES: Final = 9
_ADDRESSEE_LINES: Final = 14


@dataclass(slots=True)
class Head:
    """What comes before the body."""

    number: str | None = None
    serial: str | None = None
    title: str | None = None
    title_lines: list[Line] = field(default_factory=list)
    date: str | None = None
    issuers: list[str] = field(default_factory=list)
    addressees: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    body: int = 0
    unknown: list[int] = field(default_factory=list)


def _is_body(folded: str, line: Line) -> bool:
    """A line that only the body has: a mark, a full sentence, a long paragraph."""
    mark = match_mark(folded, line.start, line.end)
    if mark and not (mark.style in LEGAL and mark.style != "条" and mark.text_start >= line.end):
        return not line_number(line.text)
    if line.text[-1] == ":":
        return bool(mark) or "。" in line.text or ("，" in line.text and "《" in line.text)
    if line.text.startswith("("):
        return bool(mark)
    if line.text[-1] in "。;!":
        return True
    return bool(mark) or len(line.text) > (_LONG_TITLE if KIND.search(line.text) else _LONG) or "。" in line.text


def _is_site_line(folded: str, line: Line) -> bool:
    """Return whether a line belongs to a web site; a clause (一、资金来源：…) or a sentence never does."""
    if not _JUNK.search(line.text):
        return False
    says = bool(match_mark(folded, line.start, line.end)) or "。" in line.text
    return not says or bool(_SCAN_ME.search(line.text))


def _metadata(line: Line, following: Line | None, meta: dict[str, str]) -> tuple[bool, int]:
    """Label and value pairs of one line (索引号：… 发文日期：…); whether it was one, and how many lines it took."""
    pairs = list(_LABEL.finditer(line.text))
    if not pairs or pairs[0].start() > 0 or compact(pairs[0]["label"]) in _ONLY_BESIDE:
        return False, 0
    for i, pair in enumerate(pairs):
        stop = pairs[i + 1].start() if i + 1 < len(pairs) else len(line.text)
        value = line.text[pair.end() : stop].strip(" |:")
        meta.setdefault(compact(pair["label"]), value)
    label = compact(pairs[-1]["label"])
    if not meta[label] and following and not _LABEL.match(following.text) and len(following.text) < _LONG:
        meta[label] = following.text
        return True, 2
    return True, 1


def title_text(text: str, lines: list[Line]) -> str:
    """The title as one line: centring blanks go, a blank between two agencies stays."""
    joined = ""
    for line in lines:
        for token in text[line.start : line.end].split():
            joined += f" {token}" if _keeps_blank(joined, token, len(lines)) else token
    return joined


def _keeps_blank(before: str, token: str, lines: int) -> bool:
    """Two agencies beside or below each other stay two names; Latin words stay apart."""
    if before and before[-1].isascii() and before[-1].isalpha() and token[0].isascii() and token[0].isalpha():
        return True
    last = before.rpartition(" ")[2]
    own = token.partition("关于")[0]
    agencies = bool(ORG_END.search(last)) and len(last) > 1 and "关于" not in before
    return (
        agencies and len(own) > 1 and bool(ORG_END.search(own) or (lines > 1 and token.startswith("关于") and not own))
    )


def _title_end(lines: list[Line], i: int, folded: str) -> int:
    """One past the last line of the title that begins at i; i when there is none."""
    if lines[i].text.startswith("("):
        return i
    for j in range(i, min(i + _TITLE_LINES, len(lines))):
        line = lines[j]
        if _is_body(folded, line) or line.text[-1] in ":。" or line_number(line.text) or _LABEL.match(line.text):
            return i
        if day_of(line.text):
            return i
        nxt = lines[j + 1].bare if j + 1 < len(lines) else ""
        goes_on = _TITLE_GOES_ON.match(nxt) or (KIND.fullmatch(nxt) and nxt in {"通知", "公告", "批复", "函"})
        joined = "".join(each.bare for each in lines[i : j + 1])
        if KIND.search(line.bare) and not goes_on and not _is_title_open(joined, nxt):
            return j + 1
    return i


def _is_title_open(joined: str, following: str) -> bool:
    """Return whether a title goes on though its line ends with the name of a kind (…管理法 / 实施条例》有关规定的决定).

    Args:
        joined: the title so far.
        following: the next line, both without blanks.

    """
    if joined.count("《") > joined.count("》"):
        return "》" in following
    return "关于" in joined and not _OF_A_KIND.search(joined) and bool(_OF_A_KIND.search(following))


def _addressees(lines: list[Line], i: int, folded: str) -> int:
    """One past the line that closes the addressees (主送机关) begun at i; i when these are none.

    A line that no addressee can be (a share counter, the title again, a second number) begins none, and what
    comes before them is passed over line by line.
    """
    if not _begins_addressees(lines[i]):
        return i
    joined = ""
    for j in range(i, min(i + _ADDRESSEE_LINES, len(lines))):
        text = lines[j].text
        if "。" in text or (j > i and match_mark(folded, lines[j].start, lines[j].end)):
            return i
        joined += text
        if text.endswith(":"):
            return j + 1 if _ADDRESSED.search(joined[:-1].strip()) and "《" not in joined else i
    return i


def _begins_addressees(line: Line) -> bool:
    """Return whether a line can be the first of the addressees: agencies in a row, or one with its colon."""
    text = _BULLET.sub("", line.text)
    if _NO_ADDRESSEE.search(text) or KIND.search(line.bare):
        return False
    return text.endswith(":") or bool(_ADDRESSEE_SIGNS.search(text) or _ADDRESSED.search(text))


def split_addressees(folded: str, text: str, start: int, end: int) -> list[str]:
    """Groups of addressees, parted by ， or ； outside brackets."""
    groups: list[str] = []
    bullet = _BULLET.match(folded[start:end])
    depth, at = 0, start + (bullet.end() if bullet else 0)
    start = at
    for i in range(start, end):
        depth += (folded[i] == "(") - (folded[i] == ")")
        if depth <= 0 and folded[i] in "，;,":
            groups.append(compact(text[at:i]))
            at = i + 1
    groups.append(compact(text[at:end]).rstrip("：:"))
    return [g for g in groups if g]


def read_head(folded: str, text: str, lines: list[Line]) -> Head:
    """Walk the lines from the top until the body begins."""
    head = Head(body=len(lines))
    i = 0
    while i < len(lines):
        line = lines[i]
        taken = _step(folded, text, lines, i, head)
        if not taken:
            head.body = i
            break
        i += taken
        if line.text.endswith(":") and head.addressees:
            head.body = i
            break
    if not head.title:
        head.title = head.meta.get("标题") or head.meta.get("名称") or head.meta.get("信息名称")
    if not head.title:
        head.title_lines = _title_by_layout(lines, head)
        head.title = title_text(text, head.title_lines) or None
    return head


def _title_by_layout(lines: list[Line], head: Head) -> list[Line]:
    """Return the lines that are the title by their place: short, at the top, above the body, without punctuation.

    For titles that end with no known kind (修正案, 解答).
    """
    chosen: list[Line] = []
    for i in head.unknown:
        line = lines[i]
        if chosen and (i - 1 not in head.unknown or len(chosen) == _TITLE_LINES):
            break
        plain = not re.search('[。，;:!?"]|\\d{5}', line.text) and not _JUNK.search(line.text)
        if plain and len(line.bare) <= _LAYOUT_LONGEST and re.search("[\u4e00-\u9fff]{4}", line.bare):
            chosen.append(line)
        elif chosen:
            break
    return chosen if head.body < len(lines) else []


def _step(folded: str, text: str, lines: list[Line], i: int, head: Head) -> int:
    """Take one or more lines of the head; 0 when the body begins here."""
    line = lines[i]
    was_meta, count = _metadata(line, lines[i + 1] if i + 1 < len(lines) else None, head.meta)
    if was_meta:
        return count
    if taken := _take_known(lines, i, head):
        return taken
    if numbered := _NUMBERED_TITLE.match(line.text):
        head.number = head.number or line_number(numbered["number"])
        rest = line.text[numbered.end() :]
        if rest[0] == "《" and rest[-1] == "》":
            return 1  # the name of the page, above the document itself
        line = lines[i] = Line(line.start + numbered.end(), line.end, rest, line.indent)
    if head.title is None or "关于" not in head.title:
        stop = _title_end(lines, i, folded)
        if stop > i and not _JUNK.search(line.text):
            head.title_lines = lines[i:stop]
            head.title = title_text(text, head.title_lines)
            return stop - i
    return _step_rest(folded, text, lines, i, head)


def _take_known(lines: list[Line], i: int, head: Head) -> int:
    """Take a number, a serial, a day or a note of adoption; how many lines it took."""
    line = lines[i]
    joined = f"{line.text}\n{lines[i + 1].text}" if i + 1 < len(lines) else ""
    if joined and line.bare.endswith(("令", "公告")) and (number := line_number(joined)):
        head.number = head.number or number
        return 2
    if number := line_number(line.text):
        head.number = head.number or number
        return 1
    if serial := _SERIAL.match(line.bare):
        head.serial = head.serial or serial[1]
        return 1
    if day := day_of(line.text):
        head.date = head.date or day
        return 1
    return int(i > 0 and _take_note(line, head))


def _take_note(line: Line, head: Head) -> bool:
    """Take a line that says when the document was adopted, made known or put in force (题注); whether it was one."""
    if plain := _PLAIN_DAY.match(line.text):
        head.meta.setdefault("发布日期", plain["day"])
        return True
    if _ADOPTION.search(line.text) and not re.match(DATE, line.text.lstrip("(")):
        return True
    noted = _ADOPTED.match(line.text)
    if not noted:
        return False
    day, rest = re.search(DATE, line.text), line.text[noted.end("d") :].lstrip("日 ")
    if re.fullmatch("(?:起)?施行\\)?", rest) and day:
        head.meta.setdefault("施行日期", day[0])
        return True
    head.date = head.date or (iso_date(day) if day else None)
    head.number = head.number or next((number for _, _, number in find_numbers(rest)), None)
    return True


def _step_rest(folded: str, text: str, lines: list[Line], i: int, head: Head) -> int:
    """Addressees, letterhead, the note under a title, and lines of a site that mean nothing here."""
    line = lines[i]
    expected = head.title or (line.text.endswith(":") and (head.unknown or line.text.startswith("各")))
    stop = _addressees(lines, i, folded) if expected else i
    if stop > i:
        head.addressees = split_addressees(folded, text, line.start, lines[stop - 1].end)
        head.body = stop
        return stop - i
    letterhead = _LETTERHEAD.match(line.text)
    if letterhead and not head.issuers:
        head.issuers = [compact(w) for w in letterhead["who"].split("  ") if w.strip()]
        return 1
    if head.title and _ENACTED.match(line.text) and not match_mark(folded, line.start, line.end):
        day = re.search(DATE, compact(line.text))
        head.date = head.date or (iso_date(day) if day else None)
        return 1
    opens = bool(head.title and _LEADS_ON.search(line.text) and len(line.bare) > _SHORT_LABEL)
    if (_is_body(folded, line) or opens) and not _is_site_line(folded, line):
        return 0
    head.unknown.append(i)
    return 1
