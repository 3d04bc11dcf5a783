"""The result of a check-up, worked out anew from its answers each time it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangbao.policies.domain.registry import current_engine
from chuangbao.portal.checkup.verbs import known
from chuangbao.rules.bundle import best_bundle
from chuangbao.rules.questions import next_question, useful_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.portal.checkup.own import Answers
    from chuangbao.portal.models import CheckUp, CheckUpAnswer
    from chuangbao.rules.answers import ConditionAnswer
    from chuangbao.rules.bundle import Bundle, Left
    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.model import Measure, Text, Version
    from chuangbao.rules.profile import Profile
    from chuangbao.rules.questions import Question

__all__ = ["Found", "Result", "result_of"]

ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Found:
    """One measure with its answer."""

    measure: Measure
    version: Version
    answer: Answer

    @property
    def failing(self) -> list[ConditionAnswer]:
        """The conditions that stand in the way."""
        return [condition for condition in self.answer.conditions if condition.verdict is False]

    @property
    def decider(self) -> str:
        """The one fact that would decide it, where a single one would."""
        return self.answer.missing[0] if len(self.answer.missing) == 1 else ""


@dataclass(frozen=True)
class Result:
    """Everything a result page shows."""

    profile: Profile
    answers: list[Answer]
    given: list[CheckUpAnswer]
    presets: frozenset[str]
    eligible: list[Found]
    near: list[Found]
    undecided: list[Found]
    manual: list[Found]
    refused: list[Found]
    bundle: Bundle
    question: Question | None

    @property
    def left(self) -> list[dict[str, object]]:
        """What cannot be had beside the rest: the measure, why, and where that was read."""
        found = {f.measure.id: f for f in self.eligible}
        return [
            {"title": found[left.measure].measure.title, "because": left.because, "source": source_of(found, left)}
            for left in self.bundle.left
        ]

    @property
    def rights(self) -> int:
        """How many rights without a price are in the best combination."""
        return self.bundle.counts.get("right", 0)

    @property
    def asked(self) -> int:
        """How many questions were answered; what the choice of who one is says was not asked."""
        return sum(answer.fact not in self.presets for answer in self.given)

    @property
    def enough(self) -> bool:
        """Ten questions make a useful list; more only make it sharper."""
        return self.asked >= ENOUGH


def source_of(found: Mapping[str, Found], left: Left) -> Text | None:
    """Where it says that two measures exclude each other: at the one, or at the other."""
    versions = [found[name].version for name in (left.measure, *left.by) if name in found]
    return next((v.exclusion_source for v in versions if v.exclusion_source.zh), None)


def concerns(measure: Measure, checkup: CheckUp) -> bool:
    """Whether a measure is for whoever the visitor said they are; models of other provinces never are."""
    return not measure.model and (not checkup.who or not measure.audience or checkup.who in measure.audience)


def result_of(checkup: CheckUp, by: Answers | None = None) -> Result:
    """Judge every measure that concerns the visitor."""
    engine = current_engine()
    pack = engine.pack
    given = by.given if by else list(checkup.answers.all())
    profile = engine.profile(by.raw if by else known(pack, given), as_of=checkup.as_of, region=checkup.region)
    answers = useful_order(a for a in engine.judge_all(profile) if concerns(a.plan.measure, checkup))
    found = sorted((Found(*pack.versions[a.version], a) for a in answers), key=lambda f: not wanted(f, checkup))
    open_ = {"not_eligible": [f for f in found if f.answer.status == "not_eligible"]}
    return Result(
        profile=profile,
        answers=answers,
        given=given,
        presets=frozenset(f for a in pack.audiences if a.id == checkup.who for f in a.facts),
        eligible=[f for f in found if f.answer.status == "eligible"],
        near=[f for f in open_["not_eligible"] if f.answer.near],
        undecided=[f for f in found if f.answer.status == "undetermined" and not f.version.manual],
        manual=[f for f in found if f.version.manual and f.answer.status == "undetermined"],
        refused=[f for f in open_["not_eligible"] if not f.answer.near],
        bundle=best_bundle(pack, answers),
        question=next_question(engine, profile, answers, skip={a.fact for a in given}),
    )


def wanted(found: Found, checkup: CheckUp) -> bool:
    """Whether a measure is what the visitor came for."""
    return not checkup.want or checkup.want in found.measure.wants
