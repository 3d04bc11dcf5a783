"""What a version changes against the one before (修订对照): conditions, formula, figures, period, papers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chuangbao.rules.builder import Hand, Row, sheet_of

if TYPE_CHECKING:
    from chuangbao.rules.model import Condition, Parameter, Text, Version

__all__ = ["Change", "changes"]


@dataclass(frozen=True)
class Change:
    """One difference.

    ``kind``: condition_added, condition_removed, condition_changed, threshold, formula, kind, parameter_added,
    parameter_removed, parameter, period, manual, paper_added, paper_removed. ``what`` is the label it is known
    by; ``before`` and ``after`` are rows, figures, texts, days or whole versions, by kind.
    """

    kind: str
    what: Text | str = ""
    before: object = None
    after: object = None
    detail: tuple[Change, ...] = field(default=())


def changes(before: Version, after: Version) -> list[Change]:
    """Every difference, the conditions first."""
    found = [*conditions(before, after), *benefit(before, after)]
    for name in dict.fromkeys([*before.parameters, *after.parameters]):
        found += parameter(name, before.parameters.get(name), after.parameters.get(name))
    if (before.valid_from, before.valid_to) != (after.valid_from, after.valid_to):
        periods = (before.valid_from, before.valid_to), (after.valid_from, after.valid_to)
        found.append(Change("period", before=periods[0], after=periods[1]))
    old, new = ({p.label: p for p in v.documents} for v in (before, after))
    found += [Change("paper_added", label) for label in new if label not in old]
    found += [Change("paper_removed", label) for label in old if label not in new]
    return found


def conditions(before: Version, after: Version) -> list[Change]:
    """Conditions by their id; one whose id changed while its text stayed is the same."""
    old, new = {c.id: c for c in before.conditions}, {c.id: c for c in after.conditions}
    texts = {c.text for c in before.conditions}, {c.text for c in after.conditions}
    found = [
        Change("condition_added", c.label, after=c)
        for c in after.conditions
        if c.id not in old and c.text not in texts[0]
    ]
    found += [
        Change("condition_removed", c.label, before=c)
        for c in before.conditions
        if c.id not in new and c.text not in texts[1]
    ]
    for name in (n for n in new if n in old and old[n].text != new[n].text):
        found.append(condition(old[name], new[name]))
    if (before.manual is None) != (after.manual is None):
        found.append(Change("manual", before=before.manual, after=after.manual))
    return found


def condition(old: Condition, new: Condition) -> Change:
    """A condition that asks something else: by its thresholds where only those moved."""
    sheets = sheet_of(old.text), sheet_of(new.text)
    pairs = list(zip(sheets[0].rows, sheets[1].rows, strict=False))
    same_shape = sheets[0].join == sheets[1].join and len(sheets[0].rows) == len(sheets[1].rows)
    moved = [
        Change("threshold", new.label, a, b)
        for a, b in pairs
        if a != b and isinstance(a, Row) and isinstance(b, Row) and (a.fact, a.op) == (b.fact, b.op)
    ]
    differ = sum(a != b for a, b in pairs)
    whole = same_shape and differ == len(moved) and not any(isinstance(a, Hand) and a != b for a, b in pairs)
    return Change("condition_changed", new.label, old, new, tuple(moved) if whole else ())


def benefit(before: Version, after: Version) -> list[Change]:
    """Kind, unit and formula."""
    old, new = before.benefit, after.benefit
    found = []
    if (old.kind, old.unit) != (new.kind, new.unit):
        found.append(Change("kind", before=(old.kind, old.unit), after=(new.kind, new.unit)))
    if (old.text, [x.text for x in old.lines]) != (new.text, [x.text for x in new.lines]):
        found.append(Change("formula", before=before, after=after))
    return found


def parameter(name: str, old: Parameter | None, new: Parameter | None) -> list[Change]:
    """A figure that came, went or moved."""
    label = (new or old).label if (new or old) and (new or old).label.zh else name  # type: ignore[union-attr] # one of the two is there
    if old is None or new is None:
        return [Change("parameter_added" if old is None else "parameter_removed", label, old, new)]
    return [] if old.values == new.values else [Change("parameter", label, old, new)]
