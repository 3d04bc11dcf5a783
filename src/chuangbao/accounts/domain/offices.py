"""Keeping the directory of offices (办事机构目录): what the pack knows to begin with, then what officers say.

A change counts as a confirmation of the day: who writes an entry says that it is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.models import Office, Organisation, OrganisationKind
from chuangbao.accounts.permissions import may_keep_office
from chuangbao.accounts.states import OfficeStage, refuse_unreachable
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import local_places
from chuangbao.core.models import Region
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["FIELDS", "add_office", "change_office", "load_offices", "move_office"]

FIELDS = (
    "name",
    "name_en",
    "does",
    "address",
    "latitude",
    "longitude",
    "hours",
    "phone",
    "online",
    "online_address",
)
"""What an officer writes."""
BY_PACK = ("does", "online")
"""What only the pack says in English."""
SEEDED = ("name", "name_en", "does", "does_en", "online", "online_en", "agency")


@transaction.atomic
def add_office(*, actor: Actor, region: str, department: str, **values: Any) -> Office:
    """Add an office that the directory lacks; it counts as confirmed today.

    Raises Refused: outside (region), no_department (department), empty, half_a_point (longitude).
    """
    made = Office(region_id=region, department=department)
    permit(may_keep_office, actor=actor)
    if not actor.covers(region) or not Region.objects.filter(pk=region).exists():
        raise Refused("outside", _("This place is outside your area. Choose one within it."), field="region")
    listed = current_pack().codes.get("department")
    if listed is None or department not in listed.by_code:
        raise Refused(
            "no_department", _("The pack has no such department. Choose one of the list."), field="department"
        )
    made.agency = agencies().get((region, department))
    write_entry(made, actor, values)
    record(actor, "office.add", made, data={"department": department})
    return made


@transaction.atomic
def change_office(*, office: Office, actor: Actor, seen: int, **values: Any) -> Office:
    """Change what an entry says; ``seen`` is the revision that the officer had before them.

    Raises Refused: changed, closed, empty, half_a_point (longitude).
    """
    row = lock_row(office)
    permit(may_keep_office, actor=actor, row=row)
    if row.stage == OfficeStage.CLOSED:
        raise Refused("closed", _("This office is no longer there. Say first that it is there again."))
    if row.revision != seen:
        raise Refused("changed", _("A colleague changed this entry after you opened the page. Look at it again."))
    changed = sorted(name for name in FIELDS if name in values and values[name] != getattr(row, name))
    write_entry(row, actor, values)
    record(actor, "office.change", row, data={"fields": changed})
    return row


def write_entry(row: Office, actor: Actor, values: Mapping[str, Any]) -> None:
    """Keep what an officer wrote, confirmed as of today. Raises Refused: empty, half_a_point (longitude)."""
    for name in FIELDS:
        if name in values:
            if name in BY_PACK and getattr(row, name) != values[name]:
                setattr(row, f"{name}_en", "")  # what the pack said in English was of other words
            setattr(row, name, values[name])
    if (row.latitude is None) != (row.longitude is None):
        raise Refused("half_a_point", _("A point on the map has a latitude and a longitude."), field="longitude")
    refuse_unreachable(row, actor, {})
    row.stage, row.confirmed_on, row.confirmed_by_id = OfficeStage.CONFIRMED, timezone.localdate(), actor.person_id
    row.revision += 1
    row.save()


@transaction.atomic
def move_office(*, office: Office, verb: str, actor: Actor, reason: str = "") -> Office:
    """Confirm an entry as of today, close it, or bring it back. Raises Refused as ``transition`` does, and empty."""
    row = lock_row(office)
    if verb == "confirm":
        row.confirmed_on, row.confirmed_by_id = timezone.localdate(), actor.person_id
    elif verb == "reopen":
        row.confirmed_on = row.confirmed_by_id = None
    row.revision += 1
    row.save(update_fields=["confirmed_on", "confirmed_by", "revision"])  # gone again where the move is refused
    return transition(row, verb, actor=actor, reason=reason.strip())


# ---- what the pack knows to begin with


def load_offices() -> int:
    """Write the offices of the pack, and bring those up to date that no officer has touched; how many it names."""
    named, seeds = agencies(), list(seeds_of_pack())
    known = {row.seed: row for row in Office.objects.filter(seed__isnull=False)}
    fresh, older = [], []
    for seed in seeds:
        seed.agency = named.get((seed.region_id, seed.department))
        row = known.get(seed.seed)
        if row is None:
            fresh.append(seed)
        elif not row.revision and any(getattr(row, name) != getattr(seed, name) for name in SEEDED):
            for name in SEEDED:
                setattr(row, name, getattr(seed, name))
            older.append(row)
    Office.objects.bulk_create(fresh, ignore_conflicts=True)
    Office.objects.bulk_update(older, SEEDED)
    return len(seeds)


def seeds_of_pack() -> Iterator[Office]:
    """Return an entry for each kind of office in each place, by the name that a document gives where one does."""
    offices = current_pack().offices
    if offices is None:
        return
    named = {(row.region, row.department): row.label for row in offices.named}
    for place in local_places():
        for kind in offices.kinds:
            if place.level in kind.levels:
                label = named.get((place.code, kind.department)) or kind.name_at(place.name)
                yield Office(
                    region_id=place.code,
                    department=kind.department,
                    seed=f"{place.code}:{kind.department}",
                    name=label.zh,
                    name_en=label.en,
                    does=kind.does.zh,
                    does_en=kind.does.en,
                    online=kind.online.zh,
                    online_en=kind.online.en,
                )


def agencies() -> dict[tuple[str, str], Organisation]:
    """Return the agencies of this installation by place and department; none of the demonstration."""
    rows = unscoped(Organisation, because="agencies are public").filter(kind=OrganisationKind.AGENCY, is_demo=False)
    return {(row.region_id, row.department): row for row in rows.exclude(department="").order_by("-pk")}
