"""Taking the time of a resource (占用时间): its lock, and the row that PostgreSQL lets in once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import ExclusionViolation

from chuangbao.booking.domain.locks import list_locks
from chuangbao.booking.models import Resource
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.kept_queries import KeptQuery, ask_together
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from django.db.models import Model, QuerySet

    from chuangbao.booking.models import Booking

__all__ = ["LONGEST_PURPOSE", "claim_time", "hold_resource", "insert_booking", "insert_bookings"]

LONGEST_PURPOSE = 120
INSERT = """INSERT INTO booking_booking (resource_id, place, person_id, for_organization_id, starts, ends, blocked,
        stage, purpose, people, price, created_at, series_id, is_moved)
    SELECT %(resource)s, place, %(person)s, %(organization)s, starts, ends,
        tstzrange(starts - make_interval(mins => %(before)s), ends + make_interval(mins => %(after)s)), %(stage)s,
        %(purpose)s, %(people)s, price, %(now)s, %(series)s, false
    FROM unnest(%(places)s::smallint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(prices)s::numeric[])
        AS t(place, starts, ends, price)
    ON CONFLICT DO NOTHING RETURNING id, starts"""
"""Takes several times of a resource at once; what PostgreSQL does not let in is left out, without a savepoint."""


def hold_resource(pk: int) -> Resource:
    """Take the locks of a resource and of what is free each month in its venue, then read it as it is now.

    One way to PostgreSQL and back. Raises Refused: gone.
    """
    *_locks, found = ask_together(*list_locks(pk), RESOURCE.want_models(pk=pk))
    if not found:
        raise Refused("gone", _("This was deleted while you were working on it."))
    row: Resource = found[0]
    return row


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


def insert_booking(made: Booking) -> bool:
    """Save a booking with one statement; False where PostgreSQL says that another is in its way.

    The lock should have prevented that.
    """
    ids = insert_bookings(
        made.resource,
        [(made.place, made.starts, made.ends, made.price)],
        person=made.person_id,
        organization=made.for_organization_id,
        series=made.series_id,
        stage=str(made.stage),
        purpose=made.purpose,
        people=made.people,
    )
    made.pk = ids.get(made.starts)
    made._state.adding = made.pk is None
    return made.pk is not None


def insert_bookings(
    row: Resource, times: list[tuple[int, datetime, datetime, Decimal | None]], **whose: Any
) -> dict[datetime, int]:
    """Save times of a resource as bookings, each with its place and its price in yuan; their ids by their starts.

    ``whose`` names person, organization, series, stage, purpose and people of all of them. A time that PostgreSQL
    finds taken, which the lock should have prevented, is not among the answers.
    """
    places, starts, ends, prices = (list(column) for column in zip(*times, strict=True))
    values: dict[str, Any] = {"places": places, "starts": starts, "ends": ends, "prices": prices, "now": timezone.now()}
    values |= {"resource": row.pk, "before": row.buffer_before, "after": row.buffer_after}
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values | whose)
        return {moment: pk for pk, moment in cursor.fetchall()}
