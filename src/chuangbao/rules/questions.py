"""Which question to ask next (下一个问题), and in which order results are useful to a reader.

A founder has ten questions' patience. Each one should settle as much money as it can, and none may be asked
whose answer changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import prod
from typing import TYPE_CHECKING, TypeVar

from chuangbao.rules import tree
from chuangbao.rules.answers import Status
from chuangbao.rules.grants import Grant
from chuangbao.rules.kinds import Sort, sort_of
from chuangbao.rules.model import Fact, FactType, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from chuangbao.rules.engine import Engine
    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.model import Pack, Version
    from chuangbao.rules.profile import Profile

__all__ = ["LOAN_SHARE", "PROBES", "WANTED", "Question", "next_question", "useful_order", "worth", "worth_of"]

N = TypeVar("N", bound=tree.Node)
LOAN_SHARE = Decimal("0.05")  # a loan is worth about a year's interest on it
SMALL = Decimal(1)  # what a right without a figure weighs; money weighs by its root, so it does not drown rights
ALONE = 2  # a fact that can settle a measure by itself counts double
TRIED = 12  # measures that are tried out for one question, those with the most money first
PROBES = 256  # completions tried before a question is believed to matter
CENT, FINE = Decimal("0.01"), Decimal("0.000001")
FLAT = Decimal(10)  # what deciding any measure is worth beside its money
WANTED = 3  # what a person came for counts so often
HOPELESS = Decimal("0.25")  # a measure that lacks what was not known can only be ruled out
LATER = Decimal("0.7")  # what may be had later counts less than what may be had now
LEAST, LIKELY, PROGRESS = 0.05, 0.7, 1.5


@dataclass(frozen=True, slots=True)
class Question:
    """The fact to ask for, the measures that its answer helps to settle, and the money that hangs on it."""

    fact: str
    measures: tuple[str, ...]
    money: Decimal
    why: Text


@dataclass(slots=True)
class Stake:
    """What hangs on one fact, summed over the open answers."""

    weight: Decimal
    money: Decimal
    answers: list[Answer]


def next_question(
    engine: Engine,
    profile: Profile,
    answers: Iterable[Answer],
    *,
    skip: Container[str] = (),
    prefer: Container[str] = (),
) -> Question | None:
    """The fact whose answer settles most, or None when no question can change a result.

    ``skip`` holds facts that the person said they do not know, ``prefer`` the measures that they came for.
    """
    pack = engine.pack
    found = expectations(pack, answers, skip, prefer)
    order = {name: place for place, name in enumerate(pack.facts)}
    ranked = sorted((f for f in found if f in order and f not in skip), key=lambda f: (-found[f].weight, order[f]))
    for fact in ranked:
        likely = sorted(found[fact].answers, key=lambda answer: -value_of(pack, answer))[:TRIED]
        held = [answer for answer in likely if matters(engine, profile, answer, fact)]
        if held:
            money = sum((value_of(pack, answer) for answer in held), Decimal(0)).quantize(CENT)
            return Question(fact, tuple(answer.measure for answer in held), money, why(pack, held))
    return None


def expectations(
    pack: Pack, answers: Iterable[Answer], skip: Container[str], prefer: Container[str]
) -> dict[str, Stake]:
    """For each missing fact what its answer can be expected to decide, summed over the open measures.

    A measure is decided by the last answer that it lacks, or by one that rules it out. How likely an answer rules it
    out follows from its reach, shared among the conditions that are open; what cannot be answered any more counts
    little.
    """
    found: dict[str, Stake] = {}
    for answer in answers:
        waiting = asked_for(answer)
        money = value_of(pack, answer) if waiting else Decimal(0)
        weight = max(money, SMALL).sqrt() + FLAT
        weight *= WANTED if answer.measure in prefer else 1
        weight *= HOPELESS if any(name in skip for name in waiting) else 1
        weight *= LATER if answer.awaited else 1
        weight *= Decimal(reach_of(answer)).sqrt()
        ruled_out = 1 - likelihood(answer) ** (1 / max(len(answer.gaps), 1)) if waiting else 0.0
        for fact in waiting:
            stake = found.setdefault(fact, Stake(Decimal(0), Decimal(0), []))
            stake.weight += weight * Decimal(share_decided(answer, fact, ruled_out)).quantize(FINE)
            stake.money += money
            stake.answers.append(answer)
    return found


def asked_for(answer: Answer) -> tuple[str, ...]:
    """The facts that a verdict waits for, or the forecast of a refusal that time or deeds can turn."""
    return answer.missing or answer.awaited


def likelihood(answer: Answer) -> float:
    """How likely it is that a measure is for one who is asked about it: its reach, but never quite nothing."""
    return reach_of(answer) * LIKELY


def reach_of(answer: Answer) -> float:
    """The share of people whom a measure concerns, but never quite nothing."""
    return max(float(answer.plan.measure.reach), LEAST)


def share_decided(answer: Answer, fact: str, ruled_out: float) -> float:
    """How much of the decision of a measure one answer can be expected to bring."""
    waited = asked_for(answer)
    if waited == (fact,):
        return ALONE
    progress = PROGRESS / len(waited)
    waiting = [gap for gap in answer.gaps if fact in gap]
    return progress + sum(ruled_out / len(gap) for gap in waiting)


def worth(engine: Engine, answers: Iterable[Answer]) -> dict[str, Decimal]:
    """For each missing fact the weight of what it could settle, the most useful first."""
    found = stakes(engine.pack, answers)
    order = {name: place for place, name in enumerate(engine.pack.facts)}
    ranked = sorted(found, key=lambda f: (-found[f].weight, order.get(f, len(order))))
    return {fact: found[fact].weight for fact in ranked}


def useful_order(answers: Iterable[Answer]) -> list[Answer]:
    """The order in which a reader wants results: sure and most money first, then open, near misses, the rest."""

    def key(answer: Answer) -> tuple[int, int, int, int, Decimal, int, str]:
        rank = {Status.ELIGIBLE: 0, Status.UNDETERMINED: 1, Status.NOT_ELIGIBLE: 3}[answer.status]
        if answer.status is Status.NOT_ELIGIBLE and answer.near:
            rank = 2
        paid = answer.amount if answer.payable is None else answer.payable
        money = paid if paid is not None and answer.per else Decimal(0)
        return (
            rank,
            int(not answer.decidable),
            list(Grant).index(answer.grant) if rank == 0 else 0,
            list(Sort).index(sort_of(answer.kind)),
            -money,
            int(not answer.confirmed),
            answer.measure,
        )

    return sorted(answers, key=key)


def stakes(pack: Pack, answers: Iterable[Answer]) -> dict[str, Stake]:
    """What hangs on each missing fact: a measure's money shared among the facts that it still lacks."""
    found: dict[str, Stake] = {}
    for answer in answers:
        if not is_open(answer):
            continue
        money = value_of(pack, answer)
        reach = answer.plan.measure.reach
        share = max(money, SMALL).sqrt() * reach.numerator / reach.denominator / len(answer.missing)
        for fact in answer.missing:
            stake = found.setdefault(fact, Stake(Decimal(0), Decimal(0), []))
            stake.weight += share * (ALONE if settles_alone(answer, fact) else 1)
            stake.money += money
            stake.answers.append(answer)
    return found


def is_open(answer: Answer) -> bool:
    """Whether a question can still change this answer: it is not no yet, and something is missing."""
    return bool(answer.missing)


def settles_alone(answer: Answer, fact: str) -> bool:
    """Whether one answer can decide the measure: nothing else is missing, or one condition hangs on it alone."""
    return answer.missing == (fact,) or (fact,) in answer.gaps


def value_of(pack: Pack, answer: Answer) -> Decimal:
    """The money at stake: the amount where it is known, else the largest worked example.

    A loan, a deduction or a payment put off is worth about a year's interest on it.
    """
    version = pack.versions[answer.version][1]
    money = answer.amount if answer.amount is not None else version.best_example
    return money_of(version, money)


def money_of(version: Version, amount: Decimal) -> Decimal:
    """What an amount of a version is worth as money: a loan, a deduction or a delay about a year's interest on it."""
    if not version.benefit.per:
        return Decimal(0)
    return max(amount, Decimal(0)) * (1 if sort_of(version.benefit.kind) is Sort.MONEY else LOAN_SHARE)


def worth_of(answer: Answer) -> Decimal:
    """What a measure is worth to the person: what is paid, what it will bring later, else its largest worked case."""
    version = answer.plan.version
    if answer.status is Status.NOT_ELIGIBLE:
        return money_of(version, answer.amount_then or Decimal(0))
    paid = answer.amount if answer.payable is None else answer.payable
    if answer.status is Status.ELIGIBLE and paid is not None:
        return money_of(version, paid)
    return money_of(version, version.best_example) * Decimal(likelihood(answer))


def why(pack: Pack, answers: Sequence[Answer]) -> Text:
    """Say why a question is asked, in plain words; sums at stake come from worked cases, so none is named."""
    titles = [pack.measures[answer.measure].title for answer in answers]
    more = len(titles) - 1
    zh = f"用来判断“{titles[0].zh}”" + (f"等{more + 1}项政策" if more else "")
    en = f"It helps to decide “{titles[0].get('en')}”" + (f" and {more} more" if more else "")
    return Text(zh, en)


def matters(engine: Engine, profile: Profile, answer: Answer, fact: str) -> bool:
    """Whether two answers to ``fact`` can lead to different results, whatever else is still unknown.

    Tries the values at which something could turn. Says no only where all combinations were tried and no
    arithmetic between unknown facts could hide a further turn.
    """
    if not answer.missing:
        return True  # of a refusal that time or deeds may turn, each fact bears on the road
    pack = engine.pack
    trees = expressions(pack, pack.versions[answer.version][1])
    waited = asked_for(answer)
    unknown = [fact, *(name for name in waited if name != fact)]
    if any(name not in pack.facts or pack.facts[name].award for name in unknown):
        return True  # what was had before has no few values to try
    values = [samples(pack, trees, name) for name in unknown]
    if prod(len(v) for v in values) > PROBES or any(
        in_arithmetic(trees, name) for name in unknown if pack.facts[name].type is not FactType.BOOLEAN
    ):
        return True
    alone = len(unknown) == 1
    for others in product(*values[1:]):
        rest = dict(zip(unknown[1:], others, strict=True))
        outcomes = {outcome_of(answer)} if alone else set()  # whatever the answer, it decides
        for value in values[0]:
            found = engine.judge(extended(engine, profile, {**rest, fact: value}), answer.version)
            outcomes.add(outcome_of(found))
        if len(outcomes) > 1:
            return True
    return False


def outcome_of(answer: Answer) -> tuple[object, ...]:
    """What a question can change: the verdict and the amount."""
    return (answer.status, answer.amount)


def extended(engine: Engine, profile: Profile, more: Mapping[str, object]) -> Profile:
    """The same subject with further answers."""
    return engine.profile({**profile.raw, **more}, as_of=profile.as_of, region=profile.region)


def expressions(pack: Pack, version: Version) -> list[tree.Node]:
    """Everything that a version reads: conditions, working, amount, and the derived facts behind them."""
    found = [condition.when for condition in version.conditions]
    found += [line.value for line in version.benefit.lines]
    found += [version.benefit.amount] if version.benefit.amount is not None else []
    seen: set[str] = set()
    for node in found:  # grows while it is read
        for name in tree.names(node):
            fact = pack.facts.get(name)
            if fact is not None and fact.value is not None and name not in seen:
                found.append(fact.value)
            seen.add(name)
    return found


def in_arithmetic(trees: Iterable[tree.Node], name: str) -> bool:
    """Whether a fact is calculated with, so that it can turn a result between the values that are written."""
    for root in trees:
        for node in tree.walk(root):
            if isinstance(node, tree.Arith | tree.Func | tree.Neg) and name in tree.names(node):
                return True
            if isinstance(node, tree.Compare) and name in tree.names(node) and not against_literal(node):
                return True
    return any(isinstance(root, tree.Name) and root.name == name for root in trees)


def against_literal(node: tree.Compare) -> bool:
    """Whether one side is written out, or is a name that the version itself gives a value."""
    return any(isinstance(side, tree.Num | tree.Str | tree.Bool | tree.Day) for side in (node.left, node.right))


def samples(pack: Pack, trees: Iterable[tree.Node], name: str) -> list[object]:
    """Values of a fact at which something could turn."""
    fact = pack.facts[name]
    found: list[object] = [None] if fact.may_be_absent else []
    if fact.type is FactType.BOOLEAN:
        return [*found, True, False]
    if fact.type in {FactType.CODE, FactType.CODES}:
        codes = [code.code for code in pack.codes[fact.codes].codes]
        return [*found, *codes] if fact.type is FactType.CODE else [*found, [], *([code] for code in codes), codes]
    return [*found, *SAMPLERS.get(fact.type, numbers)(trees, fact)]


def numbers(trees: Iterable[tree.Node], fact: Fact) -> Iterator[object]:
    """Every figure written beside the fact, and one step on either side, inside the fact's range."""
    step = Fraction(1) if fact.type is FactType.INTEGER else Fraction(1, 100)
    figures = {Fraction(0), Fraction(1)}
    for node in written(trees, tree.Num, fact.name):
        figures |= {Fraction(node.value) + d for d in (-step, Fraction(0), step)}
    low, high = fact.minimum, fact.maximum
    inside = sorted(f for f in figures if (low is None or f >= low) and (high is None or f <= high))
    for figure in inside:
        if figure.denominator == 1:
            yield int(figure)
        elif fact.type is not FactType.INTEGER:
            yield Decimal(figure.numerator) / Decimal(figure.denominator)


def words(trees: Iterable[tree.Node], fact: Fact) -> Iterator[object]:
    """Every text and every beginning written beside the fact, and another one."""
    found = {node.value for node in written(trees, tree.Str, fact.name)}
    found |= {node.prefix for node in written(trees, tree.Like, fact.name)}
    yield from sorted(found | {"-"})


def days(trees: Iterable[tree.Node], fact: Fact) -> Iterator[object]:
    """Every day written beside the fact and its neighbours, as JSON text."""
    found = {date(2015, 1, 1), date(2024, 1, 1)}
    for node in written(trees, tree.Day, fact.name):
        found |= {node.value + timedelta(days=d) for d in (-1, 0, 1)}
    yield from sorted(found)


SAMPLERS: dict[FactType, Callable[[Iterable[tree.Node], Fact], Iterator[object]]] = {
    FactType.TEXT: words,
    FactType.DATE: days,
}


def written(trees: Iterable[tree.Node], kind: type[N], name: str) -> Iterator[N]:
    """Literals of one kind in the expressions that read ``name``."""
    for root in trees:
        if name in tree.names(root):
            yield from (node for node in tree.walk(root) if isinstance(node, kind))
