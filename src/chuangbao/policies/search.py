"""Finding things in the library: words, synonyms, sounds, numbers, and facets over what was found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F, Q, QuerySet, Value

from chuangbao.policies.domain.words import folded_number, query_words
from chuangbao.policies.models import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

__all__ = ["FACETS", "Facet", "Search"]

FACETS = ("kind", "subject", "region", "state")
LATIN = re.compile(r"[a-z]{2,}")


@dataclass(frozen=True, slots=True)
class Facet:
    """One value one can narrow a search to, with how many it would leave."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Search:
    """A query with its narrowing, as of a day."""

    text: str
    chosen: Mapping[str, str]
    day: date
    synonyms: tuple[tuple[str, ...], ...] = ()

    def matching(self) -> QuerySet[Entry]:
        """Entries that hold the text, best first; all entries in their own order when there is none."""
        text = self.text.strip()
        if not text:
            return Entry.objects.order_by("position", "pk")
        query = self.query()
        found = Q(number__contains=folded_number(text)) | Q(ref=text)
        if query is not None:
            found |= Q(words=query)
        if LATIN.fullmatch(text.lower().replace(" ", "")):
            found |= Q(sounds__contains=text.lower().replace(" ", ""))
        rank = SearchRank(F("words"), query) if query is not None else Value(0.0)
        return Entry.objects.filter(found).annotate(rank=rank).order_by("-rank", "position", "pk")

    def query(self) -> SearchQuery | None:
        """Every word of the query or one that means the same; None when nothing in it can be searched for."""
        groups = query_words(self.text, self.synonyms)
        either = [
            reduce(or_, (SearchQuery(word, config="simple", search_type="plain") for word in group)) for group in groups
        ]
        return reduce(and_, either) if either else None

    def narrowed(self, *, but: str = "") -> QuerySet[Entry]:
        """What matches and lies in every chosen facet (leaving out ``but``)."""
        found = self.matching()
        for name, value in self.chosen.items():
            if value and name != but:
                found = found.filter(self.state(value) if name == "state" else Q(**{name: value}))
        return found

    def state(self, value: str) -> Q:
        """In force, ended or still to come on the day."""
        began = Q(valid_from__isnull=True) | Q(valid_from__lte=self.day)
        lasts = Q(valid_to__isnull=True) | Q(valid_to__gte=self.day)
        return {"ended": Q(valid_to__lt=self.day), "future": Q(valid_from__gt=self.day)}.get(value, began & lasts)

    def facets(self) -> dict[str, list[Facet]]:
        """Each facet with the counts that a choice in it would leave."""
        return {name: self.facet(name) for name in FACETS}

    def facet(self, name: str) -> list[Facet]:
        """The values of one facet."""
        open_ = self.narrowed(but=name).order_by()
        if name == "state":
            states = ("in_force", "ended", "future")
            counts = open_.aggregate(**{s: Count("pk", filter=self.state(s)) for s in states})
            rows = [(s, counts[s]) for s in states]
        else:
            rows = [(r[name], r["n"]) for r in open_.values(name).annotate(n=Count("pk")).order_by(name)]
        mine = self.chosen.get(name, "")
        return [Facet(value, n, value == mine) for value, n in rows if value and (n or value == mine)]
