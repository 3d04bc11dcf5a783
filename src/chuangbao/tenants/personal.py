"""What tenants hold of a person, why and for how long: their part of the map of personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.personal_rows import WHY, export_rows
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.privacy import Holding, holds_personal
from chuangbao.tenants.models import Agreement, Handover, Service, Talk, Team, Tenancy, YearCard

if TYPE_CHECKING:
    from django.db.models import Model

__all__: list[str] = []


def unname_applicant(person: int) -> int:
    """Take name and telephone off; the tenancy is the firm's and the space's, and stays."""
    rows = unscoped(Tenancy, because=WHY).filter(applied_by=person)
    return rows.update(applied_by=None, phone="")


def unname_host(person: int) -> int:
    """Take the name of who arranged a talk off; the talk stays."""
    return unscoped(Talk, because=WHY).filter(arranged_by=person).update(arranged_by=None)


def export_tenancy_deeds(person: int) -> list[dict[str, object]]:
    """Return the agreements and services that the person confirmed, offered or logged, in plain values."""
    parts = (
        (Agreement, "offered_by", ("number", "stage", "offered_at")),
        (Agreement, "signed_by", ("number", "stage", "signed_at")),
        (Service, "logged_by", ("kind", "given_on", "stage")),
        (Service, "answered_by", ("kind", "given_on", "stage", "answer")),
        (Handover, "done_by", ("item", "done_on")),
        (YearCard, "filled_by", ("year", "filled_at")),
    )
    return [dict(row) for model, field, columns in parts for row in export_rows(model, field, *columns)(person)]


def unname_tenancy_deeds(person: int) -> int:
    """Take the person's name off; agreements and services are the two sides', and stay."""
    parts: tuple[tuple[type[Model], str], ...] = (
        (Agreement, "offered_by"),
        (Agreement, "signed_by"),
        (Service, "logged_by"),
        (Service, "answered_by"),
        (Handover, "done_by"),
        (YearCard, "filled_by"),
    )
    return sum(unscoped(model, because=WHY).filter(**{field: person}).update(**{field: None}) for model, field in parts)


def unname_leader(person: int) -> int:
    """Take the leader's name off; the team stays in the figures of its space."""
    return unscoped(Team, because=WHY).filter(leader=person).update(leader=None)


holds_personal(
    Holding(
        "tenancies",
        _("Applications for a place in a space that you sent"),
        _("So that the space knows whom to talk to"),
        _("Your name and telephone until you erase them; the tenancy stays"),
        export_rows(Tenancy, "applied_by", "space__name", "project", "phone", "stage", "applied_at"),
        unname_applicant,
        covers=("tenants.Tenancy.applied_by",),
    ),
    Holding(
        "teams",
        _("The teams that you lead"),
        _("So that you can speak for your team"),
        _("Until you erase it; the team stays in the figures of its space"),
        export_rows(Team, "leader", "name", "kind", "members", "created_at"),
        unname_leader,
        covers=("tenants.Team.leader",),
    ),
    Holding(
        "tenant_talks",
        _("Talks with applicants that you arranged"),
        _("So that colleagues know whom to ask"),
        _("Your name until you erase it; the talk stays"),
        export_rows(Talk, "arranged_by", "at", "place", "note"),
        unname_host,
        covers=("tenants.Talk.arranged_by",),
    ),
    Holding(
        "tenancy_deeds",
        _("Agreements, services, cards and hand-overs that you confirmed or entered"),
        _("So that both sides know who spoke for the other"),
        _("Your name until you erase it; the agreement stays"),
        export_tenancy_deeds,
        unname_tenancy_deeds,
        covers=(
            "tenants.Agreement.offered_by",
            "tenants.Agreement.signed_by",
            "tenants.Service.logged_by",
            "tenants.Service.answered_by",
            "tenants.Handover.done_by",
            "tenants.YearCard.filled_by",
        ),
    ),
)
