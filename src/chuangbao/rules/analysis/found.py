"""What the analysis says: a code, a place in the measure, words, and profiles that show it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from chuangbao.rules.awards import with_measures
from chuangbao.rules.diagnostics import Witness
from chuangbao.rules.engine import Engine
from chuangbao.rules.tree import HERE, Pos

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.rules.analysis.inquiry import Reply
    from chuangbao.rules.analysis.scene import Scene
    from chuangbao.rules.model import Measure, Pack, Version

__all__ = ["Found", "Show"]


@dataclass(frozen=True, slots=True)
class Found:
    """A finding before it has its place in a file: ``path`` leads to it below the version's own entry.

    ``about`` is what an explanation can name: a condition, a fact, another measure or a document.
    """

    code: str
    measure: str
    version: str
    message: str
    hint: str = ""
    path: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    clause: str = ""
    witnesses: tuple[Witness, ...] = ()
    pos: Pos = HERE
    severity: str = "warning"


class Show:
    """Turns what the solver found into worked cases; the engine itself says what it answers."""

    def __init__(self, pack: Pack, *measures: Measure) -> None:
        """``measures`` are those that are judged, drafts among them."""
        self.pack = with_measures(pack, {m.id: m for m in measures})

    @cached_property
    def engine(self) -> Engine:
        """Compiled only where something is found."""
        return Engine(self.pack)

    def witness(self, reply: Reply, scene: Scene, name: str = "") -> Witness:
        """The profile of a scene, judged under its version."""
        facts = reply.facts(scene.changes)
        return self.judged(facts, reply, scene.version, name)

    def judged(self, facts: Mapping[str, object], reply: Reply, version: Version, name: str) -> Witness:
        """What the engine answers."""
        profile = self.engine.profile(facts, as_of=reply.as_of, region=reply.region)
        answer = self.engine.judge(profile, version.version)
        name, status = name or version.version, str(answer.status)
        return Witness(name, version.version, reply.as_of, reply.region, facts, status, answer.amount)
