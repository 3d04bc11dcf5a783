"""What hangs on a space in other contexts, such as tenants, letters and bookings: it hears and may act.

A context above declares its part with ``hang_on_space``; closing, merging and handing on then say first what is
concerned (``describe_consequences``), carry it along in the same transaction and tell the people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Membership, Post
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.regions import region_line
from chuangbao.core.messaging.notifications import tell
from chuangbao.spaces.domain.venues import count_resources, count_upcoming_bookings
from chuangbao.spaces.enums import MemberStage
from chuangbao.spaces.models import Following, ProjectMember, Recognition, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.utils.functional import _StrPromise

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = [
    "Consequence",
    "Dependants",
    "describe_consequences",
    "hang_on_space",
    "list_members",
    "list_officers",
    "list_people_of",
    "tell_concerned",
]

DUTY = "spaces"


@dataclass(frozen=True, slots=True)
class Dependants:
    """Rows of another context that hang on a space."""

    label: str | _StrPromise
    count: Callable[[Space], int]
    people: Callable[[Space], Iterable[int]]
    """Who gets notices, by the ids of the persons."""
    follow: Callable[[Space, str, Actor], None]
    """Acts in the transaction of the verb: close, reopen, merge (see ``merged_into``) or handed_on."""
    take_site: Callable[[Space], None] | None = None
    """Acts in the transaction in which a space gets one more site."""
    names: Callable[[Space], list[str]] | None = None
    """Which they are, in few words, where the number alone does not say enough."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """One line of what is concerned: how many of what, and which they are where that is said."""

    label: str | _StrPromise
    count: int
    names: list[str] = field(default_factory=list)


DEPENDANTS: dict[str, Dependants] = {}


def hang_on_space(name: str, dependants: Dependants) -> None:
    """Declare what of a context hangs on spaces."""
    DEPENDANTS[name] = dependants


def describe_consequences(space: Space) -> list[Consequence]:
    """Return how much of what is concerned when a space closes, merges or changes hands."""
    why = "how many, said to the operator"
    sites = unscoped(Site, because=why).filter(space=space, until=None).count()
    followers = unscoped(Following, because=why).filter(space=space).count()
    held = unscoped(Recognition, because=why).filter(space=space, end_reason="").count()
    projects = unscoped(ProjectMember, because=why).filter(space=space, stage=MemberStage.MEMBER).count()
    own = [
        Consequence(_("Sites in use"), sites),
        Consequence(_("Desks, rooms and machines that can be booked"), count_resources(space)),
        Consequence(_("Bookings still to come"), count_upcoming_bookings(space)),
        Consequence(_("Filings and recognitions"), held),
        Consequence(_("People who follow it"), followers),
        Consequence(_("Streets and parks that it belongs to"), projects),
    ]
    above = [
        Consequence(part.label, part.count(space), part.names(space) if part.names else [])
        for part in DEPENDANTS.values()
    ]
    return [*own, *above]


def list_members(organisation: int) -> set[int]:
    """Return the persons who belong to an organisation now."""
    rows = unscoped(Membership, because="who is told").filter(organisation=organisation, ended_at=None)
    return set(rows.values_list("person", flat=True))


def list_officers(region: str) -> set[int]:
    """Return the officers of the nearest place that keeps the register: county, prefecture or province."""
    rows = unscoped(Post, because="who is told").filter(
        duties__contains=[DUTY],
        region__in=region_line(region),
        term__contains=timezone.localdate(),
        confirmed_at__isnull=False,
    )
    found: dict[str, set[int]] = {}
    for place, person in rows.values_list("region", "person"):
        found.setdefault(place, set()).add(person)
    return next((found[place] for place in region_line(region) if place in found), set())


def list_people_of(space: Space) -> set[int]:
    """Return who follows a space or has something that hangs on it."""
    followers = unscoped(Following, because="who is told").filter(space=space).values_list("person", flat=True)
    return {*followers, *(person for part in DEPENDANTS.values() for person in part.people(space))}


def tell_concerned(space: Space, event: str, *, actor: Actor, **data: str) -> None:
    """Tell followers, members, officers of the place and who hangs on a space what happened to it."""
    people = list_people_of(space) | list_members(space.operator_id) | list_officers(space.region_id)
    tell(event, to=people - {actor.person_id or 0}, data={"name": space.name, **data}, url=f"/spaces/{space.pk}/")
