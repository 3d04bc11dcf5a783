"""Parts of the shell that are the same on thousands of pages (页面框架): written once for each language and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template import Node
from django.utils.translation import get_language

if TYPE_CHECKING:
    from collections.abc import Hashable

    from django.template import Context, NodeList
    from django.template.base import FilterExpression, Parser, Token
    from django.utils.safestring import SafeString

__all__ = ["parse_kept"]

MOST = 64
"""How many writings of a part a process keeps: one for each language and each value of its keys."""


class KeptPart(Node):
    """What is between ``kept`` and ``endkept``: it may depend on its keys and the language, and on nothing else."""

    def __init__(self, keys: list[FilterExpression], nodelist: NodeList) -> None:
        self.keys, self.nodelist = keys, nodelist
        self.kept: dict[Hashable, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Return what was written for these keys, or write it."""
        key = (get_language(), *(one.resolve(context) for one in self.keys))
        found = self.kept.get(key)
        if found is None:
            if len(self.kept) >= MOST:
                self.kept.clear()
            found = self.kept[key] = self.nodelist.render(context)
        return found


def parse_kept(parser: Parser, token: Token) -> KeptPart:
    """Read ``{% kept key … %}`` up to ``{% endkept %}``; keys are hashable values that people cannot choose freely."""
    keys = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptPart(keys, nodelist)
