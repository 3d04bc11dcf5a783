"""The sites of a space: where they are, and areas by use that add up (I01 = I02 + I03 + I04 + I05)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.outlines import find_county, lies_within
from chuangbao.core.engine.regions import local_places, region_name
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.spaces.domain.dependants import DEPENDANTS, tell_concerned
from chuangbao.spaces.domain.locks import lock_own_space
from chuangbao.spaces.domain.venues import follow_site
from chuangbao.spaces.models import Site
from chuangbao.spaces.models.sites import AREAS, PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space
from chuangbao.spaces.permissions import may_end_space

__all__ = ["SITE_FIELDS", "add_site", "check_areas", "end_site", "sites_in_use", "update_site", "write_site"]

SITE_FIELDS = ("name", "region", "address", "latitude", "longitude", "route", *AREAS)
"""What an operator writes of a site."""


@transaction.atomic
def add_site(*, space: Space, actor: Actor, **values: Any) -> Site:
    """Add a site to a space. Raises Refused: ended, and what ``write_site`` refuses."""
    row = lock_own_space(space, actor)
    site = write_site(Site(space=row, region_id=row.region_id, is_main=not sites_in_use(row).exists()), values)
    for part in DEPENDANTS.values():
        if part.take_site is not None:
            part.take_site(row)
    record(actor, "space.site", row, data={"site": site.pk})
    return site


@transaction.atomic
def update_site(*, site: Site, actor: Actor, seen: int, **values: Any) -> Site:
    """Change a site; ``seen`` is the revision that the operator had before them. Followers hear of a move.

    Raises Refused: ended, changed, and what ``write_site`` refuses.
    """
    space = lock_own_space(site.space, actor)
    row = lock_row(site)
    if row.revision != seen or row.until is not None:
        raise Refused("changed", _("A colleague changed this entry after you opened the page. Look at it again."))
    before = row.address
    write_site(row, values)
    record(actor, "space.site_change", space, data={"site": row.pk})
    if row.is_main and row.address != before:
        tell_concerned(space, "space.move", actor=actor, address=row.address)
    return row


@transaction.atomic
def end_site(*, site: Site, actor: Actor) -> Site:
    """Give a site up as of today; where it was the main one, the oldest of the others becomes it.

    Raises Refused: ended, last_site.
    """
    space = lock_own_space(site.space, actor)
    permit(may_end_space, actor=actor, row=space)  # it calls off what is booked there
    row = lock_row(site)
    others = sites_in_use(space).exclude(pk=row.pk).order_by("pk")
    if row.until is not None or not others.exists():
        raise Refused("last_site", _("This is the only site. Add the new one first, or close the space."))
    row.until, was_main, row.is_main = max(row.since, timezone.localdate()), row.is_main, False
    row.revision += 1
    row.save(update_fields=["until", "is_main", "revision"])
    follow_site(row)
    record(actor, "space.site_end", space, data={"site": row.pk})
    if was_main:
        heir = others[0]
        heir.is_main = True
        heir.save(update_fields=["is_main"])
        tell_concerned(space, "space.move", actor=actor, address=heir.address)
    return row


def sites_in_use(space: Space) -> QuerySet[Site]:
    """Return the sites that a space uses now."""
    return unscoped(Site, because="of a space that the caller may change").filter(space=space, until=None)


def write_site(row: Site, values: Mapping[str, Any]) -> Site:
    """Keep what an operator wrote of a site.

    Raises Refused: address_needed (address), no_place (region), half_a_point (longitude), point_outside (latitude),
    and those of ``check_areas``.
    """
    given = {name: values[name] for name in SITE_FIELDS if name in values}
    region = given.pop("region", "") or row.region_id
    for name, value in given.items():
        setattr(row, name, value)
    row.region_id = region
    if not row.address.strip():
        raise Refused("address_needed", _("Please fill this in."), field="address")
    if region not in {unit.code for unit in local_places()}:
        raise Refused("no_place", _("Choose the place where the site is."), field="region")
    if (row.latitude is None) != (row.longitude is None):
        raise Refused("half_a_point", _("A point on the map has a latitude and a longitude."), field="longitude")
    refuse_far_point(row)
    check_areas({name: getattr(row, name) for name in AREAS})
    row.revision += 1
    row.save()
    follow_site(row)
    return row


def refuse_far_point(row: Site) -> None:
    """Let a site through whose point is unknown or is in its region. Raises Refused: point_outside (latitude)."""
    if row.latitude is None or row.longitude is None:
        return
    north, east = float(row.latitude), float(row.longitude)
    if lies_within(row.region_id, north=north, east=east):
        return
    there = find_county(north=north, east=east)
    message = _("This point lies in %(there)s, and the site in %(here)s. Correct the point or the region.")
    if not there:
        message = _("This point lies in no county of the province. Look at both numbers, or choose it on the map.")
    words = {"here": region_name(row.region_id), "there": region_name(there)}
    raise Refused("point_outside", message % words, field="latitude")


def check_areas(areas: Mapping[str, Decimal | None]) -> None:
    """Let areas through that are all unknown, or all known and add up (I01 = I02 + I03 + I04 + I05).

    Raises Refused: area_needed (the first that is missing), area_negative (the first), areas_differ (total_area).
    """
    known = {name: value for name in AREAS if (value := areas[name]) is not None}
    if not known:
        return
    if missing := [name for name in AREAS if name not in known]:
        message = _("Fill in all five areas, 0 where there is none, or leave all five empty.")
        raise Refused("area_needed", message, field=missing[0])
    if negative := [name for name in AREAS if known[name] < 0]:
        raise Refused("area_negative", _("An area is 0 or more."), field=negative[0])
    parts = sum((known[name] for name in PARTS), Decimal(0))
    if parts != known["total_area"]:
        message = _("The four parts make %(parts)s m², and this says %(total)s m². They must be the same.")
        words = {"parts": f"{parts.normalize():f}", "total": f"{known['total_area'].normalize():f}"}
        raise Refused("areas_differ", message % words, field="total_area")
