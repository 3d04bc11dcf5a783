"""What accounts hold of a person, why and for how long: their part of the map of personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Membership, OrganisationClaim, Person, Post
from chuangbao.core.models import History, Job, Notice, NoticePreference, StoredFile
from chuangbao.core.personal import Holding, holds_personal
from chuangbao.core.scope import unscoped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.db.models import Model

__all__ = ["rows_of"]

WHY = "a person's own data, for the person"


def rows_of(model: type[Model], field: str, *columns: str) -> Callable[[int], Iterable[Mapping[str, object]]]:
    """Read the rows that carry a person, in plain values."""

    def export(person: int) -> Iterable[Mapping[str, object]]:
        rows = unscoped(model, because=WHY).filter(**{field: person}).order_by("pk").values(*columns)
        return [{name: value if value is None else str(value) for name, value in row.items()} for row in rows]

    return export


def erasing(model: type[Model], field: str) -> Callable[[int], int]:
    """Delete the rows that carry a person."""
    return lambda person: unscoped(model, because=WHY).filter(**{field: person}).delete()[0]


def end_memberships(person: int) -> int:
    """Nobody acts for an organisation any more who has no account."""
    return unscoped(Membership, because=WHY).filter(person=person, ended_at=None).update(ended_at=timezone.now())


def empty_claims(person: int) -> int:
    """The words of a claim go, that there was one stays."""
    return unscoped(OrganisationClaim, because=WHY).filter(person=person).update(reason="")


holds_personal(
    Holding(
        "account", _("Name, e-mail, language"), _("So that you can sign in and be told"), _("Until you erase it"),
        rows_of(Person, "pk", "email", "name", "language", "joined_at", "last_login"),
    ),
    Holding(
        "memberships", _("Organisations you belong to"), _("So that you can act for them"),
        _("For as long as the organisation's cases are kept, as a number"),
        rows_of(Membership, "person", "organisation__name", "role", "since", "ended_at"), end_memberships,
    ),
    Holding(
        "claims", _("Claims on organisations"), _("So that the rightful owner is found"), _("Until you erase it"),
        rows_of(OrganisationClaim, "person", "organisation__name", "reason", "stage", "created_at"), empty_claims,
    ),
    Holding(
        "posts", _("Posts"), _("So that it is known who decided"), _("As the law on archives says"),
        rows_of(Post, "person", "agency__name", "department", "region_id", "duties", "term"),
    ),
    Holding(
        "notices", _("Notices"), _("So that you know what happened"), _("Until you erase it"),
        rows_of(Notice, "person", "event", "data", "created_at", "read_at"), erasing(Notice, "person"),
    ),
    Holding(
        "preferences", _("How you are told"), _("So that you are told as you wish"), _("Until you erase it"),
        rows_of(NoticePreference, "person", "group", "channel"), erasing(NoticePreference, "person"),
    ),
    Holding(
        "jobs", _("Work you started"), _("So that you see its result"), _("Until you erase it"),
        rows_of(Job, "person", "title", "stage", "created_at"), erasing(Job, "person"),
    ),
    Holding(
        "files", _("Files you brought"), _("As evidence in your cases"), _("For as long as the case they belong to"),
        rows_of(StoredFile, "uploaded_by", "name", "size", "purpose", "uploaded_at"),
    ),
    Holding(
        "record", _("What you did"), _("So that every decision can be followed"), _("Six years at least, as a number"),
        rows_of(History, "person", "at", "acting", "verb", "kind", "object_id"),
    ),
)  # fmt: skip
