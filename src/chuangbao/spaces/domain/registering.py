"""Registering a space (登记) and keeping what the register says of it: at once, with no permission before (1.2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.models import Organisation
from chuangbao.accounts.states import Standing
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.regions import local_places
from chuangbao.core.messaging.notifications import tell
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.domain.words import sounds
from chuangbao.spaces.domain.dependants import list_officers
from chuangbao.spaces.domain.locks import lock_own_space
from chuangbao.spaces.domain.sites import sites_in_use, write_site
from chuangbao.spaces.domain.venues import follow_site
from chuangbao.spaces.enums import ChainStage, SpaceKind, SpaceStage
from chuangbao.spaces.models import Operatorship, Site, Space
from chuangbao.spaces.permissions import may_register_space

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["FIELDS", "follow_chain", "refuse_taken_name", "register_space", "update_space"]

FIELDS = (
    "name",
    "kind",
    "chain",
    "industry",
    "region",
    "opened_on",
    "introduction",
    "phone",
    "email",
    "website",
    "hours",
)
"""What an operator writes of a space."""
WHY = "spaces of one organisation, or under lock before the permission is asked"
UNVERIFIED_MOST = 5
"""How many spaces an organisation may run before it is verified."""
CHAIN = {
    SpaceKind.NURSERY: ChainStage.NURSERY,
    SpaceKind.INCUBATOR: ChainStage.INCUBATOR,
    SpaceKind.PROFESSIONAL: ChainStage.INCUBATOR,
    SpaceKind.PARK: ChainStage.INCUBATOR,
    SpaceKind.ACCELERATOR: ChainStage.ACCELERATOR,
}


def follow_chain(kind: str, chain: str = "") -> str:
    """Return the stage in the chain 苗圃—孵化器—加速器: what was said, else that of the kind where it has one."""
    return chain or str(CHAIN.get(SpaceKind(kind), ""))


@transaction.atomic
def register_space(*, actor: Actor, name: str, kind: str, region: str, site: dict[str, Any], **values: Any) -> Space:
    """Register a space of the organisation that the actor acts for, with its first site; it is public at once.

    ``site`` holds ``address`` and what else is known of it. Raises Refused: no_place (region), too_many,
    name_taken (name), and what ``write_site`` refuses.
    """
    permit(may_register_space, actor=actor)
    operator = lock_operator(actor.organisation_id or 0)
    refuse_many(operator)
    row = Space(operator=operator, is_demo=operator.is_demo)
    write_space(row, {"name": name, "kind": kind, "region": region, **values})
    today = timezone.localdate()
    Operatorship.objects.create(space=row, organisation=operator, since=today)
    write_site(Site(space=row, is_main=True, region_id=region), site)
    record(actor, "space.register", row, data={"kind": kind})
    data = {"name": row.name, "operator": operator.name}
    tell("space.registered", to=list_officers(region) - {actor.person}, data=data, url=f"/spaces/{row.pk}/")
    return row


def refuse_many(operator: Organisation) -> None:
    """Let an operator through, locked by the caller, that is verified or runs few spaces. Raises Refused: too_many."""
    own = unscoped(Space, because=WHY).filter(operator=operator, stage=SpaceStage.OPEN)
    if operator.stage != Standing.VERIFIED and own.count() >= UNVERIFIED_MOST:
        message = _("Your organisation is not verified yet, and runs %(count)d spaces. Have it verified first.")
        raise Refused("too_many", message % {"count": UNVERIFIED_MOST})


def lock_operator(organisation: int) -> Organisation:
    """Return an operator, locked, so that two acts that give it a space wait for each other."""
    rows = unscoped(Organisation, because="whose spaces are counted")
    return rows.select_for_update().get(pk=organisation)


@transaction.atomic
def update_space(*, space: Space, actor: Actor, seen: int, **values: Any) -> Space:
    """Change what the register says of a space; ``seen`` is the revision that the operator had before them.

    Raises Refused: changed, ended, no_place (region), name_taken (name).
    """
    row = lock_own_space(space, actor)
    if row.revision != seen:
        raise Refused("changed", _("A colleague changed this entry after you opened the page. Look at it again."))
    given = {name: values[name] for name in FIELDS if name in values}
    before = {name: getattr(row, "region_id" if name == "region" else name) for name in given}
    write_space(row, given)
    changed = sorted(name for name, value in given.items() if value != before[name])
    record(actor, "space.change", row, data={"fields": changed})
    if "name" in changed:
        for site in sites_in_use(row).select_related("space", "venue"):
            follow_site(site)
    return row


def write_space(row: Space, values: dict[str, Any]) -> None:
    """Keep what an operator wrote of a space. Raises Refused: no_place (region), name_taken (name)."""
    given = dict(values)
    region = given.pop("region", row.region_id)
    if region not in {unit.code for unit in local_places()}:
        raise Refused("no_place", _("Choose the place where the space is."), field="region")
    for name, value in given.items():
        setattr(row, name, value)
    row.region_id = region
    row.chain = follow_chain(row.kind, row.chain)
    row.sounds = sounds(row.name)
    refuse_taken_name(row, row.operator_id)
    row.revision += 1
    row.save()


def refuse_taken_name(space: Space, operator: int) -> None:
    """Let a name through that no other running space of an operator has. Raises Refused: name_taken (name)."""
    others = unscoped(Space, because=WHY).filter(operator=operator, name=space.name, stage=SpaceStage.OPEN)
    if others.exclude(pk=space.pk).exists():
        raise Refused("name_taken", _("The organisation runs a space of this name already."), field="name")
