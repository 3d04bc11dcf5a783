"""The program of a pack: every distinct condition once, every derivation and every formula, as Python code.

A version is a list of condition numbers. Thousands of measures ask the same few hundred things, so a subject
is asked each of them once. The source text stands by itself, so that compiled code can be kept on disk.
"""

from __future__ import annotations

import marshal
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from chuangbao.rules import tree
from chuangbao.rules.emit import Emitter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import CodeType

    from chuangbao.rules.model import Pack, Version

__all__ = ["CHUNK", "Program", "build"]

CHUNK = 128  # conditions in one function


@dataclass(frozen=True, slots=True)
class Program:
    """Compiled code and the numbering that goes with it.

    ``derived`` names derived facts, each after those it needs; ``conditions`` gives each version's condition
    numbers; ``chunks`` counts the functions that judge conditions.
    """

    code: CodeType
    derived: tuple[str, ...]
    conditions: Mapping[str, tuple[int, ...]]
    chunks: int

    def dumps(self) -> bytes:
        """For the disk."""
        return marshal.dumps((self.code, self.derived, dict(self.conditions), self.chunks))

    @classmethod
    def loads(cls, data: bytes) -> Program:
        """From the disk."""
        return cls(*marshal.loads(data))  # noqa: S302 - written by dumps() into a folder of the same user


def build(pack: Pack) -> Program:
    """Write and compile the program of a pack: ``d_<fact>`` derives, ``k<i>`` judges, ``a<i>`` works out amounts."""
    writer = Writer(pack)
    derived = tuple(derived_in_order(pack))
    for name in derived:
        writer.derivation(name)
    conditions = writer.conditions()
    for index, (_, version) in enumerate(pack.versions.values()):
        writer.amount(f"a{index}", version)
    code = compile(writer.source(), f"<rules {pack.id}>", "exec")
    return Program(code, derived, conditions, writer.chunks)


def derived_in_order(pack: Pack) -> list[str]:
    """Derived facts, each after those it needs, also inside of rows."""
    facts = pack.facts
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        fact = facts.get(name)
        if fact is None or fact.value is None or name in order:
            return
        for needed in tree.outer_names(fact.value, pack.columns):
            visit(needed)
        order[name] = None

    for name in facts:
        visit(name)
    return list(order)


class Writer:
    """Writes the module; facts are read from F, parameters from P, the day is T, rows are folded by R."""

    def __init__(self, pack: Pack) -> None:
        """Constants are shared by all functions."""
        self.pack = pack
        self.facts = {name: f"F[{slot}]" for slot, name in enumerate(pack.facts)}
        self.parameters: dict[str, dict[str, str]] = {}
        place = 0
        for version, (_, rule) in pack.versions.items():
            self.parameters[version] = {name: f"P[{place + i}]" for i, name in enumerate(rule.parameters)}
            place += len(rule.parameters)
        self.constants: dict[str, str] = {}
        self.functions: list[str] = []
        self.chunks = 0

    def source(self) -> str:
        """The whole module."""
        constants = [f"{name} = {text}" for text, name in self.constants.items()]
        return "\n".join([*constants, *self.functions])

    def function(self, head: str, out: Emitter, result: str) -> None:
        """Add a function."""
        self.functions.append("\n".join([f"def {head}:", *out.lines, f"    return {result}"]))

    def derivation(self, name: str) -> None:
        """How a fact follows from others."""
        node = cast("tree.Node", self.pack.facts[name].value)
        out = Emitter(self.facts, self.constants)
        out.load(node)
        self.function(f"d_{name}(F, T, R)", out, out.value(node))

    def conditions(self) -> dict[str, tuple[int, ...]]:
        """Number the distinct conditions, write them in chunks, and list each version's numbers."""
        numbers: dict[tuple[str, str], int] = {}
        found: dict[str, tuple[int, ...]] = {}
        nodes: list[tuple[tree.Node, str]] = []
        for name, (_, version) in self.pack.versions.items():
            mine = []
            for condition in version.conditions:
                own = name if version.parameters.keys() & self.names(condition.when) else ""
                key = (condition.text, own)
                if key not in numbers:
                    numbers[key] = len(numbers)
                    nodes.append((condition.when, own))
                mine.append(numbers[key])
            found[name] = tuple(mine)
        for start in range(0, len(nodes), CHUNK):
            self.chunk(nodes[start : start + CHUNK])
        return found

    def names(self, node: tree.Node) -> set[str]:
        """The names that an expression reads beside the columns of rows."""
        return set(tree.outer_names(node, self.pack.columns))

    def chunk(self, nodes: Iterable[tuple[tree.Node, str]]) -> None:
        """One function that gives (verdict, left, right) of many conditions."""
        out = Emitter(self.facts, self.constants)
        triples = []
        for node, version in nodes:
            own = self.parameters.get(version, {})
            out.shadow(own)
            out.load(node)
            triples.append(triple(out, node))
            out.forget(own)
        self.function(f"k{self.chunks}(F, P, T, R)", out, f"({''.join(t + ', ' for t in triples)})")
        self.chunks += 1

    def amount(self, name: str, version: Version) -> None:
        """A function that gives every line of the working, and the amount last."""
        out = Emitter(self.facts, self.constants)
        out.shadow(self.parameters[version.version])
        atoms = []
        parts = [(line.id, line.value) for line in version.benefit.lines]
        if version.benefit.amount is not None:
            parts.append(("", version.benefit.amount))
        for line, node in parts:
            out.load(node)
            atoms.append(out.value(node))
            out.define(line, atoms[-1])
        self.function(f"{name}(F, P, T, R)", out, f"({''.join(a + ', ' for a in atoms)})")


def triple(out: Emitter, node: tree.Node) -> str:
    """Verdict and both sides of a condition, as source text."""
    if isinstance(node, tree.Compare):
        left, right = out.value(node.left), out.value(node.right)
        target = out.fresh()
        op = {"=": "==", "<>": "!="}.get(node.op, node.op)
        out.guarded(target, [left, right], f"{left} {op} {right}")
        return f"({target}, {left}, {right})"
    atom = out.value(node)
    inner = node.operand if isinstance(node, tree.Not) else node
    subject = getattr(inner, "operand", inner)
    value = out.loaded.get(subject.name, "None") if isinstance(subject, tree.Name) else "None"
    return f"({atom}, {value}, None)"
