"""What one version says by itself: conditions that cannot hold or say nothing, branches no one reaches, odd amounts."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from chuangbao.rules import tree
from chuangbao.rules.analysis.found import Found
from chuangbao.rules.analysis.terms import Term, Truth, all_of, no
from chuangbao.rules.analysis.worked import cases_of
from chuangbao.rules.unparse import unparse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chuangbao.rules.analysis.found import Show
    from chuangbao.rules.analysis.inquiry import Asked, Inquiry, Reply
    from chuangbao.rules.analysis.translate import Translator
    from chuangbao.rules.diagnostics import Witness
    from chuangbao.rules.model import Measure, Version

__all__ = ["Single"]


class Single:
    """The questions about one version."""

    def __init__(self, inquiry: Inquiry, show: Show, measure: Measure, version: Version) -> None:
        """``inquiry`` is about this version alone."""
        self.inquiry, self.show, self.version = inquiry, show, version
        self.ids = [c.id for c in version.conditions]
        self.nodes = {c.id: c.when for c in version.conditions}
        self.cases = cases_of(inquiry.pack, measure, version)
        self.base = Found("", measure.id, version.version, "", clause=version.clause)

    def findings(self) -> Iterator[Found]:
        """Everything; where no one can ever be eligible the rest says nothing."""
        shown = any(case.in_force and case.says(self.truths(self.ids)) for case in self.cases)
        if not shown and self.inquiry.find(self.due) is None:
            yield from self.nobody()
            return
        yield from self.needless()
        yield from self.dead()
        yield from self.odd()

    def due(self, asked: Asked) -> list[Truth]:
        """Eligible on a day on which the version is the rule."""
        return [asked.scene(self.version).eligible, asked.world.in_force(self.version)]

    def truths(self, parts: Iterable[str]) -> list[tuple[tree.Node, bool]]:
        """Some conditions, as they must be to hold."""
        return [(self.nodes[name], True) for name in parts]

    def held(self, asked: Asked, parts: Sequence[str]) -> list[Truth]:
        """Some conditions hold."""
        conditions = asked.scene(self.version).conditions
        return [conditions[name].holds for name in parts]

    def case(self, reply: Reply | None, name: str) -> tuple[Witness, ...]:
        """What a reply shows."""
        scene = self.inquiry.exact.scene(self.version)
        return () if reply is None else (self.show.witness(reply, scene, name),)

    def nobody(self) -> Iterator[Found]:
        """Why no one can be eligible: the period, one condition, or some together."""
        if not self.inquiry.never(self.due):
            return
        outside = self.inquiry.find(lambda a: [a.scene(self.version).eligible])
        if outside is not None:
            message = f"{self.base.version} can only be met outside its own period ({period(self.version)})"
            yield replace(
                self.base,
                code="past_validity",
                message=message,
                hint="mend the period or the condition on the day",
                path=("valid",),
                witnesses=self.case(outside, "outside the period"),
            )
            return
        if any(self.waits(self.nodes[n]) for n in self.ids):
            return  # it is not known when it holds: the gap of the figure is told
        alone = [n for n in self.ids if self.inquiry.never(partial(self.held, parts=[n]))]
        core = alone or self.inquiry.core(self.ids, self.held)
        rest = [n for n in self.ids if n not in (alone or core[-1:])]
        shown = self.case(self.inquiry.find(lambda a: self.held(a, rest)), f"all but {', '.join(alone or core[-1:])}")
        if alone:
            words, hint = "can never hold, whatever the facts", "mend it, or the range or list of its facts"
        else:
            words, hint = "can never hold together: nobody is ever eligible", "mend one of them"
        named = ", ".join(f"'{n}'" for n in core)
        yield replace(
            self.base, code="never", message=f"{named} {words}", hint=hint,
            path=("conditions", core[-1], "when"), about=tuple(core), witnesses=shown,
        )  # fmt: skip

    def waits(self, node: tree.Node) -> bool:
        """Whether an expression reads a figure that has no value yet (待确认)."""
        read = tree.outer_names(node, self.inquiry.pack.columns)
        return any(name in self.version.parameters and not self.version.parameters[name].values for name in read)

    def needless(self) -> Iterator[Found]:
        """Conditions that hold wherever the others do, on whatever day."""
        kept = list(self.ids)
        for name in reversed(self.ids):
            others = [n for n in kept if n != name]
            if any(case.says([*self.truths(others), (self.nodes[name], False)]) for case in self.cases):
                continue
            if not self.inquiry.never(partial(self.but, parts=others, name=name)):
                continue
            kept = others
            core = self.inquiry.core(others, partial(self.but, name=name))
            because = ", ".join(f"'{n}'" for n in core)
            given = f"holds whenever {because} hold{'s' * (len(core) == 1)}" if core else "always holds"
            message = f"'{name}' {given}"
            yield replace(
                self.base,
                code="implied",
                message=message,
                hint="remove it, or mend the figure that was meant",
                path=("conditions", name, "when"),
                about=(name,),
                witnesses=self.case(self.inquiry.find(self.due), "eligible"),
            )

    def but(self, asked: Asked, parts: Sequence[str], name: str) -> list[Truth]:
        """The others hold, this one does not."""
        return [*self.held(asked, parts), no(asked.scene(self.version).conditions[name].holds)]

    def dead(self) -> Iterator[Found]:
        """Parts of an OR and arms of a CASE that no one reaches while the other conditions hold."""
        for condition in self.version.conditions:
            place = ("conditions", condition.id, "when")
            yield from self.branches(condition.when, place, condition.id)
        for line in self.version.benefit.lines:
            yield from self.branches(line.value, ("benefit", "lines", line.id, "value"), "")
        if self.version.benefit.amount is not None:
            yield from self.branches(self.version.benefit.amount, ("benefit", "amount"), "")

    def branches(self, node: tree.Node, place: tuple[str, ...], condition: str) -> Iterator[Found]:
        """The branches of one expression: of a condition, or of the formula where there is no condition."""
        for path in paths(node, ()):

            def reached(asked: Asked, path: tuple[tuple[tree.Node, bool], ...] = path) -> list[Truth]:
                scene = asked.scene(self.version)
                reader: Translator = scene.reader if condition else scene.worker
                ways = [reader.term(n).holds if holds else reader.term(n).fails for n, holds in path]
                return [scene.without(condition), asked.world.in_force(self.version), all_of(*ways)]

            ways = [*self.truths(n for n in self.ids if n != condition), *path]
            if not any(case.in_force and case.says(ways) for case in self.cases) and self.inquiry.never(reached):
                last = path[-1][0]
                message, hint = (
                    f"nobody comes to the branch {unparse(last)}",
                    "an earlier branch takes all",
                )
                yield replace(
                    self.base, code="dead_branch", message=message, hint=hint,
                    path=place, about=(condition,) if condition else (), pos=last.pos,
                    witnesses=self.case(self.inquiry.find(self.due), "eligible"),
                )  # fmt: skip

    def odd(self) -> Iterator[Found]:
        """Amounts below nothing, and amounts that cannot be worked out."""
        if self.version.benefit.amount is None:
            return
        less = self.inquiry.find(lambda a: [*self.due(a), *below(a.scene(self.version).amount)])
        if less is not None:
            yield replace(
                self.base,
                code="negative_amount",
                message="the amount can be below zero",
                hint="give the facts a range, or write GREATEST(0, …)",
                path=("benefit", "amount"),
                witnesses=self.case(less, "below zero"),
            )
        if any(
            self.waits(node) for node in (self.version.benefit.amount, *(n.value for n in self.version.benefit.lines))
        ):
            return  # the gap of the figure is told
        none = self.inquiry.find(lambda a: [*self.due(a), no(a.scene(self.version).amount.known)])
        if none is not None:
            yield replace(
                self.base,
                code="no_amount",
                message="somebody can be eligible for an amount that cannot be worked out",
                hint="say what holds where a figure is missing or a divisor is zero",
                path=("benefit", "amount"),
                witnesses=self.case(none, "no amount"),
            )


def below(amount: Term) -> list[Truth]:
    """Known, and less than nothing."""
    return [amount.known, amount.value < 0] if amount.value is not None else [False]


def period(version: Version) -> str:
    """In words."""
    return f"{version.valid_from or 'always'} to {version.valid_to or 'open'}"


Path = tuple[tuple[tree.Node, bool], ...]


def paths(node: tree.Node, before: Path) -> Iterator[Path]:
    """For each branch the truths that lead to it; the last is the branch's own."""
    if isinstance(node, tree.Case):
        for when, then in node.arms:
            here = (*before, (when, True))
            yield here
            yield from paths(then, here)
            before = (*before, (when, False))
        yield from paths(node.default, before)
    elif isinstance(node, tree.Or):
        for item in node.items:
            yield (*before, (item, True))
            yield from paths(item, before)
    elif not isinstance(node, tree.Aggregate):
        for child in tree.children(node):
            yield from paths(child, before)
