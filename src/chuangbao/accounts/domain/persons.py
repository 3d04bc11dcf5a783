"""The person's own data (个人信息中心): corrected, exported and erased by the person they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.domain.leaving import sole_ownerships
from chuangbao.accounts.domain.members import withdraw_invitations
from chuangbao.accounts.models import AdminDuty, Membership, Person, Post
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.audit.readings import readings_of_person
from chuangbao.core.privacy import HOLDINGS, erase_holdings
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.models import History

__all__ = ["correct_person", "erase_person", "export_person", "obstacles", "readings_of"]


@transaction.atomic
def correct_person(*, actor: Actor, name: str, language: str) -> Person:
    """Correct what is held of the person who acts."""
    row = Person.objects.select_for_update().get(pk=actor.person)
    changed = [field for field, new in (("name", name), ("language", language)) if getattr(row, field) != new]
    row.name, row.language = name.strip(), language
    row.save(update_fields=["name", "language"])
    record(actor, "person.correct", row, data={"fields": changed})
    return row


def export_person(*, actor: Actor) -> dict[str, object]:
    """Return all data held of a person, by the map of personal data, in plain values."""
    person = actor.person
    record(actor, "person.export", Person.objects.get(pk=person))
    return {
        name: {"label": str(h.label), "purpose": str(h.purpose), "rows": list(h.export(person))}
        for name, h in HOLDINGS.items()
    }


def readings_of(person: int) -> QuerySet[History]:
    """Return who else read the person's sensitive data, when and why, the newest first."""
    return readings_of_person(person)


def obstacles(person: int) -> list[str]:
    """What must be handed over before an account can be erased."""
    found = [
        _("You are the only owner of %(name)s.") % {"name": row.organisation.name} for row in sole_ownerships(person)
    ]
    if unscoped(Post, because="one's own").filter(person=person, term__contains=timezone.localdate()).exists():
        found.append(_("You hold a post."))
    if unscoped(AdminDuty, because="one's own").filter(person=person, ended_at=None).exists():
        found.append(_("You are an administrator."))
    return found


@transaction.atomic
def erase_person(*, actor: Actor) -> dict[str, int]:
    """Erase an account and all that the law does not make us keep; return how many rows of each kind.

    What stays is the record, which knows a number and no name. Raises Refused: held.
    """
    row = Person.objects.select_for_update().get(pk=actor.person)
    own = unscoped(Membership, because="one's own").filter(person=row, ended_at=None).values("organisation")
    everybody = unscoped(Membership, because="two owners who leave at once leave one after the other")
    list(everybody.filter(organisation__in=own, ended_at=None).select_for_update().order_by("pk"))
    standing = obstacles(row.pk)
    if standing:
        raise Refused("held", _("Hand this over first: %(what)s") % {"what": " ".join(standing)})
    for organisation in everybody.filter(person=row).values_list("organisation", flat=True):
        withdraw_invitations(organisation=organisation, actor=actor, by=[row.pk])
    erased = erase_holdings(row.pk)
    record(actor, "person.erase", row, data=erased)
    return erased
