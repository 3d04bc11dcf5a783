"""How long booking takes with a country's data: venues × resources × bookings, asked by several readers at once.

``python benchmarks/booking.py`` makes 10 000 venues, 500 000 resources and 2 000 000 bookings (``--bookings 20000000``)
inside PostgreSQL, starts what ``chuangbao up`` starts, and lets four readers ask over HTTP, a kind of page after the
other and then all mixed. ``--data FOLDER`` keeps the data, so that the next run begins at once; ``--explain`` prints
the plans of a search. Times are those that the server's own log gives each request, from its first line to the last
byte, and those that a reader waits; processor time is that of all processes of the web server, and of PostgreSQL.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import province

if TYPE_CHECKING:
    from collections.abc import Callable

Page = tuple[str, dict[str, str]]
EACH, PEOPLE, PORT, ASKING = 160, 10_000, province.PORT, 32
BYTES = 900  # of the disk for a booking with its indexes, while they are made
TICKS = os.sysconf("SC_CLK_TCK") / 1000
FOUND, REFUSED = {200, 302}, 422
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
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped
    with ExitStack() as stack:
        folder = asked.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cb-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        os.environ |= {"CHUANGBAO_DATA": str(folder.resolve()), "CHUANGBAO_LOG": "json"}
        from chuangbao.cli.database import start_own_server

        os.environ["DATABASE_URL"] = start_own_server(stack).owner
        from chuangbao.cli.start import with_django
        from chuangbao.cli.up import serve, stop, work

        with_django()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)  # data that were kept may be of an older release
        made = folder / "made"
        if not made.is_file():
            fill(asked, folder)
            made.write_text(str(asked), encoding="utf-8")
        cookies = open_sessions()
        if asked.explain:
            explain_search()
        log = stack.enter_context((folder / "web.log").open("ab+"))
        web = serve("127.0.0.1", PORT, stderr=log, data=folder)
        stack.callback(stop, web)
        stack.callback(stop, work())
        province.wait()
        print(f"# {asked}; load {os.getloadavg()[0]:.1f}; milliseconds", flush=True)
        print("| what | asked | server p50 | p95 | reader p50 | p95 | web, each | PostgreSQL, each |", flush=True)
        print("|---|---:|---:|---:|---:|---:|---:|---:|", flush=True)
        spent = partial(measure_processes, web.pid, find_postmaster(folder))
        for name, pages in list_plans(asked):
            report(name, pages, cookies, asked.readers, log, spent)
        print(f"# load {os.getloadavg()[0]:.1f}", flush=True)


def report(
    name: str, pages: list[Page], cookies: list[str], readers: int, log: IO[bytes], spent: Callable[[], list[float]]
) -> None:
    """Ask some pages for one round that is not counted and one that is, and print a line of the table."""
    ask(cookies, pages[: 4 * readers], readers, 4 * readers)
    log.seek(0, os.SEEK_END)
    began, before = log.tell(), spent()
    seen = ask(cookies, pages[4 * readers :] or pages, readers, EACH)
    each = [(now - then) / len(seen) for now, then in zip(spent(), before, strict=True)]
    log.seek(began)
    times = [json.loads(line)["ms"] for line in log if b'"event": "request"' in line]
    figures = [*middle_and_end(times), *middle_and_end(seen), *each]
    print(f"| {name} | {len(seen)} | {' | '.join(f'{figure:.1f}' for figure in figures)} |", flush=True)


def middle_and_end(times: list[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    rows = sorted(times)
    return rows[len(rows) // 2], rows[int(len(rows) * 0.95)]


def measure_processes(web: int, postmaster: int) -> list[float]:
    """Return what the web server and PostgreSQL have spent of the processors since they began, in milliseconds.

    Those of the web server are of one session, those of PostgreSQL children of one process. What ended counts with
    whom it was a child of.
    """
    stats = []
    for path in Path("/proc").iterdir():
        if path.name.isdecimal():
            with suppress(OSError):
                said = (path / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                stats.append((int(path.name), int(said[1]), int(said[3]), sum(map(int, said[11:15])) / TICKS))
    return [
        sum(spent for _pid, _parent, session, spent in stats if session == web),
        sum(spent for pid, parent, _session, spent in stats if postmaster in {pid, parent}),
    ]


def find_postmaster(folder: Path) -> int:
    """Return the first process of our own PostgreSQL."""
    from chuangbao.ops.embedded_postgres import home_of

    return int((home_of(folder / "postgres") / "cluster" / "postmaster.pid").read_text(encoding="utf-8").split()[0])


def read_options() -> argparse.Namespace:
    """Read sizes."""
    parser = argparse.ArgumentParser()
    sizes = {"venues": 10_000, "resources": 500_000, "bookings": 2_000_000, "readers": 4}
    for name, default in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--explain", action="store_true")
    parser.add_argument("--data", type=Path, help="a folder whose data are kept, and used again if they are there")
    return parser.parse_args()


def fill(asked: argparse.Namespace, folder: Path) -> None:
    """Make all rows inside PostgreSQL; indexes and the constraint are made when all are there."""
    from django.contrib.auth.hashers import make_password
    from django.db import connection

    from chuangbao.accounts.legal import current_agreement
    from chuangbao.booking.models import Booking, Resource
    from chuangbao.core.engine.regions import load_regions

    if shutil.disk_usage(folder).free < asked.bookings * BYTES:
        raise SystemExit(f"{asked.bookings * BYTES >> 30} GB of the disk are needed in {folder}")
    began = time.perf_counter()
    load_regions()
    midnight = datetime.now(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    given = vars(asked) | {
        "agreed": current_agreement(),
        "people": PEOPLE,
        "password": make_password(province.PASSWORD),
        "midnight": midnight,
    }
    indexes = [(model, index) for model in (Booking, Resource) for index in model._meta.indexes]
    rule = next(one for one in Booking._meta.constraints if one.name == "booking_never_doubled")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Booking, rule)
        for model, index in indexes:
            editor.remove_index(model, index)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        for statement in (PEOPLE_ROWS, ORGANISATIONS, province.MEMBERS, VENUES, HOURS, RESOURCES, BOOKINGS):
            cursor.execute(statement, given)
        cursor.execute("SET session_replication_role = DEFAULT; SET maintenance_work_mem = '1GB'")
    with connection.schema_editor() as editor:
        editor.add_constraint(Booking, rule)
        for model, index in indexes:
            editor.add_index(model, index)
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

    actor = Actor(Capacity.SELF, 1)
    for query in list_searches():
        form = SearchForm(QueryDict(query))
        if form.is_valid():
            rows = search.list_fitting(actor.capacity, **search.ask_for(actor, read_need(form.cleaned_data)))
            print(query, rows.explain(analyze=True, buffers=True), sep="\n", flush=True)


def list_searches() -> list[str]:
    """List needs: anywhere, in a place, of a kind, with common and rare equipment, at night when nothing is open."""
    day = f"{datetime.now(ZONE) + timedelta(days=3):%Y-%m-%d}"
    usual = {"day": day, "starts": "14:00", "ends": "16:00", "people": 6}
    needs = [{}, {"kind": "room"}, {"kind": "room", "region": "220102"}, {"region": "220100", "people": 18}]
    needs += [{"features": "投影", "kind": "room"}, {"features": "暗室", "kind": "room"}, {"people": 400}]
    needs += [{"starts": "02:00", "ends": "04:00", "kind": "room"}, {"starts": "07:00", "ends": "22:00"}]
    return [urlencode(usual | need) for need in needs]


def list_plans(asked: argparse.Namespace) -> list[tuple[str, list[Page]]]:
    """List what is asked: a name, and addresses to take turns with, each with what is sent to it.

    Other resources each time, since those of a run before are booked when its data are used again.
    """
    dice = random.Random(time.time())  # noqa: S311 - which rows are looked at
    some = [dice.randrange(1, asked.resources) for _ in range(EACH + 4 * asked.readers)]
    searches: list[Page] = [(f"/booking/?{query}", {}) for query in list_searches()]
    repeated = [repeat_weekly(n, {}) for n in some]
    plans: list[tuple[str, list[Page]]] = [
        ("search, free first", searches[:7]),
        ("search, nothing open then", searches[7:]),
        ("calendar of a week", [(f"/booking/resources/{n}/", {}) for n in some]),
        ("day of a venue", [(f"/booking/venues/{1 + n % asked.venues}/day/", {}) for n in some]),
        ("my bookings", [("/booking/mine/", {})]),
        ("one booking made", [book_once(n, turn) for turn, n in enumerate(some)]),
        ("a year of weeks, shown", repeated),
        ("a year of weeks, booked", [(path, sent | {"confirm": "1"}) for path, sent in repeated]),
    ]
    mixed = [dice.choice(pages) for _name, pages in plans[:7] for _ in range(EACH // 7 + 1)]
    dice.shuffle(mixed)
    return [*plans, ("all mixed, but for series booked", mixed)]


def book_once(resource: int, turn: int) -> tuple[str, dict[str, str]]:
    """Return a booking at a time that is free."""
    day = datetime.now(ZONE) + timedelta(days=130 + turn % 30)
    sent = {"day": f"{day:%Y-%m-%d}", "starts": "10:00", "ends": "11:00", "people": "1"}
    return f"/booking/resources/{resource}/book/", sent


def repeat_weekly(resource: int, also: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return a weekly series of a year."""
    day = datetime.now(ZONE) + timedelta(days=4)
    sent = {"day": f"{day:%Y-%m-%d}", "starts": "18:00", "ends": "19:00", "people": "1", "repeat": "weekly"}
    sent |= {"until": f"{day + timedelta(days=364):%Y-%m-%d}"}
    return f"/booking/resources/{resource}/book/", sent | also


def ask(cookies: list[str], pages: list[Page], readers: int, turns: int) -> list[float]:
    """Let several readers ask so many pages in all, each its share; how long each answer took as they see it.

    Raises SystemExit where an answer is a fault of the server.
    """
    seen: list[float] = []
    faults: list[str] = []

    def read(place: int) -> None:
        connection = HTTPConnection("127.0.0.1", PORT, timeout=120)
        for number in range(place, turns, readers):
            path, sent = pages[number % len(pages)]
            headers = {"Cookie": cookies[number % len(cookies)], "X-CSRFToken": TOKEN}
            if sent:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            began = time.perf_counter()
            connection.request("POST" if sent else "GET", quote(path, safe="/?=&%"), urlencode(sent) or None, headers)
            answer = connection.getresponse()
            answer.read()
            seen.append((time.perf_counter() - began) * 1000)
            if answer.status not in FOUND and not (sent and answer.status == REFUSED):
                faults.append(f"{answer.status} {path}")
        connection.close()

    threads = [threading.Thread(target=read, args=[place]) for place in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults or len(seen) < turns:
        raise SystemExit(f"{len(seen)} of {turns} answered; {faults[:3]}")
    return seen


if __name__ == "__main__":
    main()
