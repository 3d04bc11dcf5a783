"""The state of a text on a day, in words (时效): not in force yet, in force, ended by its day, or retired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from chuangbao.core.localization.formatting import day_words
from chuangbao.policies.enums import Stage

if TYPE_CHECKING:
    from datetime import date

__all__ = ["standing_kind", "standing_words"]


def standing_kind(stage: str, valid_from: date | None, valid_to: date | None, today: date) -> str:
    """The kind of standing; the stage itself for what was never published.

    One of: ``coming``, ``in_force``, ``ending`` (has a last day), ``retiring`` (has one by decision), ``ended``,
    ``retired``.
    """
    if stage not in {Stage.IN_FORCE, Stage.RETIRED}:
        return stage
    if valid_to is not None and valid_to < today:
        return "retired" if stage == Stage.RETIRED else "ended"
    if valid_from is not None and today < valid_from:
        return "coming"
    if stage == Stage.RETIRED:
        return "retiring"
    return "in_force" if valid_to is None else "ending"


def standing_words(stage: str, valid_from: date | None, valid_to: date | None, today: date) -> str:
    """Return the state of a text on a day, in words for everybody."""
    kind = standing_kind(stage, valid_from, valid_to, today)
    days = {"start": day_words(valid_from) if valid_from else "", "end": day_words(valid_to) if valid_to else ""}
    words = {
        "coming": gettext("Published, in force from %(start)s"), "in_force": gettext("Published"),
        "ending": gettext("Published, in force until %(end)s"),
        "retiring": gettext("In force until %(end)s, then retired"),
        "ended": gettext("Ended: in force until %(end)s"), "retired": gettext("Retired: in force until %(end)s"),
    }  # fmt: skip
    return words[kind] % days if kind in words else str(Stage(stage).label)
