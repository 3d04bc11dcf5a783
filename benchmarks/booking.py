"""How long booking takes with a country's data: venues × resources × bookings, asked by several readers at once.

``python benchmarks/booking.py --venues 10000 --resources 500000 --bookings 2000000``. PostgreSQL makes the rows by
itself; the web server is the real one, asked over HTTP. Times are those that the server's own log gives each request,
from its first line to the last byte, and those that a reader waits. ``--explain`` prints the plans of the search.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener
from zoneinfo import ZoneInfo

import province

EACH, PEOPLE, PORT, ASKING = 120, 10_000, province.PORT, 8
TOKEN = "b" * 32
ZONE = ZoneInfo("Asia/Shanghai")
PEOPLE_ROWS = """INSERT INTO accounts_person (password, email, name, language, is_active, is_demo, joined_at, agreed)
    SELECT %(password)s, 'p' || n || '@demo.invalid', '演示' || n, 'zh-hans', true, false, now(), %(agreed)s
    FROM generate_series(1, %(people)s) n"""
ORGANISATIONS = """INSERT INTO accounts_organisation
        (kind, name, code, region_id, department, stage, is_demo, created_at)
    SELECT 'space', '演示·第' || n || '号空间运营公司', lpad(n::text, 18, 'D'),
        (array(SELECT code FROM core_region WHERE level = 'county' AND code LIKE '22%%' ORDER BY code))[1 + n %% 60],
        '', 'verified', true, now() FROM generate_series(1, %(venues)s) n"""
VENUES = """INSERT INTO booking_venue (organization_id, name, region_id, address, directions, zone, is_open,
        created_at, offer_minutes)
    SELECT id, name, region_id, '演示路' || id || '号', '', 'Asia/Shanghai', true, now(), 120
    FROM accounts_organisation"""
HOURS = """INSERT INTO booking_openinghours (venue_id, day, opens, closes)
    SELECT v.id, d, 510, 1260 FROM booking_venue v CROSS JOIN generate_series(1, 7) d"""
RESOURCES = """INSERT INTO booking_resource (venue_id, kind, name, floor, door, capacity, places, features, audience,
        needs_approval, buffer_before, buffer_after, notice_minutes, cancel_minutes, slot_minutes, horizon_days,
        weekly_minutes, created_at, area)
    SELECT v.id, k.kind, '演示·' || n, '3层', n::text, k.capacity,
        CASE WHEN k.kind = 'hot_desk' THEN k.capacity ELSE 1 END,
        CASE WHEN n %% 5 = 0 THEN array['投影', '白板'] WHEN n %% 977 = 0 THEN array['暗室'] ELSE array['白板'] END,
        CASE WHEN n %% 9 = 0 THEN 'tenants' ELSE 'public' END, false, 0,
        CASE WHEN k.kind = 'machine' THEN 15 ELSE 0 END,
        0, 0, 30, 400, CASE WHEN n %% 3 = 0 THEN 2400 END, now(), v.region_id
    FROM generate_series(1, %(resources)s) n JOIN booking_venue v ON v.id = 1 + n %% %(venues)s
    CROSS JOIN LATERAL (SELECT (array['room', 'room', 'hot_desk', 'machine', 'fixed_desk'])[1 + n %% 7 %% 5] kind,
        1 + n / 7 %% 20 capacity) k"""
BOOKINGS = """INSERT INTO booking_booking (resource_id, place, person_id, starts, ends, blocked, stage, purpose, people,
        created_at, is_moved)
    SELECT resource, 1, 1 + n %% %(people)s, starts, starts + length, tstzrange(starts, starts + length),
        CASE WHEN n %% 11 = 0 THEN 'cancelled' ELSE 'confirmed' END, '', 1, now(), false
    FROM generate_series(0, %(bookings)s - 1) n
    CROSS JOIN LATERAL (SELECT 1 + n %% %(resources)s resource, n / %(resources)s turn) r
    CROSS JOIN LATERAL (SELECT %(midnight)s + (turn * 3 + resource %% 3) * interval '1 day'
        + (9 + resource %% 9) * interval '1 hour' starts, (1 + resource %% 2) * interval '1 hour' length) t"""


def main() -> None:
    """Make, serve, ask, print."""
    asked = read_options()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cb-bench-")))
        folder.chmod(0o755)
        os.environ |= {"CHUANGBAO_DATA": str(folder), "CHUANGBAO_LOG": "json"}
        from chuangbao.cli.database import start_own_server

        os.environ["DATABASE_URL"] = start_own_server(stack).owner
        from chuangbao.cli.start import with_django
        from chuangbao.cli.up import serve, stop

        with_django()
        fill(asked)
        cookies = open_sessions()
        if asked.explain:
            explain_search()
        log = stack.enter_context((folder / "web.log").open("ab+"))
        stack.callback(stop, serve("127.0.0.1", PORT, stderr=log, data=folder))
        province.wait()
        print(f"# {asked}; load {os.getloadavg()[0]:.1f}; milliseconds", flush=True)
        for name, pages in list_plans(asked):
            log.seek(0, os.SEEK_END)
            began = log.tell()
            seen = ask(cookies, pages, asked.readers)
            log.seek(began)
            times = [json.loads(line)["ms"] for line in log if b'"event": "request"' in line]
            province.report(name, 2 * asked.readers, times, seen)


def read_options() -> argparse.Namespace:
    """Read sizes."""
    parser = argparse.ArgumentParser()
    sizes = {"venues": 10_000, "resources": 500_000, "bookings": 2_000_000, "readers": 4}
    for name, default in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--explain", action="store_true")
    return parser.parse_args()


def fill(asked: argparse.Namespace) -> None:
    """Make all rows inside PostgreSQL; the constraint that nothing is doubled is checked when all are there."""
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.db import connection

    from chuangbao.accounts.legal import current_agreement
    from chuangbao.booking.models import Booking
    from chuangbao.core.engine.regions import load_regions

    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    load_regions()
    midnight = datetime.now(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    given = vars(asked) | {
        "agreed": current_agreement(),
        "people": PEOPLE,
        "password": make_password(province.PASSWORD),
        "midnight": midnight,
    }
    rule = next(one for one in Booking._meta.constraints if one.name == "booking_never_doubled")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Booking, rule)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        for statement in (PEOPLE_ROWS, ORGANISATIONS, province.MEMBERS, VENUES, HOURS, RESOURCES, BOOKINGS):
            cursor.execute(statement, given)
        cursor.execute("SET session_replication_role = DEFAULT; SET maintenance_work_mem = '1GB'")
    with connection.schema_editor() as editor:
        editor.add_constraint(Booking, rule)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"# made in {time.perf_counter() - began:.0f} s", flush=True)


def open_sessions() -> list[str]:
    """Sign people in, each for themselves; their cookies."""
    from django.test import Client

    from chuangbao.accounts.models import Person

    found = []
    for person in Person.objects.order_by("pk")[:ASKING]:
        client = Client()
        client.force_login(person)
        found.append(f"sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}")
    return found


def explain_search() -> None:
    """Print how PostgreSQL finds what fits some needs, in its order."""
    from django.http import QueryDict

    from chuangbao.booking.domain import search
    from chuangbao.booking.forms import SearchForm
    from chuangbao.booking.views.bookings import read_need
    from chuangbao.core.access.actors import Actor, Capacity

    bookable = search.list_bookable(Actor(Capacity.SELF, 1))
    for query in list_searches():
        form = SearchForm(QueryDict(query))
        if form.is_valid():
            fitting = search.fit_need(bookable, read_need(form.cleaned_data))
            rows = fitting.values_list("capacity", "pk")[: search.WINDOW]
            print(query, rows.explain(analyze=True, buffers=True), sep="\n", flush=True)


def list_searches() -> list[str]:
    """List needs: anywhere, in a place, of a kind, with common and rare equipment, at night when nothing is open."""
    day = f"{datetime.now(ZONE) + timedelta(days=3):%Y-%m-%d}"
    usual = {"day": day, "starts": "14:00", "ends": "16:00", "people": 6}
    needs = [{}, {"kind": "room"}, {"kind": "room", "region": "220102"}, {"region": "220100", "people": 18}]
    needs += [{"features": "投影", "kind": "room"}, {"features": "暗室", "kind": "room"}, {"people": 400}]
    needs += [{"starts": "02:00", "ends": "04:00", "kind": "room"}, {"starts": "07:00", "ends": "22:00"}]
    return [urlencode(usual | need) for need in needs]


def list_plans(asked: argparse.Namespace) -> list[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """List what is asked: a name, and addresses to take turns with, each with what is sent to it."""
    dice = random.Random(1)  # noqa: S311 - which rows are looked at
    some = [dice.randrange(1, asked.resources) for _ in range(EACH)]
    searches = [(f"/booking/?{query}", {}) for query in list_searches()]
    return [
        ("search, free first", searches[:7]),
        ("search, nothing open then", searches[7:]),
        ("calendar of a week", [(f"/booking/resources/{n}/", {}) for n in some]),
        ("day of a venue", [(f"/booking/venues/{1 + n % asked.venues}/day/", {}) for n in some]),
        ("my bookings", [("/booking/mine/", {})]),
        ("one booking made", [book_once(n, turn) for turn, n in enumerate(some)]),
        ("a year of weeks, shown", [repeat_weekly(n, {}) for n in some]),
        ("a year of weeks, booked", [repeat_weekly(n, {"confirm": "1"}) for n in some]),
    ]


def book_once(resource: int, turn: int) -> tuple[str, dict[str, str]]:
    """Return a booking at a time that is free."""
    day = datetime.now(ZONE) + timedelta(days=40 + turn % 30)
    sent = {"day": f"{day:%Y-%m-%d}", "starts": "10:00", "ends": "11:00", "people": "1"}
    return f"/booking/resources/{resource}/book/", sent


def repeat_weekly(resource: int, also: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return a weekly series of a year."""
    day = datetime.now(ZONE) + timedelta(days=4)
    sent = {"day": f"{day:%Y-%m-%d}", "starts": "18:00", "ends": "19:00", "people": "1", "repeat": "weekly"}
    sent |= {"until": f"{day + timedelta(days=364):%Y-%m-%d}"}
    return f"/booking/resources/{resource}/book/", sent | also


class Stay(HTTPRedirectHandler):
    """Do not follow where an answer leads: it would be another page."""

    def redirect_request(self, *_given: object) -> None:
        """Return nothing."""


def ask(cookies: list[str], pages: list[tuple[str, dict[str, str]]], readers: int) -> list[float]:
    """Let several readers ask, each with their share; how long each answer took as they see it."""
    seen: list[float] = []
    opener = build_opener(Stay)
    turns = EACH // readers

    def read(place: int) -> None:
        for turn in range(turns):
            number = place * turns + turn
            path, sent = pages[number % len(pages)]
            headers = {"Cookie": cookies[number % len(cookies)], "X-CSRFToken": TOKEN}
            address = f"http://127.0.0.1:{PORT}{quote(path, safe='/?=&%')}"
            request = Request(address, data=urlencode(sent).encode() if sent else None, headers=headers)
            began = time.perf_counter()
            try:
                with opener.open(request, timeout=120) as answer:
                    answer.read()
            except OSError as answer:
                if getattr(answer, "code", 500) not in {302, 422}:
                    raise
            seen.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=read, args=[place]) for place in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


if __name__ == "__main__":
    sys.exit(main())
