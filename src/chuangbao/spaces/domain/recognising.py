"""Filing (备案) and recognition (认定): later facts, entered by officers of the area; registering needs neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.messaging.notifications import tell
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.spaces.domain.dependants import list_members, list_people_of
from chuangbao.spaces.enums import EndReason
from chuangbao.spaces.models import Recognition
from chuangbao.spaces.models.recognitions import SCHEMES
from chuangbao.spaces.permissions import may_recognise_space

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = ["end_recognition", "enter_recognition", "read_scheme"]

WHY = "of a space in the officer's area"


def read_scheme(code: str) -> tuple[str, str]:
    """Return act and level of a scheme. Raises Refused: no_scheme (scheme)."""
    listed = current_pack().codes.get(SCHEMES)
    found = listed.by_code.get(code) if listed else None
    if found is None:
        raise Refused("no_scheme", _("Choose a scheme of the list."), field="scheme")
    act, _dash, level = found.group.partition("-")
    return act, level


@transaction.atomic
def enter_recognition(
    *, space: Space, actor: Actor, scheme: str, number: str, since: date, until: date | None = None
) -> Recognition:
    """Enter that a space was filed or recognised by a scheme; its operator gets a notice.

    Raises Refused: no_scheme (scheme), number_needed (number), until_before (until), overlap (since).
    """
    row = lock_row(space)
    permit(may_recognise_space, actor=actor, row=row)
    act, level = read_scheme(scheme)
    if not number.strip():
        raise Refused("number_needed", _("Please fill this in."), field="number")
    if until is not None and until < since:
        raise Refused("until_before", _("The last day is before the first."), field="until")
    refuse_overlap(row, scheme, since, until)
    made = Recognition.objects.create(
        space=row,
        scheme=scheme,
        act=act,
        level=level,
        number=number.strip(),
        since=since,
        until=until,
        entered_by_id=actor.person_id,
    )
    record(actor, "space.recognise", row, data={"recognition": made.pk, "scheme": scheme})
    data = {"name": row.name, "scheme": made.scheme_words, "number": made.number, "day": day_words(since)}
    tell(
        "space.recognised", to=list_members(row.operator_id) | list_people_of(row), data=data, url=f"/spaces/{row.pk}/"
    )
    return made


def refuse_overlap(space: Space, scheme: str, since: date, until: date | None) -> None:
    """Let days through on which the space has nothing by the scheme yet. Raises Refused: overlap (since)."""
    rows = unscoped(Recognition, because=WHY).filter(space=space, scheme=scheme)
    rows = rows.exclude(end_reason=EndReason.MISTAKE).filter(Q(until=None) | Q(until__gte=since))
    if (rows.filter(since__lte=until) if until else rows).exists():
        message = _("By this scheme the space has an entry for some of these days. End that one first.")
        raise Refused("overlap", message, field="since")


@transaction.atomic
def end_recognition(*, recognition: Recognition, actor: Actor, until: date, reason: str, note: str = "") -> Recognition:
    """End a filing or recognition with its last day, and say why; what was entered stays on file.

    Raises Refused: ended_before, reason_needed (reason), until_before (until).
    """
    space = lock_row(recognition.space)
    permit(may_recognise_space, actor=actor, row=space)
    row = lock_row(recognition)
    if row.end_reason:
        raise Refused("ended_before", _("A colleague has ended it already."))
    if reason not in EndReason.values:
        raise Refused("reason_needed", _("Please fill this in."), field="reason")
    if until < row.since:
        raise Refused("until_before", _("The last day is before the first."), field="until")
    row.until, row.end_reason, row.end_note = until, reason, note.strip()
    row.save(update_fields=["until", "end_reason", "end_note"])
    words = str(row.get_end_reason_display())
    record(actor, "space.unrecognise", space, reason=words, data={"recognition": row.pk})
    data = {"name": space.name, "scheme": row.scheme_words, "day": day_words(until), "reason": words}
    people = list_members(space.operator_id) | list_people_of(space)
    tell("space.unrecognised", to=people, data=data, url=f"/spaces/{space.pk}/")
    return row


def holds_today() -> Q:
    """Return the condition of a recognition that holds today."""
    today = timezone.localdate()
    return Q(since__lte=today) & (Q(until=None) | Q(until__gte=today)) & ~Q(end_reason=EndReason.MISTAKE)
