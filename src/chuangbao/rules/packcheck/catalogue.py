"""The catalogue of facts (事实目录): each is used by a rule, and each that must be asked can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.rules import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.model import Pack
    from chuangbao.rules.packcheck.source import Source

__all__ = ["check"]


def check(source: Source, pack: Pack) -> Iterator[Finding]:
    """Find facts that nothing reads, and facts that no one can be asked."""
    spots = {spot.say("name"): spot for spot in source.entries("facts")}
    used = used_facts(pack)
    for name, fact in pack.facts.items():
        if name not in used:
            message = f"no measure and no derived fact reads '{name}'"
            yield spots[name].finding("unused_fact", message, "remove it, or use it in a condition", severity="warning")
        elif not fact.derived and not (fact.question.zh and fact.question.en):
            hint = f"question: {{zh: {fact.label.zh}是多少？, en: …}}, or value: <expression> over plain facts"
            yield spots[name].finding("no_question", f"'{name}' is needed but cannot be asked", hint)


def used_facts(pack: Pack) -> set[str]:
    """The facts that rules, papers, starts of the check-up and other facts read."""
    found: set[str] = set()
    for measure in pack.measures.values():
        for version in measure.versions:
            trees = [c.when for c in version.conditions] + [line.value for line in version.benefit.lines]
            trees += [version.benefit.amount] if version.benefit.amount is not None else []
            found.update(read for node in trees for read in reads(node))
            found.update(paper.from_fact for paper in version.documents)
    found.update(name for start in (*pack.audiences, *pack.wants) for name in start.facts)
    found.update(read for fact in pack.facts.values() if fact.value is not None for read in reads(fact.value))
    return found


def reads(node: tree.Node) -> Iterator[str]:
    """Every name below a node, those inside aggregates too."""
    return (found.name for found in tree.walk(node) if isinstance(found, tree.Name))
