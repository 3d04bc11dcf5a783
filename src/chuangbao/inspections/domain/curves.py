"""Curves of how many still go on after so many months, by the estimator of Kaplan and Meier; pure arithmetic."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Counts", "Step", "count_months", "estimate_curve", "find_share", "merge_counts"]


@dataclass(slots=True)
class Counts:
    """How many ended after so many whole months, and how many were last seen going on then (censored)."""

    ended: Counter[int] = field(default_factory=Counter)
    censored: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Step:
    """A month of the curve: how many were followed as long, how many ended or left sight in it, the share after it."""

    month: int
    at_risk: int
    ended: int
    censored: int
    share: Fraction

    @property
    def percent(self) -> float:
        """The share in percent, as pages show it."""
        return round(float(self.share) * 100, 1)

    @property
    def complement(self) -> float:
        """What is missing to all, in percent: of graduations, the share that graduated."""
        return round(100 - float(self.share) * 100, 1)


def count_months(spells: Iterable[tuple[int, bool]]) -> Counts:
    """Count spells, each with its whole months and whether it ended (or was only last seen then)."""
    counts = Counts()
    for months, ended in spells:
        (counts.ended if ended else counts.censored)[months] += 1
    return counts


def merge_counts(parts: Iterable[Counts]) -> Counts:
    """Add up the counts of several spaces: their curve is that of all their spells together."""
    merged = Counts()
    for part in parts:
        merged.ended.update(part.ended)
        merged.censored.update(part.censored)
    return merged


def estimate_curve(counts: Counts) -> list[Step]:
    """Return a step for each month in which something ended or left sight, in their order.

    Who left sight in a month is at risk in it. The share is exact: the product of 1 - ended / at risk.
    """
    at_risk, share, steps = counts.ended.total() + counts.censored.total(), Fraction(1), []
    for month in sorted({*counts.ended, *counts.censored}):
        ended, censored = counts.ended[month], counts.censored[month]
        share *= 1 - Fraction(ended, at_risk)
        steps.append(Step(month, at_risk, ended, censored, share))
        at_risk -= ended + censored
    return steps


def find_share(steps: list[Step], month: int, *, least: int) -> int | None:
    """Return the share after a month in whole percent; None where fewer than ``least`` were followed as long."""
    total = steps[0].at_risk if steps else 0
    before = [step for step in steps if step.month < month]
    followed = total - sum(step.ended + step.censored for step in before)
    reached = [step.share for step in steps if step.month <= month]
    if followed < least:
        return None
    return round(float(reached[-1] if reached else 1) * 100)
