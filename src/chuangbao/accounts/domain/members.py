"""Who belongs to an organisation (成员管理): inviting, joining, changing roles, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.models import Invitation, MemberRole, Membership, Organisation, Person
from chuangbao.accounts.permissions import may_manage_members
from chuangbao.core.access import permit
from chuangbao.core.history import record
from chuangbao.core.notices import tell
from chuangbao.core.refusals import Refused
from chuangbao.core.scope import unscoped

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from chuangbao.core.actors import Actor

__all__ = ["accept_invitation", "change_role", "end_membership", "invitation_by_token", "invite", "withdraw_invitation"]

WHY = "the members of one organisation, whose rows the caller may manage"


def members_of(organisation: int) -> QuerySet[Membership]:
    """Those who belong to it now."""
    return unscoped(Membership, because=WHY).filter(organisation=organisation, ended_at=None)


def only_owners_make_owners(actor: Actor, role: str) -> None:
    """A manager may not raise somebody above themselves."""
    if role == MemberRole.OWNER and not actor.holds("owner"):
        raise Refused("owners_only", _("Only an owner can make somebody an owner."), field="role")


@transaction.atomic
def invite(*, organisation: Organisation, actor: Actor, email: str, role: str) -> Invitation:
    """Ask somebody by e-mail to join. The answer is the same whether or not the address has an account.

    Raises Refused: member or invited (field ``email``), owners_only (field ``role``).
    """
    permit(may_manage_members, actor=actor, row=organisation)
    only_owners_make_owners(actor, role)
    address = email.strip().lower()
    if members_of(organisation.pk).filter(person__email=address).exists():
        raise Refused("member", _("This person belongs to the organisation already."), field="email")
    waiting = unscoped(Invitation, because=WHY).filter(
        organisation=organisation, email=address, accepted_at=None, withdrawn_at=None
    )
    waiting.filter(expires_at__lt=timezone.now()).update(withdrawn_at=timezone.now())
    try:
        with transaction.atomic():
            row = Invitation.objects.create(
                organisation=organisation, email=address, role=role, invited_by_id=actor.person
            )
    except IntegrityError as collision:
        raise Refused("invited", _("This person is invited already."), field="email") from collision
    record(actor, "member.invite", organisation, data={"invitation": row.pk, "role": role})
    context = {"organisation": organisation.name, "url": f"{settings.SITE_URL}/invitations/{row.token}/", "row": row}
    subject = _("You are invited to join %(organisation)s") % {"organisation": organisation.name}
    EmailMessage(subject, render_to_string("accounts/invitation.txt", context), None, [address]).send()
    return row


def invitation_by_token(token: str) -> Invitation | None:
    """The open invitation of an address; None once it is used, withdrawn or expired."""
    rows = unscoped(Invitation, because="the address is the key")
    return rows.filter(
        token=token, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    ).select_related("organisation", "invited_by").first()  # fmt: skip


@transaction.atomic
def accept_invitation(*, invitation: Invitation, actor: Actor) -> Membership:
    """Join the organisation one was invited to. Raises Refused: used, elsewhere."""
    row = unscoped(Invitation, because="the address is the key").select_for_update().get(pk=invitation.pk)
    person = Person.objects.get(pk=actor.person)
    if row.accepted_at or row.withdrawn_at:
        raise Refused("used", _("This invitation has been used or withdrawn. Ask for a new one."))
    if person.email != row.email:
        raise Refused("elsewhere", _("This invitation was sent to another e-mail address. Ask for one to yours."))
    row.accepted_at = timezone.now()
    row.save(update_fields=["accepted_at"])
    found, fresh = unscoped(Membership, because=WHY).get_or_create(
        person=person, organisation_id=row.organisation_id, ended_at=None, defaults={"role": row.role}
    )
    if fresh:
        record(actor, "member.join", found, after=found.role, data={"organisation": row.organisation_id})
        tell(
            "member.joined", to=[row.invited_by_id], url=f"/organisations/{row.organisation_id}/",
            data={"name": person.name}, once=f"membership:{found.pk}",
        )  # fmt: skip
    return found


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, actor: Actor) -> None:
    """Let an invitation no longer hold."""
    permit(may_manage_members, actor=actor, row=invitation.organisation)
    open_one = unscoped(Invitation, because=WHY).filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if open_one.update(withdrawn_at=timezone.now()):
        record(actor, "member.uninvite", invitation.organisation, data={"invitation": invitation.pk})


@transaction.atomic
def change_role(*, membership: Membership, actor: Actor, role: str) -> Membership:
    """Give a member another role. Raises Refused: gone, last_owner or owners_only (field ``role``)."""
    row = held(membership, actor)
    only_owners_make_owners(actor, role)
    if row.role == MemberRole.OWNER and role != MemberRole.OWNER:
        only_owners_make_owners(actor, row.role)
        somebody_else_owns(row)
    record(actor, "member.role", row, before=row.role, after=role, data={"person": row.person_id})
    row.role = role
    row.save(update_fields=["role"])
    return row


@transaction.atomic
def end_membership(*, membership: Membership, actor: Actor) -> Membership:
    """Somebody no longer belongs: sent away by who manages members, or leaving.

    Raises Refused: gone, last_owner, owners_only.
    """
    leaving = membership.person_id == actor.person_id
    row = held(membership, actor, leaving=leaving)
    if row.role == MemberRole.OWNER:
        if not leaving and not actor.holds("owner"):
            raise Refused("owners_only", _("Only an owner can send an owner away."))
        somebody_else_owns(row)
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    record(actor, "member.end", row, before=row.role, data={"person": row.person_id})
    return row


def held(membership: Membership, actor: Actor, *, leaving: bool = False) -> Membership:
    """The membership as it stands, locked together with all others of the organisation."""
    if not leaving:
        permit(may_manage_members, actor=actor, row=membership.organisation)
    rows = {row.pk: row for row in members_of(membership.organisation_id).select_for_update().order_by("pk")}
    if membership.pk not in rows:
        raise Refused("gone", _("This person no longer belongs to the organisation."))
    return rows[membership.pk]


def somebody_else_owns(row: Membership) -> None:
    """An organisation without an owner could not be looked after by anybody."""
    if not members_of(row.organisation_id).filter(role=MemberRole.OWNER).exclude(pk=row.pk).exists():
        raise Refused("last_owner", _("This is the only owner. Make somebody else an owner first."), field="role")
