"""What the worker does for premises: erasing contacts of firms that have left, once a day."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from chuangbao.premises.domain.applicants import erase_applicants
from chuangbao.premises.domain.files import erase_contacts, erase_receipts

__all__ = ["erase_old_contacts"]


@app.periodic(cron="40 18 * * *")  # 02:40 in Changchun
@app.task(name="premises.erase", lock="premises.erase", queueing_lock="premises.erase")
def erase_old_contacts(timestamp: int = 0) -> int:
    """Erase contacts and names of takers whose time is over; how many rows."""
    day = timezone.localdate(datetime.fromtimestamp(timestamp, UTC) if timestamp else timezone.now())
    return erase_contacts(day) + erase_receipts(day) + erase_applicants(day)
