"""One at a time for each resource (逐个资源加锁): taken first by every verb that gives or frees its time.

The constraint of PostgreSQL alone keeps bookings from overlapping, but two inserts that meet may end in a deadlock,
which is an error on a page. Behind this lock they wait for each other, and the second sees what the first did.
"""

from __future__ import annotations

from django.db import connection

from chuangbao.core.kept_queries import Question

__all__ = ["list_locks", "lock_allowances", "lock_resources"]

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('chuangbao.booking', %s))"

ALLOWANCES = """SELECT pg_advisory_xact_lock(hashtextextended('chuangbao.booking.allowance', venue_id))
    FROM booking_allowance WHERE venue_id = %s LIMIT 1"""
ITS_VENUE = "(SELECT venue_id FROM booking_resource WHERE id = %s)"


def lock_resources(*resources: int) -> None:
    """Hold resources by their ids until the transaction ends; several in the order of their ids."""
    with connection.cursor() as cursor:
        for pk in sorted(set(resources)):
            cursor.execute(LOCK, [pk])


def lock_allowances(venue: int) -> None:
    """Hold what is free each month in a venue until the transaction ends; nothing is held where nothing is free.

    After the locks of resources and before that of the venue's line, so that no two wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(ALLOWANCES, [venue])


def list_locks(resource: int) -> list[Question]:
    """Return what takes both locks of one resource, that of what is free each month in its venue last."""
    return [Question(LOCK, [resource]), Question(ALLOWANCES.replace("%s", ITS_VENUE), [resource])]
