"""The end of a tenancy: graduation (毕业), leaving by own decision at once (退出自由, 1.2.8), the end of the term."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.localization.formatting import day_words
from chuangbao.core.workflow.refusals import Refused
from chuangbao.tenants.domain.grounds import check_ground
from chuangbao.tenants.domain.handing import write_handover_list
from chuangbao.tenants.domain.moving import move_tenancy
from chuangbao.tenants.domain.telling import tell_host
from chuangbao.tenants.enums import Ground
from chuangbao.tenants.models import GraduationGround

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.enums import EndCause
    from chuangbao.tenants.models import Tenancy

__all__ = ["end_tenancy", "graduate_tenant", "last_day_of", "leave_space"]


def last_day_of(tenancy: Tenancy) -> date:
    """Return today, or the first day of a tenancy that ends before it has begun."""
    return max(timezone.localdate(), tenancy.starts_on or timezone.localdate())


@transaction.atomic
def leave_space(*, tenancy: Tenancy, actor: Actor, reason: str = "") -> Tenancy:
    """Leave as of today, with no permission. Raises Refused: not_permitted, not_in_incubating."""
    day = last_day_of(tenancy)
    row = move_tenancy(
        tenancy=tenancy,
        verb="leave",
        actor=actor,
        written={"ended_on": day, "end_reason": reason.strip()},
        reason=reason,
        tells=tell_host,
        day=day_words(day),
    )
    write_handover_list(row)
    return row


@transaction.atomic
def graduate_tenant(*, tenancy: Tenancy, actor: Actor, grounds: Mapping[str, str]) -> Tenancy:
    """Let a tenant graduate as of today; ``grounds`` are the evidence by ground (a to d), empty where there is none.

    What the facts say of each is kept beside it, and stops nothing.
    Raises Refused: ground_needed (a), not_permitted, not_in_incubating.
    """
    said = {ground: text.strip() for ground, text in grounds.items() if text.strip() and ground in Ground.values}
    if not said:
        raise Refused("ground_needed", _("Name at least one ground and what shows it."), field="a")
    day = last_day_of(tenancy)
    row = move_tenancy(tenancy=tenancy, verb="graduate", actor=actor, written={"ended_on": day})
    GraduationGround.objects.bulk_create(
        GraduationGround(tenancy=row, ground=ground, evidence=text, finding=check_ground(row, ground, day))
        for ground, text in said.items()
    )
    write_handover_list(row)
    return row


@transaction.atomic
def end_tenancy(*, tenancy: Tenancy, actor: Actor, cause: EndCause | str, reason: str) -> Tenancy:
    """End a tenancy as of today, for a cause and a reason that the tenant reads.

    Raises Refused: not_permitted, not_in_incubating, reason_needed (reason).
    """
    written = {"ended_on": last_day_of(tenancy), "end_cause": cause, "end_reason": reason.strip()}
    row = move_tenancy(tenancy=tenancy, verb="end", actor=actor, written=written, reason=reason)
    write_handover_list(row)
    return row
