"""A measure as one text (文本): read with every error at its line, cut into versions, joined again, edited in place.

The text that an officer types is the same YAML that a pack keeps: a head with one version below it. Whatever
changes a part of it leaves every other byte as it was typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from chuangbao.rules.diagnostics import Finding, PackError
from chuangbao.rules.loader import path_findings, scope_of
from chuangbao.rules.measures import read_measure
from chuangbao.rules.yamlfile import Map, SafeLoader, read_string

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from chuangbao.rules.model import Measure, Pack, Version

__all__ = [
    "Reading", "drop_value", "dump", "items_of", "join_versions", "put_items", "put_period", "put_value",
    "read_measure_text", "split_versions", "value_of",
]  # fmt: skip

LISTS = ("conditions", "parameters", "examples", "checks", "documents", "excludes")
MOST_ITEMS = 300
WIDE = 1_000_000  # a long text stays on its line, so that a change is one line of a diff


@dataclass(frozen=True)
class Reading:
    """What a text says, and everything that is wrong with it; ``measure`` is there when nothing is."""

    measure: Measure | None
    findings: tuple[Finding, ...]

    @property
    def version(self) -> Version | None:
        """The one version of the text."""
        return self.measure.versions[0] if self.measure else None


def read_measure_text(text: str, pack: Pack) -> Reading:
    """Read a text with one version under the facts, codes and relations of a pack; never raises."""
    try:
        entry = read_string(text, "")
    except PackError as error:
        return Reading(None, error.findings)
    if not isinstance(entry, Map):
        hint = "begin with id:, title: and versions:"
        return Reading(None, (Finding("", 1, 1, "no_measure", "this is no measure", hint),))
    findings = list(shape(entry))
    if {f.code for f in findings} & {"one_version", "too_many"} and any(entry.maps("versions")):
        return Reading(None, tuple(findings))
    measure = read_measure(entry, scope_of(pack.facts, pack.rows, pack.codes), findings, pack.groups)
    findings += path_findings(entry, measure, pack.facts, pack.relations)
    clauses = {clause.id for document in pack.documents.values() for clause in document.clauses}
    findings += [
        entry.finding("clauses", "unknown_clause", f"there is no clause '{name}'", "cite a clause of the library")
        for name in measure.clauses
        if name not in clauses
    ]
    try:
        split_versions(text)
    except ValueError as error:
        findings.append(entry.finding("versions", "layout", str(error), "- version: SMALL-2026"))
    return Reading(None if findings else measure, tuple(findings))


def shape(entry: Map) -> Iterable[Finding]:
    """What a text needs so that it can stand in the register at all."""
    for key in ("id", "title", "region"):
        if not entry.get(key):
            yield entry.finding(key, f"no_{key}", f"there is no {key}", f"{key}: …")
        if key != "title" and isinstance(entry.get(key), (list, dict)):
            yield entry.finding(key, "one_word", f"{key} is one word", f"{key}: …")
    versions = list(entry.maps("versions"))
    if len(versions) != 1:
        message = f"one text holds one version; this one holds {len(versions)}"
        yield entry.finding("versions", "one_version", message, "write a version of its own for each period")
    for version in versions if len(versions) == 1 else ():
        yield from crowded(entry, version)
        if not version.get("version"):
            yield version.finding("version", "no_version", "the version has no name", "version: SMALL-2026")
        seen: set[str] = set()
        for condition in version.maps("conditions"):
            name = condition.text("id")
            if not name or name in seen:
                message = f"condition '{name}' is there twice" if name else "a condition has no id"
                yield condition.finding("id", "condition_id", message, "id: small-staff")
            seen.add(name)


def crowded(entry: Map, version: Map) -> Iterable[Finding]:
    """Lists that no measure needs as long as they are: each item takes its time to check."""
    for holder, key in ((entry, "clauses"), *((version, key) for key in LISTS), (version.map("benefit"), "lines")):
        found = holder.get(key)
        if isinstance(found, (list, dict)) and len(found) > MOST_ITEMS:
            message = f"{key} has {len(found)} items, more than {MOST_ITEMS}"
            yield holder.finding(key, "too_many", message, "write a measure of its own for a part of them")


def split_versions(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The head of a measure's file and its versions as (id, block); ``head + block`` is a text of its own.

    Raises ValueError where the versions do not stand last, each on lines of its own.
    """
    root = composed(text)
    value = child(root, "versions")
    last = root.value[-1][1] if isinstance(root, yaml.MappingNode) and root.value else None
    items: list[Any] = value.value if isinstance(value, yaml.SequenceNode) and not value.flow_style else []
    if not items or value is not last:
        raise ValueError("write versions: last, each version on lines of its own")
    lines = text.splitlines(keepends=True)
    starts = [item.start_mark.line for item in items]
    ends = [*starts[1:], len(lines)]
    blocks = ["".join(lines[start:end]) for start, end in zip(starts, ends, strict=True)]
    names = [str(getattr(child(item, "version"), "value", "")) for item in items]
    return "".join(lines[: starts[0]]), list(zip(names, blocks, strict=True))


def join_versions(texts: Sequence[str]) -> str:
    """One file from texts with one version each, oldest first: the newest text's head, then every block."""
    parts = [split_versions(text) for text in texts]
    blocks = [block if block.endswith("\n") else f"{block}\n" for _, found in parts for _, block in found]
    return parts[-1][0] + "".join(blocks)


def put_period(text: str, start: date | None, end: date | None) -> str:
    """The text with its days of validity; unchanged where it says the same already."""
    version = only_version(text)
    stands = child(version, "valid")
    said = yaml.safe_load(yaml.serialize(stands)) if isinstance(stands, yaml.MappingNode) else {}
    if (said.get("from"), said.get("to")) == (start, end):
        return text
    return put_value(text, "valid", {"from": start, "to": end})


def put_value(text: str, key: str, value: object) -> str:
    """The text whose version has ``value`` under ``key``; a new key comes last."""
    return put_lines(text, key, rendered({key: value}))


def drop_value(text: str, key: str) -> str:
    """The text whose version says nothing under ``key``; unchanged where it says nothing already."""
    version = only_version(text)
    if child(version, key) is None:
        return text
    first = version.value[0][0].value == key  # the dash of the version stands on its line
    return put_lines(text, key, [f"{key}: null\n"] if first else [])


def items_of(text: str, key: str) -> list[Any]:
    """The items of a list of the version, every word as it was typed."""
    stands = child(only_version(text), key)
    return [plain(item) for item in stands.value] if isinstance(stands, yaml.SequenceNode) else []


def value_of(text: str, key: str) -> Any:
    """Return what is under a key of the version, every word as it was typed; None where there is nothing."""
    stands = child(only_version(text), key)
    return plain(stands) if stands is not None else None


def put_items(text: str, key: str, items: Sequence[Mapping[str, object]]) -> str:
    """The text with these items in a list; the lines of an item that says the same stay as they were typed."""
    stands = child(only_version(text), key)
    lines = text.splitlines(keepends=True)
    kept: dict[str, list[str]] = {}
    for item in stands.value if isinstance(stands, yaml.SequenceNode) and not stands.flow_style else []:
        own = lines[item.start_mark.line : end_line(item) + 1]
        kept[repr(plain(item))] = [line.removeprefix(" " * (item.start_mark.column - 2)) for line in own]
    if not items:
        return put_lines(text, key, [f"{key}: []\n"]) if stands is not None else text
    written = [f"{key}:\n"]
    for item in items:
        written += kept.get(repr(dict(item))) or rendered([dict(item)])
    return put_lines(text, key, written)


def put_lines(text: str, key: str, new: list[str]) -> str:
    """Replace the lines of a key of the version, or add them at its end."""
    version = only_version(text)
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    pad = " " * version.value[0][0].start_mark.column
    found = next(((name, value) for name, value in version.value if name.value == key), None)
    if found is None:
        first = last = end_line(version) + 1
    else:
        first, last = found[0].start_mark.line, max(end_line(found[1]), found[0].start_mark.line) + 1
    block = [f"{pad}{line}" for line in new]
    if found is not None and found[0] is version.value[0][0]:
        block[0] = lines[first][: len(pad)] + block[0][len(pad) :]  # the dash of the list stays
    return "".join([*lines[:first], *block, *lines[last:]])


def composed(text: str) -> yaml.Node | None:
    """The nodes of a text, by the same parser that reads it.

    Raises ValueError where the text is no YAML, or where an alias makes more of it than is written.
    """
    try:
        if "*" in text and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=SafeLoader)):
            raise ValueError("write every value out where it stands: a version is read by itself, without aliases")
        return yaml.compose(text, Loader=SafeLoader)
    except (yaml.YAMLError, RecursionError, UnicodeEncodeError) as error:
        raise ValueError("this text is no YAML yet") from error


def only_version(text: str) -> yaml.MappingNode:
    """The node of the text's version.

    Raises ValueError where there is none that could be edited in place.
    """
    versions = child(composed(text), "versions")
    items = versions.value if isinstance(versions, yaml.SequenceNode) else []
    if len(items) != 1 or not isinstance(items[0], yaml.MappingNode) or items[0].flow_style or not items[0].value:
        raise ValueError("this text has no single version on lines of its own")
    return items[0]


def child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """The value under a key of a mapping node."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if getattr(name, "value", None) == key), None)


def end_line(node: yaml.Node) -> int:
    """The last line that a node has text on; the parser itself counts on to the next word."""
    if isinstance(node, yaml.MappingNode | yaml.SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_line(last[1] if isinstance(last, tuple) else last)
    mark = node.end_mark
    return int(mark.line - 1 if mark.column == 0 and mark.line > node.start_mark.line else mark.line)


def plain(node: yaml.Node) -> Any:
    """What a node says, all of it as it would be typed."""
    if isinstance(node, yaml.MappingNode):
        return {name.value: plain(value) for name, value in node.value}
    return [plain(item) for item in node.value] if isinstance(node, yaml.SequenceNode) else node.value


class Dumper(yaml.SafeDumper):
    """Writes every value out in place."""

    def ignore_aliases(self, _data: object) -> bool:
        """No anchors and no aliases: a person reads the text from top to bottom."""
        return True


def dump(value: object) -> str:
    """YAML in the form of the packs: one way to write a thing, long texts on one line."""
    return str(yaml.dump(value, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=WIDE))


def rendered(value: object) -> list[str]:
    """The same as lines."""
    return dump(value).splitlines(keepends=True)
