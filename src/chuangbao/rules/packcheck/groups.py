"""Families under a ceiling (合计上限): members that can be added up, and no group without members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.rules.ceilings import groups_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.model import Pack
    from chuangbao.rules.packcheck.source import Source

__all__ = ["check"]


def check(source: Source, pack: Pack) -> Iterator[Finding]:
    """Members of one ceiling that are counted otherwise, measures of an order that are not there, empty groups."""
    spots = {v.say("version"): v for m in source.entries("measures") for v in m.each("versions")}
    units: dict[str, tuple[str, str]] = {}
    used: set[str] = set()
    for name, (_, version) in pack.versions.items():
        used |= {version.group.name} if version.group else set()
        for group in groups_of(version, pack.groups):
            used.add(group.name)
            unit, first = units.setdefault(group.name, (version.benefit.unit, name))
            if unit != version.benefit.unit:
                message = f"{name} is counted in {version.benefit.unit}, {first} of the same group in {unit}"
                yield spots[name].finding("group_unit", message, "what shares a ceiling comes equally often")
    head = source.files.get("groups.yaml")
    for place in head.each() if head else ():
        name = place.say("name")
        if name not in used:
            yield place.finding("group_unused", f"no version is in the group '{name}'", "remove it", severity="warning")
        for spot in place.each("order"):
            if spot.text not in pack.measures:
                hint = "name a measure of the pack"
                yield spot.finding("unknown_measure", f"there is no measure '{spot.text}'", hint)
