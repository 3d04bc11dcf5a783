"""Taking the time of a resource (占用时间): its lock, its price, and the row that PostgreSQL lets in once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import ExclusionViolation

from chuangbao.booking.domain.locks import lock_resources
from chuangbao.booking.models import Resource
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.localization.money import yuan
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model

__all__ = ["LONGEST_PURPOSE", "claim_time", "hold_resource", "work_out_price"]

HOUR = Decimal(3600)
LONGEST_PURPOSE = 120


def hold_resource(pk: int) -> Resource:
    """Take the lock of a resource, then read it as it is now. Raises Refused: gone."""
    lock_resources(pk)
    rows = unscoped(Resource, because="whether it may be booked is asked next").select_related("venue", "training")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Refused("gone", _("This was deleted while you were working on it."))
    return found


def work_out_price(resource: Resource, starts: datetime, ends: datetime) -> Decimal | None:
    """Return what a booking costs in yuan, by the second; None where nothing is charged."""
    if resource.price_per_hour is None:
        return None
    seconds = Decimal(int((ends - starts).total_seconds()))
    return yuan(resource.price_per_hour * seconds / HOUR)


def claim_time(row: Model) -> bool:
    """Save a booking or a place in line; False where PostgreSQL says that another is in its way.

    Of a booking the lock should have prevented that.
    """
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as clash:
        if not isinstance(clash.__cause__, ExclusionViolation):
            raise
        return False
    return True
