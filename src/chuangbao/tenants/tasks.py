"""What the worker does for tenants: telling both sides that a term ends, once a day."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from chuangbao.tenants.domain.reminding import remind_of_terms

__all__ = ["remind_tenants"]


@app.periodic(cron="10 1 * * *")  # 09:10 in Changchun
@app.task(name="tenants.remind", lock="tenants.remind", queueing_lock="tenants.remind")
def remind_tenants(timestamp: int = 0) -> int:
    """Tell both sides of terms that end; how many tenancies."""
    moment = datetime.fromtimestamp(timestamp, UTC) if timestamp else timezone.now()
    return remind_of_terms(timezone.localdate(moment))
