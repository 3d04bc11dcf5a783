"""Which measures sensitive facts decide (敏感事实): being entitled to one of them reveals the fact."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from chuangbao.core.engine.current import current_engine
from chuangbao.rules import tree
from chuangbao.rules.questions import expressions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.rules.engine import Engine
    from chuangbao.rules.model import Group, Measure, Pack

__all__ = ["facts_of", "sensitive_facts", "telling_measures"]


def telling_measures() -> dict[str, frozenset[str]]:
    """Return the measures that read sensitive facts in one of their versions, each with those facts."""
    return measures_of(current_engine())


def sensitive_facts(measures: Iterable[str]) -> frozenset[str]:
    """Return the sensitive facts that some measures read."""
    telling = telling_measures()
    return frozenset().union(*(telling.get(measure, frozenset()) for measure in measures))


@lru_cache(maxsize=2)
def measures_of(engine: Engine) -> dict[str, frozenset[str]]:
    """See ``telling_measures``; worked out once for an engine."""
    found = {name: facts_of(engine.pack, measure) for name, measure in engine.pack.measures.items()}
    return {name: facts for name, facts in found.items() if facts}


def facts_of(pack: Pack, measure: Measure) -> frozenset[str]:
    """Return the sensitive facts that a measure reads: conditions, amounts, ceilings, windows, and what is behind."""
    waiting = [node for version in measure.versions for node in expressions(pack, version)]
    waiting += [group.limit for group in groups_of(pack, measure) if group.limit is not None]
    names = {version.window.of for version in measure.versions if version.window is not None}
    while waiting:
        for name in {name_of(part) for part in tree.walk(waiting.pop())} - names:
            names.add(name)
            fact = pack.facts.get(name)
            waiting += [fact.value] if fact is not None and fact.value is not None else []
    return frozenset(name for name in names if name in pack.facts and pack.facts[name].sensitive)


def groups_of(pack: Pack, measure: Measure) -> list[Group]:
    """Return the families of measures whose ceilings cut the amounts of a measure."""
    taxes = [pack.groups.get(version.benefit.tax) for version in measure.versions]
    return [group for group in (*taxes, *(version.group for version in measure.versions)) if group is not None]


def name_of(node: tree.Node) -> str:
    """Return the fact or the rows that a node names; nothing where it names none."""
    if isinstance(node, tree.Aggregate):
        return node.rows
    return node.name if isinstance(node, tree.Name) else ""
