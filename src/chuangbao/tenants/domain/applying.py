"""Applying for a place in a space (入驻申请) and taking it back: entry is free (1.2.8), from any region (1.2.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.tenants.domain.limits import limit_on
from chuangbao.tenants.domain.moving import move_tenancy
from chuangbao.tenants.domain.telling import tell_host
from chuangbao.tenants.enums import NOT_BEGUN, FounderOrigin, TeamKind
from chuangbao.tenants.models import Team, Tenancy
from chuangbao.tenants.permissions import may_apply

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = ["apply_for_place", "list_waiting", "withdraw_application"]

WHY = "the person's own team"


@transaction.atomic
def apply_for_place(
    *,
    space: Space,
    actor: Actor,
    project: str,
    is_virtual: bool = False,
    origin: str = FounderOrigin.OTHER,
    phone: str = "",
    **team: Any,
) -> Tenancy:
    """Apply for the organisation that the actor acts for, else for a team that they lead.

    ``team`` holds team_name, team_kind and members, for a person alone.
    Raises Forbidden; Refused: ended, own_space, team_name_needed (team_name), project_needed (project), applied_before,
    too_many_open.
    """
    permit(may_apply, actor=actor)
    place = lock_row(space)
    if not place.is_open:
        raise Refused("ended", _("This space does not run any more. Choose another one."))
    if not project.strip():
        raise Refused("project_needed", _("Say in a sentence what you do or plan."), field="project")
    row = Tenancy(
        space=place,
        is_virtual=is_virtual,
        origin=origin,
        project=project.strip(),
        phone=phone.strip(),
        applied_by_id=actor.person_id,
    )
    if actor.capacity is Capacity.MEMBER:
        row.organization_id = actor.organisation_id
        refuse_own_space(row)
    else:
        refuse_many(place, actor)
        row.team = find_team(actor, **team)
    save_application(row)
    record(actor, "tenancy.apply", row)
    tell_host(row, "tenancy.applied", actor)
    return row


def refuse_many(space: Space, actor: Actor) -> None:
    """Let a person through who has fewer applications open in the space, which is locked, than the dated limit.

    Raises Refused: too_many_open.
    """
    most = limit_on("open_applications", timezone.localdate())
    if most is not None and list_waiting(space, actor).count() >= most:
        message = _("You have an application open in this space. Wait for its answer, or take it back first.")
        raise Refused("too_many_open", message)


def list_waiting(space: Space, actor: Actor) -> QuerySet[Tenancy]:
    """Return the open applications in a space of the organisation that the actor acts for, else of their teams."""
    rows = unscoped(Tenancy, because=WHY).filter(space=space, stage__in=NOT_BEGUN)
    if actor.capacity is Capacity.MEMBER:
        return rows.filter(organization=actor.organisation_id)
    return rows.filter(team__leader=actor.person_id)


def refuse_own_space(row: Tenancy) -> None:
    """Let an organisation through that does not run the space itself. Raises Refused: own_space."""
    if row.organization_id == row.space.operator_id:
        message = _("Your organisation runs this space. Switch to the firm or person that wants the place.")
        raise Refused("own_space", message)


def find_team(actor: Actor, *, team_name: str = "", team_kind: str = TeamKind.TEAM, members: int | None = 1) -> Team:
    """Return the person's team of a name, made where there is none. Raises Refused: team_name_needed (team_name)."""
    if not team_name.strip():
        raise Refused("team_name_needed", _("Give your team a name. Your own name will do."), field="team_name")
    said = {"kind": team_kind or TeamKind.TEAM, "members": members or 1}
    rows = unscoped(Team, because=WHY)
    return rows.update_or_create(leader_id=actor.person_id, name=team_name.strip(), defaults=said)[0]


def save_application(row: Tenancy) -> None:
    """Write a new application. Raises Refused: applied_before."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        if "open_once" not in str(clash):
            raise
        message = _("You have applied here already, or are a tenant. Look at it under my spaces.")
        raise Refused("applied_before", message) from clash


def withdraw_application(*, tenancy: Tenancy, actor: Actor) -> Tenancy:
    """Take an application back before the tenancy begins. Raises Refused: not_permitted, not_in_…."""
    return move_tenancy(
        tenancy=tenancy, verb="withdraw", actor=actor, written={"ended_on": timezone.localdate()}, tells=tell_host
    )
