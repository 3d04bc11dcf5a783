"""Reading tenancies: the board of an operator, by words, state, kind and cohort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from chuangbao.core.access.row_access import visible
from chuangbao.core.localization.width import narrow
from chuangbao.tenants.enums import OPEN, TenancyStage
from chuangbao.tenants.models import Cohort, Tenancy

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict

    from chuangbao.core.access.actors import Actor

__all__ = [
    "Asked",
    "count_by_stage",
    "list_cohorts",
    "list_hosted",
    "list_own",
    "read_asked",
    "search_board",
    "with_counts",
]

ORDERS = {
    "": ("-applied_at", "-pk"),
    "old": ("applied_at", "pk"),
    "term": ("term_ends_on", "-pk"),
}
KINDS = ("firm", "team", "virtual")
LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader of the board asks for; what cannot be read is nothing asked."""

    words: str = ""
    stage: str = ""
    kind: str = ""
    sort: str = ""
    space: int = 0
    cohort: int = 0


def read_asked(given: QueryDict) -> Asked:
    """Read a filter from an address."""

    def number(name: str) -> int:
        text = given.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0

    def choice(name: str, known: Any) -> str:
        return given.get(name, "") if given.get(name, "") in known else ""

    return Asked(
        words=narrow(given.get("q", "")).strip()[:80],
        stage=choice("stage", TenancyStage.values),
        kind=choice("kind", KINDS),
        sort=choice("sort", ORDERS),
        space=number("space"),
        cohort=number("cohort"),
    )


def list_hosted(actor: Actor) -> QuerySet[Tenancy]:
    """Return the tenancies of the spaces that the actor's organisation runs."""
    return visible(Tenancy, to=actor).filter(space__operator=actor.organisation_id)


def list_own(actor: Actor) -> QuerySet[Tenancy]:
    """Return the tenancies of the actor's own firm or teams."""
    rows = visible(Tenancy, to=actor)
    if actor.organisation_id is not None:
        return rows.filter(organization=actor.organisation_id)
    return rows.filter(team__leader=actor.person_id)


def list_cohorts(actor: Actor) -> QuerySet[Cohort]:
    """Return the cohorts of the actor's spaces."""
    return visible(Cohort, to=actor).select_related("space")


def with_counts(rows: QuerySet[Cohort]) -> QuerySet[Cohort]:
    """Return cohorts with ``going``, how many of their tenancies go on, and ``done``, how many graduated."""
    going = Count("tenancies", filter=Q(tenancies__stage__in=OPEN))
    done = Count("tenancies", filter=Q(tenancies__stage=TenancyStage.GRADUATED))
    return rows.annotate(going=going, done=done).order_by("-starts_on", "name", "pk")


def narrow_board(rows: QuerySet[Tenancy], asked: Asked) -> QuerySet[Tenancy]:
    """Return what a filter leaves, whatever the state."""
    if asked.words:
        named = Q(organization__name__icontains=asked.words) | Q(team__name__icontains=asked.words)
        rows = rows.filter(named | Q(project__icontains=asked.words))
    if asked.space:
        rows = rows.filter(space=asked.space)
    if asked.cohort:
        rows = rows.filter(cohort=asked.cohort)
    if asked.kind == "virtual":
        return rows.filter(is_virtual=True)
    return rows.filter(organization__isnull=asked.kind == "team") if asked.kind else rows


def search_board(rows: QuerySet[Tenancy], asked: Asked) -> QuerySet[Tenancy]:
    """Return what a filter asks for in its order; only what goes on where no state is named."""
    found = narrow_board(rows, asked)
    found = found.filter(stage=asked.stage) if asked.stage else found.filter(stage__in=OPEN)
    return found.select_related("space", "organization", "team", "cohort").order_by(*ORDERS[asked.sort])


def count_by_stage(rows: QuerySet[Tenancy], asked: Asked) -> list[tuple[str, Any, int]]:
    """Return each state with its words and how many tenancies are in it, by the rest of the filter."""
    found = narrow_board(rows, asked).order_by().values_list("stage").annotate(Count("pk"))
    counts = dict(found)
    return [(stage.value, stage.label, counts.get(stage.value, 0)) for stage in TenancyStage]
