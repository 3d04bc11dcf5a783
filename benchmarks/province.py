"""How long pages of the platform take with a province's data: subjects × facts, people, and the record of years.

``python benchmarks/province.py --subjects 1000000 --facts 30 --people 100000 --history 10000000``. PostgreSQL makes the
rows by itself; the web server is the real one, asked by several readers at once over HTTP. Times are those the
server's own log gives each request, from its first line to the last byte, and those that a reader waits.
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
from pathlib import Path
from urllib.request import Request, urlopen

EACH, SIGNING_IN = 60, 4
PASSWORD = "长春-Benchmark-2026"  # noqa: S105 - of people who do not exist
PORT = 8765
LISTS = [f"/facts/subjects/{asked}" for asked in ("", "?page=7", "?sort=name", "?kind=enterprise")]
MANY = ["/facts/subjects/?q=科技", "/facts/subjects/?q=公司&page=9"]
NOBODY = ["/facts/subjects/?q=渔业", "/facts/subjects/?q=公牛"]

PEOPLE = """INSERT INTO accounts_person (password, email, name, language, is_active, is_demo, joined_at)
    SELECT %(password)s, 'p' || n || '@demo.invalid', '演示' || n, 'zh-hans', true, true, now()
    FROM generate_series(1, %(people)s) n"""
ORGANISATIONS = """INSERT INTO accounts_organisation
        (kind, name, code, region_id, department, stage, is_demo, created_at)
    SELECT 'enterprise', '演示·第' || n || '号科技有限公司', lpad(n::text, 18, 'D'),
        (array(SELECT code FROM core_region WHERE level = 'county' AND code LIKE '22%%'))[1 + n %% 60],
        '', CASE WHEN n %% 50 = 0 THEN 'unverified' ELSE 'verified' END, true, now() - n * interval '1 minute'
    FROM generate_series(1, %(subjects)s) n"""
MEMBERS = """INSERT INTO accounts_membership (person_id, organisation_id, role, since)
    SELECT p.id, o.id, 'owner', now() FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM accounts_person) p
    JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM accounts_organisation) o USING (n)"""
SUBJECTS = """INSERT INTO facts_subject (organisation_id, created_at, name, area_id, holder)
    SELECT id, now(), name, region_id, kind FROM accounts_organisation"""
FACTS = """INSERT INTO facts_fact (subject_id, name, as_of, number, absent, source, register, stage, recorded_at)
    SELECT s.id, f.name, date '2026-01-01', (s.id * 7919 %% 5000) * 100, false, 'self', '', 'stated', now()
    FROM facts_subject s CROSS JOIN unnest(%(names)s::text[]) f(name)"""
HISTORY = """INSERT INTO core_history
        (at, person_id, acting, verb, kind, object_id, region, before, after, reason, data)
    SELECT now() - n * interval '10 second', 1 + n %% %(people)s, 'self', 'state', 'facts.subject',
        n %% %(subjects)s,
        '220102', '', '', '', jsonb_build_object('n', n) FROM generate_series(1, %(history)s) n"""


def main() -> None:
    """Make, serve, ask, print."""
    asked = options()
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
        cookies = sessions()
        log = stack.enter_context((folder / "web.log").open("ab+"))
        stack.callback(stop, serve("127.0.0.1", PORT, stderr=log, data=folder))
        wait()
        print(f"# {asked}; load {os.getloadavg()[0]:.1f}; milliseconds")
        for name, cookie, pages in plans(cookies, asked):
            log.seek(0, os.SEEK_END)
            began = log.tell()
            seen = ask(cookie, pages, asked.readers)
            log.seek(began)
            times = [json.loads(line)["ms"] for line in log if b'"event": "request"' in line]
            report(name, asked.readers, times, seen)
        saving(asked)


def options() -> argparse.Namespace:
    """Sizes."""
    parser = argparse.ArgumentParser()
    for name, default in (
        ("subjects", 100_000),
        ("facts", 30),
        ("people", 10_000),
        ("history", 1_000_000),
        ("readers", 4),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()


def fill(asked: argparse.Namespace) -> None:
    """All rows, made inside PostgreSQL; the record without its seals, which pages do not read."""
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.db import connection

    from chuangbao.core.engine.current import current_pack
    from chuangbao.core.engine.regions import load_regions
    from chuangbao.policies.domain.load import load_library

    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    load_regions()
    pack = current_pack()
    load_library(pack=pack)
    numeric = [
        name for name, fact in pack.facts.items() if fact.type.value in {"money", "decimal"} and not fact.sensitive
    ]
    given = vars(asked) | {"names": numeric[: asked.facts], "password": make_password(PASSWORD)}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        for statement in (PEOPLE, ORGANISATIONS, MEMBERS, SUBJECTS, FACTS, HISTORY):
            cursor.execute(statement, given)
        cursor.execute("SET session_replication_role = DEFAULT; ANALYZE")
    print(f"# made in {time.perf_counter() - began:.0f} s")


def sessions() -> dict[str, str]:
    """Signed-in cookies of a member and of officers of a county and of the province."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    import factories
    from chuangbao.accounts.models import Membership, Person

    found = {}
    member = factories.as_member(Membership.objects.select_related("organisation", "person").order_by("pk")[0])
    for person in Person.objects.order_by("pk")[:SIGNING_IN]:
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    for name, actor in {
        "member": member,
        "county": factories.officer("register", "supervisor"),
        "province": factories.officer("register", "supervisor", region="220000"),
    }.items():
        person = Person.objects.get(pk=actor.person_id)
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = (
            str(person.pk),
            "allauth.account.auth_backends.AuthenticationBackend",
        )
        session[HASH_SESSION_KEY], session["acting"] = person.get_session_auth_hash(), actor.acting
        session.create()
        found[name] = f"sessionid={session.session_key}"
    return found


def plans(cookies: dict[str, str], asked: argparse.Namespace) -> list[tuple[str, str, list[str]]]:
    """What is asked: a name, as whom, and addresses to take turns with."""
    dice = random.Random(1)  # noqa: S311 - which rows are looked at
    some = [dice.randrange(1, asked.subjects) for _ in range(EACH)]
    firms = [f"/facts/subjects/{n}/" for n in some]
    return [
        ("workbench, member", cookies["member"], ["/desk/"]),
        ("workbench, county", cookies["county"], ["/desk/"]),
        ("workbench, province", cookies["province"], ["/desk/"]),
        ("subject page, province", cookies["province"], firms),
        ("subjects, province", cookies["province"], LISTS),
        ("subjects, county", cookies["county"], LISTS),
        ("search by name", cookies["province"], [f"/facts/subjects/?q=第{n}号" for n in some]),
        ("search for what many have", cookies["province"], MANY),
        ("search for what nobody has", cookies["province"], NOBODY),
        ("organisations, province", cookies["province"], ["/organisations/area/", "/organisations/area/?q=科技"]),
        (
            "organisations by code",
            cookies["province"],
            [f"/organisations/area/?q={str(n).rjust(18, 'D')}" for n in some],
        ),
        ("policies, search", "", ["/policies/?q=创业担保贷款", "/policies/?q=xwqy"]),
    ]


def wait() -> None:
    """Until the server answers."""
    for _ in range(200):
        try:
            urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def ask(cookie: str, pages: list[str], readers: int) -> list[float]:
    """Several readers, each with their share; how long each answer took as they see it, waiting included."""
    from urllib.parse import quote

    seen: list[float] = []

    def read(place: int) -> None:
        for turn in range(EACH // readers + 5):
            address = quote(pages[(place * 17 + turn) % len(pages)], safe="/?=&")
            request = Request(f"http://127.0.0.1:{PORT}{address}", headers={"Cookie": cookie})
            began = time.perf_counter()
            with urlopen(request, timeout=120) as answer:  # noqa: S310 - the same
                answer.read()
            seen.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=read, args=[place]) for place in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def report(name: str, first: int, times: list[float], seen: list[float] | None = None) -> None:
    """Median and 95th percentile, without the ``first`` ones, one of each reader."""
    told = f"{name:28} n={len(times) - first:4}"
    for whose, each in (("server", times), ("reader", seen or [])):
        warm = sorted(each[first:])
        if warm:
            told += f"  {whose} p50 {warm[len(warm) // 2]:7.1f}  p95 {warm[int(len(warm) * 0.95)]:7.1f}"
    print(told)


def saving(asked: argparse.Namespace) -> None:
    """Signing in and saving a fact, through Django's own client: sessions, tokens and the record included."""
    from django.conf import settings
    from django.test import Client

    import factories
    from chuangbao.accounts.models import Membership

    settings.ALLOWED_HOSTS += ["testserver"]
    settings.RATE_LIMITS, settings.ACCOUNT_RATE_LIMITS = False, False
    times: dict[str, list[float]] = {"sign-in": [], "saving a fact": []}
    for n in range(1, SIGNING_IN + 1):
        for _ in range(8):
            client = Client()
            began = time.perf_counter()
            client.post("/accounts/login/", {"login": f"p{n}@demo.invalid", "password": PASSWORD})
            times["sign-in"].append((time.perf_counter() - began) * 1000)
    actor = factories.as_member(Membership.objects.select_related("organisation", "person").order_by("pk")[0])
    client = factories.sign_in(Client(), actor)
    subject = client.get("/facts/", follow=True).request["PATH_INFO"]
    for n in range(60):
        began = time.perf_counter()
        answer = client.post(f"{subject}hires/", {"hires": str(n), "as_of": "2026-01-02"})
        times["saving a fact"].append((time.perf_counter() - began) * 1000)
        if answer.status_code != 302:
            raise SystemExit(f"not saved: {answer.status_code} of {asked.subjects} subjects")
    for name, taken in times.items():
        report(name, SIGNING_IN, taken)


if __name__ == "__main__":
    main()
