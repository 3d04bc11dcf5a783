"""A sample of subjects (样本) to try a draft on. Other contexts add real, nameless profiles of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.core.engine.current import current_pack
from chuangbao.rules.trial import LATEST, Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

__all__ = ["providers", "sample_profiles"]

MOST = 2000
providers: list[Callable[[str, date], Iterable[Sample]]] = []
"""Who else knows profiles of a kind of subject on a day; ``facts`` adds its own. No names, only facts."""


def sample_profiles(subject: str, day: date) -> list[Sample]:
    """Profiles of a kind of subject: those that contexts know, else the worked cases of the installation's measures."""
    found = [sample for provider in providers for sample in provider(subject, day)]
    return (found or list(from_examples(subject, day)))[:MOST]


def from_examples(subject: str, day: date) -> Iterator[Sample]:
    """Each worked case once, as a subject on ``day``."""
    seen: set[str] = set()
    for measure in current_pack().measures.values():
        if measure.subject != subject:
            continue
        for version in measure.versions:
            for example in version.examples:
                key = repr(sorted(example.facts.items()))
                if key not in seen:
                    seen.add(key)
                    name = f"{measure.title.zh} · {example.name}"
                    yield Sample(name, example.facts, max(day, example.as_of or LATEST), example.region)
