"""How long the server takes for a check-up step with 4 000 measures, and for a search over 100 000 documents.

Run with ``make bench``. It starts a PostgreSQL of its own and throws it away; times are those of Django's test
client, from the request to the last byte of the page, templates and queries included.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import judge

from chuangbao.ops.embedded_postgres import EmbeddedPostgres

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

MEASURES, DOCUMENTS = 4000, 100_000
VISITORS, STEPS, ROUNDS = 6, 10, 20
SEARCHES = ("小微企业", "研发费用加计扣除", "财税〔2015〕116号", "cydbdk", "daxuesheng", "补贴 大学生", "贷款", "")
WORDS = "创业 担保 贷款 研发 费用 加计 扣除 孵化 基地 高校 毕业生 补贴 企业 所得税 增值税 减免 认定 管理 办法 意见 科技"


def main() -> None:
    """Print both tables."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chuangbao-bench-")))
        server = stack.enter_context(EmbeddedPostgres(folder / "data", fast=True))
        server.create()
        judge.vary(judge.PACK, folder / "pack", MEASURES)
        os.environ |= {
            "DATABASE_URL": server.url(),
            "CHUANGBAO_PACK": str(folder / "pack"),
            "CHUANGBAO_DATA": str(folder / "var"),
            "DJANGO_SETTINGS_MODULE": "chuangbao.config.settings",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        print(f"# {judge.machine()}; times in milliseconds")
        checkups()
        searches()
        shutil.rmtree(folder / "pack")


def checkups() -> None:
    """Visitors of every kind answer ten questions each."""
    from django.test import Client

    from chuangbao.core.engine.current import current_engine, current_pack

    current_engine()
    chance = random.Random(4)  # noqa: S311 - repeatable, no secret
    times: list[float] = []
    for visitor in range(VISITORS):
        client = Client(HTTP_HOST="localhost")
        pack = current_pack()
        who = pack.audiences[visitor % len(pack.audiences)].id
        started = client.post("/checkup/", {"who": who, "want": ""})
        address = started["Location"]
        for _ in range(STEPS):
            times.append(timed(lambda a=address, c=client: c.get(a)))
            if not answer(client, address, chance):
                break
    show(f"check-up step, {MEASURES} measures", times)


def answer(client: Client, address: str, chance: random.Random) -> bool:
    """Answer the question on the page; whether there was one."""
    from chuangbao.core.engine.current import current_pack
    from chuangbao.facts.forms import choices_of

    asked = re.search(r'name="fact" value="(\w+)"', client.get(address).content.decode())
    if asked is None:
        return False
    pack, name = current_pack(), asked[1]
    choices = [value for value, _label in choices_of(pack, pack.facts[name])]
    value = chance.choice(choices) if choices else str(chance.choice([1, 20, 300, 200_000, 3_000_000]))
    client.post(f"{address}answer/", {"fact": name, name: value})
    return True


def searches() -> None:
    """The library with many documents."""
    from django.test import Client

    from chuangbao.core.engine.current import current_pack
    from chuangbao.policies.domain.load import load_library
    from chuangbao.policies.models import Entry, Kind

    load_library(pack=current_pack())
    chance = random.Random(7)  # noqa: S311 - the same
    words = WORDS.split()
    fill(Entry, Kind, chance, words)
    client = Client(HTTP_HOST="localhost")
    for text in SEARCHES:
        times = [timed(lambda t=text: client.get("/policies/", {"q": t})) for _ in range(ROUNDS)]
        show(f"library search “{text}”, {Entry.objects.count()} entries", times)


def fill(entry: type, kind: type, chance: random.Random, words: list[str]) -> None:
    """Documents with made-up titles, marked as such by their reference."""
    from django.db import connection

    from chuangbao.policies.domain.load import write

    def made(number: int) -> object:
        title = "关于" + "".join(chance.sample(words, 5)) + "的通知"
        return entry(
            kind=kind.DOCUMENT,
            ref=f"benchmark-{number}",
            title_zh=title,
            number=f"测发〔{chance.randint(2000, 2026)}〕{number}号",
            region=chance.choice(["100000", "220000", "220100"]),
            themes=[chance.choice(["tax", "loan", "student"])],
            departments=[chance.choice(["tax", "finance", "labour"])],
        )

    write(made(number) for number in range(DOCUMENTS))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one run."""
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def show(what: str, times: list[float]) -> None:
    """One line of the table."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    print(f"| {what} | {len(times)} | {statistics.median(ordered):.0f} | {p95:.0f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
