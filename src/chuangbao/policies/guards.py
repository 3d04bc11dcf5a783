"""What must hold before a text is handed to a colleague: it can be read, and its worked cases come out right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chuangbao.core.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.actors import Actor

__all__ = ["every_example_holds", "has_clauses"]


def every_example_holds(version: Any, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """The text has no error, and each worked case gives what it expects."""
    from chuangbao.policies.domain.texts import read_text, worked_cases  # late: the models name these states

    reading = read_text(version.content)
    if reading.measure is None:
        first = reading.findings[0]
        raise Refused(
            "not_readable",
            _("The text has errors; the first is in line %(line)d: %(message)s")
            % {"line": first.line, "message": first.message},
            field="content",
        )
    if reading.measure.id != version.measure.ref:
        raise Refused(
            "other_measure",
            _("The text has the id of another measure: %(id)s") % {"id": reading.measure.id},
            field="content",
        )
    wrong = [case.example.name or "?" for case in worked_cases(reading.measure) if not case.right]
    if wrong:
        raise Refused(
            "example_fails",
            _("These worked cases come out otherwise: %(names)s") % {"names": "、".join(wrong)},
            field="content",
        )


def has_clauses(document: Any, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """A document without a clause has nothing that a measure could hang on."""
    if not document.clauses.exists():
        raise Refused("no_clauses", _("The document has no clause yet."))
