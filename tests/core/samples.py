"""One of everything of core, for the table of permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import factories
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.jobs import jobs
from chuangbao.core.models import Notice
from chuangbao.core.storage.files import keep
from chuangbao.core.workflow.proposals import propose

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from permissions.world import World


def make_rows(world: World) -> dict[str, Any]:
    """What the owner was told, started and uploaded; what an officer proposes about the organisation."""
    owner = world.actors["owner"]
    return {
        "notice": notice_of(owner),
        "job": job_of(owner),
        "file": keep(upload=factories.upload(), actor=owner, purpose="licence"),
        "proposal": propose(world.rows["organisation"], "close", actor=world.actors["officer"], reason="x"),
    }


def notice_of(actor: Actor) -> Notice:
    """Something the owner was told."""
    return unscoped(Notice, because="a test").create(person_id=actor.person_id, event="x")


def job_of(actor: Actor) -> Any:
    """Something the owner started."""
    jobs.WORKS.setdefault("test.nothing", lambda _work: {})
    return jobs.start("test.nothing", actor=actor, title="导入")


SAMPLES = {
    "core:notice": lambda w: {"pk": w.rows["notice"].pk},
    "core:job": lambda w: {"key": w.rows["job"].key},
    "core:cancel_job": lambda w: {"key": w.rows["job"].key},
    "core:proposal": lambda w: {"pk": w.rows["proposal"].pk, "verb": "confirm"},
    "core:file": lambda w: {"key": w.rows["file"].key},
}
WORKBENCH_QUERIES = 1
"""What the workbench of an officer who verifies asks the database for the to-dos of this context."""
