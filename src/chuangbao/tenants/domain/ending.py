"""The end of a tenancy: graduation (毕业), leaving by own decision at once (退出自由, 1.2.8), the end of the term."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from chuangbao.core.localization.formatting import day_words
from chuangbao.tenants.domain.moving import move_tenancy
from chuangbao.tenants.domain.telling import tell_host

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.enums import EndCause
    from chuangbao.tenants.models import Tenancy

__all__ = ["end_tenancy", "graduate_tenant", "leave_space"]


def leave_space(*, tenancy: Tenancy, actor: Actor, reason: str = "") -> Tenancy:
    """Leave as of today; nobody is asked. Raises Refused: not_permitted, not_in_incubating."""
    today = timezone.localdate()
    written = {"ended_on": today, "end_reason": reason.strip()}
    return move_tenancy(
        tenancy=tenancy,
        verb="leave",
        actor=actor,
        written=written,
        reason=reason,
        tells=tell_host,
        day=day_words(today),
    )


def graduate_tenant(*, tenancy: Tenancy, actor: Actor) -> Tenancy:
    """Let a tenant graduate as of today. Raises Refused: not_permitted, not_in_incubating."""
    written = {"ended_on": timezone.localdate()}
    return move_tenancy(tenancy=tenancy, verb="graduate", actor=actor, written=written)


def end_tenancy(*, tenancy: Tenancy, actor: Actor, cause: EndCause, reason: str) -> Tenancy:
    """End a tenancy as of today, for a cause and a reason that the tenant reads.

    Raises Refused: not_permitted, not_in_incubating, reason_needed (reason).
    """
    written = {"ended_on": timezone.localdate(), "end_cause": cause, "end_reason": reason.strip()}
    return move_tenancy(tenancy=tenancy, verb="end", actor=actor, written=written, reason=reason)
