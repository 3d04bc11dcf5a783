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
from chuangbao.accounts.states import Standing
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.access.tokens import hash_token
from chuangbao.core.audit.log import record
from chuangbao.core.messaging.notifications import tell
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor

__all__ = [
    "accept_invitation",
    "change_role",
    "end_membership",
    "invitation_by_token",
    "invitation_to",
    "invite",
    "lock_organisation",
    "withdraw_invitation",
    "withdraw_invitations",
]

INVITED_UNVERIFIED = 5
"""How many invitations an organisation may send in all before it is verified (核验前邀请上限)."""
WHY = "the members of one organisation, whose rows the caller may manage"


def members_of(organisation: int) -> QuerySet[Membership]:
    """Those who belong to it now."""
    return unscoped(Membership, because=WHY).filter(organisation=organisation, ended_at=None)


def only_owners_make_owners(actor: Actor, role: str) -> None:
    """Check that a manager raises no one above themselves."""
    if role == MemberRole.OWNER and not actor.holds("owner"):
        raise Refused("owners_only", _("Only an owner can make somebody an owner."), field="role")


@transaction.atomic
def invite(*, organisation: Organisation, actor: Actor, email: str, role: str) -> Invitation:
    """Ask a person by e-mail to join. The answer is the same whether or not the address has an account.

    Raises Refused: member or invited (field ``email``), owners_only (field ``role``), closed, unverified.
    """
    permit(may_manage_members, actor=actor, row=organisation)
    only_owners_make_owners(actor, role)
    organisation = lock_organisation(organisation.pk)
    limit_while_unverified(organisation)
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
    write_invitation(row, organisation)
    return row


def limit_while_unverified(organisation: Organisation) -> None:
    """Hold the letters of an organisation that no one has verified to a few: its name is free text.

    Raises Refused: closed, unverified.
    """
    if organisation.stage == Standing.CLOSED:
        raise Refused("closed", _("This organisation is closed; nobody can act for it any more."))
    if organisation.stage == Standing.VERIFIED:
        return
    sent = unscoped(Invitation, because=WHY).filter(organisation=organisation).count()
    if sent >= INVITED_UNVERIFIED:
        raise Refused(
            "unverified",
            _("An organisation that is not verified yet can invite %(most)d people. An officer verifies it first.")
            % {"most": INVITED_UNVERIFIED},
            field="email",
        )


def write_invitation(row: Invitation, organisation: Organisation) -> None:
    """Send the letter; for an organisation not verified yet it names the inviter's address, never the free name."""
    verified = organisation.stage == Standing.VERIFIED
    inviter = Person.objects.get(pk=row.invited_by_id).email
    context = {
        "organisation": organisation.name,
        "inviter": inviter,
        "verified": verified,
        "url": f"{settings.SITE_URL}/invitations/{row.token}/",
    }
    subject = (
        _("You are invited to join %(organisation)s") % {"organisation": organisation.name}
        if verified
        else _("%(inviter)s invites you to an organisation on Chuangbao") % {"inviter": inviter}
    )
    EmailMessage(subject, render_to_string("accounts/invitation.txt", context), None, [row.email]).send()


def invitation_by_token(token: str) -> Invitation | None:
    """The open invitation of an address; None once it is used, withdrawn or expired."""
    rows = unscoped(Invitation, because="the address is the key")
    return (
        rows.filter(token_hash=hash_token(token), accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())
        .select_related("organisation", "invited_by")
        .first()
    )


def invitation_to(person: Person, pk: int) -> Invitation | None:
    """An open invitation to the person's own address; None where there is none."""
    rows = unscoped(Invitation, because="invitations to one's own address")
    return (
        rows.filter(pk=pk, email=person.email, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())
        .select_related("organisation", "invited_by")
        .first()
    )


@transaction.atomic
def accept_invitation(*, invitation: Invitation, actor: Actor) -> Membership:
    """Join the organisation one was invited to; what was granted is checked again when it is used.

    Raises Refused: used, withdrawn, elsewhere.
    """
    organisation = lock_organisation(invitation.organisation_id)
    members = {m.person_id: m for m in members_of(organisation.pk).select_for_update().order_by("pk")}
    rows = unscoped(Invitation, because="the address is the key").select_for_update()
    row = rows.filter(pk=invitation.pk).first()  # gone where who sent it has erased the account
    person = Person.objects.get(pk=actor.person)
    if row is None or row.accepted_at or row.withdrawn_at:
        raise Refused("used", _("This invitation has been used or withdrawn. Ask for a new one."))
    if organisation.stage == Standing.CLOSED or not may_still_give(members.get(row.invited_by_id), row.role):
        raise Refused(
            "withdrawn",
            _("Who invited you may no longer give this role here, or the organisation is closed. Ask for a new one."),
        )
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
            "member.joined",
            to=[row.invited_by_id],
            url=f"/organisations/{row.organisation_id}/",
            data={"person": person.pk},
            once=f"membership:{found.pk}",
        )
    return found


def lock_organisation(pk: int) -> Organisation:
    """Return the organisation, held until the transaction ends, so that decisions on it come one after the other."""
    return unscoped(Organisation, because="a decision on it, which the verb permits").select_for_update().get(pk=pk)


def may_still_give(inviter: Membership | None, role: str) -> bool:
    """Whether the inviter belongs to the organisation today and may give the role."""
    return inviter is not None and role in MemberRole(inviter.role).may_give


def withdraw_invitations(*, organisation: int, actor: Actor, by: Iterable[int] | None = None, role: str = "") -> int:
    """Withdraw open invitations, and return how many.

    ``by`` narrows to those of some inviters; ``role`` is the role they hold now: what it may still give stays open.
    """
    rows = unscoped(Invitation, because=WHY).filter(organisation=organisation, accepted_at=None, withdrawn_at=None)
    rows = rows if by is None else rows.filter(invited_by__in=list(by))
    if role:
        rows = rows.exclude(role__in=MemberRole(role).may_give)
    found = list(rows.select_for_update().select_related(None).order_by("pk"))
    for row in found:
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
        record(actor, "member.uninvite", row.organisation, data={"invitation": row.pk})
    return len(found)


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
    row = lock_membership(membership, actor)
    only_owners_make_owners(actor, role)
    if row.role == MemberRole.OWNER and role != MemberRole.OWNER:
        only_owners_make_owners(actor, row.role)
        require_another_owner(row)
    record(actor, "member.role", row, before=row.role, after=role, data={"person": row.person_id})
    row.role = role
    row.save(update_fields=["role"])
    withdraw_invitations(organisation=row.organisation_id, actor=actor, by=[row.person_id], role=role)
    return row


@transaction.atomic
def end_membership(*, membership: Membership, actor: Actor) -> Membership:
    """End a membership: sent away by who manages members, or leaving.

    Raises Refused: gone, last_owner, owners_only.
    """
    leaving = membership.person_id == actor.person_id
    row = lock_membership(membership, actor, leaving=leaving)
    if row.role == MemberRole.OWNER:
        if not leaving and not actor.holds("owner"):
            raise Refused("owners_only", _("Only an owner can send an owner away."))
        require_another_owner(row)
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    record(actor, "member.end", row, before=row.role, data={"person": row.person_id})
    withdraw_invitations(organisation=row.organisation_id, actor=actor, by=[row.person_id])
    return row


def lock_membership(membership: Membership, actor: Actor, *, leaving: bool = False) -> Membership:
    """Return the membership as it is now, locked together with all others of the organisation.

    Raises Refused: gone, where the person has left; Forbidden, where the actor may not manage members.
    """
    if not leaving:
        permit(may_manage_members, actor=actor, row=membership.organisation)
    rows = {row.pk: row for row in members_of(membership.organisation_id).select_for_update().order_by("pk")}
    if membership.pk not in rows:
        raise Refused("gone", _("This person no longer belongs to the organisation."))
    return rows[membership.pk]


def require_another_owner(row: Membership) -> None:
    """Check that the organisation keeps an owner without this membership.

    Raises Refused: last_owner (field ``role``).
    """
    if not members_of(row.organisation_id).filter(role=MemberRole.OWNER).exclude(pk=row.pk).exists():
        raise Refused("last_owner", _("This is the only owner. Make somebody else an owner first."), field="role")
