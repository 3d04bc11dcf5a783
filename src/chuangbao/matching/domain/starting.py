"""A run begins (发起): by an officer's button, or each night; never two at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.jobs.jobs import start
from chuangbao.core.models import JobStage
from chuangbao.core.workflow.refusals import Refused
from chuangbao.matching.domain.keeping import WHY, forget_parts
from chuangbao.matching.models import PopulationRun
from chuangbao.matching.permissions import may_run

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["nightly", "start_run"]

OVER = (JobStage.DONE, JobStage.FAILED, JobStage.CANCELLED)
LOCK = "SELECT pg_advisory_xact_lock(hashtext('chuangbao.population_run'))"


@transaction.atomic
def start_run(*, actor: Actor) -> PopulationRun:
    """Queue a pass over everybody as of today. Raises Refused(running) while another is not over."""
    permit(may_run, actor=actor)
    return queue_run(actor)


@transaction.atomic
def nightly() -> PopulationRun | None:
    """The run of the night; none where another run is still going on."""
    try:
        return queue_run(SYSTEM)
    except Refused:
        return None


def queue_run(actor: Actor) -> PopulationRun:
    """Queue a run and throw away what runs that came to nothing left behind.

    Raises Refused: running, while another is not over.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    rows = unscoped(PopulationRun, because=WHY)
    if rows.exclude(job__stage__in=OVER).filter(job__isnull=False).exists():
        raise Refused("running", _("Another run is not over yet. Wait for it, or stop it."))
    forget_parts(list(rows.filter(finished_at=None).values_list("pk", flat=True)))
    run = PopulationRun.objects.create(day=timezone.localdate(), person_id=actor.person_id)
    title = _("Everybody against every measure, %(day)s") % {"day": run.day}
    run.job = start("policies.run", actor=actor, title=title, run=run.pk)
    run.save(update_fields=["job"])
    record(actor, "population_run.start", run, data={"day": run.day.isoformat()})
    return run
