"""What a figure is counted in (计量单位): of a fact, of a parameter, of an expression over them.

Serves every page, workbook and command that shows a figure: a share kept as 0.03 is shown as 3%, and a quotient of
two sums of money is a share, not money.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.rules import tree
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuangbao.rules.model import Fact, Parameter

__all__ = ["unit_in", "unit_of"]

BY_TYPE = {FactType.MONEY: "CNY", FactType.RATIO: "ratio", FactType.AREA: "m2"}
SPANS = {"MONTHS_SINCE": "month", "YEARS_SINCE": "year", "YEAR": "calendar_year", "ADD_MONTHS": ""}
BARE = {"", "1", "none"}
SHARES = {"ratio", "%", "percent"}
HUNDRED = 100


def unit_in(kind: Fact | Parameter) -> str:
    """The unit of a fact or a parameter; empty for a bare number and for what is no number."""
    unit = "" if kind.unit in BARE else kind.unit
    return unit if unit.startswith("CNY/") else BY_TYPE.get(kind.type, unit)


def unit_of(node: tree.Node, named: Mapping[str, Fact | Parameter | str]) -> str:
    """The unit of an expression; ``named`` gives a fact, a parameter, or the unit itself for a line of a working."""
    match node:
        case tree.Name(name=name):
            found = named.get(name, "")
            return found if isinstance(found, str) else unit_in(found)
        case tree.Neg(operand=operand):
            return unit_of(operand, named)
        case tree.Arith():
            return of_arith(node, named)
        case tree.Func(name=name, args=args):
            return SPANS[name] if name in SPANS else first_unit(args, named)
        case tree.Case(arms=arms, default=default):
            return first_unit((*(value for _, value in arms), default), named)
    return ""


def first_unit(nodes: Iterable[tree.Node], named: Mapping[str, Fact | Parameter | str]) -> str:
    """The unit of the first part that has one."""
    return next(filter(None, (unit_of(node, named) for node in nodes)), "")


def of_arith(node: tree.Arith, named: Mapping[str, Fact | Parameter | str]) -> str:
    """Sums keep their unit; equal units cancel to a share; a share of something is counted as that is."""
    left, right = unit_of(node.left, named), unit_of(node.right, named)
    if node.op in "+-":
        return left or right
    if is_hundred(node.right) and node.op == "*" and left == "ratio":
        return "%"
    if node.op == "/":
        return "ratio" if left and left == right else left if not right or right in SHARES else ""
    plain = [unit for unit in (left, right) if unit and unit not in SHARES]
    money = [unit for unit in plain if unit.startswith("CNY")]
    return (money or plain or [left or right])[0] if len(money or plain) <= 1 else ""


def is_hundred(node: tree.Node) -> bool:
    """Whether it is the number that turns a share into a figure in percent."""
    return isinstance(node, tree.Num) and node.value == HUNDRED
