"""Work that takes longer than a page (后台任务): started by a person, carried out by the worker, seen in the page.

A context declares what can be started: ``@work("facts.import")`` on a function that takes a ``Work`` and its
arguments and returns the result as a mapping (``url`` leads on). ``start`` queues it as its transaction commits.
``undo=`` names what takes away what was kept for the job, where it is cancelled or fails; it gets the same arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from structlog import get_logger

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import use_newest_engine
from chuangbao.core.jobs.queue import queue_task
from chuangbao.core.models import Job, JobStage
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["Cancelled", "Work", "cancel", "carry_out", "start", "work"]

WORKS: dict[str, Callable[..., Mapping[str, object]]] = {}
UNDOING: dict[str, Callable[..., None]] = {}
WHY = "a job is carried out by the worker, for whoever started it"
log = get_logger(__name__)


class Cancelled(Exception):  # noqa: N818 - not a fault
    """The job was cancelled; what was done in its open transaction is undone."""


class Work:
    """A job while it is carried out: says how far it is, and learns whether it is still wanted."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def note(self, result: Mapping[str, object]) -> None:
        """Keep what has come of it so far; a job that is broken off or cancelled keeps it as its result."""
        self.job.result = dict(result)
        unscoped(Job, because=WHY).filter(pk=self.job.pk).update(result=self.job.result)

    def step(self, done: int, total: int, message: str = "") -> None:
        """So much is done; raises Cancelled where it was cancelled. Outside a transaction it shows at once."""
        rows = unscoped(Job, because=WHY).filter(pk=self.job.pk)
        rows.update(done=done, total=total, message=message)
        if rows.filter(cancel_wanted=True).exists():
            raise Cancelled


def work(
    name: str, *, undo: Callable[..., None] | None = None
) -> Callable[[Callable[..., Mapping[str, object]]], Callable[..., Mapping[str, object]]]:
    """Declare what can be started under a name, and what takes away what was kept for it where it comes to nothing."""

    def register(function: Callable[..., Mapping[str, object]]) -> Callable[..., Mapping[str, object]]:
        WORKS[name] = function
        if undo is not None:
            UNDOING[name] = undo
        return function

    return register


@transaction.atomic
def start(name: str, /, *, actor: Actor, title: str, **arguments: Any) -> Job:
    """Queue a job; it begins when the transaction has committed.

    Raises KeyError for a name that no ``@work`` declares.
    """
    if name not in WORKS:
        raise KeyError(name)
    job = Job.objects.create(
        task=name, title=title[:200], arguments=arguments, person_id=actor.person_id, acting=actor.acting
    )
    queue_task("core.do_work", job=job.pk)
    return job


@transaction.atomic
def cancel(*, job: Job, actor: Actor) -> Job:
    """Ask a job to stop; one that waits is stopped at once. Raises Refused(over)."""
    row = unscoped(Job, because="the view has found it among the actor's own").select_for_update().get(pk=job.pk)
    if row.over or row.person_id != actor.person_id:
        raise Refused("over", _("This work is already over."))
    row.cancel_wanted = True
    if row.stage == JobStage.WAITING:
        row.stage, row.finished_at = JobStage.CANCELLED, timezone.now()
    row.save(update_fields=["cancel_wanted", "stage", "finished_at"])
    if row.over:
        undo(row)
    return row


def undo(job: Job) -> None:
    """Take away what was kept for a job that came to nothing."""
    if job.task in UNDOING:
        UNDOING[job.task](**job.arguments)


def carry_out(pk: int) -> None:
    """Do a job that is waiting, or that was broken off when its worker died; a job that is over stays as it is."""
    rows = unscoped(Job, because=WHY).filter(pk=pk)
    if not rows.filter(stage__in=[JobStage.WAITING, JobStage.RUNNING]).update(
        stage=JobStage.RUNNING, started_at=timezone.now()
    ):
        return
    job = rows.get()
    try:
        with use_newest_engine():  # what was published until now counts, as it does for a page
            result = dict(WORKS[job.task](Work(job), **job.arguments))
    except Cancelled:
        rows.update(stage=JobStage.CANCELLED, finished_at=timezone.now())
        undo(job)
    except Refused as refusal:
        rows.update(stage=JobStage.FAILED, message=str(refusal)[:300], finished_at=timezone.now())
        undo(job)
    except Exception:
        rows.update(
            stage=JobStage.FAILED,
            message=_("Something broke on our side. It has been noted; start it again later."),
            finished_at=timezone.now(),
        )
        log.exception("job failed", job=pk, task=job.task)
        undo(job)
    else:
        rows.update(stage=JobStage.DONE, result=result, finished_at=timezone.now())
