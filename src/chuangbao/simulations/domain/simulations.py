"""The verbs of simulations (政策模拟): begin, change, put a variant in or take it out, copy, the example."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.workflow.refusals import Refused
from chuangbao.rules.variants import Wanted, altered
from chuangbao.simulations.models import MOST_VARIANTS, Simulation, SimulationVariant
from chuangbao.simulations.permissions import may_change_simulation, may_simulate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from chuangbao.core.access.actors import Actor
    from chuangbao.rules.model import Measure, Version

__all__ = [
    "begin_ceiling_example", "begin_simulation", "change_simulation", "copy_simulation", "default_day", "drop_variant",
    "named_version", "put_variant",
]  # fmt: skip

CEILING = "2.6.3-small-profit"
HISTORY = (  # version, its ceiling where it is not the version's own, the day
    ("CIT-SLP-2015A", "", date(2015, 6, 30)),
    ("CIT-SLP-2015A", "300000", date(2016, 6, 30)),
    ("CIT-SLP-2017", "", date(2017, 6, 30)),
    ("CIT-SLP-2018", "", date(2018, 6, 30)),
    ("CIT-SLP-2019", "", date(2019, 6, 30)),
)


def named_version(measure: str, version: str) -> tuple[Measure, Version]:
    """The version of a measure by their ids, as published today. Raises Refused(no_version)."""
    found = current_pack().versions.get(version)
    if found is None or found[0].id != measure:
        raise Refused("no_version", _("The library has no such version of this measure any more."), field="version")
    return found


def default_day(version: Version, today: date) -> date:
    """Today where the version is in force, else its own nearest day."""
    day = max(today, version.valid_from) if version.valid_from else today
    return min(day, version.valid_to) if version.valid_to else day


@transaction.atomic
def begin_simulation(*, measure: str, version: str, title: str, day: date, actor: Actor) -> Simulation:
    """Begin one about a published version."""
    permit(may_simulate, actor=actor)
    named_version(measure, version)
    row = Simulation.objects.create(
        title=title, measure=measure, version=version, day=day, author_id=actor.person, region_id=actor.region,
        department=actor.department,
    )  # fmt: skip
    record(actor, "begin", row, data={"measure": measure, "version": version})
    return row


@transaction.atomic
def change_simulation(
    *, simulation: Simulation, title: str, day: date, budget: Decimal | None, turn: str, actor: Actor
) -> Simulation:
    """Another name, day or budget."""
    row = changeable(simulation, actor)
    row.title, row.day, row.budget, row.turn = title, day, budget, turn
    return discard_result(row, actor)


@transaction.atomic
def put_variant(  # noqa: PLR0913 - the parts of a variant
    *,
    simulation: Simulation,
    number: int | None,
    name: str,
    version: str,
    day: date | None,
    changes: Mapping[str, Any],
    actor: Actor,
) -> SimulationVariant:
    """Add a variant, or change the one with this number. Raises Refused where it does not hold together."""
    row = changeable(simulation, actor)
    read_variant(row.measure, version, changes, day or row.day)
    taken = set(row.variants.values_list("number", flat=True))
    place = number or next((n for n in range(1, MOST_VARIANTS + 1) if n not in taken), 0)
    if not place:
        raise Refused("four_already", _("A simulation compares four variants at most. Take one out first."))
    variant, _new = row.variants.update_or_create(
        number=place,
        defaults={"name": name, "version": version, "day": day, "changes": Wanted.of(changes).kept()},
    )
    discard_result(row, actor)
    return variant


def read_variant(measure: str, version: str, changes: Mapping[str, Any], day: date) -> Measure:
    """The measure with one version, changed. Raises Refused, or VariantError by place."""
    base, found = named_version(measure, version)
    made = altered(current_pack(), base, found, Wanted.of(changes), day)
    new = made.versions[0]
    if new.valid_from and new.valid_to and new.valid_to < new.valid_from:
        raise Refused("ends_before", _("It would end before it begins."), field="valid_to")
    return made


@transaction.atomic
def drop_variant(*, simulation: Simulation, number: int, actor: Actor) -> Simulation:
    """Take a variant out; nothing where there is none."""
    row = changeable(simulation, actor)
    row.variants.filter(number=number).delete()
    return discard_result(row, actor)


@transaction.atomic
def copy_simulation(*, simulation: Simulation, actor: Actor) -> Simulation:
    """Copy a colleague's simulation, to go on from what they have done."""
    permit(may_simulate, actor=actor)
    title = (_("Copy of %s") % simulation.title)[:120]
    row = begin_simulation(
        measure=simulation.measure, version=simulation.version, title=title, day=simulation.day, actor=actor
    )
    row.budget, row.turn = simulation.budget, simulation.turn
    row.save(update_fields=["budget", "turn"])
    for v in simulation.variants.order_by("number"):
        row.variants.create(number=v.number, name=v.name, version=v.version, day=v.day, changes=v.changes)
    return row


@transaction.atomic
def begin_ceiling_example(*, actor: Actor) -> Simulation:
    """The ceiling of small low-profit enterprises along its real history, from 200 000 yuan to 3 million."""
    (base, _own, day), *steps = HISTORY
    title = _("The ceiling of small low-profit enterprises, from 200 000 yuan to 3 million")
    row = begin_simulation(measure=CEILING, version=base, title=title, day=day, actor=actor)
    for number, (version, ceiling, own_day) in enumerate(steps, 1):
        changes = {"parameters": {"income_ceiling": {"": ceiling}}} if ceiling else {}
        made = read_variant(CEILING, version, changes, own_day)
        name = ceiling_words(made.versions[0], own_day)
        put_variant(
            simulation=row, number=number, name=name, version=version, day=own_day, changes=changes, actor=actor
        )
    return row


def ceiling_words(version: Version, day: date) -> str:
    """A step of the history: the year and its ceiling."""
    ceiling = version.parameters["income_ceiling"].values[-1].value
    return _("%(year)s: up to %(ceiling)s × 10 000 yuan") % {"year": day.year, "ceiling": int(str(ceiling)) // 10_000}


def changeable(simulation: Simulation, actor: Actor) -> Simulation:
    """Lock the row, for who made it."""
    rows = unscoped(Simulation, because="the row at hand; the permission is asked next")
    row = rows.select_for_update(of=("self",)).get(pk=simulation.pk)
    permit(may_change_simulation, actor=actor, row=row)
    return row


def discard_result(row: Simulation, actor: Actor) -> Simulation:
    """What came of the old inputs is gone with them."""
    row.result, row.ran_at, row.job = None, None, None
    row.save()
    record(actor, "save", row, data={"variants": row.variants.count()})
    return row
