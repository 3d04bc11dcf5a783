"""How many answers decide the money (几个回答定下多少钱): made-up lives, asked by the former order and by this one.

A life is one kind of person with answers to the pages of life and a value for every fact: figures at which rules
turn, and the facts of worked cases for some of the measures that concern such a person. Nothing of it is anybody's.

Run: python benchmarks/interview.py [--lives 2000] [--kinds student,company] [--seed 17]
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from chuangbao.rules import Engine, load_pack
from chuangbao.rules.interview import judge_life
from chuangbao.rules.model import FactType
from chuangbao.rules.questions import (
    expressions,
    is_open,
    matters,
    next_question,
    samples,
    stakes,
    value_of,
)
from chuangbao.rules.tree import names

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from chuangbao.rules import Answer
    from chuangbao.rules.profile import Profile
    from chuangbao.rules.tree import Node

PACK = Path(__file__).parents[1] / "packs" / "jilin"
DAY, REGION = date(2026, 11, 27), "220000"
MOST, SHARE = 40, Decimal("0.8")
FIRST_PAGE, FORMER_PAGE = 3, 2  # who, what for, where; before: who, what for
TEN, BOTH = 10, 2
TRIED = 12
AIMED = 0.35  # for how many of the measures that concern a person their life follows a worked case


@dataclass(frozen=True)
class Made:
    """One made-up life: who, the answers of the pages of life, and the value of every fact."""

    who: str
    life: dict[str, str | frozenset[str]]
    facts: dict[str, object]


@dataclass(frozen=True)
class Course:
    """After how many answers 80 % of the money and of the measures was decided; None where it never was."""

    money: int | None
    measures: int | None
    asked: int
    at_ten: Decimal
    worth: Decimal


def make_life(engine: Engine, who: str, dice: random.Random) -> Made:
    """Make one life of a kind."""
    facts: dict[str, object] = {}
    for name, fact in engine.pack.facts.items():
        if not fact.derived and not fact.figures and not fact.award:
            values = value_range(engine, name)
            facts[name] = dice.choice(values)
    for measure in engine.pack.measures.values():
        version = measure.version_at(DAY)
        if version is None or measure.model or (measure.audience and who not in measure.audience):
            continue
        cases = [e.facts for e in version.examples if e.status == "eligible"]
        if cases and dice.random() < AIMED:
            facts |= {n: v for n, v in dice.choice(cases).items() if n in engine.pack.facts}
    life: dict[str, str | frozenset[str]] = {"who": who}
    for _ in range(3):  # later pages hang on earlier answers
        lived = judge_life(engine, {}, life, as_of=DAY, region=REGION)
        for question in (q for page in lived.pages for q in page.questions):
            if question.kind == "one" and question.name not in life:
                life[question.name] = dice.choice([o.id for o in question.options_for(who)])
            elif question.kind == "many" and question.name not in life:
                offered = [o.id for o in question.options_for(who)]
                life[question.name] = frozenset(dice.sample(offered, dice.choice([0, 0, 1, 1, 2])))
    asked = {n: facts[n] for n in ("registered_on", "staff_total") if n in facts}
    facts |= judge_life(engine, asked, life, as_of=DAY, region=REGION).filled
    return Made(who, life, facts)


@lru_cache(maxsize=1)
def trees_by_name(engine: Engine) -> dict[str, list[Node]]:
    """Every expression of the rules in force, by the names in it."""
    found: dict[str, list[Node]] = {}
    versions = [v for m in engine.pack.measures.values() if (v := m.version_at(DAY)) is not None]
    for node in (node for version in versions for node in expressions(engine.pack, version)):
        for name in names(node):
            found.setdefault(name, []).append(node)
    return found


@lru_cache(maxsize=1000)
def value_range(engine: Engine, name: str) -> list[object]:
    """The values of a fact at which a rule in force turns; a day is one of the last years."""
    if engine.pack.facts[name].type is FactType.DATE:
        return [date(2023, 5, 1), date(2025, 3, 1), date(2026, 4, 1)]
    found = [v for v in samples(engine.pack, trees_by_name(engine).get(name, []), name) if v is not None]
    return found or [True, False]


# ---- asking


@dataclass
class Tally:
    """What is decided of a life so far, measured against what is true of it."""

    worth: dict[str, Decimal]
    every: set[str]
    reached: dict[str, int]
    at_ten: Decimal = Decimal(0)

    def note(self, asked: int, answers: list[Answer]) -> None:
        """Note how much is decided after some answers; what is never shown is never decided."""
        shut = {a.measure for a in answers if not is_open(a)}
        total = sum(self.worth.values(), Decimal(0))
        done = sum((v for m, v in self.worth.items() if m in shut), Decimal(0))
        if done >= SHARE * total:
            self.reached.setdefault("money", asked)
        if len(shut & self.every) >= SHARE * len(self.every):
            self.reached.setdefault("measures", asked)
        if asked <= TEN:
            self.at_ten = done / total if total else Decimal(0)


def run_course(
    engine: Engine, made: Made, ask: Callable[[Profile, list[Answer], Collection[str]], str | None], *, lifelike: bool
) -> Course:
    """Ask one person until nothing is left, and note when how much was decided."""
    truth = judged(engine, made.facts, made, lifelike=True)
    worth = {a.measure: max(value_of(engine.pack, a), Decimal(0)) for a in truth if a.status == "eligible"}
    tally = Tally(worth, {a.measure for a in truth}, {})
    known: dict[str, object] = dict(start_facts(engine, made.who))
    asked, skipped = (FIRST_PAGE if lifelike else FORMER_PAGE), set()
    if lifelike:
        lived = judge_life(engine, known, made.life, as_of=DAY, region=REGION)
        questions = [q for page in lived.pages for q in page.questions]
        known |= {q.name: made.facts[q.name] for q in questions if q.kind == "fact" and q.name in made.facts}
        asked += len(questions)
    while True:
        answers = judged(engine, known, made, lifelike=lifelike)
        tally.note(asked, answers)
        fact = ask(judged_profile(engine, known, made, lifelike=lifelike), answers, skipped) if asked < MOST else None
        if fact is None or len(tally.reached) == BOTH:
            break
        asked += 1
        if fact in made.facts:
            known[fact] = made.facts[fact]
        else:
            skipped.add(fact)
    reached = tally.reached
    total = sum(worth.values(), Decimal(0))
    return Course(reached.get("money"), reached.get("measures"), asked, tally.at_ten, total)


def judged_profile(engine: Engine, known: Mapping[str, object], made: Made, *, lifelike: bool) -> Profile:
    """The profile of what is known so far."""
    if lifelike:
        return judge_life(engine, known, made.life, as_of=DAY, region=REGION).profile
    return engine.profile(known, as_of=DAY, region=REGION)


def judged(engine: Engine, known: Mapping[str, object], made: Made, *, lifelike: bool) -> list[Answer]:
    """The answers for the measures that concern the person, as a check-up narrows them down."""
    if lifelike:
        lived = judge_life(engine, known, made.life, as_of=DAY, region=REGION)
        profile, audiences = lived.profile, lived.audiences
    else:
        profile, audiences = engine.profile(known, as_of=DAY, region=REGION), frozenset({made.who})
    answers = [a for a in engine.judge_all(profile) if not a.plan.measure.model]
    return [a for a in answers if not a.plan.measure.audience or audiences & set(a.plan.measure.audience)]


def start_facts(engine: Engine, who: str) -> Mapping[str, object]:
    """What the choice of who one is says."""
    return next((a.facts for a in engine.pack.audiences if a.id == who), {})


def ask_by_this_order(engine: Engine) -> Callable[[Profile, list[Answer], Collection[str]], str | None]:
    """The order in use."""

    def ask(profile: Profile, answers: list[Answer], skip: Collection[str]) -> str | None:
        found = next_question(engine, profile, answers, skip=skip)
        return found.fact if found else None

    return ask


def ask_by_former_order(engine: Engine) -> Callable[[Profile, list[Answer], Collection[str]], str | None]:
    """The order before the pages of life: the money that hangs on a fact, shared among what a measure lacks."""
    order = {name: place for place, name in enumerate(engine.pack.facts)}

    def ask(profile: Profile, answers: list[Answer], skip: Collection[str]) -> str | None:
        found = stakes(engine.pack, answers)
        ranked = sorted((f for f in found if f in order and f not in skip), key=lambda f: (-found[f].weight, order[f]))
        for fact in ranked:
            likely = sorted(found[fact].answers, key=lambda answer: -value_of(engine.pack, answer))[:TRIED]
            if any(matters(engine, profile, answer, fact) for answer in likely):
                return fact
        return None

    return ask


def middle(found: list[int | None]) -> str:
    """The median, and the ninetieth of a hundred; what was never reached counts as more than 40."""
    numbers = sorted(MOST + 1 if n is None else n for n in found)
    shown = (statistics.median_low(numbers), numbers[int(len(numbers) * 0.9)])
    return " / ".join(f">{MOST}" if n > MOST else str(n) for n in shown)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lives", type=int, default=2000)
    parser.add_argument("--kinds", default="")
    parser.add_argument("--seed", type=int, default=17)
    chosen = parser.parse_args()
    engine = Engine(load_pack(PACK))
    kinds = chosen.kinds.split(",") if chosen.kinds else [a.id for a in engine.pack.audiences]
    print("kind | order | money 80 % (median / 90th) | measures 80 % | money decided at ten")
    for kind in kinds:
        dice = random.Random(f"{chosen.seed} {kind}")  # noqa: S311 - made-up lives, no secret
        lives = [make_life(engine, kind, dice) for _ in range(chosen.lives)]  # money counts where there is any
        for title, ask, lifelike in (
            ("former", ask_by_former_order(engine), False),
            ("this", ask_by_this_order(engine), True),
        ):
            began = time.perf_counter()
            courses = [run_course(engine, made, ask, lifelike=lifelike) for made in lives]
            seconds = time.perf_counter() - began
            rich = [c for c in courses if c.worth]
            ten = sum((c.at_ten for c in rich), Decimal(0)) / max(len(rich), 1)
            print(f"{kind} | {title} | {middle([c.money for c in rich])} |"
                  f" {middle([c.measures for c in courses])} | {ten:.0%} | {seconds:.0f} s", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
