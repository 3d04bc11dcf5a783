"""Where a tenant sits and with whom it entered: desks, area, cohort (工位、面积、批次)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.spaces.domain.locks import lock_own_space
from chuangbao.tenants.models import Cohort, Tenancy
from chuangbao.tenants.permissions import may_keep_tenancy

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = ["add_cohort", "change_cohort", "drop_cohort", "place_tenant"]


@transaction.atomic
def place_tenant(*, tenancy: Tenancy, actor: Actor, seen: int, is_virtual: bool, **place: Any) -> Tenancy:
    """Keep where a tenant sits; ``place`` holds desks, area in m², cohort and industry, ``seen`` the revision shown.

    Raises Forbidden; Refused: gone, ended, changed, no_room (is_virtual), other_cohort (cohort).
    """
    row = lock_row(tenancy)
    permit(may_keep_tenancy, actor=actor, row=row)
    if not row.is_open:
        raise Refused("ended", _("This tenancy has ended. It cannot be changed any more."))
    if row.revision != seen:
        raise Refused("changed", _("A colleague changed this after you opened the page. Look at it again."))
    desks, area, cohort = (place.get(name) for name in ("desks", "area", "cohort"))
    if is_virtual and (desks or area):
        message = _("A virtual tenant has no desk and no area. Empty both, or take the mark away.")
        raise Refused("no_room", message, field="is_virtual")
    if cohort is not None:
        cohort = lock_row(cohort)  # a colleague may be removing it
    if cohort is not None and cohort.space_id != row.space_id:
        raise Refused("other_cohort", _("Choose a cohort of this space."), field="cohort")
    row.is_virtual, row.cohort, row.industry = is_virtual, cohort, place.get("industry", "")
    row.desks, row.area = (None, None) if is_virtual else (desks, area)
    row.revision += 1
    row.save(update_fields=["is_virtual", "desks", "area", "cohort", "industry", "revision"])
    record(actor, "tenancy.place", row, data={"virtual": is_virtual, "desks": desks})
    return row


@transaction.atomic
def add_cohort(
    *, space: Space, actor: Actor, name: str, starts_on: date | None = None, ends_on: date | None = None
) -> Cohort:
    """Add a cohort to a space. Raises Forbidden; Refused: ended, order (ends_on), name_taken (name)."""
    row = Cohort(space=lock_own_space(space, actor))
    return write_cohort(row, actor, name=name, starts_on=starts_on, ends_on=ends_on)


@transaction.atomic
def change_cohort(
    *, cohort: Cohort, actor: Actor, name: str, starts_on: date | None = None, ends_on: date | None = None
) -> Cohort:
    """Change name and days of a cohort. Raises Forbidden; Refused: gone, ended, order (ends_on), name_taken (name)."""
    lock_own_space(cohort.space, actor)
    return write_cohort(lock_row(cohort), actor, name=name, starts_on=starts_on, ends_on=ends_on)


@transaction.atomic
def drop_cohort(*, cohort: Cohort, actor: Actor) -> None:
    """Remove a cohort that no tenant ever was in. Raises Forbidden; Refused: gone, ended, has_tenants."""
    lock_own_space(cohort.space, actor)
    row = lock_row(cohort)
    if unscoped(Tenancy, because="of a cohort that its operator removes").filter(cohort=row).exists():
        raise Refused("has_tenants", _("Tenants are in it. Put them into another cohort first."))
    record(actor, "cohort.drop", row.space, data={"cohort": row.name})
    row.delete()


def write_cohort(row: Cohort, actor: Actor, *, name: str, starts_on: date | None, ends_on: date | None) -> Cohort:
    """Keep what was said of a cohort; the space is locked by the caller. Raises Refused: order, name_taken."""
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused("order", _("The last day is before the first."), field="ends_on")
    row.name, row.starts_on, row.ends_on = name.strip(), starts_on, ends_on
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as clash:
        raise Refused("name_taken", _("This space has a cohort of this name already."), field="name") from clash
    record(actor, "cohort.keep", row)
    return row
