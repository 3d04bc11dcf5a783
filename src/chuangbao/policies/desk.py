"""The way to what a person follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from chuangbao.core.workbench import Heading, Mine, mine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []


@mine(Heading.POLICIES)
def link_subscriptions(actor: Actor) -> Iterator[Mine]:
    """List the way to what the person follows."""
    if actor.signed_in:
        yield Mine(_("What I follow"), reverse("policies:subscriptions"), "bell")
