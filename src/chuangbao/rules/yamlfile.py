"""YAML with memory: every mapping knows the line of each of its keys, and numbers stay exact."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import yaml

from chuangbao.rules.diagnostics import Finding, PackError
from chuangbao.rules.figures import BOUNDS, decimal_of, is_long_figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Map", "read_string", "read_yaml"]

SafeLoader = cast("type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))
SHOWN = 40
TAG = "tag:yaml.org,2002:"
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Characters that no page, workbook or database can show."""


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
        """The mappings in a list under ``key``; a single mapping is a list of one."""
        values = self.get(key)
        yield from (v for v in (values if isinstance(values, list) else [values]) if isinstance(v, Map))

    def map(self, key: str) -> Map:
        """The mapping under ``key``, empty where there is none."""
        value = self.get(key)
        return value if isinstance(value, Map) else Map(self.file, self.place(key)[0])

    def text(self, key: str) -> str:
        """The value under ``key`` as text, empty where there is none."""
        value = self.get(key)
        return "" if value is None else str(value)

    def expression(self, key: str) -> str:
        """The text of an expression under ``key``; a bare ``true`` is an expression too."""
        value = self.get(key)
        return str(value).lower() if isinstance(value, bool) else self.text(key)

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
        return read_string(path.read_text("utf-8"), shown)
    except UnicodeDecodeError as error:
        raise PackError([Finding(shown, 0, 0, "encoding", "this file is no UTF-8 text", "save it as UTF-8")]) from error


def read_string(text: str, shown: str) -> object:
    """Return the content of a typed text.

    Raises PackError where it is no YAML, with line and column.
    """
    try:
        return built(text, shown)
    except (yaml.reader.ReaderError, UnicodeEncodeError) as error:
        raise PackError([Finding(shown, 0, 0, "characters", f"no valid YAML: {error.reason}")]) from error
    except RecursionError:
        raise PackError([Finding(shown, 0, 0, "too_deep", "this is nested too deep", "write it flatter")]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        code = getattr(error, "code", "yaml")
        raise PackError([Finding(shown, line, column, code, f"no valid YAML: {error.problem}")]) from error


def built(text: str, shown: str) -> object:
    """The content, or whatever the parser says."""
    loader = SafeLoader(text)
    try:
        return Builder(shown, loader).document()
    finally:
        loader.dispose()


class Builder:
    """Turns the parser's events into values; thousands of measures are read this way, so it makes no other tree."""

    def __init__(self, file: str, loader: yaml.SafeLoader) -> None:
        """``loader`` gives the events."""
        self.file = file
        self.next: Callable[[], Any] = loader.get_event  # the C parser's events carry no types

    def document(self) -> object:
        """The first document of the file, None where there is none."""
        self.next()
        if isinstance(self.next(), yaml.StreamEndEvent):
            return None
        return self.build(self.next())

    def build(self, event: Any) -> object:
        """Whatever begins with ``event``; short texts stay short: no alias, and no tag of a kind of its own."""
        if isinstance(event, yaml.AliasEvent):
            raise refused("an alias is used here; write the value itself", event, "alias")
        if event.tag and event.tag != "!":
            raise refused("a tag is used here; write the value alone", event, "tag")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        return self.mapping(event) if isinstance(event, yaml.MappingStartEvent) else list(self.items())

    def items(self) -> Iterator[object]:
        """The items of a sequence."""
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            yield self.build(event)

    def mapping(self, start: Any) -> Map:
        """A mapping; a key given twice is refused, since one of the two would be lost."""
        result = Map(self.file, start.start_mark.line + 1)
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = str(getattr(event, "value", ""))
            if not isinstance(event, yaml.ScalarEvent) or key in result:
                problem = f"'{key}' is given twice" if key in result else "a key is one word"
                raise refused(problem, event)
            content = self.next()
            mark = content.start_mark
            quoted = isinstance(content, yaml.ScalarEvent) and content.style in {"'", '"'}
            result.places[key] = (mark.line + 1, mark.column + 1 + quoted)
            result[key] = self.build(content)
        return result

    def scalar(self, event: Any) -> object:
        """A scalar: text where it is quoted, else what it looks like."""
        if not event.implicit[0]:
            if UNSEEN.search(event.value):
                raise refused("a character that cannot be seen is used here", event, "characters")
            return event.value
        try:
            return plain(event.value)
        except ValueError:
            raise refused(f"'{event.value[:SHOWN]}' is no decimal number: {BOUNDS}", event, "number") from None


class NotTakenError(yaml.MarkedYAMLError):
    """YAML that a pack does without: ``code`` says of which kind."""

    def __init__(self, problem: str, mark: Any, code: str) -> None:
        """Keep the place."""
        super().__init__(problem=problem, problem_mark=mark)
        self.code = code


def refused(problem: str, event: Any, code: str = "yaml") -> NotTakenError:
    """What is wrong with an event, at its place."""
    return NotTakenError(problem, event.start_mark, code)


@lru_cache(maxsize=1 << 16)
def plain(text: str) -> object:
    """What an unquoted scalar means; decimals become exact numbers.

    Raises ValueError for a figure that is no decimal, such as .nan, or is too long for any amount.
    """
    if is_long_figure(text):
        raise ValueError(text[:SHOWN])
    loader = yaml.SafeLoader("")
    tag = loader.resolve(yaml.ScalarNode, text, (True, False))
    if tag == TAG + "float":
        return decimal_of(text.replace("_", ""))
    try:
        value = loader.construct_object(yaml.ScalarNode(tag, text))
    except ValueError:
        return text  # such as 2015-02-30: told where a day is expected
    return value.date() if hasattr(value, "date") and not isinstance(value, date) else value
