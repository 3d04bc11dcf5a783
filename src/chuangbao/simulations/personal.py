"""What simulations hold of a person: who asked for them."""

from __future__ import annotations

from chuangbao.core.privacy import keep_as_number

__all__: list[str] = []

keep_as_number(
    "who asked for a simulation is part of the office's record (law on archives)", "policies.Simulation.author"
)
