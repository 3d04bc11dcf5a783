"""What a space offers (1.2.9) and in what it is new (六新, 2.1.11): the operator's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.spaces.domain.locks import lock_own_space
from chuangbao.spaces.models import NewTagEvidence, Offer

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = ["drop_offer", "keep_new_tags", "keep_offer"]

WHY = "of a space that the caller may change"
MOST = 100


@transaction.atomic
def keep_offer(*, space: Space, actor: Actor, kind: str, name: str, **said: Any) -> Offer:
    """Add something that a space offers, or change what is said of it: its kind and name say which one is meant.

    ``said`` holds description, price and is_online. Raises Refused: ended, name_needed (name), too_many.
    """
    row = lock_own_space(space, actor)
    if not name.strip():
        raise Refused("name_needed", _("Please fill this in."), field="name")
    others = unscoped(Offer, because=WHY).filter(space=row).exclude(kind=kind, name=name.strip())
    if others.count() >= MOST:
        raise Refused("too_many", _("A space lists a hundred offers at most. Take one out first."))
    written = {"description": "", "price": "", "is_online": False, **said}
    rows = unscoped(Offer, because=WHY)
    made, _new = rows.update_or_create(space=row, kind=kind, name=name.strip(), defaults=written)
    record(actor, "space.offer", row, data={"kind": kind})
    return made


@transaction.atomic
def drop_offer(*, offer: Offer, actor: Actor) -> None:
    """Take an offer out of the catalogue; one that is gone already is no fault. Raises Refused: ended."""
    row = lock_own_space(offer.space, actor)
    unscoped(Offer, because=WHY).filter(pk=offer.pk).delete()
    record(actor, "space.offer", row, data={"kind": offer.kind, "dropped": True})


@transaction.atomic
def keep_new_tags(*, space: Space, actor: Actor, **evidence: str) -> None:
    """Keep what shows each of the six new things; one without evidence is not claimed. Raises Refused: ended."""
    row = lock_own_space(space, actor)
    said = {tag: text.strip() for tag, text in evidence.items() if text.strip()}
    unscoped(NewTagEvidence, because=WHY).filter(space=row).delete()
    NewTagEvidence.objects.bulk_create(NewTagEvidence(space=row, tag=tag, evidence=text) for tag, text in said.items())
    record(actor, "space.new_tag", row, data={"tags": sorted(said)})
