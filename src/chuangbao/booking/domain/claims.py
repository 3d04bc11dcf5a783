"""Taking the time of a resource (占用时间): its lock, and the row that PostgreSQL lets in once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import ExclusionViolation

from chuangbao.booking.domain.locks import lock_allowances, lock_resources
from chuangbao.booking.models import Resource
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.kept_queries import KeptQuery
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

__all__ = ["LONGEST_PURPOSE", "claim_time", "hold_resource"]

LONGEST_PURPOSE = 120


def hold_resource(pk: int) -> Resource:
    """Take the locks of a resource and of what is free each month in its venue, then read it as it is now.

    Raises Refused: gone.
    """
    lock_resources(pk)
    found: list[Resource] = RESOURCE.models(pk=pk)
    if not found:
        raise Refused("gone", _("This was deleted while you were working on it."))
    lock_allowances(found[0].venue_id)
    return found[0]


def find_resource(pk: int) -> QuerySet[Resource]:
    """Write the query of one resource with its venue and training."""
    rows = unscoped(Resource, because="whether it may be booked is asked next").filter(pk=pk).order_by()
    return rows.select_related("venue", "training")


RESOURCE = KeptQuery(find_resource)


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
