"""How many rows a second `chuangbao audit verify` reads, and how fast a backup is written and put back.

Rows are made by PostgreSQL itself and sealed here, in one chain, because the trigger would need minutes for it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from time import perf_counter

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
MAKE = """INSERT INTO core_history
    (at, person_id, acting, verb, kind, object_id, region, before, after, reason, data)
SELECT timestamptz '2026-01-01' + n * interval '1 second', NULL, 'post:' || n %% 900, 'verify', 'facts.fact', n,
    '220102', 'draft', 'verified', CASE WHEN n %% 9 = 0 THEN '材料齐全，予以核验' ELSE '' END,
    jsonb_build_object('value', n, 'source', 'officer')
FROM generate_series(1, %s) n"""


def main() -> None:
    """Make a database, fill it, measure."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cb-bench-")))
        folder.chmod(0o755)
        os.environ["CHUANGBAO_DATA"] = str(folder)
        from chuangbao.cli.database import start_own_server

        url = os.environ["DATABASE_URL"] = start_own_server(stack).owner
        from chuangbao.cli.start import with_django

        with_django()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        fill()
        measure()
        there_and_back(folder, url)


def fill() -> None:
    """Rows and their seals."""
    from django.db import connection

    from chuangbao.core.audit.verify import SECOND, lines

    began = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(MAKE, [ROWS])
        cursor.execute("SET session_replication_role = DEFAULT")
    source = f"""COPY (SELECT h.id, {SECOND}
        FROM core_history h ORDER BY h.id) TO STDOUT"""  # noqa: S608 - our own words
    before = b""
    sealed = []
    for seq, line in enumerate(lines("default", source), 1):
        row, content = line.split(b"\t", 1)
        before = sha256(before + content).digest()
        sealed.append(b"%d\t%s\t\\\\x%s\t2\n" % (seq, row, before.hex().encode()))
    with connection.cursor() as cursor, cursor.connection.cursor() as raw:
        with raw.copy("COPY core_seal (seq, history_id, digest, version) FROM STDIN") as copy:
            copy.write(b"".join(sealed))
        raw.execute("ANALYZE core_history; ANALYZE core_seal")
    print(f"made {ROWS} rows in {perf_counter() - began:.1f} s")


def measure() -> None:
    """The rates."""
    from chuangbao.core.audit.verify import verify

    for _round in range(2):
        began = perf_counter()
        found = verify()
        seconds = perf_counter() - began
        state = "whole" if found.whole else "BROKEN"
        print(f"verify: {found.rows} rows, {state}: {ROWS / seconds:,.0f} rows/s ({seconds:.2f} s)")


def there_and_back(folder: Path, url: str) -> None:
    """A backup of it, and the backup put back into an empty database of the same server."""
    import psycopg
    from django.core.files.storage import storages

    from chuangbao.ops.backup import write_backup
    from chuangbao.ops.restore import restore_backup
    from chuangbao.ops.schema_state import migration_names, program_migrations

    began = perf_counter()
    done = write_backup(folder / "b.tar", url=url, store=None)
    seconds, size = perf_counter() - began, done.path.stat().st_size / 1e6
    print(f"backup with digests: {done.rows / seconds:,.0f} rows/s ({seconds:.1f} s, {size:.0f} MB)")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("CREATE DATABASE empty")
    other, began = url.replace("/chuangbao?", "/empty?"), perf_counter()
    put = restore_backup(
        done.path, url=other, store=storages["kept"], keys=folder, known=migration_names(program_migrations())
    )
    seconds = perf_counter() - began
    state = "equal digests" if not put.differences else f"DIFFERENT: {put.differences}"
    print(f"restore, compared: {done.rows / seconds:,.0f} rows/s ({seconds:.1f} s), {state}")


if __name__ == "__main__":
    main()
