"""Proposing what needs two persons (提请), and deciding it: one proposes with a reason, a colleague confirms.

A context declares each such act once, as a ``Deed``: who may, how it is carried out when it is confirmed, and the
page of the row. Acts that are moves of a life have ``two_persons`` there, so that nothing can make them alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import not_in_own_cause
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import name_verbs, record, record_kind
from chuangbao.core.engine.regions import covered_regions
from chuangbao.core.models import Proposal, ProposalStage
from chuangbao.core.workbench import ToDo, todo
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, refuse_move
from chuangbao.core.workflow.two_persons import hold_open

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.db.models import Model

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.workflow.transitions import Predicate

__all__ = [
    "Deed",
    "Standpoint",
    "confirm",
    "declare_deed",
    "decline",
    "deed_of",
    "proposals_about",
    "proposals_to",
    "propose",
    "row_of",
    "take_back",
]

MOST = 50
name_verbs(
    proposal__open=_l("Proposed, for a second person to confirm"),
    proposal__decline=_l("Turned the proposal down"),
    proposal__withdraw=_l("Took the proposal back"),
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One act that needs two persons."""

    who: Predicate
    """Who may propose it and, another person, confirm it."""
    carry_out: Callable[[Any, Proposal, Actor], object]
    """Does it, and confirms the proposal on the way (``confirm_by_second_person``)."""
    page: Callable[[Any], str]
    """The address of the page of the row."""
    words: Callable[[Any, Proposal], str]
    """What is proposed about this row, on one line."""
    confirms: Predicate | None = None
    """Who may confirm it, where more may than those who propose."""

    def may_decide(self, actor: Actor, row: object, proposal: Proposal) -> bool:
        """Whether an actor may confirm the proposal or turn it down: with the right, and not the proposer."""
        return (self.confirms or self.who).test(actor, row) and not_in_own_cause.test(actor, proposal)


@dataclass(frozen=True, slots=True)
class Standpoint:
    """An open proposal as one actor sees it."""

    row: Proposal
    words: str
    may_decide: bool
    is_mine: bool


DEEDS: dict[tuple[str, str], Deed] = {}
"""Each act of two persons by the kind of row and the verb."""


def declare_deed(kind: str, verb: str, deed: Deed) -> None:
    """Add an act; ``kind`` is ``app_label.model``."""
    DEEDS[kind, verb] = deed


def deed_of(proposal: Proposal) -> Deed:
    """Return what a proposal is to do."""
    return DEEDS[proposal.kind, proposal.verb]


def row_of(proposal: Proposal) -> Any:
    """Return the row that a proposal is about."""
    return unscoped(apps.get_model(proposal.kind), because="who may see it is asked next").get(pk=proposal.object_id)


@transaction.atomic
def propose(row: Model, verb: str, *, actor: Actor, reason: str, **data: Any) -> Proposal:
    """Put forward what needs two persons; nothing changes until a colleague confirms it.

    Raises Refused: not_permitted, reason_needed (reason), proposed, and what the move itself would refuse today.
    """
    fresh = lock_row(row)
    deed = DEEDS[record_kind(fresh), verb]
    if actor.person_id is None or not deed.who.test(actor, fresh):
        raise Refused("not_permitted", _("You may not do this."))
    if hasattr(fresh, "life"):
        refuse_move(fresh, fresh.life.by_verb[verb], actor=actor, given={"reason": reason, **data})
    if not reason.strip():
        raise Refused("reason_needed", _("Say why: the reason stays on the record."), field="reason")
    try:
        with transaction.atomic():
            made = Proposal.objects.create(
                verb=verb,
                kind=record_kind(fresh),
                object_id=fresh.pk,
                region=str(getattr(fresh, "region_id", "")),
                data={name: str(value) for name, value in data.items()},
                reason=reason.strip(),
                proposer_id=actor.person_id,
            )
    except IntegrityError as collision:
        raise Refused("proposed", _("This is proposed already and waits for a second person.")) from collision
    record(actor, "proposal.open", fresh, after=verb, reason=made.reason, data={"proposal": made.pk, **made.data})
    return made


@transaction.atomic
def confirm(proposal: Proposal, *, actor: Actor) -> None:
    """Carry out what another person proposed. Raises Refused as the act does."""
    deed_of(proposal).carry_out(row_of(proposal), proposal, actor)


@transaction.atomic
def decline(proposal: Proposal, *, actor: Actor, reason: str) -> Proposal:
    """Turn a colleague's proposal down. Raises Refused: decided, not_permitted, reason_needed (reason)."""
    held, row = hold_open(proposal), row_of(proposal)
    if not deed_of(held).may_decide(actor, row, held):
        raise Refused("not_permitted", _("You may not do this."))
    if not reason.strip():
        raise Refused("reason_needed", _("Say why: the reason stays on the record."), field="reason")
    return settle(held, row, ProposalStage.DECLINED, "proposal.decline", actor, reason.strip())


@transaction.atomic
def take_back(proposal: Proposal, *, actor: Actor) -> Proposal:
    """Take back the actor's own proposal. Raises Refused: decided, not_permitted."""
    held = hold_open(proposal)
    if held.proposer_id != actor.person_id:
        raise Refused("not_permitted", _("You may not do this."))
    return settle(held, row_of(held), ProposalStage.WITHDRAWN, "proposal.withdraw", actor, "")


def settle(held: Proposal, row: Model, stage: str, verb: str, actor: Actor, reason: str) -> Proposal:
    """Write how a held proposal came to its end."""
    held.stage, held.decider_id, held.decided_at = stage, actor.person_id, timezone.now()
    held.save(update_fields=["stage", "decider", "decided_at"])
    record(actor, verb, row, before=held.verb, after=stage, reason=reason, data={"proposal": held.pk})
    return held


def see(proposal: Proposal, row: Any, actor: Actor) -> Standpoint:
    """Return a proposal as an actor sees it."""
    deed, is_mine = deed_of(proposal), proposal.proposer_id == actor.person_id
    return Standpoint(proposal, deed.words(row, proposal), deed.may_decide(actor, row, proposal), is_mine)


def proposals_about(row: Model, actor: Actor) -> list[Standpoint]:
    """Return the open proposals about a row, for its page; who may see the row may see them."""
    rows = Proposal.objects.filter(kind=record_kind(row), object_id=row.pk, stage=ProposalStage.OPEN)
    return [see(proposal, row, actor) for proposal in rows.select_related("proposer")]


def proposals_to(verbs: Iterable[str], actor: Actor) -> list[Standpoint]:
    """Return the open proposals to do one of some acts, for a page that lists the rows of those acts."""
    rows = Proposal.objects.filter(verb__in=list(verbs), stage=ProposalStage.OPEN).select_related("proposer")
    return [see(proposal, row_of(proposal), actor) for proposal in rows]


@todo("proposals", _l("Waits for a second person"))
def list_to_dos(actor: Actor) -> Iterator[ToDo]:
    """Return what colleagues proposed and this actor may confirm or turn down."""
    if actor.capacity not in {Capacity.OFFICER, Capacity.SYSTEM_ADMIN, Capacity.SECURITY_ADMIN}:
        return
    rows = Proposal.objects.filter(stage=ProposalStage.OPEN).exclude(proposer=actor.person_id)
    within = covered_regions(actor.region) if actor.capacity is Capacity.OFFICER else [""]
    for proposal in rows.filter(region__in=within)[:MOST]:
        row = row_of(proposal)
        if deed_of(proposal).may_decide(actor, row, proposal):
            yield ToDo(deed_of(proposal).words(row, proposal), deed_of(proposal).page(row), proposal.proposed_at)
