"""One of everything, and everybody who might look at it.

The people are here; each context brings its part in ``tests/<context>/samples.py``, which is found by its name:
``make_rows(world)`` and how its addresses are made of these rows (``SAMPLES``, ``OPEN``), further ``ROLES``,
``leave_rows(person)`` for ``tests/security/test_erasure.py``, ``PAGES`` (public pages that
``tests/portal/test_pages.py`` opens) and ``WORKBENCH_QUERIES``; none of them must be there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import factories
from chuangbao.core.access.actors import ANONYMOUS
from chuangbao.core.contexts import CONTEXTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from chuangbao.core.access.actors import Actor

TESTS = Path(__file__).parents[1]
SAMPLE_FILES: dict[str, ModuleType] = {
    name: import_module(f"{name}.samples") for name in CONTEXTS if (TESTS / name / "samples.py").is_file()
}
"""The samples of each context, in the order of ``INSTALLED_APPS``."""
ROLES = (
    "anonymous", "founder", "owner", "clerk", "other_owner", "officer", "neighbour", "city", "editor", "reviewer",
    "system_admin", "security_admin", "audit_admin",
)  # fmt: skip
"""Who asks for every address; the roles that a context adds ask for its own."""
OWN_ROLES: dict[str, dict[str, Callable[[], Actor]]] = {
    name: getattr(samples, "ROLES", {}) for name, samples in SAMPLE_FILES.items()
}
EVERY_ROLE = (*ROLES, *(role for own in OWN_ROLES.values() for role in own))
STRANGERS = {"anonymous", "founder", "other_owner", "neighbour"}
"""Whose sight the owner's things are never in."""


@dataclass
class World:
    """The people by role, and the rows that addresses name."""

    actors: dict[str, Actor] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)


def build() -> World:
    """An organisation in one county with all that belongs to it, and everybody around it."""
    world = World()
    there = factories.organisation("被看的企业")
    owner = factories.membership(where=there)
    world.rows = {"organisation": there, "membership": owner}
    world.actors = {
        "anonymous": ANONYMOUS,
        "founder": factories.founder(),
        "owner": factories.as_member(owner),
        "clerk": factories.member(there, "clerk"),
        "other_owner": factories.member(),
        "officer": factories.officer(),
        "neighbour": factories.officer(region=factories.NEIGHBOUR),
        "city": factories.officer(region=factories.CITY),
        "editor": factories.officer("policy_editor", region=factories.PROVINCE),
        "reviewer": factories.officer("policy_reviewer", region=factories.PROVINCE),
        **{kind: factories.admin(kind) for kind in ("system_admin", "security_admin", "audit_admin")},
    }
    for roles in OWN_ROLES.values():
        world.actors |= {role: make() for role, make in roles.items()}
    for samples in SAMPLE_FILES.values():
        if hasattr(samples, "make_rows"):
            made = samples.make_rows(world)
            twice = made.keys() & world.rows.keys()
            assert not twice, f"{samples.__name__} makes {', '.join(sorted(twice))}, which another context made"
            world.rows |= made
    return world


def collect(name: str) -> dict[str, Callable[[World], dict[str, Any]]]:
    """Everything that the contexts' samples hold under a name."""
    return {address: make for samples in SAMPLE_FILES.values() for address, make in getattr(samples, name, {}).items()}


SAMPLES = collect("SAMPLES")
"""How the address of one of the owner's things is made: the owner and those above see it, strangers do not."""

OPEN = collect("OPEN")
"""Addresses with a part that names nothing of anybody's, or whose part is itself the key."""
