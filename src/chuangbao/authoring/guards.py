"""What must hold before a text is handed to a colleague, and again before it reaches the public.

It can be read, its worked cases come out right, it stays within the area and the department of its office, and
nothing speaks against it that refuses or that has no reason given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.domain.doubts import Weight
from chuangbao.policies.domain.offices import list_issuers_beyond, refuse_outside
from chuangbao.policies.domain.texts import doubts_about, read_text, worked_cases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.access.actors import Actor
    from chuangbao.rules.model import Measure

__all__ = [
    "ends_from_today_on",
    "every_example_holds",
    "has_clauses",
    "is_succeeded",
    "issuers_are_explained",
    "nothing_speaks_against",
]


def every_example_holds(version: Any, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Check that the text has no error, and that each worked case gives what it expects.

    Raises Refused: other_measure, example_fails (field ``content``), and as ``readable`` does.
    """
    measure = readable(version)
    if measure.id != version.measure.ref:
        raise Refused(
            "other_measure",
            _("The text has the id of another measure: %(id)s") % {"id": measure.id},
            field="content",
        )
    wrong = [case.example.name or "?" for case in worked_cases(measure) if not case.right]
    if wrong:
        raise Refused(
            "example_fails",
            _("These worked cases come out otherwise: %(names)s") % {"names": "、".join(wrong)},
            field="content",
        )


def readable(version: Any) -> Measure:
    """The measure of a text. Raises Refused: not_readable (content)."""
    reading = read_text(version.content)
    if reading.measure is None:
        first = reading.findings[0]
        raise Refused(
            "not_readable",
            _("The text has errors; the first is in line %(line)d: %(message)s")
            % {"line": first.line, "message": first.message},
            field="content",
        )
    return reading.measure


def nothing_speaks_against(version: Any, _actor: Actor, given: Mapping[str, Any]) -> None:
    """Nothing refuses the text, it stays within its office's area, and what is doubtful has a written reason.

    Raises Refused: what ``refuse_outside`` refuses, the code of the first doubt that refuses (content), or
    reason_needed (reason).
    """
    measure = readable(version)
    refuse_outside(version, measure)
    doubts = doubts_about(version, measure)
    first = next((doubt for doubt in doubts if doubt.weight is Weight.REFUSES), None)
    if first is not None:
        raise Refused(first.code, first.words, field="content")
    open_ones = [doubt.words for doubt in doubts if doubt.weight is Weight.REASON]
    if open_ones and not str(given.get("reason", "")).strip():
        raise Refused(
            "reason_needed",
            _("Say in writing why it is right all the same: %(doubts)s") % {"doubts": " ".join(open_ones)},
            field="reason",
        )


def has_clauses(document: Any, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Check that a document has a clause for measures to refer to.

    Raises Refused: no_clauses.
    """
    if not document.clauses.exists():
        raise Refused("no_clauses", _("The document has no clause yet."))


def issuers_are_explained(document: Any, _actor: Actor, given: Mapping[str, Any]) -> None:
    """Check that a document of issuers beyond the office's area says in writing why this office brings it in.

    Raises Refused: reason_needed (field ``reason``).
    """
    beyond = list_issuers_beyond(document)
    if beyond and not str(given.get("reason", "")).strip():
        raise Refused(
            "reason_needed",
            _("%(names)s: not of this office's area. Say in writing why this office brings the document in.")
            % {"names": "、".join(beyond)},
            field="reason",
        )


def ends_from_today_on(text: Any, _actor: Actor, given: Mapping[str, Any]) -> None:
    """A text ends on a day of its own, and not before today: what people read until today stays true.

    Raises Refused: before_it_began (valid_to), in_the_past (valid_to).
    """
    last = given["valid_to"]
    if text.valid_from is not None and last < text.valid_from:
        raise Refused("before_it_began", _("It began only after this day."), field="valid_to")
    if last < timezone.localdate():
        raise Refused(
            "in_the_past",
            _("A text ends today at the earliest. One that was wrong from the start is corrected in place."),
            field="valid_to",
        )


def is_succeeded(text: Any, _actor: Actor, given: Mapping[str, Any]) -> None:
    """A text ends by its revision only where that revision is published. Raises Refused: no_successor."""
    successor = given["successor"]
    if successor.based_on_id != text.pk or successor.stage != text.stage:
        raise Refused("no_successor", _("The revision is not published."))
