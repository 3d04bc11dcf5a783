"""Unintended effects (静态分析): the solver's findings at their places; those that the pack explains are notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.model import Pack
    from chuangbao.rules.packcheck.source import Source

__all__ = ["check"]


def check(source: Source, pack: Pack) -> Iterator[Finding]:
    """Every finding of the analysis."""
    from chuangbao.rules.analysis import analyse  # late: the solver is large
    from chuangbao.rules.analysis.draft import at

    places = {spot.say("id"): spot for spot in source.entries("measures")}
    result = analyse(pack)
    yield from (at(found, places[found.measure]) for found in result.found)
    yield from (at(found, places[found.measure], str(reason.reason)) for found, reason in result.explained)
