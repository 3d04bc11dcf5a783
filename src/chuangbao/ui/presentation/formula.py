"""A formula in words (算法): the expression of a measure as a founder would read it aloud.

Serves the measure page, the handout and the list of what a version changed. It words the very tree that is
computed, so that what is read and what is paid cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext

from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import day_words, number, percent, plain_money, quantity, text
from chuangbao.rules import tree
from chuangbao.rules.model import FactType
from chuangbao.rules.units import unit_in
from chuangbao.ui.presentation.conditions import code_label, join_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chuangbao.rules.model import Fact, Parameter, Text, Version

__all__ = ["amount_words", "line_words"]

LOOSE, SUM, PRODUCT, WORD = 0, 1, 2, 3


def amount_words(version: Version) -> str:
    """How much, in one sentence; empty where there is no formula."""
    pack = current_pack()
    if pack.versions.get(version.version, (None, None))[1] is not version:
        return say_amount(version)  # a draft: it is not part of the pack yet
    return sentence(pack.digest, version.version, get_language() or "")


@lru_cache(maxsize=4096)
def sentence(_digest: str, name: str, _language: str) -> str:
    """The sentence of a version in a language; it is the same for everybody until the pack changes."""
    return say_amount(current_pack().versions[name][1])


def say_amount(version: Version) -> str:
    """The same for any version."""
    node = version.benefit.amount
    if node is None or version.benefit.unit == "none":
        return ""
    return reader(version).words(node)


def line_words(version: Version) -> list[dict[str, str]]:
    """The lines of the working: what each is called and how it comes about."""
    read = reader(version)
    return [{"label": text(line.label), "words": read.words(line.value)} for line in version.benefit.lines]


def reader(version: Version) -> Reader:
    """A reader that knows the names of a version."""
    labels = {line.id: line.label for line in version.benefit.lines}
    money = version.benefit.unit.startswith("CNY")
    return Reader(version.parameters, labels, "CNY" if money else version.benefit.unit, money=money)


@dataclass(frozen=True)
class Reader:
    """Words a tree; ``unit`` is what a bare number is counted in at this place."""

    parameters: Mapping[str, Parameter]
    lines: Mapping[str, Text]
    unit: str = ""
    money: bool = False

    def words(self, node: tree.Node, bind: int = 0) -> str:
        """Any node; brackets stand where it binds more loosely than its place wants."""
        said, binds = WORDERS[type(node)](self, node)
        return gettext("(%(said)s)") % {"said": said} if binds < bind else said

    def within(self, unit: str) -> Reader:
        """The same names where numbers have another unit."""
        return replace(self, unit=unit)

    def fact(self, name: str) -> Fact | None:
        """The fact of a name."""
        return current_pack().facts.get(name)

    def about_money(self, node: tree.Node) -> bool:
        """Tell whether a name in it is a sum of money."""
        named = (self.fact(name) or self.parameters.get(name) for name in tree.names(node))
        return any(n is not None and n.type is FactType.MONEY for n in named)

    def unit_of(self, node: tree.Node) -> str:
        """What the figures beside ``node`` are counted in."""
        for name in tree.names(node):
            named = self.fact(name) or self.parameters.get(name)
            if named is not None:
                return unit_in(named)
        return self.unit


Said = tuple[str, int]


def figure(read: Reader, node: tree.Num) -> Said:
    """A number in the unit of its place; below one it is a share."""
    value = Decimal(Fraction(node.value).numerator) / Decimal(Fraction(node.value).denominator)
    if read.unit == "CNY":
        return plain_money(value), WORD
    if not read.unit and value % 1:
        return percent(value), WORD
    return quantity(value, read.unit) if read.unit else number(value), WORD


def name(read: Reader, node: tree.Name) -> Said:
    """A fact, a parameter or an earlier line by its label."""
    named = read.fact(node.name) or read.parameters.get(node.name)
    label = read.lines.get(node.name) or (named.label if named else None)
    return text(label) if label else node.name, WORD


def arith(read: Reader, node: tree.Arith) -> Said:
    """Sums keep their unit; in products bare numbers are shares or counts."""
    sign = {"+": " ＋ ", "-": " － ", "*": " × ", "/": " ÷ "}[node.op]
    if node.op in "+-":
        return f"{read.words(node.left, SUM)}{sign}{read.words(node.right, PRODUCT)}", SUM
    rate, sum_ = read.within(""), read.within("CNY" if read.money and not read.about_money(node) else "")
    left, right = (sum_ if big(side) else rate for side in (node.left, node.right))
    return f"{left.words(node.left, PRODUCT)}{sign}{right.words(node.right, WORD)}", PRODUCT


def big(node: tree.Node) -> bool:
    """A factor of three digits and more is the sum itself, not a rate."""
    return isinstance(node, tree.Num) and abs(Fraction(node.value)) >= 100  # noqa: PLR2004 - a rate of 100 is rare


def lower_first(words: str) -> str:
    """Words within a sentence: a label begins with a capital in English, and an abbreviation stays as it is."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def case(read: Reader, node: tree.Case) -> Said:
    """Each case after its condition."""
    arms = [
        gettext("if %(test)s: %(value)s") % {"test": lower_first(read.words(test)), "value": read.words(value)}
        for test, value in node.arms
    ]
    rest = gettext("otherwise %(value)s") % {"value": read.words(node.default)}
    return gettext("; ").join([*arms, rest]), LOOSE


def compare(read: Reader, node: tree.Compare) -> Said:
    """A comparison with its threshold in the unit of the other side."""
    other = read.within(read.unit_of(node.left) or read.unit_of(node.right))
    pattern = {
        "<=": gettext("%(left)s at most %(right)s"),
        "<": gettext("%(left)s less than %(right)s"),
        ">=": gettext("%(left)s at least %(right)s"),
        ">": gettext("%(left)s more than %(right)s"),
        "=": gettext("%(left)s is %(right)s"),
        "<>": gettext("%(left)s is not %(right)s"),
    }[node.op]
    right = node.right
    said = code_of(node.left, right.value) if isinstance(right, tree.Str) else other.words(right)
    return pattern % {"left": other.words(node.left), "right": said}, WORD


def code_of(node: tree.Node, code: str) -> str:
    """A code by its label."""
    return code_label(node.name if isinstance(node, tree.Name) else None, code)


def between(read: Reader, node: tree.Between) -> Said:
    """Both ends included."""
    ends = read.within(read.unit_of(node.operand))
    parts = {"x": ends.words(node.operand), "low": ends.words(node.low), "high": ends.words(node.high)}
    return gettext("%(x)s from %(low)s to %(high)s") % parts, WORD


def member(read: Reader, node: tree.In) -> Said:
    """One of several."""
    items = [code_of(node.operand, i.value) if isinstance(i, tree.Str) else read.words(i) for i in node.items]
    return gettext("%(x)s is one of %(list)s") % {"x": read.words(node.operand), "list": join_words(items)}, WORD


def contains(read: Reader, node: tree.Contains) -> Said:
    """A set that has one of the codes."""
    items = join_words(code_of(node.operand, item.value) for item in node.items)
    return gettext("%(x)s includes %(list)s") % {"x": read.words(node.operand), "list": items}, WORD


def function(read: Reader, node: tree.Func) -> Said:
    """A named function as people say it."""
    dates = node.name in {"YEAR", "MONTHS_SINCE", "YEARS_SINCE", "ADD_MONTHS"}
    inner = read.within("") if dates else read.within("CNY") if read.about_money(node) else read
    args = [inner.words(arg, SUM) for arg in node.args]
    first, listed = args[0], join_words(args)
    pattern = {
        "LEAST": gettext("the smallest of (%(list)s)"),
        "GREATEST": gettext("the largest of (%(list)s)"),
        "ABS": gettext("%(x)s without its sign"),
        "ROUND": gettext("%(x)s rounded"),
        "FLOOR": gettext("%(x)s rounded down"),
        "CEIL": gettext("%(x)s rounded up"),
        "COALESCE": gettext("%(x)s (where there is none: %(last)s)"),
        "YEAR": gettext("the year of %(x)s"),
        "ADD_MONTHS": gettext("%(last)s months after %(x)s"),
        "MONTHS_SINCE": gettext("full months since %(x)s"),
        "YEARS_SINCE": gettext("full years since %(x)s"),
    }[node.name]
    return pattern % {"x": first, "list": listed, "last": args[-1]}, WORD


def aggregate(read: Reader, node: tree.Aggregate) -> Said:
    """A fold over rows, by the name of the rows."""
    rows = current_pack().rows.get(node.rows)
    pattern = {
        "COUNT": gettext("the number of %(rows)s"),
        "SUM": gettext("the sum over %(rows)s"),
        "MIN": gettext("the smallest over %(rows)s"),
        "MAX": gettext("the largest over %(rows)s"),
        "AVG": gettext("the average over %(rows)s"),
    }[node.func]
    said = pattern % {"rows": text(rows.label) if rows else node.rows}
    if node.where is not None:
        said = gettext("%(said)s (%(where)s)") % {"said": said, "where": read.words(node.where)}
    return said, WORD


def negation(read: Reader, node: tree.Not) -> Said:
    """Not so."""
    return gettext("not: %(x)s") % {"x": read.words(node.operand, SUM)}, WORD


def junction(read: Reader, node: tree.And | tree.Or) -> Said:
    """All of it, or any of it."""
    link = gettext(" and ") if isinstance(node, tree.And) else gettext(" or ")
    return link.join(read.words(item, WORD) for item in node.items), SUM


WORDERS: dict[type[tree.Node], Callable[..., Said]] = {
    tree.Num: figure,
    tree.Str: lambda _read, node: (node.value, WORD),
    tree.Bool: lambda _read, node: (gettext("yes") if node.value else gettext("no"), WORD),
    tree.Day: lambda _read, node: (day_words(node.value), WORD),
    tree.Null: lambda _read, _node: (gettext("none"), WORD),
    tree.AsOf: lambda _read, _node: (gettext("the day of the question"), WORD),
    tree.Name: name,
    tree.Neg: lambda read, node: (f"－{read.words(node.operand, WORD)}", SUM),
    tree.Arith: arith,
    tree.Compare: compare,
    tree.Between: between,
    tree.In: member,
    tree.Like: lambda read, node: (
        gettext("%(x)s begins with %(prefix)s") % {"x": read.words(node.operand), "prefix": node.prefix},
        WORD,
    ),
    tree.IsNull: lambda read, node: (gettext("there is no %(x)s") % {"x": read.words(node.operand)}, WORD),
    tree.Not: negation,
    tree.And: junction,
    tree.Or: junction,
    tree.Case: case,
    tree.Func: function,
    tree.Contains: contains,
    tree.Aggregate: aggregate,
}
