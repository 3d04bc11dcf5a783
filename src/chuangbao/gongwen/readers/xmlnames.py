"""Names and attributes of XML elements without their namespaces, which differ between editions of a format."""

from __future__ import annotations

from typing import Any

__all__ = ["name_of", "value_of"]


def name_of(element: Any) -> str:
    """Return the name of an element without its namespace, or nothing for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value_of(element: Any, attribute: str, fallback: str) -> str:
    """Return an attribute, in whichever namespace."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == attribute:
            return str(value)
    return fallback
