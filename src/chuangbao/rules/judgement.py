"""One version judged for one subject (判定结果): the verdict at once, its reasons when asked."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from chuangbao.rules import tree
from chuangbao.rules.answers import AmountLine, ConditionAnswer, Shown, Status, as_json
from chuangbao.rules.check import FLIPPED
from chuangbao.rules.forecast import NotYet, amount_ahead, forecast, may_turn
from chuangbao.rules.interp import Interp
from chuangbao.rules.model import tree_of
from chuangbao.rules.runtime import Absent, Value, cents, shown
from chuangbao.rules.units import unit_of
from chuangbao.rules.windows import Opening, opening_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuangbao.rules.ceilings import Payable
    from chuangbao.rules.engine import Board, Plan
    from chuangbao.rules.grants import Grant
    from chuangbao.rules.model import Check, Condition, Fact, FirstStep, Parameter, Text

__all__ = ["Answer"]

Triple = tuple[bool | None, Value, Value]
T = TypeVar("T")
REFUSED = Status.NOT_ELIGIBLE
PERSON = tree.Name("is_person")
FOR_WHOM = re.compile("^[^，；：]+(?:的，|：)")
"""How a condition begins that is for some applicants alone: 企业申请的，… · 孵化器：…"""


class lazily(Generic[T]):  # noqa: N801 - used like property
    """A value worked out on first use and kept; the standard one takes a lock, which costs more than the value."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make, self.name, self.__doc__ = make, make.__name__, make.__doc__

    def __get__(self, owner: object, _kind: type | None = None) -> T:
        """Work it out; from now on the instance's own attribute answers."""
        value = owner.__dict__[self.name] = self.make(owner)
        return value


class Answer:
    """A verdict with everything behind it. Reasons are put into words on first use and kept."""

    def __init__(self, plan: Plan, board: Board, status: Status) -> None:
        """``board`` holds what the subject answers to every condition."""
        self.plan = plan
        self.board = board
        self.status = status

    def __eq__(self, other: object) -> bool:
        """Whether both say the same in every detail."""
        return isinstance(other, Answer) and self.key == other.key

    def __hash__(self) -> int:
        """By what it says."""
        return hash(self.key)

    def __repr__(self) -> str:
        """Readable in messages."""
        return f"<Answer {self.version}: {self.status} {self.amount}>"

    @property
    def key(self) -> tuple[object, ...]:
        """All that it says."""
        return (self.version, self.status, self.amount, self.conditions, self.lines, self.missing)

    @property
    def measure(self) -> str:
        """The measure's id."""
        return self.plan.measure.id

    @property
    def version(self) -> str:
        """The version's id."""
        return self.plan.version.version

    @property
    def unit(self) -> str:
        """What the amount is counted in."""
        return self.plan.version.benefit.unit

    @property
    def kind(self) -> str:
        """What kind of benefit it is: tax, subsidy, loan, right and so on."""
        return self.plan.version.benefit.kind

    @property
    def grant(self) -> Grant:
        """How it is granted: the word for eligible follows from it."""
        return self.plan.version.grant

    @property
    def decidable(self) -> bool:
        """Whether its conditions can make it eligible at all (not 人工判断, and not without conditions)."""
        return self.plan.verdict.best is Status.ELIGIBLE

    @property
    def checks(self) -> tuple[Check, ...]:
        """What only a person can judge, beside the verdict."""
        return self.plan.version.checks

    @property
    def manual(self) -> Text | None:
        """What an officer must set, where only a person can judge (人工判断)."""
        return self.plan.version.manual

    @property
    def confirmed(self) -> bool:
        """Whether the rule was checked against its printed source."""
        return self.plan.version.confirmed

    @property
    def rule_hash(self) -> str:
        """The fingerprint of the rule."""
        return self.plan.version.hash

    @lazily
    def triples(self) -> tuple[Triple, ...]:
        """Verdict, value and threshold of every condition."""
        return self.board.triples(self.plan.conditions)

    @lazily
    def near(self) -> bool:
        """Whether exactly one condition is in the way (差一步)."""
        verdicts = [t[0] for t in self.triples]
        return verdicts.count(False) == 1 and None not in verdicts

    @lazily
    def figures(self) -> tuple[Value, ...]:
        """Every line of the working, and the amount last."""
        return self.plan.amounts(*self.board.arguments)

    @lazily
    def amount(self) -> Decimal | None:
        """The amount to the cent, rounded once; none for who is not eligible."""
        if self.status is REFUSED or not self.plan.version.benefit.text:
            return None
        value = self.figures[-1]
        return None if value is None else cents(cast("int", value))

    @lazily
    def payable(self) -> Decimal | None:
        """What is really paid of the amount: it is cut by ceilings; None while something that counts is unknown."""
        return self.amount if self.share is None else self.share.amount

    @lazily
    def at_most(self) -> Decimal | None:
        """The bound of what is paid while that is not decided; None where nothing bounds it, or it is decided."""
        return self.share.most if self.share is not None and self.share.amount is None else None

    @lazily
    def share(self) -> Payable | None:
        """What the ceilings leave of the amount; None where the version is under none."""
        return None if self.status is REFUSED else self.board.payable(self.plan)

    @lazily
    def first_steps(self) -> tuple[Text, ...]:
        """What who meets the conditions has to get before applying (先办); a lack that is not known is left out."""
        return tuple(step.label for step in self.list_lacking()) if self.status is Status.ELIGIBLE else ()

    @lazily
    def steps_then(self) -> tuple[Text, ...]:
        """What is to be got, besides the deeds that turn a refusal, before one applies; nothing where none turns it."""
        if self.not_yet is None:
            return ()
        done = {deed.fact for deed in self.not_yet.deeds}
        steps = self.list_lacking()
        return tuple(s.label for s in steps if not s.lacking or done.isdisjoint(tree.names(tree_of(s.lacking))))

    def list_lacking(self) -> list[FirstStep]:
        """The steps that lie before an application, without those that are done or of which nothing is known."""
        steps = self.plan.version.first_steps
        return [step for step in steps if not step.lacking or self.plainly.truth(tree_of(step.lacking)) is True]

    @lazily
    def opening(self) -> Opening | None:
        """Whether one may apply now, later or no more; None where the version has no window."""
        window = self.plan.version.window
        value = self.board.value(window.of) if window is not None and window.of else None
        return opening_of(self.plan.version, self.board.profile.as_of, value)

    @lazily
    def not_yet(self) -> NotYet | None:
        """The first day on which a refusal would turn, and what has to be done for it: a forecast, no verdict."""
        return forecast(self)

    @lazily
    def amount_then(self) -> Decimal | None:
        """What a refusal that will turn brings on its first day; None where none will, or a figure is unknown."""
        return amount_ahead(self, self.not_yet) if self.not_yet is not None else None

    @lazily
    def awaited(self) -> tuple[str, ...]:
        """The plain facts without which a forecast cannot say whether, and when, a refusal would turn."""
        return tuple(dict.fromkeys(name for gap in self.gaps for name in gap)) if self.can_turn else ()

    @lazily
    def can_turn(self) -> bool:
        """Whether a refusal hangs on nothing but what time or a deed can change."""
        return may_turn(self)

    @property
    def per(self) -> str:
        """How often the money comes: once, month or year."""
        return self.plan.version.benefit.per

    @lazily
    def conditions(self) -> tuple[ConditionAnswer, ...]:
        """Every condition in words."""
        parts = zip(self.plan.version.conditions, self.plan.conditions, self.triples, strict=True)
        return tuple(self.condition(*part) for part in parts)

    @lazily
    def lines(self) -> tuple[AmountLine, ...]:
        """The working, line by line."""
        pairs = zip(self.plan.version.benefit.lines, self.figures, strict=False)
        named, found = dict(self.named), []
        for line, value in pairs:
            named[line.id] = unit = unit_of(line.value, named) or ("CNY" if self.per else self.unit)
            found.append(AmountLine(line.id, line.label, figure(value), line.text, unit))
        return tuple(found)

    @lazily
    def missing(self) -> tuple[str, ...]:
        """The plain facts that this verdict waits for; nothing where it is already no."""
        if self.status is REFUSED:
            return ()
        found = [name for gap in self.gaps for name in gap]
        benefit = self.plan.version.benefit
        if benefit.text and self.figures[-1] is None:
            texts = [*(line.text for line in benefit.lines), benefit.text]
            found += [m for text in texts for m in self.waiting_for(text)]
        return tuple(dict.fromkeys(found))

    def waiting_for(self, text: str) -> tuple[str, ...]:
        """What an unknown figure waits for; where it has no branches, that is every unknown name in it."""
        node, names = read(text)
        if names is None or self.own:
            return self.waiting(node, self.full)
        return tuple(plain for name in names if self.board.value(name) is None for plain in self.plain(name))

    @lazily
    def gaps(self) -> tuple[tuple[str, ...], ...]:
        """For each unknown condition the plain facts that it waits for."""
        parts = zip(self.plan.version.conditions, self.plan.conditions, self.triples, strict=True)
        return tuple(self.gap(condition, number) for condition, number, judged in parts if judged[0] is None)

    def gap(self, condition: Condition, number: int) -> tuple[str, ...]:
        """What one unknown condition waits for; the same for all versions that have it."""
        held = self.board.gaps
        if number not in held:
            held[number] = self.waiting(condition.when, self.plainly)
        return held[number]

    @lazily
    def parameters(self) -> dict[str, Value]:
        """The version's own figures on the day."""
        return dict(zip(self.plan.version.parameters, self.board.parameters(self.plan), strict=True))

    @lazily
    def working(self) -> dict[str, Value]:
        """The lines of the working by name."""
        return dict(zip((line.id for line in self.plan.version.benefit.lines), self.figures, strict=False))

    @lazily
    def own(self) -> frozenset[str]:
        """Names that are no facts: parameters, and lines of the working."""
        rule = self.plan.version
        return frozenset([*rule.parameters, *(line.id for line in rule.benefit.lines)])

    @lazily
    def full(self) -> Interp:
        """The reference engine over facts, parameters and the lines of the working."""
        profile = self.board.profile
        return Interp(self.lookup, profile.as_of, profile.rows.get)

    @lazily
    def plainly(self) -> Interp:
        """The same without the working, which no condition reads."""
        profile = self.board.profile
        return Interp(self.known, profile.as_of, profile.rows.get)

    def lookup(self, name: str) -> Value:
        """A line, a parameter or a fact."""
        return self.working[name] if name in self.working else self.known(name)

    def known(self, name: str) -> Value:
        """A parameter or a fact."""
        return self.parameters[name] if name in self.parameters else self.board.value(name)

    def waiting(self, node: tree.Node, interp: Interp) -> tuple[str, ...]:
        """Unknown plain facts behind an unknown value: a derived fact is replaced by those it waits for."""
        found: dict[str, None] = {}
        for name in interp.missing(node):
            if name not in self.own:
                found |= dict.fromkeys(self.plain(name))
        return tuple(found)

    def plain(self, name: str) -> tuple[str, ...]:
        """The facts to ask for ``name``: itself, or those its derivation waits for."""
        fact = self.board.facts.get(name)
        if fact is None or fact.value is None:
            return (name,)
        parts = [self.plain(n) for n in self.plainly.missing(fact.value)]
        return tuple(dict.fromkeys(n for part in parts for n in part)) or (name,)

    def condition(self, condition: Condition, number: int, judged: Triple) -> ConditionAnswer:
        """One condition for people: both sides, the distance, and what it waits for."""
        verdict, left, right = judged
        node = condition.when
        op, fact = None, self.fact_of(node)
        if isinstance(node, tree.Compare):
            op = node.op
            if not isinstance(node.left, tree.Name) and isinstance(node.right, tree.Name):
                op, left, right = FLIPPED[op], right, left
        return ConditionAnswer(
            id=condition.id,
            label=condition.label,
            verdict=verdict,
            value=as_shown(left),
            threshold=as_shown(right),
            op=op,
            distance=distance(left, right),
            unit=self.unit_of(node) or None,
            fact=fact.name if fact else None,
            clause=condition.clause or None,
            missing=self.gap(condition, number) if verdict is None else (),
            reason=self.reason(node) if verdict is None else None,
            beside=verdict is True and self.is_for_others(condition),
        )

    def is_for_others(self, condition: Condition) -> bool:
        """Whether a condition says for whom it is (企业申请的，…), and that is not what the subject is."""
        node = condition.when
        if not isinstance(node, tree.Or):
            return False
        first = node.items[0]
        plain = first.operand if isinstance(first, tree.Not) else first
        says = isinstance(plain, tree.Name) or (isinstance(plain, tree.Compare) and isinstance(plain.left, tree.Name))
        is_said = plain == PERSON or FOR_WHOM.search(condition.label.zh) is not None
        return says and is_said and self.plainly.truth(first) is True

    def fact_of(self, node: tree.Node) -> Fact | None:
        """The first fact that a condition reads."""
        return next((self.board.facts[n] for n in tree.names(node) if n in self.board.facts), None)

    @lazily
    def named(self) -> dict[str, Fact | Parameter | str]:
        """Facts and parameters by name, to tell what a figure is counted in."""
        return {**self.board.facts, **self.plan.version.parameters}

    def unit_of(self, node: tree.Node) -> str:
        """What both sides of a comparison are counted in; empty where it compares no figures."""
        if not isinstance(node, tree.Compare):
            return ""
        named = self.named
        return unit_of(node.left, named) or unit_of(node.right, named)

    def reason(self, node: tree.Node) -> str | None:
        """Why a condition cannot be judged where no fact is to blame."""
        empty = [n for n in tree.names(node) if n in self.parameters and self.parameters[n] is None]
        return f"parameter {empty[0]} has no value on {self.board.profile.as_of}" if empty else None

    def to_dict(self) -> dict[str, object]:
        """The JSON form of the command line."""
        return {
            "measure": self.measure,
            "version": self.version,
            "status": str(self.status),
            "grant": str(self.grant),
            "amount": None if self.amount is None else f"{self.amount:.2f}",
            "payable": None if self.payable is None else f"{self.payable:.2f}",
            "at_most": None if self.at_most is None else f"{self.at_most:.2f}",
            "unit": self.unit,
            "kind": self.kind,
            "per": self.per,
            "conditions": [
                {
                    "id": c.id,
                    "verdict": c.verdict,
                    "value": as_json(c.value),
                    "threshold": as_json(c.threshold),
                    "distance": as_json(c.distance),
                    "clause": c.clause,
                }
                for c in self.conditions
            ],
            "missing": list(self.missing),
            "window": self.opening.to_dict() if self.opening else None,
            "not_yet": self.not_yet.to_dict() if self.not_yet else None,
        }


@lru_cache(maxsize=1 << 15)
def read(text: str) -> tuple[tree.Node, tuple[str, ...] | None]:
    """A formula with the names in it; None for the names where only some of them may be needed."""
    node = tree_of(text)
    branching = any(isinstance(part, tree.Case | tree.Aggregate | tree.And | tree.Or) for part in tree.walk(node))
    branching = branching or any(isinstance(part, tree.Func) and part.name == "COALESCE" for part in tree.walk(node))
    return node, None if branching else tree.names(node)


def figure(value: Value) -> Decimal | None:
    """A number for people."""
    return shown(value) if isinstance(value, int | Fraction) else None


def as_shown(value: Value) -> Shown:
    """A value for people and JSON."""
    if value is None or isinstance(value, bool | str | date):
        return value
    if isinstance(value, Absent):
        return None
    if isinstance(value, frozenset):
        return tuple(sorted(value))
    return shown(value)


def distance(left: Value, right: Value) -> Decimal | None:
    """How far the two sides lie apart: numbers in their unit, days in days."""
    if isinstance(left, date) and isinstance(right, date):
        return Decimal(abs((left - right).days))
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
        return shown(abs(Fraction(left) - Fraction(right)))
    return None
