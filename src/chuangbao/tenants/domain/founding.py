"""A team founds its firm (团队注册企业): the place goes on, with the firm as its tenant from that day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.models import Membership, Organisation
from chuangbao.accounts.states import Standing
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.tenants.domain.telling import tell_host
from chuangbao.tenants.domain.venues import give_passes, take_passes
from chuangbao.tenants.enums import TenancyStage
from chuangbao.tenants.permissions import may_leave

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.models import Tenancy

__all__ = ["found_firm", "list_firms"]

WHY = "the person's own firms"
WHO_BINDS = ("owner", "manager")
NEVER_TENANTS = ("space", "agency")


def list_firms(actor: Actor) -> QuerySet[Organisation]:
    """Return the firms that the person may bind, other than operators of spaces and agencies."""
    rows = unscoped(Membership, because=WHY).filter(person=actor.person_id, ended_at=None, role__in=WHO_BINDS)
    firms = unscoped(Organisation, because=WHY).filter(pk__in=rows.values("organisation"))
    return firms.exclude(stage=Standing.CLOSED).exclude(kind__in=NEVER_TENANTS).order_by("name", "pk")


@transaction.atomic
def found_firm(*, tenancy: Tenancy, actor: Actor, organization: Organisation) -> Tenancy:
    """Put the firm that a team has registered in the place of the team, from today (M12 当年新注册企业).

    What was agreed with the team goes on; its leader goes on booking, for the firm.
    Raises Forbidden; Refused: gone, not_a_team, not_yours or own_space (organization), applied_before.
    """
    row = lock_row(tenancy)
    permit(may_leave, actor=actor, row=row)
    if row.team is None or row.stage != TenancyStage.INCUBATING:
        raise Refused("not_a_team", _("Only a team that incubates can go on as a firm. Reload the page."))
    if not list_firms(actor).filter(pk=organization.pk).exists():
        message = _("Choose a firm that you own or manage. Register it under my organisations first.")
        raise Refused("not_yours", message, field="organization")
    if organization.pk == row.space.operator_id:
        message = _("This organisation runs the space. An operator is no tenant of its own space.")
        raise Refused("own_space", message, field="organization")
    take_passes(row)
    row.founded_by, row.team, row.organization = row.team, None, organization
    row.firm_since = max(timezone.localdate(), row.starts_on or timezone.localdate())
    row.revision += 1
    try:
        with transaction.atomic():
            row.save(update_fields=["founded_by", "team", "organization", "firm_since", "revision"])
    except IntegrityError as clash:
        if "open_once" not in str(clash):
            raise
        message = _("This firm has a place here already. Leave that one, or choose another firm.")
        raise Refused("applied_before", message, field="organization") from clash
    give_passes(row)
    record(actor, "tenancy.found", row, data={"team": row.founded_by.pk, "firm": organization.pk})
    tell_host(row, "tenancy.found", actor)
    return row
