"""One of everything of tenants, for the table of permissions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

import factories
from chuangbao.tenants.domain.agreements import offer_agreement
from chuangbao.tenants.domain.ending import leave_space
from chuangbao.tenants.domain.placing import add_cohort
from chuangbao.tenants.domain.support import add_milestone, log_service
from chuangbao.tenants.domain.talks import arrange_talk
from chuangbao.tenants.models import Agreement
from tenants.scene import admit, apply_as, begin, host_and_space, make_space

if TYPE_CHECKING:
    from chuangbao.accounts.models import Person
    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space
    from chuangbao.tenants.models import Handover
    from permissions.world import World


def make_rows(world: World) -> dict[str, Any]:
    """A team that wants a place in a space of the owner, and a place that the owner's firm wants elsewhere."""
    owner = world.actors["owner"]
    space = make_space(owner, name="演示·孵化空间")
    hosted = apply_as(factories.founder(), space)
    talk = arrange_talk(tenancy=hosted, actor=owner, at=timezone.now() + timedelta(days=3), place="演示路1号")
    _host, other = host_and_space("演示·另一空间")
    begun = begin(factories.founder(), space, owner, team_name="演示·在孵团队")
    signing = admit(apply_as(factories.founder(), space, team_name="演示·待签团队"), owner)
    today = timezone.localdate()
    return {
        "home": space,
        "cohort": add_cohort(space=space, actor=owner, name="演示·批次"),
        "hosted": hosted,
        "talk": talk,
        "placed": apply_as(owner, other),
        "agreement": offer_agreement(tenancy=signing, actor=owner, starts_on=today, term_ends_on=today),
        "service": log_service(tenancy=begun, actor=owner, kind="policy", given_on=today, provider="演示"),
        "handover": leave_one(owner, space),
        "milestone": add_milestone(tenancy=begun, actor=owner, kind="income", title="演示"),
    }


def leave_one(owner: Actor, space: Space) -> Handover:
    """A line of the hand-over list of a team that has left."""
    founder = factories.founder()
    row = begin(founder, space, owner, team_name="演示·离开团队")
    return leave_space(tenancy=row, actor=founder).handovers.first()


def leave_rows(person: Person) -> None:
    """A team that the person leads, with a talk that they arranged and an agreement that they offered."""
    host, space = host_and_space()
    row = apply_as(factories.as_self(person), space, phone="13900000000")
    talk = arrange_talk(tenancy=row, actor=host, at=timezone.now() + timedelta(days=3), place="演示路1号")
    type(talk)._base_manager.filter(pk=talk.pk).update(arranged_by=person)
    row, today = admit(row, host), timezone.localdate()
    made = offer_agreement(tenancy=row, actor=host, starts_on=today, term_ends_on=today)
    Agreement._base_manager.filter(pk=made.pk).update(offered_by=person)


ROLES = {"watcher": lambda: factories.officer("spaces")}
SAMPLES: dict[str, Any] = {
    **{
        f"tenants:{name}": lambda w: {"pk": w.rows["hosted"].pk}
        for name in ("tenancy", "arrange", "admit", "decline", "place", "offer", "log", "milestone_add")
    },
    **{
        f"tenants:{name}": lambda w: {"pk": w.rows["agreement"].pk}
        for name in ("agreement", "agreement_pdf", "sign", "void")
    },
    "tenants:service_move": lambda w: {"pk": w.rows["service"].pk, "verb": "withdraw"},
    **{f"tenants:{name}": lambda w: {"pk": w.rows["hosted"].pk} for name in ("graduate", "end")},
    **{f"tenants:{name}": lambda w: {"pk": w.rows["placed"].pk} for name in ("leave", "found", "card", "data")},
    "tenants:tick": lambda w: {"pk": w.rows["handover"].pk},
    "tenants:reach": lambda w: {"pk": w.rows["milestone"].pk},
    "tenants:note": lambda w: {"pk": w.rows["hosted"].pk, "talk": w.rows["talk"].pk},
    "tenants:enter": lambda w: {"pk": w.rows["home"].pk},
    **{
        f"tenants:{name}": lambda w: {"pk": w.rows["home"].pk, "cohort": w.rows["cohort"].pk}
        for name in ("cohort", "cohort_drop")
    },
    "tenants:cohorts": lambda w: {"pk": w.rows["home"].pk},
    **{f"tenants:{name}": lambda w: {"pk": w.rows["placed"].pk} for name in ("own", "withdraw", "confirm", "refuse")},
}
OPEN = {"tenants:apply": lambda w: {"pk": w.rows["home"].pk}}
