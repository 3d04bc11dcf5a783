"""A draft as it is typed, and the places of findings in its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from chuangbao.rules.check import Scope, kind_of_fact
from chuangbao.rules.diagnostics import Finding, PackError
from chuangbao.rules.measures import read_measure
from chuangbao.rules.model import Measure
from chuangbao.rules.packcheck.source import Spot
from chuangbao.rules.yamlfile import Map, read_string

if TYPE_CHECKING:
    from chuangbao.rules.analysis.explained import Explained
    from chuangbao.rules.analysis.found import Found
    from chuangbao.rules.model import Pack

__all__ = ["at", "positioned", "read_draft"]

KEYS = ("version", "id", "name")


def read_draft(draft: Measure | str, pack: Pack) -> tuple[Measure, Spot | None]:
    """Return the measure and its position.

    Raises PackError where the text cannot be read.
    """
    if isinstance(draft, Measure):
        return draft, None
    entry = read_string(draft, "")
    if not isinstance(entry, Map):
        raise PackError([Finding("", 1, 1, "measure", "this is no measure", "write id: … and versions: …")])
    columns = {n: {c: kind_of_fact(f) for c, f in r.columns.items()} for n, r in pack.rows.items()}
    scope = Scope({n: kind_of_fact(f) for n, f in pack.facts.items()}, pack.codes, columns)
    wrong: list[Finding] = []
    measure = read_measure(entry, scope, wrong)
    if wrong:
        raise PackError(wrong)
    node = yaml.compose(draft, Loader=yaml.SafeLoader)
    return measure, None if node is None else Spot("", node)


def positioned(result: Explained, place: Spot | None) -> list[Finding]:
    """Findings at their places, what is explained last."""
    open_ones = [at(found, place) for found in result.found]
    return open_ones + [at(found, place, f"{reason.reason}") for found, reason in result.explained]


def at(found: Found, measure: Spot | None, reason: str = "") -> Finding:
    """A finding at its place below its measure's entry; an explained one is a note with its reason."""
    version = f"{found.version}: " if found.version else ""
    severity = "note" if reason else found.severity
    plain = Finding(
        "", 0, 0, found.code, version + found.message, reason or found.hint, found.clause, severity, found.witnesses
    )
    if measure is None:
        return plain
    spot = step(measure, *(("versions", found.version) if found.version else ()), *found.path)
    mark = spot.node.start_mark
    quoted = isinstance(spot.node, yaml.ScalarNode) and spot.node.style in {"'", '"'}
    inner = Finding("", found.pos.line, found.pos.column, "", "").at(spot.file, mark.line + 1, mark.column + 1 + quoted)
    return Finding(
        spot.file, inner.line, inner.column, plain.code, plain.message, plain.hint, plain.clause, severity,
        found.witnesses,
    )  # fmt: skip


def step(spot: Spot, *keys: str) -> Spot:
    """As deep as the keys lead."""
    for key in keys:
        spot = inside(spot, key) or spot
    return spot


def inside(spot: Spot, key: str) -> Spot | None:
    """Return what is under a key, or the item of a list with that name or number."""
    if isinstance(spot.node, yaml.SequenceNode):
        items = [Spot(spot.file, item) for item in spot.node.value]
        named = [item for item in items if key in {item.say(k) for k in KEYS}]
        return named[0] if named else items[int(key)] if key.isdigit() and int(key) < len(items) else None
    return spot.get(key)
