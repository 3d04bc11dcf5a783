"""How what a measure gives is granted (给予方式): the word for an eligible person follows from it.

The verdict stays three-valued; 可享受, 可申领, 可申报, 可参评 and 由部门决定 only say what a verdict of eligible means.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from chuangbao.rules import tree

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from chuangbao.rules.model import Condition

__all__ = ["GRANT_OF_KIND", "GRANT_OF_MODE", "Grant", "grant_of", "is_decidable"]


class Grant(StrEnum):
    """How a benefit is granted, from the surest to the least sure."""

    RIGHT = "right"  # 可享受: it is due, at most a return is filled in
    CLAIM = "claim"  # 可申领: due to everybody who asks for it
    APPLY = "apply"  # 可申报: an office examines the application
    COMPETE = "compete"  # 可参评: the best of those who apply are chosen
    DISCRETION = "discretion"  # 由部门决定: an office or a unit decides as it sees fit

    @property
    def sure(self) -> bool:
        """Whether everybody who meets the conditions gets it, so that its money may be added up."""
        return self not in {Grant.COMPETE, Grant.DISCRETION}


FILED = "备案"
GRANT_OF_MODE = {
    # the taxpayer judges and declares, or the office pays unasked
    "self": Grant.RIGHT, "file": Grant.RIGHT, "自行判别、申报享受": Grant.RIGHT, "免申即享": Grant.RIGHT,
    "信息系统比对": Grant.RIGHT, "免申即享 (system computes in the return)": Grant.RIGHT,
    "银行直接减息": Grant.RIGHT,
    "免申即享（银行直接减息）": Grant.RIGHT, "学校内部": Grant.RIGHT,
    # a short claim, no examination of merit
    "快申快享": Grant.CLAIM, "免申即享/快申快享": Grant.CLAIM, "申领—使用—兑付": Grant.CLAIM, "投标时主张": Grant.CLAIM,
    "申报（先缴后补）": Grant.CLAIM, "随贷款办理": Grant.CLAIM, "申请": Grant.CLAIM,
    # examined
    "申报": Grant.APPLY, FILED: Grant.APPLY, "自评": Grant.APPLY, "自主评价+公示": Grant.APPLY,
    "自评+公告": Grant.APPLY, "license": Grant.APPLY,
    # chosen
    "申报评审": Grant.COMPETE, "竞争分配(择优)": Grant.COMPETE, "以奖代补": Grant.COMPETE, "响应邀请": Grant.COMPETE,
    # left to an office or a unit
    "internal": Grant.DISCRETION, "单位内部": Grant.DISCRETION, "采购人主动落实": Grant.DISCRETION,
}  # fmt: skip
"""How the modes written in packs grant; a version that says ``grant:`` is read by that alone."""

GRANT_OF_KIND = {
    "tax": Grant.RIGHT, "deduction": Grant.RIGHT, "deferral": Grant.RIGHT, "right": Grant.RIGHT,
    "subsidy": Grant.APPLY, "loan": Grant.APPLY, "recognition": Grant.APPLY, "procurement": Grant.CLAIM,
    "process": Grant.DISCRETION,
}  # fmt: skip
"""How a kind of benefit is granted where neither ``grant:`` nor a known mode says it."""


def grant_of(mode: str, kind: str, *, manual: bool) -> Grant:
    """The way of granting of a version that does not say it: by its mode, else by its kind.

    A tax relief that is only put on file (备案) is a right: nothing is examined before it.
    """
    if mode == FILED and GRANT_OF_KIND.get(kind) is Grant.RIGHT:
        return Grant.RIGHT
    otherwise = Grant.DISCRETION if manual else GRANT_OF_KIND.get(kind, Grant.APPLY)
    return GRANT_OF_MODE.get(mode, otherwise)


def is_decidable(conditions: Iterable[Condition], parameters: Container[str]) -> bool:
    """Whether at least one condition asks something of the subject: a version that no one can fail entitles no one."""
    return any(reads_subject(condition.when, parameters) for condition in conditions)


def reads_subject(node: tree.Node, parameters: Container[str]) -> bool:
    """Whether an expression reads a fact or rows, and not only figures of the version."""
    parts = tree.walk(node)
    return any(isinstance(p, tree.Aggregate) or (isinstance(p, tree.Name) and p.name not in parameters) for p in parts)
