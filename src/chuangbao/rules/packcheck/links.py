"""Citations (依据): every clause, document and measure that is named exists, and every figure has a rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chuangbao.rules.diagnostics import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.packcheck.source import Source, Spot

__all__ = ["check"]

SEED_CLAUSE = re.compile(r"\d+(\.\d+)+")
SLUG = re.compile(r"[a-z0-9][a-z0-9._-]*")
RULES = ("highest", "first", "cap")
GIVES_NOTHING = {"DEF", "PRIN", "TARGET"}  # what is meant by a word, how to go about it, and aims
COUNT = re.compile(r"\d")
"""A bare figure of one digit counts the parts of a clause: three rights, five services."""


def check(source: Source) -> Iterator[Finding]:
    """Follow every link of measures and documents."""
    clauses = source.clauses()
    documents = {d.say("id") for d in source.entries("documents")}
    measures = source.entries("measures")
    ids = {m.say("id") for m in measures}
    cited: set[str] = set()
    for measure in measures:
        cited |= {c.text for c in measure.each("clauses")}
        yield from known(measure.each("clauses"), clauses, "clause")
        for version in measure.each("versions"):
            yield from seed_clause(version.get("clause"), clauses)
            for condition in version.each("conditions"):
                yield from seed_clause(condition.get("clause"), clauses)
            yield from known(version.each("documents_ref"), documents, "document")
            yield from known(version.each("excludes"), ids, "measure")
            yield from itself(measure, version)
            yield from family(version.get("group"))
    yield from grouped(source)
    for document in source.entries("documents"):
        for key in ("basis", "successors", "repeals"):
            slugs = (s for s in document.each(key) if SLUG.fullmatch(s.text))
            yield from known(slugs, documents, "document")
    for name, clause in clauses.items():
        if name not in cited and grants(clause):
            message = f"clause {name} states a figure ({clause.say('numbers')}) and no measure rests on it"
            hint = f"add '{name}' to the clauses of a measure, or write one"
            yield clause.finding("no_rule", message, hint, severity="warning", clause=name)


def grants(clause: Spot) -> bool:
    """Whether a clause states a figure that someone could be owed: no target, and no count of its own parts."""
    figure = clause.say("numbers")
    return bool(figure) and clause.say("modality") not in GIVES_NOTHING and not COUNT.fullmatch(figure)


def grouped(source: Source) -> Iterator[Finding]:
    """Every fact is in a group that the list ``fact_group`` knows, where a pack has such a list."""
    groups = [c.say("code") for e in source.entries("codes") if e.say("list") == "fact_group" for c in e.each("codes")]
    for fact in source.entries("facts"):
        group = fact.get("group")
        if group is not None:
            yield from known([group], groups, "group")
        elif groups:
            message = f"the fact '{fact.say('name')}' stands in no group"
            yield fact.finding("no_group", message, f"add group: {groups[0]}")


def known(named: Iterable[Spot], names: Collection[str], what: str) -> Iterator[Finding]:
    """A name that nothing has, with the nearest that something has."""
    for spot in named:
        if spot.text not in names:
            guess = nearest(spot.text, names)
            hint = f"did you mean '{guess}'?" if guess else f"there is no {what} like it"
            yield spot.finding(f"unknown_{what}", f"there is no {what} '{spot.text}'", hint)


def seed_clause(spot: Spot | None, clauses: Collection[str]) -> Iterator[Finding]:
    """A clause of the seed by its number; articles of other documents are free text."""
    if spot is not None and SEED_CLAUSE.fullmatch(spot.text):
        yield from known([spot], clauses, "clause")


def itself(measure: Spot, version: Spot) -> Iterator[Finding]:
    """A measure that excludes itself."""
    for spot in version.each("excludes"):
        if spot.text == measure.say("id"):
            yield spot.finding("excludes_itself", f"'{spot.text}' excludes itself", "name the other measure")


def family(group: Spot | None) -> Iterator[Finding]:
    """A family of measures whose rule is one of three; one that is only named is looked up when the pack is loaded."""
    if group is None or group.text:
        return
    rule = group.say("rule")
    if rule not in RULES:
        guess = nearest(rule, RULES) or RULES[0]
        yield group.finding(
            "group_rule", f"there is no group rule '{rule}'", f"rule: {guess} (one of {', '.join(RULES)})"
        )
    if rule == "cap" and not group.say("cap"):
        hint = "group: {name: …, rule: cap, cap: 300000}"
        yield group.finding("group_cap", "a group with a joint ceiling needs its sum", hint)
