"""Trainings (安全培训): which there are, who holds one and until when (clause 2.3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.booking.domain.venues import check_texts, permit_keeping, save_named
from chuangbao.booking.models import Training, TrainingKind
from chuangbao.booking.permissions import may_serve
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.messaging.notifications import tell
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor

__all__ = [
    "create_training_kind",
    "find_training_kind",
    "record_training",
    "update_training_kind",
    "withdraw_training",
]


@transaction.atomic
def create_training_kind(*, actor: Actor, name: str, months: int | None = None, how: str = "") -> TrainingKind:
    """Add a training that the actor's organisation gives. Raises Forbidden; Refused: name_needed, name_taken (name)."""
    row = TrainingKind(organization_id=actor.organisation_id or 0, months=months, how=how.strip())
    permit_keeping(actor, row)
    row.name = check_texts(name=name)["name"]
    save_named(row, _("There is a training of this name already."))
    record(actor, "booking.create_training_kind", row)
    return row


@transaction.atomic
def update_training_kind(
    *, actor: Actor, kind: TrainingKind, name: str, months: int | None = None, how: str = ""
) -> TrainingKind:
    """Change a training; whoever holds it keeps it for the term that was on record.

    Raises Forbidden; Refused: name_needed, name_taken (name), gone.
    """
    row = lock_row(kind)
    permit_keeping(actor, row)
    row.name, row.months, row.how = check_texts(name=name)["name"], months, how.strip()
    save_named(row, _("There is a training of this name already."))
    record(actor, "booking.update_training_kind", row)
    return row


def find_training_kind(*, actor: Actor, name: str) -> TrainingKind:
    """Return the training of a name that the actor's organisation gives, added where there is none.

    Raises Forbidden, and Refused as ``create_training_kind`` does.
    """
    rows = unscoped(TrainingKind, because="of the actor's organisation")
    known = rows.filter(organization=actor.organisation_id, name=name.strip()).first()
    return known or create_training_kind(actor=actor, name=name)


@transaction.atomic
def record_training(*, actor: Actor, kind: TrainingKind, email: str, held_on: date) -> Training:
    """Put on record that a person held a training on a day; it ends as its kind says.

    The answer is the same whether an account has the e-mail or not: who has one is notified, and who registers with it
    later holds the training then. Raises Forbidden; Refused: in_the_future (held_on), held_already (held_on).
    """
    permit(may_serve, actor=actor, row=kind)
    address = email.strip().lower()
    person = get_user_model().objects.filter(email__iexact=address, is_active=True).first()
    if held_on > timezone.localdate():
        raise Refused("in_the_future", _("This day is yet to come."), field="held_on")
    ends_on = held_on + relativedelta(months=kind.months, days=-1) if kind.months else None
    try:
        with transaction.atomic():
            row = Training.objects.create(kind=kind, email=address, person=person, held_on=held_on, ends_on=ends_on)
    except IntegrityError as collision:
        raise Refused("held_already", _("This is on record already."), field="held_on") from collision
    record(actor, "booking.record_training", row)
    data = {"name": kind.name, "until": str(ends_on or _("for good"))}
    tell("booking.training", to=[person.pk] if person else [], data=data, url="/booking/")
    return row


@transaction.atomic
def withdraw_training(*, actor: Actor, training: Training) -> None:
    """Take a training off the record. Raises Forbidden."""
    permit(may_serve, actor=actor, row=training)
    record(actor, "booking.withdraw_training", training)
    training.delete()
