"""Agreeing on a talk with an applicant (约谈) and noting what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.tenants.domain.telling import tell_party
from chuangbao.tenants.enums import TenancyStage
from chuangbao.tenants.models import Talk
from chuangbao.tenants.permissions import may_keep_tenancy

if TYPE_CHECKING:
    from datetime import datetime

    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.models import Tenancy

__all__ = ["arrange_talk", "note_talk"]

WAITING = (TenancyStage.APPLIED, TenancyStage.TALKING)


@transaction.atomic
def arrange_talk(*, tenancy: Tenancy, actor: Actor, at: datetime, place: str) -> Talk:
    """Agree on a talk; the applicant hears when and where, and the application is in talks from now on.

    Raises Forbidden; Refused: not_waiting, past (at), place_needed (place).
    """
    row = lock_row(tenancy)
    permit(may_keep_tenancy, actor=actor, row=row)
    if row.stage not in WAITING:
        raise Refused("not_waiting", _("This application has been answered already."))
    if at < timezone.now():
        raise Refused("past", _("This moment is over. Choose a later one."), field="at")
    if not place.strip():
        raise Refused("place_needed", _("Please fill this in."), field="place")
    if row.stage == TenancyStage.APPLIED:
        row = transition(row, "talk", actor=actor)
    talk = Talk.objects.create(tenancy=row, at=at, place=place.strip(), arranged_by_id=actor.person_id)
    record(actor, "tenancy.arrange", row)
    here = timezone.localtime(at)
    tell_party(row, "tenancy.talk", actor, day=day_words(here.date()), time=f"{here:%H:%M}", place=talk.place)
    return talk


@transaction.atomic
def note_talk(*, talk: Talk, actor: Actor, note: str) -> Talk:
    """Keep what was said in a talk; only the operator reads it."""
    row = lock_row(talk)
    permit(may_keep_tenancy, actor=actor, row=row)
    row.note = note.strip()
    row.save(update_fields=["note"])
    record(actor, "tenancy.note_talk", row.tenancy)
    return row
