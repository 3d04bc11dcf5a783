"""Queries that Django words once and PostgreSQL is asked many times, each time with other values.

Wording a query takes Django up to a millisecond of processor time, many times what sending it takes. A page that is
asked for all the time keeps its SQL: the query is still written with models and scopes, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import BigIntegerField, BooleanField, CharField, F, Func, Value
from django.db.models.query import get_related_populators

from chuangbao.core.access.actors import Actor

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from django.db.models import Field, QuerySet
    from django.db.models.sql.compiler import SQLCompiler

    from chuangbao.core.access.actors import Capacity

__all__ = ["NOTHING", "KeptQuery", "Question", "ask_together", "bare_actor", "is_one_of"]

MOST_SHAPES = 256
"""How many wordings of one query are kept; more than pages have."""
COUNTED = "SELECT COUNT(*) FROM (%s) found"
read_related: Any = get_related_populators  # its types are those of a later Django
FIRST_DAY = datetime(1801, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Question:
    """One of several statements that are asked at once, with what its rows become; nothing is asked without SQL."""

    sql: str
    given: Sequence[Any] = ()
    read: Callable[[list[Any]], list[Any]] = list


NOTHING = Question("")
"""Of which it is known that nothing is found."""


def ask_together(*questions: Question) -> list[list[Any]]:
    """Ask PostgreSQL several questions on one way there and back; the answer to each, in their order.

    Each is a statement of its own and sees what was committed when its turn came: what is asked after a lock sees
    what the last holder of that lock did. One way costs both sides some tenth of a millisecond of processor time.
    """
    asked = [one for one in questions if one.sql]
    found: list[list[Any]] = []
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(";\n".join(one.sql for one in asked), [value for one in asked for value in one.given])
            for place in range(len(asked)):
                if place:
                    cursor.nextset()
                found.append(cursor.fetchall())
    answers = iter(found)
    return [one.read(next(answers)) if one.sql else [] for one in questions]


@dataclass(frozen=True, slots=True)
class Wording:
    """SQL, its parameters, and which of them are values: by their place, the name and how it is handed over."""

    sql: str
    given: tuple[Any, ...]
    compiler: SQLCompiler
    converters: dict[int, Any]
    slots: list[tuple[int, str, Callable[[Any], Any]]] = field(default_factory=list)

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> Wording:
        """Let Django word a query."""
        compiler = rows.query.get_compiler(connection=connection)
        sql, given = compiler.as_sql()
        return cls(sql, tuple(given), compiler, compiler.get_converters([column for column, *_rest in compiler.select]))

    def fill(self, values: dict[str, Any]) -> list[Any]:
        """Return its parameters for some values."""
        given = list(self.given)
        for place, name, hand_over in self.slots:
            given[place] = hand_over(values[name])
        return given

    def convert(self, found: list[Any]) -> list[Any]:
        """Return rows as tuples of what their columns mean."""
        return list(self.compiler.apply_converters(found, self.converters)) if self.converters else found

    def ask(self, values: dict[str, Any]) -> list[Any]:
        """Return the rows for some values, as tuples in the order of their columns."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.fill(values))
            return self.convert(cursor.fetchall())

    def build(self, rows: list[Any]) -> list[Any]:
        """Make instances of rows, with those of related models and what was annotated, as Django does."""
        select, about = self.compiler.select, self.compiler.klass_info
        places = about["select_fields"]
        first, last = places[0], places[-1] + 1
        names = [column.target.attname for column, *_rest in select[first:last]]
        added: dict[str, int] = self.compiler.annotation_col_map
        related = read_related(about, select, DEFAULT_DB_ALIAS)
        found = []
        for row in rows:
            made = about["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:last])
            for populator in related:
                populator.populate(row, made)
            for name, place in added.items():
                setattr(made, name, row[place])
            found.append(made)
        return found


class KeptQuery:
    """A query by the function that writes it, ``write(*shape, **values)``.

    What changes which SQL it is belongs to the ``shape``; ``values`` only take other values: whole numbers, texts,
    days, moments, ranges of time, lists of numbers or texts (``is_one_of``), none of them None.
    """

    def __init__(self, write: Callable[..., QuerySet[Any, Any]]) -> None:
        self.write = write
        self.kept: dict[Hashable, Wording | None] = {}

    def rows(self, *shape: Any, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query of ``values_list``, as PostgreSQL has them now."""
        wording = self.find_wording(shape, values)
        return wording.ask(values) if wording else []

    def count(self, *shape: Any, **values: Any) -> int:
        """Count the rows of a query."""
        wording = self.find_wording(shape, values)
        return int(replace(wording, sql=COUNTED % wording.sql, converters={}).ask(values)[0][0]) if wording else 0

    def models(self, *shape: Any, **values: Any) -> list[Any]:
        """Return the rows of a query of a model as its instances."""
        wording = self.find_wording(shape, values)
        return wording.build(wording.ask(values)) if wording else []

    def want_rows(self, *shape: Any, **values: Any) -> Question:
        """Return what ``rows`` would ask, to be asked together with others."""
        wording = self.find_wording(shape, values)
        return Question(wording.sql, wording.fill(values), wording.convert) if wording else NOTHING

    def want_models(self, *shape: Any, **values: Any) -> Question:
        """Return what ``models`` would ask, to be asked together with others."""
        wording = self.find_wording(shape, values)
        if wording is None:
            return NOTHING
        return Question(wording.sql, wording.fill(values), lambda found: wording.build(wording.convert(found)))

    def find_wording(self, shape: tuple[Any, ...], values: dict[str, Any]) -> Wording | None:
        """Return the wording of a shape, made when it is first asked for."""
        key = (shape, *values)
        if key not in self.kept:
            if len(self.kept) >= MOST_SHAPES:
                self.kept.clear()
            self.kept[key] = self.word(shape, values)
        return self.kept[key]

    def word(self, shape: tuple[Any, ...], values: dict[str, Any]) -> Wording | None:
        """Word the query twice with values made up: a parameter that differs is the place of a value.

        None where Django knows that nothing is found whatever the values. Raises ValueError where a value became a
        part of the SQL, or another value.
        """
        first, second = (make_up(values, turn) for turn in range(2))
        try:
            one, other = (Wording.of(self.write(*shape, **made)) for made in (first, second))
        except EmptyResultSet:
            return None
        for place, pair in enumerate(zip(one.given, other.given, strict=True)):
            if pair[0] != pair[1]:
                names = [name for name in values if pair == (first[name], second[name])]
                one.slots.extend((place, name, hand_over_like(pair[0])) for name in names)
                if not names:
                    raise ValueError(f"{self.write.__name__}: {pair[0]!r} is none of its values")
        if one.sql != other.sql:
            raise ValueError(f"{self.write.__name__}: a value changes the SQL")
        return one


class BareActor(Actor):
    """An actor of whom the capacity and the ids are known alone."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        """Raise TypeError for what a kept query does not know, so that no scope takes it for empty."""
        if name in UNKNOWN:
            raise TypeError(f"a kept query knows no {name} of an actor: ask this one as a plain query")
        return super().__getattribute__(name)


UNKNOWN = frozenset({"region", "rights", "department", "organisation_kind"})


def bare_actor(capacity: Capacity, person: int | None = None, organisation: int | None = None) -> Actor:
    """Return who asks a kept query: a scope that reads more of an actor than these refuses to be kept."""
    return BareActor(capacity, person, organisation_id=organisation)


def is_one_of(column: str, values: list[Any]) -> Func:
    """Say that a column is one of some values: the SQL is the same for however many, which ``__in`` is not."""
    kind: Field[Any, Any] = CharField() if values and isinstance(values[0], str) else BigIntegerField()
    array = Value(values, output_field=ArrayField(kind))
    return Func(F(column), array, template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField())


def make_up(values: dict[str, Any], turn: int) -> dict[str, Any]:
    """Make up a value of the type of each, different in each turn and for each name; numbers fit small columns."""
    numbers = count(30_001 + 1000 * turn)
    return {name: make_up_like(value, next(numbers)) for name, value in values.items()}


def make_up_like(value: Any, n: int) -> Any:
    """Make up a value of the type of another; of a list one with a single value, numbers where it is empty."""
    if isinstance(value, list):
        return [make_up_like(value[0] if value else 0, n)]
    return MAKE[type(value)](n)


def moment_of(n: int) -> datetime:
    """Return a moment long ago, another one for each number."""
    return FIRST_DAY + timedelta(hours=n)


MAKE: dict[type, Callable[[int], Any]] = {
    int: lambda n: n,
    str: lambda n: f"~{n}",
    date: lambda n: moment_of(24 * n).date(),
    datetime: moment_of,
    DateTimeTZRange: lambda n: DateTimeTZRange(moment_of(n), moment_of(n + 1)),
}
"""How values are made up, by their type."""


def hand_over_like(made: Any) -> Callable[[Any], Any]:
    """Return how a value is handed over: numbers in the type that Django chose for their column, others as they are."""
    return type(made) if isinstance(made, int) else lambda value: value
