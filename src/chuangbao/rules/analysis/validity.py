"""Time: figures that lack on some day, values and exclusions that never count, versions that outlive their document."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from chuangbao.rules.analysis.found import Found
from chuangbao.rules.analysis.pairs import overlap
from chuangbao.rules.analysis.terms import any_of, less, moment, no

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.rules.analysis.found import Show
    from chuangbao.rules.analysis.inquiry import Asked, Inquiry, Reply
    from chuangbao.rules.analysis.terms import Truth
    from chuangbao.rules.diagnostics import Witness
    from chuangbao.rules.model import Measure, Parameter, ParameterValue, Version

__all__ = ["Validity"]


@dataclass(frozen=True)
class Validity:
    """The questions about the days of one version."""

    inquiry: Inquiry
    show: Show
    measure: Measure
    version: Version

    def findings(self) -> Iterator[Found]:
        """Everything."""
        for parameter in self.version.parameters.values():
            yield from self.lacking(parameter)
            yield from self.idle(parameter)
        for name in self.version.excludes:
            yield from self.never_beside(name)
        for name in self.version.document_refs:
            yield from self.outlived(name)

    def found(self, code: str, message: str, hint: str, path: tuple[str, ...], about: str) -> Found:
        """A finding about this version."""
        here = (self.measure.id, self.version.version)
        return Found(code, *here, message, hint, path, (about,), self.version.clause)

    def case(self, reply: Reply, name: str) -> tuple[Witness, ...]:
        """What a reply shows."""
        return (self.show.witness(reply, self.inquiry.exact.scene(self.version), name),)

    def lacking(self, parameter: Parameter) -> Iterator[Found]:
        """A day on which the version is the rule and the figure has no value, in a place where the measure counts."""
        if not parameter.values:
            yield self.awaited(parameter)
            return

        def question(asked: Asked) -> list[Truth]:
            world = asked.world
            reach = [world.place == i for i, place in enumerate(world.places) if self.reaches(place)]
            figure = asked.scene(self.version).figures[parameter.name]
            return [world.in_force(self.version), any_of(*reach), no(figure.known)]

        reply = self.inquiry.find(question)
        if reply is not None:
            message = f"parameter '{parameter.name}' has no value on {reply.as_of} in {reply.region or 'any region'}"
            hint = f"values: [{{from: {self.version.valid_from or reply.as_of}, value: …}}]"
            found = self.found("parameter_gap", message, hint, ("parameters", parameter.name), parameter.name)
            yield replace(found, witnesses=self.case(reply, "no value"))

    def awaited(self, parameter: Parameter) -> Found:
        """A figure without any value: left empty on purpose where the version says what is to be confirmed."""
        told = self.version.unconfirmed
        message = f"parameter '{parameter.name}' has no value yet" + (f" — {told.zh}" if told.zh else "")
        hint = f"values: [{{from: {self.version.valid_from or '2015-06-08'}, value: …}}]"
        found = self.found("parameter_gap", message, hint, ("parameters", parameter.name), parameter.name)
        return replace(found, severity="note") if told.zh else found

    def reaches(self, place: str) -> bool:
        """Whether the measure counts in a place."""
        return not self.measure.region or self.inquiry.pack.regions.within(place, self.measure.region, date.max)

    def idle(self, parameter: Parameter) -> Iterator[Found]:
        """Values that no day of the version can choose."""
        for value in parameter.values:
            if self.too_late(value) or self.replaced(parameter, value):
                message = f"the value {value.value} of '{parameter.name}' from {value.start} is never the figure"
                yield self.found(
                    "past_validity",
                    message,
                    "remove it, or mend its day or the period of the version",
                    ("parameters", parameter.name),
                    parameter.name,
                )

    def too_late(self, value: ParameterValue) -> bool:
        """It begins when the version has ended."""
        return self.version.valid_to is not None and value.start > self.version.valid_to

    def replaced(self, parameter: Parameter, value: ParameterValue) -> bool:
        """A newer value of the same place takes its place before the version begins."""
        begins = self.version.valid_from or date.min
        return any(v.region == value.region and value.start < v.start <= begins for v in parameter.values)

    def never_beside(self, name: str) -> Iterator[Found]:
        """An exclusion of a measure that never is the rule on the same day."""
        other = self.inquiry.pack.measures.get(name)
        if other is not None and not any(overlap(self.version, v) for v in other.versions):
            message = f"it excludes '{name}', of which no version is in force in its period"
            hint = "remove it, or name the measure of its time"
            yield self.found("past_validity", message, hint, ("excludes",), name)

    def outlived(self, name: str) -> Iterator[Found]:
        """A subject is owed it on a day after the document behind it has ended."""
        document = self.inquiry.pack.documents.get(name)
        ended = None if document is None else document.valid_to
        if ended is None:
            return

        def question(asked: Asked) -> list[Truth]:
            later = less(moment(ended), asked.world.as_of)
            return [later, asked.world.in_force(self.version), asked.scene(self.version).eligible]

        reply = self.inquiry.find(question)
        if reply is not None:
            message = f"it is still the rule on {reply.as_of}, but its document '{name}' ended on {ended}"
            hint = f"valid: {{to: {ended}}}, or name the document that prolongs it"
            found = self.found("past_validity", message, hint, ("documents_ref",), name)
            yield replace(found, witnesses=self.case(reply, "after the end"))
