"""Reading the register of spaces: by words and pinyin, kind, region, recognition and offer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.engine.regions import covered_regions, region_name, tree
from chuangbao.core.localization.name_search import name_contains
from chuangbao.core.localization.width import narrow
from chuangbao.core.models import FileStage
from chuangbao.policies.domain.words import to_pinyin
from chuangbao.spaces.domain.recognising import holds_today
from chuangbao.spaces.enums import MemberStage, ProjectKind, ProjectStage, RecognitionAct, SpaceStage
from chuangbao.spaces.models import Offer, Project, ProjectMilestone, Recognition, Site, Space, SpacePicture

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor

__all__ = [
    "OrderedProject",
    "count_by_prefecture",
    "count_ordered",
    "find_projects",
    "find_spaces",
    "list_area_spaces",
    "list_shown_pictures",
    "with_area",
    "with_card",
]

ORDERED: dict[ProjectKind, tuple[str, ...]] = {
    ProjectKind.STREET: ("220100", "220200", "220500", "222400"),
    ProjectKind.PARK: ("220300", "220400", "220600", "220700", "220800"),
}
"""Which regions are to build what: a start-up street (3.2.1), a specialised park (3.2.2)."""
SHORTEST_SOUND = 2
ORDERS = {
    "": ("name", "pk"),
    "new": ("-created_at", "-pk"),
    "region": ("region", "name", "pk"),
    "area": ("-area", "pk"),
}


PROJECT_ORDERS = {
    "": ("ended_on", "kind", "name", "pk"),
    "region": ("region", "kind", "name", "pk"),
    "members": ("-inside", "name", "pk"),
    "late": ("-late", "name", "pk"),
}
INSIDE = Q(members__stage=MemberStage.MEMBER, members__space__stage=SpaceStage.OPEN)
"""Which members of a project count: a space that has closed or merged is in it no more."""


def find_spaces(actor: Actor, given: dict[str, Any]) -> QuerySet[Space]:
    """Return the spaces that a filter asks for; all where nothing is asked."""
    rows = visible(Space, to=actor)
    if words := narrow(given.get("q", "")).strip():
        rows = rows.filter(words_found(words))
    if kind := given.get("kind"):
        rows = rows.filter(kind=kind)
    if region := given.get("region"):
        rows = rows.filter(region__in=covered_regions(region))
    if wanted := given.get("recognised"):
        held = Recognition.objects.filter(holds_today(), space=OuterRef("pk"))
        by = "act" if wanted in RecognitionAct.values else "level"
        rows = rows.filter(Exists(held.filter(**{by: wanted})))
    if offer := given.get("offer"):
        rows = rows.filter(Exists(Offer.objects.filter(space=OuterRef("pk"), kind=offer)))
    return rows


def words_found(words: str) -> Q:
    """Return the condition of a name that has the words or sounds like them, or of a site in such a street."""
    found = name_contains(words) | Q(
        Exists(Site.objects.filter(space=OuterRef("pk"), until=None, address__contains=words))
    )
    sound = to_pinyin(words)
    is_latin = words.isascii() and len(sound) >= SHORTEST_SOUND
    return found | Q(sounds__contains=sound) if is_latin else found


def list_area_spaces(actor: Actor, given: dict[str, Any]) -> QuerySet[Space]:
    """Return the spaces of an officer's area by a filter, in the order that it asks for."""
    rows = with_area(find_spaces(actor, given).filter(region__in=covered_regions(actor.region)))
    stage = given.get("stage", "")
    if stage == "ended":
        rows = rows.exclude(stage=SpaceStage.OPEN)
    elif not stage:
        rows = rows.filter(stage=SpaceStage.OPEN)
    return rows.order_by(*ORDERS.get(given.get("sort", ""), ORDERS[""]))


def with_area(rows: QuerySet[Space]) -> QuerySet[Space]:
    """Return spaces with ``area``: what their sites use now, in m² (I01); 0 where it is not known."""
    sites = Site.objects.filter(space=OuterRef("pk"), until=None).order_by().values("space")
    total = sites.annotate(total=Sum("total_area")).values("total")
    return rows.annotate(area=Coalesce(Subquery(total), 0, output_field=Site._meta.get_field("total_area")))


def with_card(rows: QuerySet[Space], actor: Actor) -> QuerySet[Space]:
    """Return spaces with what a list shows of each: operator, sites in use, what is held today, its first picture."""
    held = visible(Recognition, to=actor).filter(holds_today())
    sites = visible(Site, to=actor).filter(until=None).order_by("-is_main", "pk")
    return rows.select_related("region", "operator").prefetch_related(
        Prefetch("recognitions", held, to_attr="held"),
        Prefetch("sites", sites, to_attr="in_use"),
        Prefetch("pictures", list_shown_pictures(actor)[:1], to_attr="shown"),
    )


def list_shown_pictures(actor: Actor) -> QuerySet[SpacePicture]:
    """Return the pictures that can be shown, those of a space in their order: what the scanner has let through."""
    rows = visible(SpacePicture, to=actor).filter(file__stage=FileStage.CLEAN, small__stage=FileStage.CLEAN)
    return rows.order_by("rank", "pk")


def count_by_prefecture(day: date) -> dict[str, int]:
    """Return how many spaces are in operation in each prefecture, by its code: everybody may see it."""
    rows = unscoped(Space, because="figures of the public register").filter(stage=SpaceStage.OPEN)
    found: Counter[str] = Counter()
    for region, count in rows.order_by().values_list("region").annotate(Count("pk")):
        found.update(dict.fromkeys(tree().line(region, day), count))
    return dict(found)


def find_projects(actor: Actor, given: dict[str, Any]) -> QuerySet[Any]:
    """Return the streets and parks that a filter asks for, in the order that it asks for.

    Each has ``inside``, how many open spaces belong to it, and ``late``, how many of its milestones are overdue.
    """
    rows = visible(Project, to=actor).select_related("region")
    if words := narrow(given.get("q", "")).strip():
        rows = rows.filter(Q(name__icontains=words) | Q(industry__icontains=words) | Q(addresses__icontains=words))
    if kind := given.get("kind"):
        rows = rows.filter(kind=kind)
    if region := given.get("region"):
        rows = rows.filter(region__in=covered_regions(region))
    if stage := given.get("stage"):
        rows = rows.filter(stage=stage)
    due = ProjectMilestone.objects.filter(project=OuterRef("pk"), reached_on=None, due_on__lt=timezone.localdate())
    counted = rows.annotate(
        inside=Count("members", filter=INSIDE),
        late=Coalesce(Subquery(due.order_by().values("project").annotate(n=Count("pk")).values("n")), 0),
    )
    return counted.order_by(*PROJECT_ORDERS.get(given.get("sort", ""), PROJECT_ORDERS[""]))


@dataclass(frozen=True, slots=True)
class OrderedProject:
    """What the document orders of one region, how many projects are there for it, and how many spaces are in them."""

    name: str
    kind: ProjectKind
    projects: int
    members: int


def count_ordered(day: date) -> list[OrderedProject]:
    """Return what each region that has an order (3.2.1, 3.2.2) has entered; what has ended does not count."""
    rows = unscoped(Project, because="figures of the public register").exclude(stage=ProjectStage.ENDED)
    projects: Counter[tuple[str, str]] = Counter()
    members: Counter[tuple[str, str]] = Counter()
    for kind, region, count in (
        rows.order_by().annotate(n=Count("members", filter=INSIDE)).values_list("kind", "region", "n")
    ):
        for place in tree().line(region, day):
            projects[kind, place] += 1
            members[kind, place] += count
    return [
        OrderedProject(region_name(code), kind, projects[kind, code], members[kind, code])
        for kind, codes in ORDERED.items()
        for code in codes
    ]
