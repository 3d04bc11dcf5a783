"""A simulation, for the table of permissions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from chuangbao.core.access.row_access import unscoped
from chuangbao.simulations.domain.simulations import begin_simulation, put_variant
from chuangbao.simulations.models import Simulation

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from permissions.world import World


def make_rows(world: World) -> dict[str, Any]:
    """A simulation of the province's editor."""
    return {"simulation": simulation_of(world.actors["editor"])}


def simulation_of(actor: Actor) -> Any:
    """What the editor of the province wants to know."""
    version = "CIT-SLP-2015A"
    row = begin_simulation(measure="2.6.3-small-profit", version=version, title="x", day=date(2015, 6, 30), actor=actor)
    put_variant(simulation=row, number=None, name="x", version=version, day=None, changes={}, actor=actor)
    found = {
        "columns": [],
        "dimensions": [],
        "subjects": 0,
        "seconds": 0,
        "population": {"sample": True, "name": "x", "digest": "x"},
    }
    unscoped(Simulation, because="a test").filter(pk=row.pk).update(result=found, ran_at=timezone.now())
    return row


SAMPLES = {
    "simulations:simulation_new": lambda _w: {"ref": "2.6.3-small-profit"},
    **{
        f"simulations:simulation{part}": lambda w: {"key": w.rows["simulation"].key}
        for part in ("", "_settings", "_run", "_copy", "_figures", "_export", "_variant_new")
    },
    **{
        f"simulations:simulation_{part}": lambda w: {"key": w.rows["simulation"].key, "number": 1}
        for part in ("variant", "drop")
    },
}
