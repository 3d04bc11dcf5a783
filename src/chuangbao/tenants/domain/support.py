"""Milestones, and services that the tenant confirms or disputes: only what is confirmed counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.tenants.domain.telling import tell_host, tell_party
from chuangbao.tenants.enums import ServiceLine, TenancyStage
from chuangbao.tenants.models import Milestone, Service
from chuangbao.tenants.permissions import may_keep_tenancy, may_speak_for_tenant

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.models import Tenancy

__all__ = ["add_milestone", "answer_service", "log_service", "reach_milestone"]

MOST_MILESTONES = 100
WHY = "of a tenancy that the caller keeps"


@transaction.atomic
def add_milestone(*, tenancy: Tenancy, actor: Actor, kind: str, title: str, due_on: date | None = None) -> Milestone:
    """Add a milestone; either side may. Raises Forbidden; Refused: not_begun, too_many."""
    row = lock_begun(tenancy)
    permit(may_keep_tenancy | may_speak_for_tenant, actor=actor, row=row)
    if unscoped(Milestone, because=WHY).filter(tenancy=row).count() >= MOST_MILESTONES:
        raise Refused("too_many", _("A tenancy has a hundred milestones at most."))
    made = Milestone.objects.create(tenancy=row, kind=kind, title=title.strip(), due_on=due_on)
    record(actor, "tenancy.milestone", row, data={"kind": kind})
    return made


@transaction.atomic
def reach_milestone(*, milestone: Milestone, actor: Actor, reached_on: date) -> Milestone:
    """Note the day on which a milestone was reached. Raises Forbidden; Refused: future_day (reached_on)."""
    row = lock_row(milestone)
    permit(may_keep_tenancy | may_speak_for_tenant, actor=actor, row=row)
    refuse_future(reached_on, "reached_on")
    row.reached_on = reached_on
    row.save(update_fields=["reached_on"])
    record(actor, "tenancy.milestone", row.tenancy, data={"kind": row.kind, "reached": True})
    return row


@transaction.atomic
def log_service(*, tenancy: Tenancy, actor: Actor, kind: str, given_on: date, **said: Any) -> Service:
    """Note a service to a tenant, which is asked to confirm it; ``said`` holds provider, hours and about.

    Raises Forbidden; Refused: not_begun, future_day or before_first (given_on), hours_needed (hours).
    """
    row = lock_begun(tenancy)
    permit(may_keep_tenancy, actor=actor, row=row)
    refuse_future(given_on, "given_on")
    if row.starts_on is not None and given_on < row.starts_on:
        raise Refused("before_first", _("The tenant was not here yet on this day."), field="given_on")
    if kind == ServiceLine.COACHING and said.get("hours") is None:
        raise Refused("hours_needed", _("Say how many hours the coaching took."), field="hours")
    made = Service.objects.create(
        tenancy=row,
        kind=kind,
        given_on=given_on,
        hours=said.get("hours"),
        provider=said["provider"].strip(),
        about=said.get("about", "").strip(),
        logged_by_id=actor.person_id,
    )
    record(actor, "service.log", made, data={"kind": kind})
    tell_party(row, "tenancy.service", actor, service=str(made.get_kind_display()), day=day_words(given_on))
    return made


@transaction.atomic
def answer_service(*, service: Service, verb: str, actor: Actor, reason: str = "") -> Service:
    """Confirm or dispute a service for the tenant, or take it out for the operator.

    Raises Refused: reason_needed (reason) for a dispute, not_permitted, not_in_….
    """
    row = transition(service, verb, actor=actor, reason=reason.strip())
    if verb != "withdraw":
        row.answer, row.answered_at, row.answered_by_id = reason.strip(), timezone.now(), actor.person_id
        row.save(update_fields=["answer", "answered_at", "answered_by"])
    if verb == "dispute":
        words = str(row.get_kind_display())
        tell_host(row.tenancy, "tenancy.disputed", actor, service=words, reason=reason.strip())
    return row


def lock_begun(tenancy: Tenancy) -> Tenancy:
    """Return a tenancy that goes on, locked. Raises Refused: not_begun."""
    row = lock_row(tenancy)
    if row.stage != TenancyStage.INCUBATING:
        raise Refused("not_begun", _("This is kept for tenants while they incubate."))
    return row


def refuse_future(day: date, field: str) -> None:
    """Let a day through that has come. Raises Refused: future_day."""
    if day > timezone.localdate():
        raise Refused("future_day", _("This day has not come yet."), field=field)
