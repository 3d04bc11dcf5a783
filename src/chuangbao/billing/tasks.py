"""What the worker does for the money of a space: reminding, once a day."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from chuangbao.billing.domain.reminding import remind_all

__all__ = ["remind_payers"]


@app.periodic(cron="0 1 * * *")  # 09:00 in Changchun
@app.task(name="billing.remind_payers", lock="billing.remind_payers", queueing_lock="billing.remind_payers")
def remind_payers(timestamp: int = 0) -> int:
    """Remind payers of open statements; how many statements."""
    moment = datetime.fromtimestamp(timestamp, UTC) if timestamp else timezone.now()
    return remind_all(timezone.localdate(moment))
