"""Many people try to book few resources at random, all at once; what they came to (for tests and tools/)."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import DatabaseError, connection

import factories
from booking.scene import at, make_room, make_venue
from chuangbao.booking.domain.bookings import book, move_booking
from chuangbao.core.workflow.refusals import Refused

DOUBLES = """SELECT count(*) FROM booking_booking a JOIN booking_booking b
    ON a.resource_id = b.resource_id AND a.place = b.place AND a.id < b.id AND a.blocked && b.blocked
    WHERE a.stage = ANY(%(held)s) AND b.stage = ANY(%(held)s)"""


def count_doubles():
    """Pairs of bookings that hold the same place at the same time."""
    from chuangbao.booking.enums import HOLDING

    with connection.cursor() as cursor:
        cursor.execute(DOUBLES, {"held": list(HOLDING)})
        return cursor.fetchone()[0]


def try_once(chance, actor, resources, made):
    """Book at random, and keep at most two of one's own, so that there is always something to race for."""
    start = at(8) + timedelta(minutes=30 * chance.randrange(24))
    span = {"starts": start, "ends": start + timedelta(minutes=30 * chance.randint(1, 4))}
    try:
        if len(made) > 1:
            move_booking(booking=made.pop(chance.randrange(len(made))), verb="cancel", actor=actor)
            return "cancelled"
        made.append(book(actor=actor, resource=chance.choice(resources), **span))
    except Refused as refusal:
        return refusal.code
    except DatabaseError as error:
        return f"error: {type(error.__cause__).__name__}"
    return "booked"


def race(actors, resources, *, attempts, seed=1):
    """Let every actor try so often, each in a thread and on a connection of its own."""

    def run(place):
        chance, made = random.Random(f"{seed}.{place}"), []  # noqa: S311 - chance, no secret
        try:
            return Counter(try_once(chance, actors[place], resources, made) for _ in range(attempts))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actors)) as pool:
        return sum(pool.map(run, range(len(actors))), Counter())


def people_and_rooms(count):
    """So many people, two rooms and a hot desk of two places."""
    manager = factories.member(role="manager")
    venue = make_venue(manager)
    rooms = [make_room(manager, venue, name=f"会议室{n}") for n in range(2)]
    rooms.append(make_room(manager, venue, name="流动工位", kind="hot_desk", capacity=2))
    return [factories.founder() for _ in range(count)], rooms
