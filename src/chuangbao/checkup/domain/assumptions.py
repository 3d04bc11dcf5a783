"""What a row reckons with that the visitor did not say (试算的假设): only what a row that is shown hangs on counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.rules import tree
from chuangbao.rules.model import tree_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from chuangbao.rules.model import Pack, Version

__all__ = ["find_facts", "list_assumptions"]


def list_assumptions(pack: Pack, version: Version, assumed: Collection[str]) -> tuple[str, ...]:
    """The assumed facts that the conditions or the sum of a version hang on, in the order of ``assumed``."""
    found = find_facts(pack, list_nodes(version)) if assumed else set()
    return tuple(name for name in assumed if name in found)


def find_facts(pack: Pack, nodes: Iterable[tree.Node]) -> set[str]:
    """Every name that expressions hang on, those behind what is worked out among them."""
    found: set[str] = set()
    waiting = [name for node in nodes for name in tree.names(node)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            fact = pack.facts.get(name)
            waiting += tree.names(fact.value) if fact is not None and fact.value is not None else ()
    return found


def list_nodes(version: Version) -> Iterator[tree.Node]:
    """Yield the conditions, the lines of the working, and the formula."""
    yield from (condition.when for condition in version.conditions)
    texts = [*(line.text for line in version.benefit.lines), version.benefit.text]
    yield from (tree_of(each) for each in texts if each)
