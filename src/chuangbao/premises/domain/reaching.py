"""Loss of contact (失联): tries to reach a firm, stating to the office that it cannot be reached, and its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.premises.domain.files import refuse_left
from chuangbao.premises.domain.limits import read_limit
from chuangbao.premises.domain.mail import refuse_future
from chuangbao.premises.domain.telling import tell_firm, tell_host, tell_office
from chuangbao.premises.enums import Reach
from chuangbao.premises.models import ContactTry
from chuangbao.premises.permissions import may_answer_lost, may_keep_premises

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.premises.models import HostFile

__all__ = ["answer_lost", "list_failed_tries", "note_try", "state_lost"]

WHY = "of a file that the caller keeps"


@transaction.atomic
def note_try(
    *, file: HostFile, tried_on: date, means: str, is_reached: bool, actor: Actor, try_note: str = ""
) -> ContactTry:
    """Note a try to reach a firm, and tell the firm where it did not answer; one that answers is no longer lost.

    Raises Forbidden; Refused: future_day (tried_on), left.
    """
    row = lock_row(file)
    permit(may_keep_premises, actor=actor, row=row)
    refuse_left(row)
    refuse_future(tried_on, "tried_on")
    made = ContactTry.objects.create(
        file=row, tried_on=tried_on, means=means, is_reached=is_reached, try_note=try_note.strip()
    )
    record(actor, "file.try", row, data={"means": means, "reached": is_reached})
    if not is_reached:
        tell_firm(row, "firm.tried", actor, day=day_words(tried_on))
    elif row.reach == Reach.LOST:
        transition(row, "find", actor=actor)
        tell_office(row, "firm.found", actor)
    return made


def list_failed_tries(file: HostFile) -> list[ContactTry]:
    """Return the tries since the firm last answered, the newest first."""
    found = []
    for row in unscoped(ContactTry, because=WHY).filter(file=file).order_by("-tried_on", "-pk"):
        if row.is_reached:
            break
        found.append(row)
    return found


@transaction.atomic
def state_lost(*, file: HostFile, actor: Actor, lost_note: str = "") -> HostFile:
    """Report to the office of the county that a firm cannot be reached (失联), after enough tries; notify the firm.

    Raises Refused: left, too_few_tries, not_permitted, not_in_reachable.
    """
    row = lock_row(file)
    permit(may_keep_premises, actor=actor, row=row)
    refuse_left(row)
    refuse_few_tries(row)
    if row.reach == Reach.REACHABLE:
        row.lost_on, row.lost_note = timezone.localdate(), lost_note.strip()
        row.office_on, row.office_note = None, ""
        row.save(update_fields=["lost_on", "lost_note", "office_on", "office_note"])
    row = transition(row, "state_lost", actor=actor)
    tell_firm(row, "firm.lost", actor)
    tell_office(row, "firm.lost_office", actor)
    return row


def refuse_few_tries(file: HostFile) -> None:
    """Let a file through whose firm was sought often enough, by enough means. Raises Refused: too_few_tries."""
    today = timezone.localdate()
    tries = list_failed_tries(file)
    most, means = read_limit("lost_tries", today), read_limit("lost_means", today)
    if len(tries) < most or len({row.means for row in tries}) < means:
        message = _("Before this, try at least %(tries)d times by %(means)d means: so far %(count)d without an answer.")
        raise Refused("too_few_tries", message % {"tries": most, "means": means, "count": len(tries)})


@transaction.atomic
def answer_lost(*, file: HostFile, office_note: str, actor: Actor) -> HostFile:
    """Note what the office did about a firm that its host cannot reach, and tell host and firm.

    Raises Forbidden; Refused: note_needed (office_note).
    """
    row = lock_row(file)
    permit(may_answer_lost, actor=actor, row=row)
    if not office_note.strip():
        raise Refused("note_needed", _("Please fill this in."), field="office_note")
    row.office_on, row.office_note = timezone.localdate(), office_note.strip()
    row.save(update_fields=["office_on", "office_note"])
    record(actor, "file.answer", row)
    tell_firm(row, "firm.answered", actor, note=row.office_note)
    tell_host(row, "firm.answered", actor, note=row.office_note)
    return row
