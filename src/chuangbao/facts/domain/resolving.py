"""Settling a contradiction (冲突处理): one value is chosen, and the others are set aside, never erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.facts.domain.standing import holdings, is_sensitive, key
from chuangbao.facts.domain.stating import dispute, verify, withdraw
from chuangbao.facts.enums import FactStage
from chuangbao.facts.permissions import is_concerned, may_correct, may_state, may_verify, said_by_another

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.facts.models import Fact

__all__ = ["resolve"]


@transaction.atomic
def resolve(*, fact: Fact, reason: str, actor: Actor, until: date | None = None) -> list[Fact]:
    """Choose one of the contradicting values; returns the rows that were set aside.

    An officer who may verify it does so (``until``) and takes the others back. Whom the facts are about take back
    what they said themselves, and dispute what a register or an officer says.

    Raises Refused: own_word where an officer chooses what they stated themselves, settled, until_needed (until).
    """
    subject = lock_row(fact.subject)
    permit(may_state, actor=actor, row=subject)
    refuse_own_word(fact, actor)
    today = timezone.localdate()
    why = "resolve" if is_sensitive(fact) else ""  # nothing is opened that the contradiction is not about
    found = holdings(subject, day=today, actor=actor, why=why).get(key(fact))
    rows = [found.standing.row, *(rival.row for rival in found.rivals)] if found else []
    if len(rows) < 2 or fact.pk not in {row.pk for row in rows}:  # noqa: PLR2004 - it takes two
        raise Refused("settled", _("Nothing contradicts this any more. Reload the page."))
    if may_verify.test(actor, fact):
        if until is None:
            raise Refused("until_needed", _("Please fill this in."), field="until")
        verify(fact=fact, until=until, actor=actor)
    return [set_aside(row, reason, actor) for row in rows if row.pk != fact.pk]


def refuse_own_word(fact: Fact, actor: Actor) -> None:
    """Check that an officer does not set the values of others aside for their own (双人).

    Raises Refused: own_word.
    """
    if not is_concerned.test(actor, fact) and not said_by_another.test(actor, fact):
        raise Refused("own_word", _("You stated this value yourself; a colleague settles which one stands."))


def set_aside(row: Fact, reason: str, actor: Actor) -> Fact:
    """Withdraw a value, or dispute it where it is not the actor's to withdraw."""
    if may_correct.test(actor, row):
        return withdraw(fact=row, reason=reason, actor=actor)
    return row if row.stage == FactStage.DISPUTED else dispute(fact=row, reason=reason, actor=actor)
