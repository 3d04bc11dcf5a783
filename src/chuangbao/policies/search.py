"""Finding things in the library: words, synonyms, sounds, numbers, and facets over what was found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import reduce
from operator import add, and_, or_
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import Case, F, Func, IntegerField, Q, QuerySet, When

from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import region_line
from chuangbao.core.localization.width import narrow
from chuangbao.policies.domain.amounts import amounts_in, spellings_of
from chuangbao.policies.domain.words import folded_number, leading_words, query_words, to_pinyin
from chuangbao.policies.models import Entry, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from django.db.models.expressions import Combinable

    from chuangbao.policies.domain.places import NamedPlace

__all__ = ["NARROWED", "Counted", "Facet", "Search"]

FACETS = ("kind", "audience", "theme", "department", "region", "state")
LISTS = {"audience": "audience", "theme": "themes", "department": "departments", "clause": "clauses"}
NARROWED = (*FACETS, "clause")
COLUMNS = ("kind", "region", "audience", "themes", "departments", "valid_from", "valid_to")
STATE = "CASE WHEN valid_to < %s THEN 'ended' WHEN valid_from > %s THEN 'future' ELSE 'in_force' END"
LISTED = 1000  # of one search
COUNTED = 5000  # more than that are only said to be more
DIGITS = re.compile(r"\d")
LATIN = re.compile(r"[a-z]{2,}")
WEIGHT = Case(When(kind=Kind.MEASURE, then=2.0), default=1.0)
"""A measure is what people come for; a document or a clause must fit twice as well to stand before it."""
MONEY = {"loan", "subsidy"}
"""Kinds of benefits that people look for first where they name nothing but a place."""
NOTHING = Q(ref="")
"""No entry is without its ref."""
FULL, LATER = 100, 10
"""What a word marks a title with that holds what it means first, and how much more each later word marks it with."""
FEW, SEVERAL = 3, 3
"""Of so many words, fewer hits are a chance and not what was meant: then some of the words are enough."""
SHORTEST_SOUND = 4
"""Letters of pinyin: fewer are in half of all titles."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One value one can narrow a search to, with how many it would leave."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """How much was found."""

    total: int
    facets: dict[str, list[Facet]]

    @property
    def more(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNTED


@dataclass(frozen=True)
class Search:
    """A query with its narrowing, as of a day."""

    text: str
    chosen: Mapping[str, str]
    day: date
    meanings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place: NamedPlace | None = None
    """The county or city that was named; its name is no longer in the text, which may be empty."""
    nearest: bool = False
    """Where nothing is exactly meant: what holds some of the words, or sounds alike."""

    def matching(self) -> Q:
        """Entries that hold the text; all of them when there is none. Every part has an index of its own."""
        text = narrow(self.text).strip()
        if not text:
            return Q(kind=Kind.MEASURE, region__in=self.place.regions) | self.of_place() if self.place else Q()
        if self.nearest:
            return self.match_nearest(text)
        found = Q(ref=text)
        if DIGITS.search(text):
            found |= Q(number__contains=folded_number(text))
        query = self.query()
        if query is not None:
            found |= Q(words=query)
        sound = text.lower().replace(" ", "")
        if LATIN.fullmatch(sound):
            found |= Q(sounds__contains=sound)
        return found

    def match_nearest(self, text: str) -> Q:
        """Entries that hold some of the words, or whose title sounds like the text."""
        query, sound = self.query(), to_pinyin(text)
        found = Q(words=query) if query is not None else NOTHING
        if len(text) > 1 and len(sound) >= SHORTEST_SOUND:
            found |= Q(sounds__contains=sound)
        return found

    def is_chance(self, total: int) -> bool:
        """Whether what holds every word of a longer text is so little that it was hardly meant."""
        return not total or (total < FEW and len(leading_words(self.text, self.meanings)) > SEVERAL)

    def query(self) -> SearchQuery | None:
        """Every word of the query or one that means the same; None when nothing in it can be searched for.

        Of the nearest, some of the words are enough.
        """
        groups = query_words(self.text, self.meanings)
        either = [
            reduce(or_, (SearchQuery(word, config="simple", search_type="plain") for word in group)) for group in groups
        ]
        return reduce(or_ if self.nearest else and_, either) if either else None

    def marks(self) -> tuple[str, ...]:
        """What to mark in a result: the words looked for, those that mean the same, and amounts as texts write them."""
        groups = query_words(self.text, self.meanings)
        found = {part for group in groups for word in group for part in word.split()} | {self.text.strip().lower()}
        found |= {spelling for amount in amounts_in(self.text) for spelling in spellings_of(amount.yuan)}
        return tuple(sorted((word for word in found if word), key=len, reverse=True))

    def narrowed(self, *, but: str = "") -> QuerySet[Entry]:
        """What matches and is in every chosen facet (leaving out ``but``), unordered."""
        found = Entry.objects.filter(self.matching()).order_by()
        for name, value in self.chosen.items():
            if value and name != but:
                found = found.filter(self.lies_in(name, value))
        return found

    def listed(self) -> QuerySet[Entry]:
        """The best first: by number or name, then by what its title holds; what has ended or is far away comes last.

        Ranked are the first thousand of the library's own order: no reader pages further.
        """
        query = self.query()
        first = self.narrowed().order_by("position", "pk")
        if query is None:
            return (first if self.place is None else self.list_of_place(first))[:LISTED]
        some = Entry.objects.filter(pk__in=first.values("pk")[:LISTED])
        ended = Case(When(self.state("ended"), then=1), default=0)
        ranked = some.annotate(
            exact=self.case_exact(),
            named=self.case_named(),
            ended=ended,
            titled=self.case_titled(),
            far=self.case_far(),
            rank=SearchRank(F("words"), query) * WEIGHT,
        )
        return ranked.order_by("-exact", "ended", "-named", "-titled", "far", "-rank", "position", "pk")

    def of_place(self) -> Q:
        """Measures and documents of the place alone, or of what is in it and around it below the province."""
        return Q(kind__in=(Kind.MEASURE, Kind.DOCUMENT), region__in=self.place.local) if self.place else NOTHING

    def list_of_place(self, measures: QuerySet[Entry]) -> QuerySet[Entry]:
        """Order the measures that hold at a place: what is its own, then the province's, then the nation's.

        Of one level money comes first, and of that what is for the most kinds of people.
        """
        pack, own = current_pack(), self.place.own if self.place else ()
        money = [m.id for m in pack.measures.values() if m.versions[-1].benefit.kind in MONEY]
        return measures.annotate(
            ended=Case(When(self.state("ended"), then=1), default=0),
            level=Case(When(region__in=own, then=0), When(region=pack.region, then=1), default=2),
            money=Case(When(ref__in=money, then=0), When(kind=Kind.MEASURE, then=1), default=2),
            breadth=Func(F("audience"), function="cardinality", output_field=IntegerField()),
        ).order_by("ended", "level", "money", "-breadth", "position", "pk")

    def case_titled(self) -> Combinable:
        """Build the mark of measures whose title holds what was meant, the higher the nearer: one part for each word.

        Of several words the later ones weigh a little more; the whole text as it was typed outweighs them all.
        """
        groups = leading_words(self.text, self.meanings)
        marks = [self.case_led(leads, FULL + n * LATER) for n, leads in enumerate(groups)]
        if len(groups) > 1:
            marks[0] = self.case_led(groups[0], FULL * len(groups) * 2)
        return reduce(add, marks)

    def case_led(self, leads: Sequence[str], full: int) -> Case:
        """Build the mark for one word: ``full`` where the title holds its first meaning, less for every later one."""
        holds = [
            When(kind=Kind.MEASURE, title_zh__contains=lead, then=full * (len(leads) - n) // len(leads))
            for n, lead in enumerate(leads)
        ]
        return Case(*holds, default=0, output_field=IntegerField())

    def case_far(self) -> Case:
        """Build the mark of measures of one place below the province that the text does not name."""
        near = {*region_line(current_pack().region), *(self.place.regions if self.place else ())}
        return Case(When(Q(kind=Kind.MEASURE) & ~Q(region__in=near), then=1), default=0)

    def case_exact(self) -> Case:
        """Build the mark of entries that the text names by number or exact title: they come first, ended or not."""
        text = narrow(self.text).strip()
        names = Q(kind=Kind.DOCUMENT, number__contains=folded_number(text)) if DIGITS.search(text) else NOTHING
        return Case(When(names | Q(title_zh=text), then=1), default=0)

    def case_named(self) -> Case:
        """Build the mark of entries that come before the others in force.

        Of the nearest those that sound like the text; where a place was named, what is of it alone.
        """
        names = Q(sounds__contains=to_pinyin(narrow(self.text).strip())) if self.nearest else NOTHING
        names |= self.of_place() & Q(kind=Kind.MEASURE)
        return Case(When(names, then=1), default=0)

    def lies_in(self, name: str, value: str) -> Q:
        """What a chosen value asks for."""
        if name == "state":
            return self.state(value)
        return Q(**{f"{LISTS[name]}__contains": [value]}) if name in LISTS else Q(**{name: value})

    def state(self, value: str) -> Q:
        """In force, ended or still to come on the day."""
        began = Q(valid_from__isnull=True) | Q(valid_from__lte=self.day)
        lasts = Q(valid_to__isnull=True) | Q(valid_to__gte=self.day)
        return {"ended": Q(valid_to__lt=self.day), "future": Q(valid_from__gt=self.day)}.get(value, began & lasts)

    def counted(self) -> Counted:
        """How many match, and each facet with the counts that a choice in it would leave; counting stops somewhere."""
        total, counts = self.count(self.narrowed())
        for name in FACETS:
            if self.chosen.get(name):
                counts[name] = self.count(self.narrowed(but=name))[1][name]
        return Counted(total, {name: self.values(name, counts[name]) for name in FACETS})

    def count(self, found: QuerySet[Entry]) -> tuple[int, dict[str, dict[str, int]]]:
        """Total and counts by facet of a set of entries, in one pass over it."""
        sql, params = found.values_list(*COLUMNS)[: COUNTED + 1].query.sql_with_params()
        parts = [f"SELECT '{name}', {name}::text, count(*) FROM found GROUP BY 2" for name in ("kind", "region")]  # noqa: S608 - names of our own columns
        parts += [
            f"SELECT '{name}', one, count(*) FROM found, unnest({column}) AS one GROUP BY 2"  # noqa: S608 - the same
            for name, column in LISTS.items()
            if name in FACETS
        ]
        parts.append(f"SELECT 'state', {STATE}, count(*) FROM found GROUP BY 2")  # noqa: S608 - the same
        query = f"WITH found ({', '.join(COLUMNS)}) AS MATERIALIZED ({sql}) {' UNION ALL '.join(parts)}"
        counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        with connection.cursor() as cursor:
            cursor.execute(query, [*params, self.day, self.day])
            for name, value, number in cursor.fetchall():
                counts[name][value] = number
        return sum(counts["kind"].values()), counts

    def values(self, name: str, counts: Mapping[str, int]) -> list[Facet]:
        """The values of one facet in order; the chosen one stays even when nothing is left of it."""
        mine = self.chosen.get(name, "")
        shown = sorted({*counts, *([mine] if mine else [])} - {""})
        return [Facet(value, counts.get(value, 0), value == mine) for value in shown]
