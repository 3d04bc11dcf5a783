"""A run over everybody, for the table of permissions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from chuangbao.matching.models import PopulationRun

if TYPE_CHECKING:
    from permissions.world import World


def make_rows(_world: World) -> dict[str, Any]:
    """A run."""
    return {"run": PopulationRun.objects.create(day=date(2026, 11, 25))}


SAMPLES = {
    "matching:explanation": lambda w: {"pk": w.rows["subject"].pk, "ref": "2.6.3-small-profit"},
    **{f"matching:{name}": lambda w: {"pk": w.rows["run"].pk} for name in ("run", "run_facts", "run_export")},
    "matching:run_measure": lambda w: {"pk": w.rows["run"].pk, "ref": "2.6.3-small-profit"},
}
