"""YAML with memory: every mapping knows the line of each of its keys, and numbers stay exact."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import yaml

from chuangbao.rules.diagnostics import Finding, PackError
from chuangbao.rules.runtime import exact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Map", "read_yaml"]

SafeLoader = cast("type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))
TAG = "tag:yaml.org,2002:"


class Map(dict[str, object]):
    """A mapping that knows its file, its own line, and the place of each value."""

    def __init__(self, file: str, line: int) -> None:
        """An empty mapping that begins at ``line``."""
        super().__init__()
        self.file = file
        self.line = line
        self.places: dict[str, tuple[int, int]] = {}

    def place(self, key: str) -> tuple[int, int]:
        """Line and column of a key's value; the mapping's own line where the key is missing."""
        return self.places.get(key, (self.line, 1))

    def finding(self, key: str, code: str, message: str, hint: str = "") -> Finding:
        """A finding at a key."""
        line, column = self.place(key)
        return Finding(self.file, line, column, code, message, hint, clause=str(self.get("clause") or ""))

    def maps(self, key: str) -> Iterator[Map]:
        """The mappings in a list under ``key``."""
        values = self.get(key)
        yield from (v for v in (values if isinstance(values, list) else ()) if isinstance(v, Map))

    def map(self, key: str) -> Map:
        """The mapping under ``key``, empty where there is none."""
        value = self.get(key)
        return value if isinstance(value, Map) else Map(self.file, self.place(key)[0])

    def text(self, key: str) -> str:
        """The value under ``key`` as text, empty where there is none."""
        value = self.get(key)
        return "" if value is None else str(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts under ``key``; a single text is a list of one."""
        value = self.get(key)
        values = value if isinstance(value, list) else [] if value is None else [value]
        return tuple(str(v) for v in values)


def read_yaml(path: Path, shown: str) -> object:
    """The content of one file.

    Raises PackError where it is no YAML, with line and column.
    """
    try:
        loader = SafeLoader(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise PackError([Finding(shown, 0, 0, "encoding", "this file is no UTF-8 text", "save it as UTF-8")]) from error
    try:
        node = loader.get_single_node()
        return None if node is None else Builder(shown, loader).build(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise PackError([Finding(shown, line, column, "yaml", f"no valid YAML: {error.problem}")]) from error
    finally:
        loader.dispose()


class Builder:
    """Turns YAML nodes into values."""

    def __init__(self, file: str, loader: yaml.SafeLoader) -> None:
        """``loader`` constructs plain scalars."""
        self.file = file
        self.loader = loader

    def build(self, node: yaml.Node) -> object:
        """Any node."""
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child) for child in node.value]
        return self.scalar(cast("yaml.ScalarNode", node))

    def mapping(self, node: yaml.MappingNode) -> Map:
        """A mapping; a key given twice is refused, since one of the two would be lost."""
        result = Map(self.file, node.start_mark.line + 1)
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in result:
                mark = key_node.start_mark
                raise yaml.constructor.ConstructorError(problem=f"'{key}' is given twice", problem_mark=mark)
            result[key] = self.build(value_node)
            quoted = isinstance(value_node, yaml.ScalarNode) and value_node.style in {"'", '"'}
            mark = value_node.start_mark
            result.places[key] = (mark.line + 1, mark.column + 1 + quoted)
        return result

    def scalar(self, node: yaml.ScalarNode) -> object:
        """A scalar; decimals become exact numbers."""
        if node.tag == TAG + "float":
            return self.number(node)
        try:
            value = self.loader.construct_object(node)
        except ValueError:
            return str(node.value)  # such as 2015-02-30: told where a day is expected
        return value.date() if hasattr(value, "date") and not isinstance(value, date) else value

    def number(self, node: yaml.ScalarNode) -> object:
        """A decimal as it is written."""
        try:
            return exact(Fraction(str(node.value).replace("_", "")))
        except ValueError:
            raise yaml.constructor.ConstructorError(
                problem=f"'{node.value}' is no decimal number", problem_mark=node.start_mark
            ) from None
