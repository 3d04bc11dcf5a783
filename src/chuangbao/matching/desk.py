"""The ways to runs, to whom they found, and to what is new for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from chuangbao.core.workbench import Heading, Mine, mine
from chuangbao.facts.permissions import may_have_facts
from chuangbao.matching.permissions import may_run, may_see_entitled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []


@mine(Heading.POLICIES)
def list_run_ways(actor: Actor) -> Iterator[Mine]:
    """List the ways to runs, to the entitled, and to what is new for the person."""
    if may_run.test(actor):
        yield Mine(_("Policies find people"), reverse("matching:runs"), "target-arrow")
    if may_see_entitled.test(actor):
        yield Mine(_("Entitled and not applied"), reverse("matching:entitled"), "list-check")
    if may_have_facts.test(actor):
        yield Mine(_("What is new for me"), reverse("matching:for_me"), "target-arrow")
