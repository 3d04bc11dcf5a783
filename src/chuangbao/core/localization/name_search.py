"""Names found by a part of them (按名称查找): Chinese has no blanks to cut at, so a row keeps every two characters.

PostgreSQL's trigrams would leave Chinese out: they follow the language of the database, and that of ours is C.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, GeneratedField, Q, TextField, Value
from django.db.models.functions import StrIndex, Upper
from django.db.models.lookups import GreaterThan

from chuangbao.core.localization.width import narrow

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

__all__ = ["Bigrams", "name_contains", "parts_of"]

PAIR = 2


class Bigrams(Func):
    """Every two characters that follow each other in a name, in capitals; the migration ``0006_bigrams`` makes it."""

    function = "core_bigrams"
    arity = 1


def parts_of(field: str) -> GeneratedField:
    """The column that keeps them for a name; it wants a GIN index."""
    parts: Any = ArrayField(TextField())
    return GeneratedField(expression=Bigrams(field), output_field=parts, db_persist=True)


def name_contains(words: str) -> Q:
    """Rows whose ``name`` (with its ``parts``) has these words, in capitals or not; one character is sought in all.

    PostgreSQL knows how common two characters are, and nothing of a capitalised name: it would take the second test for
    a rare thing, and read everybody instead of walking to the first page.
    """
    words = narrow(words)
    if len(words) < PAIR:
        return Q(name__icontains=words)
    pairs: Combinable = Bigrams(Value(words))
    found = Q(parts__contains=pairs)
    place = StrIndex(Upper("name"), Upper(Value(words)))
    return found if len(words) == PAIR else found & Q(GreaterThan(place, 0))
