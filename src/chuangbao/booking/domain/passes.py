"""Passes (准入): which organisations and people are tenants of a venue, or on the list of one resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.models import Organisation
from chuangbao.accounts.states import Standing
from chuangbao.booking.domain.venues import lock_open
from chuangbao.booking.models import AccessPass
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chuangbao.booking.models import Resource, Venue
    from chuangbao.core.access.actors import Actor

__all__ = ["admit_organization", "admit_tenant_of", "find_organization", "withdraw_pass", "withdraw_tenant_of"]

WHY = "passes of a tenant, which follow the tenancy"


def find_organization(code: str) -> Organisation:
    """Return the verified organisation of a unified social credit code. Raises Refused: no_organization (code).

    Anyone can found one under any code; only an office says whose code it is.
    """
    rows = unscoped(Organisation, because="named by its code, which the operator knows").filter(stage=Standing.VERIFIED)
    found = rows.filter(code=code.strip().upper()).first()
    if found is None:
        raise Refused(
            "no_organization", _("No verified organisation here has this code. Look at it again."), field="code"
        )
    return found


@transaction.atomic
def admit_organization(
    *,
    actor: Actor,
    venue: Venue,
    organization: Organisation,
    resource: Resource | None = None,
    ends_on: date | None = None,
) -> AccessPass:
    """Let an organisation book what is open to tenants of a venue, or to the list of one of its resources.

    Raises Forbidden; Refused: venue_closed, over (ends_on), admitted (code), no_resource (resource), gone.
    """
    row = lock_open(venue, actor)
    if ends_on and ends_on < timezone.localdate():
        raise Refused("over", _("This day is over."), field="ends_on")
    if resource is not None and resource.venue_id != row.pk:
        raise Refused("no_resource", _("Choose a resource of this venue."), field="resource")
    try:
        with transaction.atomic():
            made = AccessPass.objects.create(
                venue=row, resource=resource, for_organization=organization, ends_on=ends_on
            )
    except IntegrityError as collision:
        raise Refused("admitted", _("This organisation is admitted already."), field="code") from collision
    record(actor, "booking.admit", made, data={"venue": row.pk, "organization": organization.pk})
    return made


@transaction.atomic
def withdraw_pass(*, actor: Actor, access_pass: AccessPass) -> None:
    """Let a pass end now; what was booked stays. Raises Forbidden; Refused: venue_closed, gone."""
    lock_open(access_pass.venue, actor)
    record(actor, "booking.withdraw_pass", access_pass)
    access_pass.delete()


@transaction.atomic
def admit_tenant_of(*, venues: Iterable[Venue], organization: int | None, person: int | None) -> int:
    """Let a tenant book in venues, and return how many passes are new; the caller has the permission of their operator.

    A pass that is there already stays, without an end from now on.
    """
    whom: dict[str, Any] = {"for_organization_id": organization, "person_id": None if organization else person}
    made = 0
    for venue in venues:
        _row, new = unscoped(AccessPass, because=WHY).update_or_create(
            venue=venue, resource=None, **whom, defaults={"ends_on": None}
        )
        made += new
    return made


@transaction.atomic
def withdraw_tenant_of(*, venues: Iterable[Venue], organization: int | None, person: int | None) -> int:
    """Take the passes of a tenant to venues, and return how many; what was booked stays."""
    whom = {"for_organization": organization} if organization else {"person": person}
    rows = unscoped(AccessPass, because=WHY).filter(venue__in=list(venues), **whom)
    return rows.delete()[0]
