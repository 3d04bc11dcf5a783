"""The day a document takes effect (施行日期): 自2024年1月1日起施行, 自印发之日起30日后施行."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from chuangbao.gongwen.numerals import DATE, iso_date, to_int

__all__ = ["effective_of"]

_DAY: Final = re.compile(
    rf"(?:自|从|于|为|期限|时间)?(?P<day>{DATE})起?(?:(?:开始|正式|实施|至|到|—|-)[^。；;《》]{{0,24}}?)?(?:施行|执行|实施|生效|试行)(?!之日|以前|之前|前)"
)
_TERM: Final = re.compile(
    rf"(?:执行|实施|施行|适用)(?:期限|时间|期间|期)[^。;]{{0,4}}?(?:为|自|:){{1,2}}(?P<day>{DATE})"
)
_ISSUED: Final = re.compile(
    r"自?(?:印发|发布|公布|下发|发文|颁布|签发|发出)之日(?:起)?(?:满?(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})(?P<u>日|天|个月))?(?:后|之后)?(?:起)?"
    r"(?:开始|正式)?(?:施行|执行|实施|生效|试行)"
)
_OWN: Final = re.compile(
    r"本(?:办法|规定|通知|意见|公告|条例|细则|方案|规划|规则|措施|制度|政策|决定|法|通告|指南|标准|批复|函|实施)[^。;]{0,10}$"
)
_ANOTHER: Final = re.compile(r"》[)〕]?$")
_MONTHS: Final = 12
_LAST_SAFE: Final = 28


def _later(issued: str, number: int, unit: str) -> str:
    """The day so many days or months after the day of issue."""
    day = date.fromisoformat(issued)
    if unit != "个月":
        return (day + timedelta(days=number)).isoformat()
    months = day.year * _MONTHS + day.month - 1 + number
    return date(months // _MONTHS, months % _MONTHS + 1, min(day.day, _LAST_SAFE)).isoformat()


def _day(match: re.Match[str], issued: str | None) -> str | None:
    if match.re is not _ISSUED:
        return iso_date(match)
    if issued and match["n"]:
        return _later(issued, to_int(match["n"]), match["u"])
    return issued


def effective_of(folded: str, start: int, issued: str | None) -> str | None:
    """The ISO day from which the document holds; one said of 本办法/本通知 goes before any other."""
    found: list[tuple[bool, int, re.Match[str]]] = []
    for pattern in (_DAY, _TERM, _ISSUED):
        for match in pattern.finditer(folded, start):
            own = bool(_OWN.search(folded[max(0, match.start() - 24) : match.start()]))
            if _ANOTHER.search(folded[max(0, match.start() - 2) : match.start()]):
                continue  # the day of the document that is named right before it
            found.append((own, match.start(), match))
    for _, _, match in sorted(found, key=lambda entry: entry[:2], reverse=True):
        day = _day(match, issued)
        if day:
            return day
    return None
