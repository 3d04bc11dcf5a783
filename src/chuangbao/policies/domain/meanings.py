"""What to look for in place of people's words (同义词): those of the pack, and what officers added."""

from __future__ import annotations

from chuangbao.core.engine.current import current_pack
from chuangbao.policies.models import Synonym

__all__ = ["known_meanings"]


def known_meanings() -> dict[str, tuple[str, ...]]:
    """The words to look for in place of each word of people: those of the pack, and what officers added to them."""
    found = dict(current_pack().meanings)
    for say, find in Synonym.objects.values_list("say", "find"):
        found[say] = tuple(dict.fromkeys((*found.get(say, (say,)), *find)))
    return found
