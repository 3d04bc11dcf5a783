"""Kinds of benefit (待遇类别): money, deduction, deferral, loan and right are kept apart and never added together."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["KINDS", "Sort", "sort_of"]


class Sort(StrEnum):
    """What a figure is, the most useful to have first: only money is money."""

    MONEY = "money"  # 省下的税、拿到的钱
    RIGHT = "right"  # 权益: what is counted in yuan may belong to one, it is not paid out
    DEDUCTION = "deduction"  # 扣除额: taken from the income, not from the tax
    DEFERRAL = "deferral"  # 缓缴额: paid later, not less
    LOAN = "loan"  # 贷款额度: to be paid back


KINDS = ("tax", "subsidy", "deduction", "deferral", "loan", "right", "recognition", "procurement", "process")
SORTS = {
    "tax": Sort.MONEY,
    "subsidy": Sort.MONEY,
    "deduction": Sort.DEDUCTION,
    "deferral": Sort.DEFERRAL,
    "loan": Sort.LOAN,
}


def sort_of(kind: str) -> Sort:
    """What the figure of a kind of benefit is."""
    return SORTS.get(kind, Sort.RIGHT)
