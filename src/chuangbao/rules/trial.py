"""Trying a draft: its worked cases against what they expect, and what it would change for a sample of subjects."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from chuangbao.rules.awards import with_measures
from chuangbao.rules.diagnostics import FactError
from chuangbao.rules.engine import Engine
from chuangbao.rules.packcheck.cases import same

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.model import Example, Measure, Pack

__all__ = ["Effect", "Outcome", "Sample", "effect_of", "trial_engine", "tried"]

LATEST = date(2015, 12, 31)  # for a version without any day, as the pack check has it


@dataclass(frozen=True)
class Outcome:
    """One worked case: what was expected, what the rule says, and what is wrong with the case itself."""

    example: Example
    day: date
    answer: Answer | None = None
    problems: tuple[str, ...] = ()

    @property
    def right_status(self) -> bool:
        """Whether the verdict is the expected one."""
        return self.answer is not None and str(self.answer.status) == self.example.status

    @property
    def right_amount(self) -> bool:
        """Whether the amount is the expected one, to the cent; a case may leave it open."""
        return self.answer is not None and (
            not self.example.has_amount or same(self.answer.amount, self.example.amount)
        )

    @property
    def right(self) -> bool:
        """Whether the case holds."""
        return self.right_status and self.right_amount


@dataclass(frozen=True, slots=True)
class Sample:
    """A subject to try a draft on: a name that tells it from others, its facts, a day and a place."""

    name: str
    facts: Mapping[str, object]
    day: date
    region: str = ""


@dataclass(frozen=True)
class Effect:
    """What a draft changes for a sample."""

    gained: tuple[Sample, ...] = ()
    lost: tuple[Sample, ...] = ()
    opened: tuple[Sample, ...] = field(default=(), metadata={"means": "undetermined only under the draft"})
    amount_up: tuple[Sample, ...] = ()
    amount_down: tuple[Sample, ...] = ()
    total: int = 0

    @property
    def same(self) -> int:
        """How many see no change."""
        changed = (self.gained, self.lost, self.opened, self.amount_up, self.amount_down)
        return self.total - sum(len(part) for part in changed)


def trial_engine(pack: Pack, *measures: Measure) -> Engine:
    """An engine for some measures alone, under the facts of the pack: quick to make, never kept."""
    return Engine(with_measures(pack, {m.id: m for m in measures}))


def tried(pack: Pack, measure: Measure) -> list[Outcome]:
    """Every worked case of every version of a measure."""
    engine = trial_engine(pack, measure)
    return [
        run(engine, measure, v.version, e, e.as_of or v.valid_from or v.valid_to or LATEST)
        for v in measure.versions
        for e in v.examples
    ]


def run(engine: Engine, measure: Measure, version: str, example: Example, day: date) -> Outcome:
    """One case."""
    region = example.region or (measure.region if measure.model else engine.pack.region)
    try:
        profile = engine.profile(example.facts, as_of=day, region=region)
    except FactError as error:
        return Outcome(example, day, problems=tuple(str(problem) for problem in error.problems))
    return Outcome(example, day, engine.judge(profile, version))


def effect_of(pack: Pack, before: Measure | None, after: Measure, samples: Iterable[Sample]) -> Effect:
    """Judge each sample by the one version before and by the one version after.

    A sample whose facts the catalogue does not have is left out.
    """
    old = trial_engine(pack, before) if before else None
    new = trial_engine(pack, after)
    found: dict[str, list[Sample]] = {}
    total = 0
    for sample in samples:
        verdicts = verdict(old, before, sample), verdict(new, after, sample)
        if verdicts[1] is None:
            continue
        total += 1
        found.setdefault(change(verdicts[0], verdicts[1]), []).append(sample)
    return Effect(total=total, **{name: tuple(part) for name, part in found.items() if name})


def verdict(engine: Engine | None, measure: Measure | None, sample: Sample) -> Answer | None:
    """What a measure's newest version says of a sample; None where it cannot be asked."""
    if engine is None or measure is None:
        return None
    try:
        profile = engine.profile(sample.facts, as_of=sample.day, region=sample.region or engine.pack.region)
    except FactError:
        return None
    return engine.judge(profile, measure.versions[-1].version)


def change(before: Answer | None, after: Answer) -> str:
    """The list of an effect that a sample belongs to; empty where nothing changes."""
    was, now = str(before.status) if before else "not_eligible", str(after.status)
    if was != now:
        return {"eligible": "gained", "undetermined": "opened"}.get(now, "lost" if was == "eligible" else "")
    old = before.amount if before else None
    if old is None or after.amount is None or old == after.amount:
        return ""
    return "amount_up" if after.amount > old else "amount_down"
