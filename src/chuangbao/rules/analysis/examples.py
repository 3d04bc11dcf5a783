"""Worked cases that no profile can be: facts that contradict one another, the catalogue or the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangbao.rules.analysis.found import Found
from chuangbao.rules.analysis.terms import Term, Truth, all_of, equal, moment, no
from chuangbao.rules.analysis.worked import Case, day_of
from chuangbao.rules.diagnostics import FactError
from chuangbao.rules.profile import admit
from chuangbao.rules.runtime import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from chuangbao.rules.analysis.found import Show
    from chuangbao.rules.analysis.inquiry import Asked, Inquiry
    from chuangbao.rules.analysis.scene import Scene
    from chuangbao.rules.model import Example, Measure, Version
    from chuangbao.rules.runtime import Value

__all__ = ["Examples"]

PERIOD = "the version's period"


@dataclass(frozen=True)
class Examples:
    """The questions about the worked cases of one version."""

    inquiry: Inquiry
    show: Show
    measure: Measure
    version: Version

    def findings(self) -> Iterator[Found]:
        """Every case; one whose facts cannot be read is reported by the check of cases."""
        for index, example in enumerate(self.version.examples):
            day = day_of(example, self.version)
            try:
                given, rows = admit(self.inquiry.pack, example.facts, day)
            except FactError:
                continue
            case = Case(self.inquiry.pack, self.version, example.region, day, given, rows)
            if case.in_force and case.can_be:
                continue
            yield from self.impossible(example, str(index), day, given)

    def impossible(self, example: Example, index: str, day: date, given: Mapping[str, Value]) -> Iterator[Found]:
        """The facts that contradict one another on that day."""

        def question(asked: Asked, parts: Sequence[str]) -> list[Truth]:
            scene = asked.scene(self.version)
            said = [is_value(scene, scene.fact(name), given[name]) for name in parts if name != PERIOD]
            force = asked.world.in_force(self.version) if PERIOD in parts else True
            return [equal(asked.world.as_of, moment(day)), force, *said]

        names = [*(n for n, value in given.items() if value is not None), PERIOD]
        if self.inquiry.never(lambda asked: question(asked, names)):
            core = self.inquiry.core(names, question)
            message = f"example '{example.name}' cannot be: on {day} {' and '.join(core)} contradict one another"
            if len(core) == 1:
                message = f"example '{example.name}' cannot be: on {day} {core[0]} contradicts the catalogue or the day"
            reply = self.inquiry.find(lambda asked: question(asked, [n for n in names if n != core[-1]]))
            scene = self.inquiry.exact.scene(self.version)
            yield Found(
                "impossible_example", self.measure.id, self.version.version, message, "mend the case, or its day",
                ("examples", index), tuple(core), self.version.clause,
                () if reply is None else (self.show.witness(reply, scene, f"without {core[-1]}"),),
            )  # fmt: skip


def is_value(scene: Scene, term: Term, value: Value) -> Truth:
    """A fact has a value."""
    if value is ABSENT:
        return term.absent
    if isinstance(value, frozenset):
        return all_of(*(equal(here, code in value) for code, here in term.value.items()))
    return all_of(term.known, no(term.absent), equal(term.value, scene.reader.constant(value).value))
