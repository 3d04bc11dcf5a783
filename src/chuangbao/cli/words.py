"""Figures, codes and clauses as the commands of the rules print them: in Chinese, without the web framework."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from chuangbao.rules.answers import Status

if TYPE_CHECKING:
    from chuangbao.rules import Pack

__all__ = ["cite_clause", "name_fact", "name_status", "name_value", "say_figure"]

STATUS = {Status.ELIGIBLE: "可享受", Status.NOT_ELIGIBLE: "暂不符合", Status.UNDETERMINED: "待定"}
UNITS = {
    "person": "人",
    "day": "天",
    "month": "个月",
    "year": "年",
    "working_day": "个工作日",
    "enterprise": "家企业",
    "company": "家企业",
    "project": "个项目",
    "time": "次",
    "score": "分",
    "point": "分",
    "desk": "个工位",
    "item": "件",
    "hour": "小时",
    "m2": "平方米",
    "mu": "亩",
}
PERIODS = {"year": "每年", "quarter": "每季度", "month": "每月"}


def say_figure(value: Decimal, unit: str | None) -> str:
    """A figure with its unit, as the pages show it in Chinese: 0.03 of a share is 3%, 2000 yuan ¥2,000.00."""
    unit = unit or ""
    plain = f"{value:,f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    if unit == "CNY" or unit.startswith("CNY/"):
        cents = value == value.quantize(Decimal("0.01"))
        figure = f"¥{abs(value):,.2f}" if cents else f"¥{plain.removeprefix('-')}"
        return f"{PERIODS.get(unit.removeprefix('CNY/'), '')}{'−' if value < 0 else ''}{figure}"
    if unit == "calendar_year":
        return f"{value:f}"
    if unit == "ratio":
        return say_figure(value * 100, "%")
    if unit in {"%", "percent"}:
        return f"{plain}%"
    return f"{plain}{UNITS[unit]}" if unit in UNITS else f"{plain} {unit}".rstrip()


def name_value(pack: Pack, fact: str | None, value: object, unit: str | None = None) -> str:
    """A value of a fact or a threshold: codes by their labels, days as they are, figures with their unit."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal | int):
        return say_figure(Decimal(value), unit)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset):
        return "、".join(name_value(pack, fact, part) for part in value) or "—"
    known = pack.facts.get(fact or "")
    listed = pack.codes.get(known.codes) if known and known.codes else None
    entry = listed.by_code.get(str(value)) if listed else None
    return entry.label.zh if entry else str(value)


def name_fact(pack: Pack, name: str) -> str:
    """A fact by its label, with the name that a file of facts gives it."""
    known = pack.facts.get(name)
    return f"{known.label.zh} ({name})" if known else name


def name_status(status: Status | str) -> str:
    """A verdict in words, with its word in JSON."""
    return f"{STATUS[Status(status)]} ({Status(status)})"


def cite_clause(pack: Pack, clause: str) -> str:
    """A clause as it is printed (第四条第（三）项) with the number of its document; else its summary."""
    for document in pack.documents.values():
        for row in document.clauses:
            if row.id == clause:
                source = document.number or f"《{document.title.zh}》"
                return f"{source} {row.mark or row.summary.zh}".strip()
    return "资料库中没有的条款"
