"""The way to simulations on the workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from chuangbao.core.workbench import Heading, Mine, mine
from chuangbao.simulations.permissions import may_simulate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []


@mine(Heading.POLICIES)
def link_simulations(actor: Actor) -> Iterator[Mine]:
    """List the way to simulations."""
    if may_simulate.test(actor):
        yield Mine(_("Simulations"), reverse("simulations:simulations"), "chart-bar")
