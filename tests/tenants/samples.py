"""One of everything of tenants, for the table of permissions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

import factories
from chuangbao.tenants.domain.talks import arrange_talk
from tenants.scene import apply_as, host_and_space, make_space

if TYPE_CHECKING:
    from chuangbao.accounts.models import Person
    from permissions.world import World


def make_rows(world: World) -> dict[str, Any]:
    """A team that wants a place in a space of the owner, and a place that the owner's firm wants elsewhere."""
    owner = world.actors["owner"]
    space = make_space(owner, name="演示·孵化空间")
    hosted = apply_as(factories.founder(), space)
    talk = arrange_talk(tenancy=hosted, actor=owner, at=timezone.now() + timedelta(days=3), place="演示路1号")
    _host, other = host_and_space("演示·另一空间")
    return {"home": space, "hosted": hosted, "talk": talk, "placed": apply_as(owner, other)}


def leave_rows(person: Person) -> None:
    """An application of a team that the person leads."""
    host, space = host_and_space()
    row = apply_as(factories.as_self(person), space, phone="13900000000")
    talk = arrange_talk(tenancy=row, actor=host, at=timezone.now() + timedelta(days=3), place="演示路1号")
    type(talk)._base_manager.filter(pk=talk.pk).update(arranged_by=person)


SAMPLES: dict[str, Any] = {
    **{
        f"tenants:{name}": lambda w: {"pk": w.rows["hosted"].pk}
        for name in ("tenancy", "arrange", "admit", "decline", "place")
    },
    "tenants:note": lambda w: {"pk": w.rows["hosted"].pk, "talk": w.rows["talk"].pk},
    "tenants:cohorts": lambda w: {"pk": w.rows["home"].pk},
    **{f"tenants:{name}": lambda w: {"pk": w.rows["placed"].pk} for name in ("own", "withdraw")},
}
OPEN = {"tenants:apply": lambda w: {"pk": w.rows["home"].pk}}
