"""What a move of two persons asks for (双人): the open proposal of another person, which it confirms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.audit.log import record_kind
from chuangbao.core.models import Proposal, ProposalStage
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from django.db.models import Model

    from chuangbao.core.access.actors import Actor

__all__ = ["confirm_by_second_person", "hold_open"]


def confirm_by_second_person(row: Model, verb: str, *, actor: Actor, proposal: Proposal | None) -> Proposal:
    """Confirm an open proposal to do ``verb`` to the row, as a person who did not propose it.

    Raises Refused: proposal_needed, decided, same_person.
    """
    about = (verb, record_kind(row), row.pk)
    if proposal is None or (proposal.verb, proposal.kind, proposal.object_id) != about:
        raise Refused("proposal_needed", _("Two persons do this: one proposes it, a colleague confirms it."))
    held = hold_open(proposal)
    if actor.person_id is None or actor.person_id in held.persons_concerned():
        raise Refused("same_person", _("You proposed this yourself: a colleague confirms it."))
    held.stage, held.decider_id, held.decided_at = ProposalStage.CONFIRMED, actor.person_id, timezone.now()
    held.save(update_fields=["stage", "decider", "decided_at"])
    return held


def hold_open(proposal: Proposal) -> Proposal:
    """Hold a proposal until the transaction ends. Raises Refused: decided, where it is open no more."""
    held = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if held.stage != ProposalStage.OPEN:
        raise Refused("decided", _("This proposal is decided or taken back already. Reload the page."))
    return held
