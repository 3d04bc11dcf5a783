"""What the worker does for inspections: reminding operators before the day until which something is to be mended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from procrastinate.contrib.django import app

from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.inspections.domain.limits import read_limit
from chuangbao.inspections.enums import VisitStage
from chuangbao.inspections.events import tell_of_visit
from chuangbao.inspections.models import Visit

if TYPE_CHECKING:
    from datetime import date

__all__ = ["remind_all", "remind_operators"]

WHY = "the system's own work"


@app.periodic(cron="30 1 * * *")  # 09:30 in Changchun
@app.task(
    name="inspections.remind_operators",
    lock="inspections.remind_operators",
    queueing_lock="inspections.remind_operators",
)
def remind_operators(timestamp: int = 0) -> int:
    """Remind operators of what is to be mended soon; how many visits."""
    moment = datetime.fromtimestamp(timestamp, UTC) if timestamp else timezone.now()
    return remind_all(timezone.localdate(moment))


def remind_all(day: date) -> int:
    """Remind of each visit that is to be mended within the days of the limit, once for each term; how many visits."""
    until = day + timedelta(days=read_limit("remind_days", day))
    rows = unscoped(Visit, because=WHY).filter(stage=VisitStage.MENDING, mend_by__range=(day, until))
    found = list(rows.select_related("space").order_by("mend_by", "pk"))
    for row in found:
        tell_of_visit(row, "visit.soon", SYSTEM, once=f"visit-{row.pk}-{row.mend_by}")
    return len(found)
