"""Tenants of before the platform (补录): entered by the operator with their days, confirmed by the tenant or marked.

What the tenant has not confirmed is in no figure, gives no pass and is no fact of the firm.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.domain.codes import read_code
from chuangbao.accounts.models import Organisation
from chuangbao.accounts.states import Standing
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.spaces.domain.locks import lock_own_space
from chuangbao.tenants.domain.applying import refuse_own_space, save_application
from chuangbao.tenants.domain.moving import move_tenancy
from chuangbao.tenants.domain.telling import tell_host, tell_party
from chuangbao.tenants.domain.venues import give_passes
from chuangbao.tenants.enums import Entry, TeamKind, TenancyStage
from chuangbao.tenants.models import Team, Tenancy
from chuangbao.tenants.permissions import may_decide_tenancy, may_leave

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = ["confirm_entry", "enter_tenant", "find_firm", "refuse_days", "refuse_entry"]

LONGEST_AGO = timedelta(days=20 * 366)


@transaction.atomic
def enter_tenant(
    *,
    space: Space,
    actor: Actor,
    starts_on: date,
    term_ends_on: date | None = None,
    code: str = "",
    team_name: str = "",
    **said: Any,
) -> Tenancy:
    """Enter a tenant who was in a space before: a firm by its code, else a team by its name.

    ``said`` holds team_kind, project, is_virtual and origin. The firm hears of it, and confirms or refuses it.
    Raises Forbidden; Refused: ended, future_day or too_early (starts_on), order (term_ends_on), no_firm and those of
    ``read_code`` (code), own_space, name_needed (team_name), applied_before.
    """
    place = lock_own_space(space, actor)
    refuse_days(starts_on, term_ends_on)
    row = Tenancy(
        space=place,
        stage=TenancyStage.INCUBATING,
        entry=Entry.STATED,
        admitted_on=starts_on,
        starts_on=starts_on,
        term_ends_on=term_ends_on,
        project=said.get("project", "").strip() or _("Not said"),
        is_virtual=said.get("is_virtual", False),
        **{key: said[key] for key in ("origin",) if key in said},
    )
    permit(may_decide_tenancy, actor=actor, row=row)
    if code.strip():
        row.organization, row.firm_since = find_firm(code), starts_on
        refuse_own_space(row)
    else:
        row.team = make_team(team_name, said.get("team_kind") or TeamKind.TEAM)
    save_application(row)
    record(actor, "tenancy.enter", row)
    tell_party(row, "tenancy.entered", actor)
    return row


def refuse_days(starts_on: date, term_ends_on: date | None) -> None:
    """Let the days of a tenant of before through. Raises Refused: future_day or too_early (starts_on), order."""
    today = timezone.localdate()
    if starts_on > today:
        message = _("This day has not come yet. Who is still to come applies on the page of the space.")
        raise Refused("future_day", message, field="starts_on")
    if starts_on < today - LONGEST_AGO:
        raise Refused("too_early", _("This is more than twenty years ago. Look at the year again."), field="starts_on")
    if term_ends_on is not None and term_ends_on < starts_on:
        raise Refused("order", _("The term ends before it begins."), field="term_ends_on")


def find_firm(code: str) -> Organisation:
    """Return the verified organisation of a code; anyone can found one that is not. Raises Refused (code)."""
    known = unscoped(Organisation, because="named by its code, which is public").filter(stage=Standing.VERIFIED)
    found = known.filter(code=read_code(code)).first()
    if found is None:
        message = _("No verified firm here has this code. Enter it by its name for now; it can apply itself later.")
        raise Refused("no_firm", message, field="code")
    return found


def make_team(name: str, kind: str) -> Team:
    """Make a team without a leader here. Raises Refused: name_needed (team_name)."""
    if not name.strip():
        raise Refused("name_needed", _("Write the firm's code, or the name of the tenant."), field="team_name")
    return Team.objects.create(name=name.strip(), kind=kind)


@transaction.atomic
def confirm_entry(*, tenancy: Tenancy, actor: Actor) -> Tenancy:
    """Confirm for the firm that it was and is a tenant; from now on it counts.

    Raises Forbidden; Refused: nothing_to_confirm.
    """
    row = lock_row(tenancy)
    permit(may_leave, actor=actor, row=row)
    if not row.is_stated or row.stage != TenancyStage.INCUBATING:
        raise Refused("nothing_to_confirm", _("There is nothing to confirm any more. Reload the page."))
    row.entry = Entry.CONFIRMED
    row.revision += 1
    row.save(update_fields=["entry", "revision"])
    give_passes(row)
    record(actor, "tenancy.confirm", row)
    tell_host(row, "tenancy.confirmed", actor)
    return row


def refuse_entry(*, tenancy: Tenancy, actor: Actor) -> Tenancy:
    """Say for the firm that it is no tenant; the entry is gone from the board and counts nowhere.

    Raises Refused: confirmed_before, not_permitted, not_in_incubating.
    """
    written = {"ended_on": max(timezone.localdate(), tenancy.starts_on or timezone.localdate())}
    return move_tenancy(tenancy=tenancy, verb="refuse", actor=actor, written=written, tells=tell_host)
