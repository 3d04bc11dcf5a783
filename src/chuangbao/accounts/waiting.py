"""What waits for whom in accounts: organisations to verify, claims to decide, invitations to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.accounts.directory import departments
from chuangbao.accounts.models import Invitation, Office, Organisation, OrganisationClaim, Person
from chuangbao.accounts.models.offices import last_good_day
from chuangbao.accounts.permissions import is_officer, may_keep_office, may_see_area
from chuangbao.accounts.states import ClaimStage, OfficeStage, Standing
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.localization.working_days import working_days_after
from chuangbao.core.workbench import Heading, Mine, ToDo, mine, todo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []

MOST, DAYS = 50, 5


@todo("claims", gettext_lazy("Claims to decide"))
def claims(actor: Actor) -> Iterable[ToDo]:
    """Open claims in the area of the post."""
    if not (is_officer.test(actor) and actor.holds("register")):
        return
    rows = visible(OrganisationClaim, to=actor).filter(stage=ClaimStage.OPEN).select_related("organisation")
    for row in rows.order_by("created_at")[:MOST]:
        until = working_days_after(timezone.localdate(row.created_at), DAYS)
        url = reverse("accounts:organisation", args=[row.organisation_id])
        yield ToDo(row.organisation.name, f"{url}#claims", row.created_at, until)


@todo("organisations", gettext_lazy("Organisations to verify"))
def organisations(actor: Actor) -> Iterable[ToDo]:
    """Unverified organisations in the area of the post."""
    if not (is_officer.test(actor) and actor.holds("register")):
        return
    rows = visible(Organisation, to=actor).filter(stage=Standing.UNVERIFIED)
    for row in rows.order_by("created_at")[:MOST]:
        yield ToDo(row.name, reverse("accounts:organisation", args=[row.pk]), row.created_at)


@todo("offices", gettext_lazy("Offices to confirm"))
def offices(actor: Actor) -> Iterable[ToDo]:
    """The offices of the keeper's own place and department that have not been confirmed for long."""
    if not may_keep_office.test(actor):
        return
    rows = Office.objects.filter(region=actor.region).exclude(stage=OfficeStage.CLOSED)
    rows = rows.filter(Q(confirmed_on=None) | Q(confirmed_on__lt=last_good_day()))
    known = actor.department in dict(departments())  # an agency may be none of the list: then it keeps all of its place
    for row in (rows.filter(department=actor.department) if known else rows).order_by("pk")[:MOST]:
        yield ToDo(str(row), reverse("accounts:office", args=[row.pk]), row.created_at)


@todo("invitations", gettext_lazy("Invitations to you"))
def invitations(actor: Actor) -> Iterable[ToDo]:
    """Invitations to the person's own address."""
    if actor.capacity is not Capacity.SELF:
        return
    address = Person.objects.values_list("email", flat=True).get(pk=actor.person)
    rows = unscoped(Invitation, because="invitations to one's own address").filter(
        email=address, accepted_at=None, withdrawn_at=None
    )
    for row in rows.select_related("organisation")[:MOST]:
        yield ToDo(
            row.organisation.name,
            reverse("accounts:own_invitation", args=[row.pk]),
            row.created_at,
            timezone.localdate(row.expires_at),
        )


@mine(Heading.OWN)
def ways(actor: Actor) -> Iterable[Mine]:
    """List the organisation acted for, the person's data, and what administrators look after."""
    if actor.capacity is Capacity.MEMBER:
        yield Mine(_("Our organisation"), reverse("accounts:organisation", args=[actor.organisation_id]), "building")
    if actor.capacity is Capacity.SELF:
        yield Mine(_("My organisations"), reverse("accounts:organisations"), "building")
    if may_see_area.test(actor):
        yield Mine(_("Organisations of my area"), reverse("accounts:area"), "building")
    if may_keep_office.test(actor):
        yield Mine(_("Offices of my area"), f"{reverse('accounts:offices')}?region={actor.region}", "map-pin")
    if actor.capacity in {Capacity.SYSTEM_ADMIN, Capacity.SECURITY_ADMIN}:
        yield Mine(_("Posts and administrators"), reverse("accounts:posts"), "users")
    if actor.capacity is Capacity.AUDIT_ADMIN:
        yield Mine(_("The record"), reverse("accounts:record"), "history")
    yield Mine(_("My data and security"), reverse("accounts:me"), "lock")
