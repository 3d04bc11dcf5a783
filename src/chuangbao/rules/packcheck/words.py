"""Names and wording: every id once, every text in both languages of the interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.packcheck.source import Source, Spot

__all__ = ["check"]

LANGUAGES = {"zh": "Chinese", "en": "English"}
# where a text must stand: folder → paths below an entry (the empty path is the entry itself)
NEEDED = {
    "facts": (("label",),),
    "codes": (("title",),),
    "documents": (("title",),),
    "measures": (("title",),),
}


def check(source: Source) -> Iterator[Finding]:
    """Duplicate ids, duplicate keys and missing translations."""
    yield from twice("fact", (named for s in source.entries("facts") for named in names(s, "name")))
    yield from twice("code list", ((s.say("list"), s) for s in source.entries("codes")))
    yield from twice("document", ((s.say("id"), s) for s in source.entries("documents")))
    measures = source.entries("measures")
    yield from twice("measure", (named for m in measures for named in names(m, "id")))
    yield from twice("version", (named for m in measures for v in m.each("versions") for named in names(v, "version")))
    for measure in measures:
        for version in measure.each("versions"):
            yield from twice("condition", ((c.say("id"), c) for c in version.each("conditions")))
    for codes in source.entries("codes"):
        yield from twice("code", ((c.say("code"), c) for c in codes.each("codes")))
    for folder, paths in NEEDED.items():
        for entry in source.entries(folder):
            for path in paths:
                yield from present(entry, path)
    for spot in source.files.values():
        for place in spot.walk():
            yield from both(place)
            yield from keys(place)


def names(spot: Spot, key: str) -> Iterator[tuple[str, Spot]]:
    """The name of an entry, and those that it had before."""
    yield spot.say(key), spot
    yield from ((former.text, spot) for former in spot.each("aliases"))


def twice(what: str, named: Iterable[tuple[str, Spot]]) -> Iterator[Finding]:
    """The second place that uses an id, naming the first."""
    first: dict[str, Spot] = {}
    for name, spot in named:
        if not name:
            yield spot.finding("no_id", f"this {what} has no id", "give it a short readable one")
        elif name in first:
            here = first[name]
            where = f"{here.file}:{here.node.start_mark.line + 1}"
            hint = f"rename one, for example {name}-2"
            yield spot.finding("duplicate", f"{what} '{name}' is already defined in {where}", hint)
        else:
            first[name] = spot


def present(entry: Spot, path: tuple[str, ...]) -> Iterator[Finding]:
    """A text that must be there, as a pair of languages."""
    found = entry.get(*path)
    if found is None or not found.pairs():
        name = ".".join(path)
        text = found.text if found else ""
        hint = f"{name}: {{zh: {text or '…'}, en: …}}"
        yield (found or entry).finding("translation", f"'{name}' needs a Chinese and an English text", hint)


def both(place: Spot) -> Iterator[Finding]:
    """A text in one language only."""
    given = {key: spot.text for key, spot in place.pairs() if key in LANGUAGES}
    for key, language in LANGUAGES.items():
        if given and not given.get(key):
            other = next((text for text in given.values() if text), "…")
            yield place.finding("translation", f"'{other}' has no {language} text", f"add {key}: … beside it")


def keys(place: Spot) -> Iterator[Finding]:
    """A key that is there twice: YAML would silently keep the last."""
    if isinstance(place.node, yaml.MappingNode):
        seen: set[str] = set()
        for key, spot in place.pairs():
            if key in seen:
                yield spot.finding("duplicate_key", f"'{key}' stands twice in one mapping", "keep one of them")
            seen.add(key)
