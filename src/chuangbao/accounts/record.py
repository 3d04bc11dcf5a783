"""Reading the record (办理日志查询): by day, person, act and thing in words; and putting its rows into words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.domain.acting import capacity_words
from chuangbao.accounts.models import Person
from chuangbao.core.audit.log import KINDS, act_words, verbs_called
from chuangbao.core.engine.current import current_pack
from chuangbao.core.http.requests import read_number
from chuangbao.core.localization.formatting import text
from chuangbao.core.localization.width import narrow
from chuangbao.core.models import History

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Model, QuerySet

__all__ = ["Entry", "describe_rows", "head_words", "search_record"]

MOST = 5000
"""Of so many people or things with a name like the one sought; more are no search."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the record in words."""

    row: History
    acting: str
    act: str
    about: str
    person: str
    """Whom it was done to, where it was a person."""

    @property
    def seal(self) -> int | None:
        """The number of its seal; None while its transaction is still open."""
        seal = getattr(self.row, "seal", None)
        return seal.seq if seal else None

    def cells(self) -> list[object]:
        """As a line of a workbook."""
        return [
            timezone.localtime(self.row.at).replace(tzinfo=None), str(self.row.person or ""), self.acting, self.act,
            self.about, self.person, self.row.reason, self.seal,
        ]  # fmt: skip


def head_words() -> list[str]:
    """The head of the table and of the workbook."""
    return [_("When"), _("Who"), _("As"), _("Act"), _("On"), _("Whom"), _("Reason"), _("Seal")]


def search_record(asked: dict[str, Any]) -> QuerySet[History]:
    """Narrow the record, the newest first, by ``start``, ``end``, ``person``, ``act``, ``kind`` and ``about``."""
    rows = History.objects.select_related("person", "seal")
    if asked.get("start"):
        rows = rows.filter(at__gte=start_of(asked["start"]))
    if asked.get("end"):
        rows = rows.filter(at__lt=start_of(asked["end"] + timedelta(days=1)))
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    if asked.get("act"):
        rows = rows.filter(acts_like(narrow(asked["act"]).strip()))
    if asked.get("person"):
        rows = rows.filter(by_or_to(narrow(asked["person"]).strip()))
    if asked.get("about"):
        rows = rows.filter(things_like(narrow(asked["about"]).strip(), asked.get("kind") or ""))
    return rows


def start_of(day: Any) -> datetime:
    """The first moment of a day of the province."""
    return timezone.make_aware(datetime.combine(day, time.min))


def acts_like(words: str) -> Q:
    """Acts whose words hold some words, or whose verb begins so."""
    found = Q(verb__startswith=words)
    for kind, verb in verbs_called(words):
        found |= Q(kind=kind, verb=verb) if kind else Q(verb=verb)
    return found


def by_or_to(words: str) -> Q:
    """Acts of a person, or done to them: by name, address or number."""
    people = Person.objects.filter(
        Q(name__icontains=words) | Q(email__iexact=words) | Q(pk=read_number(words, digits=18))
    )
    found = list(people.order_by("pk").values_list("pk", flat=True)[:MOST])
    return Q(person__in=found) | Q(data__person__in=found) | Q(kind="accounts.person", object_id__in=found)


def things_like(words: str, only: str) -> Q:
    """Acts on things that are called so, or that have this number."""
    number = read_number(words, digits=18)
    found = Q(object_id=number) if number else Q(pk__in=[])
    for name, kind in KINDS.items():
        model = model_of(name)
        if model is None or not kind.fields or (only and name != only):
            continue
        wanted = Q()
        for field in kind.fields:
            wanted |= Q(**{f"{field}__icontains": words})
        # the record is read as a whole by the audit administrator alone
        rows = model._base_manager.filter(wanted).order_by("pk")
        found |= Q(kind=name, object_id__in=list(rows.values_list("pk", flat=True)[:MOST]))
    return found


def model_of(kind: str) -> type[Model] | None:
    """The model of a kind of row; None for what is no row (a workbook, a pack)."""
    try:
        return apps.get_model(kind)
    except LookupError:
        return None


def describe_rows(rows: Sequence[History]) -> list[Entry]:
    """Put rows into words: who, in which capacity, did what to which thing."""
    acting = capacity_words(row.acting for row in rows)
    things = thing_words(rows)
    people = dict(
        Person.objects.filter(pk__in={row.data.get("person") for row in rows} - {None}).values_list("pk", "name")
    )
    found = []
    for row in rows:
        about = " · ".join(filter(None, (things.get((row.kind, row.object_id), ""), fact_words(row))))
        capacity = acting.get(row.acting) or _("A capacity that is no more")
        found.append(Entry(row, capacity, act_words(row), about, people.get(row.data.get("person"), "")))
    return found


def fact_words(row: History) -> str:
    """The fact that an act was about, by its plain name; nothing where it was about none."""
    fact = current_pack().facts.get(str(row.data.get("fact", "")))
    return text(fact.label) if fact else ""


def thing_words(rows: Iterable[History]) -> dict[tuple[str, int | None], str]:
    """What each row happened to, in words: its kind and its name, or its number where it has none."""
    wanted: dict[str, set[int]] = defaultdict(set)
    found: dict[tuple[str, int | None], str] = {}
    for row in rows:
        label = str(KINDS[row.kind].label) if row.kind in KINDS else ""
        number = _("no. %(n)s") % {"n": row.object_id} if row.object_id else ""
        found[row.kind, row.object_id] = " ".join(part for part in (label, number) if part)
        if row.object_id:
            wanted[row.kind].add(row.object_id)
    for name, numbers in wanted.items():
        kind, model = KINDS.get(name), model_of(name)
        if kind is None or model is None or not kind.fields:
            continue
        held = model._base_manager.filter(pk__in=numbers).order_by("pk")
        for pk, *names in held.values_list("pk", *kind.fields):
            said = next((str(part) for part in names if part), "")
            if said:
                found[name, pk] = f"{kind.label} “{said}”"
    return found
