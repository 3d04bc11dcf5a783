"""What of the policy desk needs two persons beyond publishing: that a published text ends (废止)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from chuangbao.authoring.domain.authored import retire_text
from chuangbao.authoring.domain.publish import retire_version
from chuangbao.authoring.permissions import may_review
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.workflow.proposals import Deed, declare_deed

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.models import Proposal

__all__: list[str] = []


def retirement_words(row: Any, proposal: Proposal) -> str:
    """What is proposed, with the last day."""
    day = day_words(date.fromisoformat(proposal.data["valid_to"]))
    return _("Retire: %(title)s, last day %(day)s") % {"title": row.title, "day": day}


def retirement(page: str, carry_out: Callable[[Any, Proposal, Actor], object]) -> Deed:
    """That a text whose page has this name ends."""
    return Deed(may_review, carry_out, lambda row: reverse(page, args=[row.pk]), retirement_words)


def end_version(row: Any, proposal: Proposal, actor: Actor) -> object:
    """End a version of a measure."""
    return retire_version(version=row, proposal=proposal, actor=actor)


def end_text(row: Any, proposal: Proposal, actor: Actor) -> object:
    """End a document or an explanation."""
    return retire_text(row=row, proposal=proposal, actor=actor)


declare_deed("policies.measureversion", "retire", retirement("authoring:version", end_version))
declare_deed("policies.registereddocument", "retire", retirement("authoring:paper", end_text))
declare_deed("policies.interpretation", "retire", retirement("authoring:note", end_text))
