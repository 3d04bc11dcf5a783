"""Findings that a pack explains: each with its reason, and no reason that explains nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangbao.rules.analysis.found import Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chuangbao.rules.model import Explanation, Measure

__all__ = ["Explained", "explains", "sorted_out"]


@dataclass(frozen=True, slots=True)
class Explained:
    """What is left to do, and what is explained and by whom."""

    found: tuple[Found, ...]
    explained: tuple[tuple[Found, Explanation], ...]


def sorted_out(found: Iterable[Found], measures: Sequence[Measure]) -> Explained:
    """Match findings with the explanations of the measures; one that matches nothing is itself a finding."""
    reasons = [(m, index, e) for m in measures for index, e in enumerate(m.explained)]
    used: set[tuple[str, int]] = set()
    left: list[Found] = []
    explained: list[tuple[Found, Explanation]] = []
    for one in found:
        matching = [(m.id, index, e) for m, index, e in reasons if explains(m, e, one)]
        used |= {(name, index) for name, index, _ in matching}
        if matching:
            explained.append((one, matching[0][2]))
        else:
            left.append(one)
    left += [stale(m, index, e) for m, index, e in reasons if (m.id, index) not in used]
    return Explained(tuple(left), tuple(explained))


def explains(measure: Measure, reason: Explanation, found: Found) -> bool:
    """The code, the version and everything that the explanation names must be the finding's own."""
    names = {found.measure, found.version, *found.about}
    right = reason.code == found.code and measure.id in {found.measure, *found.about}
    return right and set(reason.about) <= names and (not reason.versions or found.version in reason.versions)


def stale(measure: Measure, index: int, reason: Explanation) -> Found:
    """An explanation of nothing."""
    about = f" about {', '.join(reason.about)}" if reason.about else ""
    message = f"this explains '{reason.code}'{about}, which is not found (any more)"
    return Found("stale_explanation", measure.id, "", message, "remove it", ("explained", str(index)))
