"""A job that acts once however often it is taken up."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app

from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.audit.log import record


@app.task(name="killing.worked", queue="killing")
@transaction.atomic
def worked(*, number: int) -> None:
    """Note that the work on a number was done, unless that stands there already."""
    from chuangbao.core.models import History

    if not History.objects.filter(kind="killing.worked", object_id=None, data__number=number).exists():
        record(SYSTEM, "worked", kind="killing.worked", data={"number": number})
