"""What each actor may see of people's and organisations' rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.accounts.models import AdminDuty, Consent, Invitation, Membership, Organisation, OrganisationClaim, Post
from chuangbao.accounts.permissions import may_see_area
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, NOTHING, scope
from chuangbao.core.engine.regions import covered_regions

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

ADMINS = {Capacity.SYSTEM_ADMIN, Capacity.SECURITY_ADMIN}


def of_organisation(actor: Actor, path: str) -> Q:
    """Rows of the organisation one acts for, or of those in the area of a post that verifies or supervises."""
    if may_see_area.test(actor):
        return Q(**{f"{path}region__in": covered_regions(actor.region)})
    if actor.capacity is Capacity.MEMBER:
        return Q(**{f"{path}pk" if path else "pk": actor.organisation_id})
    return NOTHING


@scope(Organisation)
def organisations(actor: Actor) -> Q:
    """The actor's own; for an officer those of the area; for administrators all."""
    if actor.capacity in {*ADMINS, Capacity.SYSTEM}:
        return EVERYTHING
    mine = Q(memberships__person=actor.person_id, memberships__ended_at__isnull=True) if actor.signed_in else NOTHING
    return mine if actor.capacity is Capacity.SELF else of_organisation(actor, "")


@scope(Membership)
def memberships(actor: Actor) -> Q:
    """The actor's own, and those of their organisation; for officers those of the area."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    own = Q(person=actor.person_id) if actor.signed_in else NOTHING
    return own | of_organisation(actor, "organisation__")


@scope(Invitation)
def invitations(actor: Actor) -> Q:
    """Those of the organisation one acts for."""
    return Q(organisation=actor.organisation_id) if actor.capacity is Capacity.MEMBER else NOTHING


@scope(OrganisationClaim)
def claims(actor: Actor) -> Q:
    """The actor's own; for officers those of the area."""
    own = Q(person=actor.person_id) if actor.signed_in else NOTHING
    return own | (of_organisation(actor, "organisation__") if may_see_area.test(actor) else NOTHING)


@scope(Post)
def posts(actor: Actor) -> Q:
    """The actor's own; for administrators all."""
    if actor.capacity in {*ADMINS, Capacity.SYSTEM}:
        return EVERYTHING
    return Q(person=actor.person_id) if actor.signed_in else NOTHING


@scope(Consent)
def consents(actor: Actor) -> Q:
    """The actor's own."""
    return Q(person=actor.person_id) if actor.signed_in else NOTHING


@scope(AdminDuty)
def duties(actor: Actor) -> Q:
    """The actor's own; for the security administrator all."""
    if actor.capacity in {Capacity.SECURITY_ADMIN, Capacity.SYSTEM}:
        return EVERYTHING
    return Q(person=actor.person_id) if actor.signed_in else NOTHING


__all__ = ["of_organisation"]
