"""Saying, verifying, disputing and taking back facts; nothing that was said is ever erased."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import permit
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.facts.domain.values import columns, value_of
from chuangbao.facts.enums import FactStage
from chuangbao.facts.models import Fact, Source
from chuangbao.facts.permissions import may_state

if TYPE_CHECKING:
    from django.db.backends.postgresql.psycopg_any import DateRange

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.models import StoredFile
    from chuangbao.facts.models import Subject
    from chuangbao.rules.model import Fact as Known

__all__ = ["dispute", "doubt", "state", "verify", "withdraw"]

FIRST = date(1900, 1, 1)


@transaction.atomic
def state(  # noqa: PLR0913 - a statement has as many parts
    *,
    subject: Subject,
    name: str,
    value: object,
    actor: Actor,
    as_of: date | None = None,
    period: DateRange | None = None,
    source: Source | None = None,
    register: str = "",
    evidence: StoredFile | None = None,
) -> Fact:
    """Say something about a subject (填报); an earlier statement stays. The same said twice is kept once.

    Raises Refused(unknown_fact, unfit, period_needed, no_period, day).
    """
    fact = find_fact(name)
    if actor.capacity is not Capacity.SYSTEM:
        permit(may_state, actor=actor, row=subject)
    said_by = source if source and actor.capacity is Capacity.SYSTEM else usual_source(actor)
    made = Fact(
        subject=subject, name=name, source=said_by,
        register=register if said_by == Source.REGISTER else "",
        recorded_by_id=actor.person_id, evidence=evidence,
        **date_columns(fact, as_of, period), **columns(current_pack(), fact, value),
    )  # fmt: skip
    lock_row(subject)  # two people at one subject: one after the other, and both are kept
    before = find_duplicate(made)
    if before is not None:
        return before
    made.save(force_insert=True)
    record(actor, "state", made, after=FactStage.STATED, data={"subject": subject.pk, "fact": name})
    return made


def find_fact(name: str) -> Known:
    """Return a fact of the catalogue.

    Raises Refused: unknown_fact (field ``name``).
    """
    found = current_pack().facts.get(name)
    if found is None:
        raise Refused("unknown_fact", _("The catalogue has no such fact."), field="name")
    return found


def usual_source(actor: Actor) -> Source:
    """Where a statement comes from when nothing else is said."""
    return {Capacity.OFFICER: Source.OFFICER, Capacity.SYSTEM: Source.PLATFORM}.get(actor.capacity, Source.SELF)


def date_columns(fact: Known, as_of: date | None, period: DateRange | None) -> dict[str, object]:
    """Return the day or the period that a statement is about, as columns of its row.

    Raises Refused: period_needed or no_period (field ``when``), day (field ``as_of``) outside 1900 to today.
    """
    if fact.per:
        if period is None:
            raise Refused("period_needed", _("Say for which period this is."), field="when")
        return {"period": period}
    if period is not None:
        raise Refused("no_period", _("This fact has no periods; give a day."), field="when")
    day = as_of or timezone.localdate()
    if not FIRST <= day <= timezone.localdate():
        raise Refused("day", _("Choose a day from 1900 to today."), field="as_of")
    return {"as_of": day}


def find_duplicate(made: Fact) -> Fact | None:
    """The last word of the same voice about the same day, where it says the same."""
    rows = made.subject.facts.filter(
        name=made.name, as_of=made.as_of, period=made.period, source=made.source, register=made.register
    )
    last = rows.exclude(stage=FactStage.WITHDRAWN).defer(None).order_by("-pk").first()
    if last is None or made.evidence is not None:  # the same with a proof is more than the same
        return None
    same = value_of(last, last.secret) == value_of(made, made.secret) and last.absent == made.absent
    return last if same else None


@transaction.atomic
def verify(*, fact: Fact, until: date, actor: Actor) -> Fact:
    """An officer has seen proof (核验); it holds until a day."""
    return transition(fact, "verify", actor=actor, until=until)


def doubt(*, fact: Fact, reason: str, actor: Actor) -> Fact:
    """The proof turned out not to be one (撤销核验)."""
    return transition(fact, "doubt", actor=actor, reason=reason)


def dispute(*, fact: Fact, reason: str, actor: Actor) -> Fact:
    """Whom it concerns says that it is not so (异议)."""
    return transition(fact, "dispute", actor=actor, reason=reason)


def withdraw(*, fact: Fact, reason: str, actor: Actor) -> Fact:
    """Take it back (撤回); it stays in the history."""
    return transition(fact, "withdraw", actor=actor, reason=reason)
