"""The one way a state changes (状态流转): lock, guard, write, record, tell; the table of moves is data.

A context declares its moves in ``states.py``::

    class Stage(State):
        DRAFT = "draft", _("Draft")
        IN_FORCE = "in_force", _("In force")

    LIFE = Life(
        Move("publish", Stage.DRAFT >> Stage.IN_FORCE, who=may_publish, guard=not_the_author, needs=("reason",)),
    )

The buttons of a page, the diagrams in the documents and the checks at run time all come from that table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.db import transaction
from django.db.models import Model, TextChoices
from django.utils.translation import gettext as _

from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.two_persons import confirm_by_second_person

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from chuangbao.core.access.actors import Actor

__all__ = ["Life", "Move", "State", "Step", "attach_life", "lock_row", "refuse_move", "transition"]

Row = TypeVar("Row", bound=Model)
Given = Mapping[str, Any]
Guard = Callable[[Any, "Actor", Given], None]
"""Raises Refused where the move must not happen; gets the locked row, the actor and what was given."""
Teller = Callable[[Any, "Actor", Given], None]
"""Queues notices; runs inside the transaction, so that nothing is told that did not happen."""


class Predicate(Protocol):
    """Who may: see ``core.access.permissions``."""

    @property
    def name(self) -> str:
        """How documents call it."""

    def test(self, actor: Actor, row: object | None = None) -> bool:
        """Whether the actor may do it to the row."""


@dataclass(frozen=True, slots=True)
class Step:
    """From one of some states into another."""

    sources: tuple[str, ...]
    target: str


class State(TextChoices):
    """States of a row; ``A >> B`` is the step from A to B, ``A.or_(B) >> C`` from either."""

    def __rshift__(self, target: str) -> Step:
        """The step to ``target``."""
        return Step((str(self.value),), str(target))

    def or_(self, *others: str) -> Sources:
        """Several states to come from."""
        return Sources((str(self.value), *(str(other) for other in others)))


@dataclass(frozen=True, slots=True)
class Sources:
    """Several states to come from."""

    states: tuple[str, ...]

    def __rshift__(self, target: str) -> Step:
        """The step from any of them."""
        return Step(self.states, str(target))


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow of the diagram: a verb, from where to where, who may, and what must hold."""

    verb: str
    step: Step
    who: Predicate
    label: str | _StrPromise = ""
    guard: Guard | tuple[Guard, ...] = ()
    needs: tuple[str, ...] = ()
    tells: Teller | None = None
    two_persons: bool = False
    """Whether it is made by the person who confirms the proposal (提请) of another; see ``workflow.proposals``."""

    @property
    def guards(self) -> tuple[Guard, ...]:
        """All that must hold."""
        return self.guard if isinstance(self.guard, tuple) else (self.guard,)


@dataclass(frozen=True)
class Life:
    """All moves of a kind of row; ``state_field`` names the field of its state."""

    moves: tuple[Move, ...]
    state_field: str = "stage"
    by_verb: dict[str, Move] = field(init=False, repr=False, compare=False)

    def __init__(self, *moves: Move, state_field: str = "stage") -> None:
        """Keep the moves, also by verb.

        Raises ValueError where two moves share a verb.
        """
        by_verb = {move.verb: move for move in moves}
        if len(by_verb) != len(moves):
            raise ValueError("two moves share a verb")
        object.__setattr__(self, "moves", moves)
        object.__setattr__(self, "state_field", state_field)
        object.__setattr__(self, "by_verb", by_verb)

    def open_to(self, row: Model, actor: Actor) -> list[Move]:
        """The moves that this actor may make now: the buttons of the page."""
        state = getattr(row, self.state_field)
        return [m for m in self.moves if state in m.step.sources and m.who.test(actor, row)]


def attach_life(model: Any, life: Life) -> Life:
    """Let the states of a model's rows change by a table of moves, and return the table."""
    model.life = life
    return life


def lock_row(row: Row) -> Row:
    """Return the row as it is now in the database, locked until the transaction ends.

    Raises Refused: gone, where it was deleted in the mean time.
    """
    rows = type(row)._base_manager.select_for_update().filter(pk=row.pk)
    found = rows.order_by().first()  # the usual order may join other tables, whose rows would be locked too
    if found is None:
        raise Refused("gone", _("This was deleted while you were working on it."))
    return found


@transaction.atomic
def transition(row: Row, verb: str, *, actor: Actor, **given: Any) -> Row:
    """Make one move of the row's life and return the row as it is now.

    A move that needs two persons is given the open ``proposal`` of the first, and confirms it.

    Raises Refused: what ``refuse_move`` and ``confirm_by_second_person`` refuse, gone.
    """
    life: Life = row.life  # type: ignore[attr-defined] # every row with a life names its table
    move = life.by_verb[verb]
    fresh = lock_row(row)
    before = str(getattr(fresh, life.state_field))
    refuse_move(fresh, move, actor=actor, given=given)
    if move.two_persons:
        confirm_by_second_person(fresh, verb, actor=actor, proposal=given.get("proposal"))
    setattr(fresh, life.state_field, move.step.target)
    fresh.save(update_fields=[life.state_field])
    record(actor, verb, fresh, before=before, after=move.step.target, reason=str(given.get("reason", "")))
    if move.tells is not None:
        move.tells(fresh, actor, given)
    return fresh


def refuse_move(row: Model, move: Move, *, actor: Actor, given: Given) -> None:
    """Let a move through that this actor may make to the locked row as it now is.

    Raises Refused: not_permitted, not_in_<states it could start from>, <field>_needed, or what a guard raises.
    """
    if not move.who.test(actor, row):
        raise Refused("not_permitted", _("You may not do this."))
    if getattr(row, row.life.state_field) not in move.step.sources:  # type: ignore[attr-defined] # the same
        raise Refused(
            f"not_in_{'_or_'.join(move.step.sources)}", _("Somebody has moved this on meanwhile. Reload the page.")
        )
    for name in move.needs:
        if not given.get(name):
            raise Refused(f"{name}_needed", _("Please fill this in."), field=name)
    for guard in move.guards:
        guard(row, actor, given)
