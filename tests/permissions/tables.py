"""The reviewed tables of who may open what: that of the house, and a slice for each context that keeps its own."""

from __future__ import annotations

import csv
from pathlib import Path

from permissions.world import EVERY_ROLE, OWN_ROLES, ROLES, TESTS

HOUSE = Path(__file__).with_name("table.csv")


def table_of(address: str) -> Path:
    """``tests/<context>/table.csv`` where there is one, else the table of the house."""
    own = TESTS / address.partition(":")[0] / "table.csv"
    return own if own.is_file() else HOUSE


def roles_of(address: str) -> tuple[str, ...]:
    """Who asks for an address: everybody of the house, and whom its context adds."""
    return (*ROLES, *OWN_ROLES.get(address.partition(":")[0], {})) if table_of(address) != HOUSE else ROLES


def read_tables() -> list[dict[str, str]]:
    """Every row of every table; a role that was not asked has no answer."""
    found = []
    for path in sorted(TESTS.glob("*/table.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file)
    return [dict.fromkeys(EVERY_ROLE, "") | row for row in found]
