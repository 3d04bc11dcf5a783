"""A space with its operator, and tenants at every stage."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

import factories
from chuangbao.core.access.row_access import unscoped
from chuangbao.tenants.domain.applying import apply_for_place
from chuangbao.tenants.domain.deciding import admit_tenant
from chuangbao.tenants.domain.moving import move_tenancy
from chuangbao.tenants.models import Tenancy
from spaces.samples import make_space

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = ["admit", "all_tenancies", "apply_as", "begin", "make_space"]


def all_tenancies() -> Any:
    """Every tenancy."""
    return unscoped(Tenancy, because="a test")


def apply_as(actor: Actor, space: Space, **given: Any) -> Tenancy:
    """An application of a firm, or of a team where the actor is a person alone."""
    team = {"team_name": "演示团队"} if actor.organisation_id is None else {}
    return apply_for_place(space=space, actor=actor, project="做一款软件", **{**team, **given})


def admit(tenancy: Tenancy, host: Actor) -> Tenancy:
    """The operator admits it."""
    return admit_tenant(tenancy=tenancy, actor=host)


def begin(actor: Actor, space: Space, host: Actor, *, since: date | None = None, **given: Any) -> Tenancy:
    """A tenant that is incubating since a day, today where none is given, for two years."""
    row = admit(apply_as(actor, space, **given), host)
    day = since or timezone.localdate()
    written = {"starts_on": day, "term_ends_on": day + timedelta(days=730)}
    if row.is_firm:
        written["firm_since"] = day
    return move_tenancy(tenancy=row, verb="begin", actor=host, written=written)


def host_and_space(name: str = "演示·孵化空间") -> tuple[Actor, Space]:
    """An operator and its space."""
    host = factories.member(factories.organisation(kind="space"))
    return host, make_space(host, name=name)
