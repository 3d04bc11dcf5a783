"""What the worker does for accounts: deleting those that were never confirmed."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from procrastinate.contrib.django import app

from chuangbao.accounts.models import Person

__all__ = ["forget_unconfirmed"]

KEPT_DAYS = 7


@app.periodic(cron="50 18 * * *")
@app.task(name="accounts.forget_unconfirmed")
def forget_unconfirmed(timestamp: int = 0) -> int:  # noqa: ARG001 - the hour it is meant for
    """Delete accounts whose address was not confirmed within a week and that never signed in; how many.

    A mistyped address is kept from its owner no longer than that.
    """
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    rows = Person.objects.filter(joined_at__lt=old, last_login=None, emailaddress__verified=False)
    count = 0
    for person in rows.exclude(emailaddress__verified=True).distinct():
        try:
            with transaction.atomic():
                person.delete()
        except ProtectedError:  # something was done with it: it stays
            continue
        count += 1
    return count
