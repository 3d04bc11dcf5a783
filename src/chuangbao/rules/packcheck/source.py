"""The pack as it is written: YAML nodes that know their file, line and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from chuangbao.rules.diagnostics import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Source", "Spot"]

EMPTY = {"", "~", "null", "Null", "NULL"}
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same reading, ten times as fast where libyaml is


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file: a mapping, a list or a scalar."""

    file: str
    node: yaml.Node

    @property
    def text(self) -> str:
        """A scalar as written; empty for null and for anything that is not a scalar."""
        if not isinstance(self.node, yaml.ScalarNode):
            return ""
        value = str(self.node.value)
        return "" if not self.node.style and value in EMPTY else value

    def get(self, *path: str) -> Spot | None:
        """Return what is under the keys, or None."""
        here: Spot | None = self
        for key in path:
            here = next((spot for name, spot in here.pairs() if name == key), None) if here else None
        return here

    def say(self, *path: str) -> str:
        """The scalar under the keys, empty where there is none."""
        found = self.get(*path)
        return found.text if found else ""

    def pairs(self) -> list[tuple[str, Spot]]:
        """Keys and values of a mapping."""
        if not isinstance(self.node, yaml.MappingNode):
            return []
        return [(str(key.value), Spot(self.file, value)) for key, value in self.node.value]

    def each(self, *path: str) -> list[Spot]:
        """The entries of the list under the keys; a single entry counts as a list of one."""
        found = self.get(*path)
        if found is None:
            return []
        if isinstance(found.node, yaml.SequenceNode):
            return [Spot(self.file, item) for item in found.node.value]
        return [found] if found.text or found.pairs() else []

    def walk(self) -> Iterator[Spot]:
        """This place and all below it."""
        yield self
        for _, value in self.pairs():
            yield from value.walk()
        if isinstance(self.node, yaml.SequenceNode):
            for item in self.node.value:
                yield from Spot(self.file, item).walk()

    def finding(self, code: str, message: str, hint: str = "", *, severity: str = "error", clause: str = "") -> Finding:
        """A finding at this place."""
        mark = self.node.start_mark
        return Finding(self.file, mark.line + 1, mark.column + 1, code, message, hint, clause, severity)


@dataclass(slots=True)
class Source:
    """All YAML files of a pack."""

    files: dict[str, Spot]
    broken: list[Finding] = field(default_factory=list)

    @classmethod
    def read(cls, root: Path) -> Source:
        """Read every YAML file below ``root``; what cannot be read becomes a finding."""
        source = cls({})
        for path in sorted(root.rglob("*.yaml")):
            name = path.relative_to(root).as_posix()
            try:
                node = yaml.compose(path.read_text(encoding="utf-8"), Loader=Loader)
            except yaml.MarkedYAMLError as error:
                mark = error.problem_mark
                line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
                hint = "check indentation, quotes and colons"
                source.broken.append(Finding(name, line, column, "yaml", f"not YAML: {error.problem}", hint))
            except UnicodeDecodeError:
                source.broken.append(Finding(name, 1, 1, "encoding", "not UTF-8", "save the file as UTF-8"))
            else:
                source.files |= {name: Spot(name, node)} if node is not None else {}
        if "pack.yaml" not in source.files and not source.broken:
            hint = "it holds id, title, region and seed"
            source.broken.append(Finding("pack.yaml", 0, 0, "no_pack", "this folder has no pack.yaml", hint))
        return source

    def entries(self, folder: str) -> list[Spot]:
        """The entries of a folder's files: each file one mapping, or a list of them."""
        found: list[Spot] = []
        for name, spot in self.files.items():
            if name.startswith(f"{folder}/") and not name.endswith(".clauses.yaml"):
                whole = isinstance(spot.node, yaml.MappingNode)
                found += [spot] if whole else [Spot(name, item) for item in spot.node.value]
        return found

    def clauses(self) -> dict[str, Spot]:
        """The clauses of the seed document by id."""
        seed = self.files["pack.yaml"].say("seed")
        file = next((d.say("clauses") for d in self.entries("documents") if d.say("id") == seed), "")
        spot = self.files.get(file)
        return {} if spot is None else {c.say("id"): c for c in (Spot(file, item) for item in spot.node.value)}

    def counts(self) -> dict[str, int]:
        """How much there is to check."""
        measures = self.entries("measures")
        return {
            "files": len(self.files),
            "facts": len(self.entries("facts")),
            "documents": len(self.entries("documents")),
            "measures": len(measures),
            "versions": sum(len(m.each("versions")) for m in measures),
        }
