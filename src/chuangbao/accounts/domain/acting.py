"""For whom a person acts (办理身份切换): looked up on every request, so a right taken away is gone at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import AdminDuty, Membership, Person, Post
from chuangbao.accounts.states import Standing
from chuangbao.core.access.actors import ANONYMOUS, Actor, Capacity
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.http.requests import read_number
from chuangbao.core.kept_queries import KeptQuery

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

__all__ = ["Choice", "actor_for", "capacity_words", "choices", "name_choices"]

WHY = "the person's own capacities, looked up by the person"
RECORD = "how a capacity on the record is called"
HELD_BY_ROWS = {"member", "officer"}
PLAIN = {
    "self": _("In their own name"),
    "member": _("Member of an organisation"),
    "officer": _("Officer"),
    "system": _("The system"),
    "anonymous": _("Nobody signed in"),
    **{str(kind.value): kind.label for kind in AdminDuty.Kind},
}


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
    """The actor a person is in a capacity; themselves where they no longer hold it.

    The capacity is the one that the key names, or the person's own: guards of offices go by the key.
    """
    if person is None:
        return ANONYMOUS
    kind, _, number = key.partition(":")
    pk = read_number(number, digits=18)
    if pk:
        found = HOLDERS[kind](person, pk) if kind in HOLDERS else admin(person, pk, kind)
        if found is not None:
            return found
    return as_self(person)


def choices(person: Person) -> list[Choice]:
    """Every capacity the person holds today, themselves first."""
    found = [Choice(as_self(person), str(person))]
    found += [Choice(as_member(m), m.organisation.name) for m in current_memberships(person)]
    found += [Choice(as_officer(p), f"{p.agency.name} {p.department}") for p in current_posts(person)]
    found += [Choice(as_admin(d), str(d.get_kind_display())) for d in current_duties(person)]
    return found


def name_choices(person: Person) -> list[tuple[str, str]]:
    """The same as keys and labels, as the head of every page shows them: one query."""
    found = [(as_self(person).acting, str(person))]
    for _turn, kind, called, department, pk in CALLED.rows(person=person.pk, today=timezone.localdate()):
        name = {"member": called, "officer": f"{called} {department}"}.get(kind) or PLAIN[kind]
        found.append((f"{kind}:{pk}", str(name)))
    return found


def call_choices(person: int, today: date) -> QuerySet[Any, tuple[Any, ...]]:
    """Write the query of ``name_choices``: the rows of all three kinds as columns that they have in common."""
    members = current_memberships(person).annotate(turn=Value(0), called=F("organisation__name"), at=Value(""))
    posts = current_posts(person, today).annotate(turn=Value(1), called=F("agency__name"), at=F("department"))
    duties = current_duties(person).annotate(turn=Value(2), called=Value(""), at=Value(""))
    kinds: tuple[tuple[QuerySet[Any], Any], ...]
    kinds = ((members, Value("member")), (posts, Value("officer")), (duties, F("kind")))
    first, *others = (
        rows.annotate(capacity=kind).order_by().values_list("turn", "capacity", "called", "at", "pk")
        for rows, kind in kinds
    )
    return first.union(*others, all=True).order_by("turn", "called", "pk")


CALLED = KeptQuery(call_choices)


def capacity_words(actings: Iterable[str]) -> dict[str, str]:
    """Put capacities as the record keeps them (``officer:4``) into words, ended ones too."""
    wanted: dict[str, dict[int, str]] = {}
    for acting in set(actings):
        kind, _blank, number = acting.partition(":")
        wanted.setdefault(kind, {})[read_number(number, digits=18)] = acting
    found = {
        acting: str(PLAIN[kind])
        for kind, held in wanted.items()
        if kind in PLAIN
        for number, acting in held.items()
        if not number or kind not in HELD_BY_ROWS
    }
    members = unscoped(Membership, because=RECORD).filter(pk__in=wanted.get("member", {}))
    for row in members.select_related("organisation"):
        found[f"member:{row.pk}"] = f"{row.organisation.name} · {row.get_role_display()}"
    for post in unscoped(Post, because=RECORD).filter(pk__in=wanted.get("officer", {})).select_related("agency"):
        found[f"officer:{post.pk}"] = f"{post.agency.name} {post.department}"
    return found


def as_self(person: Person) -> Actor:
    """Return the capacity in which a person acts for themselves."""
    return Actor(Capacity.SELF, person.pk, person.name)


def current_memberships(person: Person | int) -> QuerySet[Membership]:
    """Return the memberships that have not ended; in a closed organisation (已注销) no one acts any more."""
    rows = unscoped(Membership, because=WHY).filter(person=person, ended_at__isnull=True)
    rows = rows.exclude(organisation__stage=Standing.CLOSED)
    return rows.select_related("organisation", "person").order_by("organisation__name", "pk")


def current_posts(person: Person | int, day: date | None = None) -> QuerySet[Post]:
    """Return the posts that are confirmed and whose term runs on a day (today), at agencies that are not closed."""
    rows = unscoped(Post, because=WHY).filter(
        person=person, term__contains=day or timezone.localdate(), confirmed_at__isnull=False
    )
    rows = rows.exclude(agency__stage=Standing.CLOSED)
    return rows.select_related("agency", "region", "person").order_by("agency__name", "pk")


def current_duties(person: Person | int) -> QuerySet[AdminDuty]:
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


HOLDERS = {"member": member, "officer": officer}
"""Who finds the actor of a key, by its kind; every other kind is a duty of an administrator."""


def admin(person: Person, pk: int, kind: str) -> Actor | None:
    """Acting as one of the three administrators, by the duty of this very kind."""
    row = current_duties(person).filter(pk=pk, kind=kind).first()
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
        row.region_id, row.agency.department or row.department, row.pk,
    )  # fmt: skip


def as_admin(row: AdminDuty) -> Actor:
    """The actor of an administrator's duty."""
    return Actor(Capacity(row.kind), row.person_id, row.person.name, holder_id=row.pk)
