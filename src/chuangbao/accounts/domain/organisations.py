"""Founding and claiming organisations (机构登记与认领)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.domain.codes import read_code
from chuangbao.accounts.domain.members import lock_organisation, withdraw_invitations
from chuangbao.accounts.models import MemberRole, Membership, Organisation, OrganisationClaim, OrganisationKind
from chuangbao.accounts.permissions import may_found_organisation
from chuangbao.accounts.states import Standing
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.messaging.notifications import tell
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import transition

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.core.models import Proposal

__all__ = ["claim_organisation", "decide_claim", "found_organisation", "known_by_code", "settle_standing"]


def known_by_code(code: str) -> Organisation | None:
    """The organisation that is registered under a code."""
    return unscoped(Organisation, because="whether a code is taken; only its name is shown").filter(code=code).first()


@transaction.atomic
def found_organisation(*, actor: Actor, kind: str, name: str, code: str, region: str) -> Membership:
    """Register an organisation and become its owner. It stays unverified until an officer of the place has looked.

    Raises Refused: the code's own faults, or taken (field ``code``) where it is registered already.
    """
    permit(may_found_organisation, actor=actor)
    read = read_code(code)
    taken = Refused(
        "taken",
        _("An organisation with this code is registered already. If it is yours, claim it below."),
        field="code",
    )
    if known_by_code(read):
        raise taken
    try:
        with transaction.atomic():
            row = Organisation.objects.create(kind=kind, name=name.strip(), code=read, region_id=region)
    except IntegrityError as collision:
        raise taken from collision
    record(actor, "organisation.found", row, after=row.stage, data={"kind": kind})
    return Membership.objects.create(person_id=actor.person, organisation=row, role=MemberRole.OWNER)


@transaction.atomic
def claim_organisation(*, actor: Actor, code: str, reason: str) -> OrganisationClaim:
    """Claim a registered organisation (认领); an officer of the place decides.

    Raises Refused: unknown, agency, closed or member (field ``code``), claimed.
    """
    permit(may_found_organisation, actor=actor)
    row = known_by_code(read_code(code))
    if row is None:
        raise Refused("unknown", _("No organisation is registered under this code. Register it instead."), field="code")
    if row.kind == OrganisationKind.AGENCY:
        raise Refused("agency", _("A government agency has no members; its officers are appointed."), field="code")
    if row.stage == Standing.CLOSED:
        raise Refused("closed", _("This organisation is closed; nobody can act for it any more."), field="code")
    if (
        unscoped(Membership, because="one's own")
        .filter(person=actor.person_id, organisation=row, ended_at=None)
        .exists()
    ):
        raise Refused("member", _("You belong to this organisation already."), field="code")
    try:
        with transaction.atomic():
            claim = OrganisationClaim.objects.create(organisation=row, person_id=actor.person, reason=reason.strip())
    except IntegrityError as collision:
        raise Refused("claimed", _("Your claim is open already; an officer will decide on it.")) from collision
    record(actor, "claim.open", claim, after=claim.stage, data={"organisation": row.pk})
    return claim


@transaction.atomic
def decide_claim(
    *, claim: OrganisationClaim, actor: Actor, verb: str, reason: str = "", replace: bool = False
) -> OrganisationClaim:
    """Grant or refuse a claim.

    ``replace`` ends the membership of everybody who held the organisation before, and their open invitations.

    Raises Refused: what the transition refuses; closed or erased where a claim to be granted has lost its sense.
    """
    decided = transition(claim, verb, actor=actor, reason=reason)
    if verb == "grant":
        grant_is_possible(decided)
    held = unscoped(Membership, because="an officer of the place has decided").filter(
        organisation=decided.organisation_id, ended_at=None
    )
    if verb == "grant":
        if replace:
            for row in held.select_for_update():
                record(actor, "member.end", row, reason=reason, data={"person": row.person_id, "claim": decided.pk})
            held.update(ended_at=timezone.now())
            withdraw_invitations(organisation=decided.organisation_id, actor=actor)
        if not held.filter(person=decided.person_id).exists():
            Membership.objects.create(
                person_id=decided.person_id, organisation_id=decided.organisation_id, role=MemberRole.OWNER
            )
    name = unscoped(Organisation, because="the same").get(pk=decided.organisation_id).name
    tell(
        f"claim.{decided.stage}",
        to=[decided.person_id],
        data={"organisation": name, "reason": reason},
        url="/organisations/",
        once=f"claim:{decided.pk}",
    )
    return decided


def grant_is_possible(claim: OrganisationClaim) -> None:
    """Hold the organisation, and refuse where it is closed or where who claimed it has erased the account.

    Raises Refused: closed, erased.
    """
    if lock_organisation(claim.organisation_id).stage == Standing.CLOSED:
        raise Refused("closed", _("This organisation is closed; nobody can act for it any more."))
    if not claim.person.is_active:
        raise Refused("erased", _("Who claimed it has erased the account."))


@transaction.atomic
def settle_standing(
    *,
    organisation: Organisation,
    actor: Actor,
    verb: str,
    reason: str = "",
    seen: str = "",
    proposal: Proposal | None = None,
) -> Organisation:
    """Verify, doubt, close or reopen an organisation, and tell its owners; closing withdraws its open invitations.

    ``seen`` is the fingerprint of the registration that the officer has looked at; ``proposal`` is what a colleague
    put forward, since closing and reopening need two persons (双人). Raises Refused as the transition does.
    """
    row = transition(organisation, verb, actor=actor, reason=reason, seen=seen, proposal=proposal)
    if row.stage == Standing.CLOSED:
        withdraw_invitations(organisation=row.pk, actor=actor)
    owners = unscoped(Membership, because="its owners are told").filter(
        organisation=row, ended_at=None, role=MemberRole.OWNER
    )
    people = list(owners.values_list("person_id", flat=True))
    data = {"organisation": row.name, "state": str(row.get_stage_display()), "reason": reason}
    tell("organisation.standing", to=people, data=data, url=f"/organisations/{row.pk}/")
    return row
