"""For whom somebody acts (办理身份切换): looked up on every request, so a right taken away is gone at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from chuangbao.accounts.models import AdminDuty, Membership, Person, Post
from chuangbao.core.actors import ANONYMOUS, Actor, Capacity
from chuangbao.core.requests import figure_in
from chuangbao.core.scope import unscoped

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = ["Choice", "actor_for", "choices"]

WHY = "the person's own capacities, looked up by the person"


@dataclass(frozen=True, slots=True)
class Choice:
    """One capacity that a person can choose; ``key`` is what the session keeps: ``member:12``."""

    actor: Actor
    label: str

    @property
    def key(self) -> str:
        """How it is named in the session and in forms."""
        return self.actor.acting


def actor_for(person: Person | None, key: str) -> Actor:
    """The actor a person is in a capacity; themselves where they no longer hold it."""
    if person is None:
        return ANONYMOUS
    kind, _, number = key.partition(":")
    pk = figure_in(number, digits=18)
    if pk:
        found = {"member": member, "officer": officer}.get(kind, admin)(person, pk)
        if found is not None:
            return found
    return oneself(person)


def choices(person: Person) -> list[Choice]:
    """Every capacity the person holds today, themselves first."""
    found = [Choice(oneself(person), str(person))]
    found += [Choice(as_member(m), m.organisation.name) for m in current_memberships(person)]
    found += [Choice(as_officer(p), f"{p.agency.name} {p.department}") for p in current_posts(person)]
    found += [Choice(as_admin(d), str(d.get_kind_display())) for d in current_duties(person)]
    return found


def oneself(person: Person) -> Actor:
    """Acting for oneself."""
    return Actor(Capacity.SELF, person.pk, person.name)


def current_memberships(person: Person) -> QuerySet[Membership]:
    """Those that have not ended."""
    rows = unscoped(Membership, because=WHY).filter(person=person, ended_at__isnull=True)
    return rows.select_related("organisation", "person").order_by("organisation__name", "pk")


def current_posts(person: Person) -> QuerySet[Post]:
    """Those whose term runs today."""
    rows = unscoped(Post, because=WHY).filter(person=person, term__contains=timezone.localdate())
    return rows.select_related("agency", "region", "person").order_by("agency__name", "pk")


def current_duties(person: Person) -> QuerySet[AdminDuty]:
    """Those that have not ended."""
    return (
        unscoped(AdminDuty, because=WHY)
        .filter(person=person, ended_at__isnull=True)
        .select_related("person")
        .order_by("pk")
    )


def member(person: Person, pk: int) -> Actor | None:
    """Acting for an organisation."""
    row = current_memberships(person).filter(pk=pk).first()
    return as_member(row) if row else None


def officer(person: Person, pk: int) -> Actor | None:
    """Acting in a post."""
    row = current_posts(person).filter(pk=pk).first()
    return as_officer(row) if row else None


def admin(person: Person, pk: int) -> Actor | None:
    """Acting as one of the three administrators."""
    row = current_duties(person).filter(pk=pk).first()
    return as_admin(row) if row else None


def as_member(row: Membership) -> Actor:
    """The actor of a membership."""
    organisation = row.organisation
    return Actor(
        Capacity.MEMBER, row.person_id, row.person.name, organisation.pk, organisation.kind, frozenset({row.role}),
        holder_id=row.pk,
    )  # fmt: skip


def as_officer(row: Post) -> Actor:
    """The actor of a post."""
    return Actor(
        Capacity.OFFICER, row.person_id, row.person.name, row.agency_id, "agency", frozenset(row.duties),
        row.region_id, row.department, row.pk,
    )  # fmt: skip


def as_admin(row: AdminDuty) -> Actor:
    """The actor of an administrator's duty."""
    return Actor(Capacity(row.kind), row.person_id, row.person.name, holder_id=row.pk)
