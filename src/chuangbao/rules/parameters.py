"""Read figures that an officer may move (参数): dated values of a version or of a group, by region if need be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.rules.catalogue import one_of, read_values, text
from chuangbao.rules.model import FactType, Parameter

if TYPE_CHECKING:
    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.yamlfile import Map

__all__ = ["read_parameters"]

Findings = list["Finding"]


def read_parameters(entry: Map, findings: Findings) -> dict[str, Parameter]:
    """The figures under ``parameters``, by name."""
    held = entry.map("parameters")
    return {name: read_parameter(name, held.map(name), findings) for name in held}


def read_parameter(name: str, entry: Map, findings: Findings) -> Parameter:
    """One parameter with its dated values, oldest first."""
    kind = FactType(one_of(entry, "type", list(FactType), findings)) if entry.get("type") else FactType.DECIMAL
    values = read_values(entry, name, kind, findings)
    return Parameter(name, kind, entry.text("unit"), text(entry.get("label")), values, entry.text("codes"))
