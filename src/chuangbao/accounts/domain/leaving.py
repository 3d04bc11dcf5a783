"""Leaving an organisation that one owns alone (移交与注销): handing it over, or giving it up on this platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.domain.acting import as_member
from chuangbao.accounts.domain.members import lock_organisation
from chuangbao.accounts.models import Invitation, MemberRole, Membership, Organisation
from chuangbao.accounts.permissions import may_correct_organisation, may_dissolve
from chuangbao.accounts.states import Standing
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.messaging.notifications import tell
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor

__all__ = [
    "correct_organisation",
    "dissolve_organisation",
    "hand_over_organisation",
    "other_members",
    "owner_acting_for",
    "sole_ownerships",
]

WHY = "one's own organisation"


def sole_ownerships(person: int) -> list[Membership]:
    """List the person's memberships in organisations that have no other owner."""
    current = unscoped(Membership, because=WHY).filter(ended_at=None, role=MemberRole.OWNER)
    shared = current.exclude(person=person).values("organisation")
    own = current.filter(person=person).exclude(organisation__in=shared).exclude(organisation__stage=Standing.CLOSED)
    return list(own.select_related("organisation", "person").order_by("pk"))


def owner_acting_for(organisation: int, *, person: int) -> Actor | None:
    """Return the person as owner of the organisation, in whichever capacity they are just now; None for no owner."""
    rows = unscoped(Membership, because=WHY).filter(
        person=person, organisation=organisation, ended_at=None, role=MemberRole.OWNER
    )
    row = rows.select_related("organisation", "person").first()
    return as_member(row) if row else None


def other_members(organisation: int, *, than: int) -> QuerySet[Membership]:
    """Return the members of the organisation other than a person."""
    rows = unscoped(Membership, because=WHY).filter(organisation=organisation, ended_at=None)
    return rows.exclude(person=than).select_related("person").order_by("pk")


@transaction.atomic
def hand_over_organisation(*, organisation: Organisation, actor: Actor, membership: str) -> Membership:
    """Make another member an owner (移交); the actor stays one until they leave. Raises Refused: gone, closed."""
    permit(may_dissolve, actor=actor, row=organisation)
    if lock_organisation(organisation.pk).stage == Standing.CLOSED:
        raise Refused("closed", _("This organisation is closed; nobody can act for it any more."))
    members = {
        str(row.pk): row for row in other_members(organisation.pk, than=actor.person).select_for_update(of=("self",))
    }
    row = members.get(membership)
    if row is None:
        raise Refused("gone", _("This person no longer belongs to the organisation."), field="membership")
    record(actor, "member.role", row, before=row.role, after=MemberRole.OWNER, data={"person": row.person_id})
    row.role = MemberRole.OWNER
    row.save(update_fields=["role"])
    tell(
        "organisation.handed_over",
        to=[row.person_id],
        data={"organisation": organisation.name},
        url=f"/organisations/{organisation.pk}/",
    )
    return row


@transaction.atomic
def dissolve_organisation(*, organisation: Organisation, actor: Actor, reason: str, **_given: object) -> Organisation:
    """Give up an organisation (注销): no one acts for it any more, its record and its code stay.

    Raises Refused: owned (others own it too), or what the transition refuses.
    """
    permit(may_dissolve, actor=actor, row=organisation)
    members = list(
        unscoped(Membership, because=WHY)
        .filter(organisation=organisation, ended_at=None)
        .select_for_update()
        .order_by("pk")
    )
    if any(row.role == MemberRole.OWNER and row.person_id != actor.person_id for row in members):
        raise Refused("owned", _("Others own this organisation too. Leave it instead; it goes on without you."))
    row = transition(organisation, "dissolve", actor=actor, reason=reason)
    for member in members:
        member.ended_at = timezone.now()
        member.save(update_fields=["ended_at"])
        record(actor, "member.end", member, before=member.role, data={"person": member.person_id})
    unscoped(Invitation, because=WHY).filter(organisation=row, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )
    others = [member.person_id for member in members if member.person_id != actor.person_id]
    tell("organisation.dissolved", to=others, data={"organisation": row.name, "reason": reason}, url="/organisations/")
    return row


@transaction.atomic
def correct_organisation(
    *, organisation: Organisation, actor: Actor, name: str, kind: str, region: str
) -> Organisation:
    """Correct what an organisation was registered with, as long as no officer has verified it.

    Raises Refused: verified.
    """
    permit(may_correct_organisation, actor=actor, row=organisation)
    row = lock_row(organisation)
    if row.stage != Standing.UNVERIFIED:
        raise Refused(
            "verified",
            _("An officer has verified this. Ask the office of the place to withdraw the verification first."),
        )
    new = {"name": name.strip(), "kind": kind, "region_id": region}
    changed = {field: value for field, value in new.items() if getattr(row, field) != value}
    for field, value in changed.items():
        setattr(row, field, value)
    row.save(update_fields=list(changed))
    record(actor, "organisation.correct", row, data={"fields": sorted(changed)})
    return row
