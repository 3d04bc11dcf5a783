"""Upgrade filled databases of the landed states of the last weeks: ``python tools/upgrade_rounds.py [COMMIT …]``.

Each commit's own program makes a database with rows (``fill_database.py``), and this program upgrades it and compares:
no table has lost a row, the record verifies, a second upgrade finds nothing to do, and the system opens.
``--keep FOLDER`` writes the databases as backups, as they lie in ``tests/reliability/releases``. Needs a full clone.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from chuangbao.ops.embedded_postgres import EmbeddedPostgres  # noqa: E402
from chuangbao.ops.table_digests import digest_tables  # noqa: E402 - found by the line above

LANDED = ("54938f8", "d3664c6", "513606f", "25aa62a", "c735b6b", "6fb0265")
"""Accounts; register and outbox; facts and drafts; runs and simulations; names by parts; 25 November."""
CONTENT = {"core_regionperiod"}
"""Tables that are loaded anew from the pack."""
NAMES = "SELECT format('%s %s', id, email) FROM accounts_person UNION ALL SELECT code FROM accounts_organisation"


def program_of(commit: str, folder: Path) -> Path:
    """The files of a commit."""
    git = ["git", "-C", str(ROOT), "archive", "--format=zip", commit, "src", "packs", "tests"]
    made = subprocess.run(git, capture_output=True, check=True).stdout
    with zipfile.ZipFile(io.BytesIO(made)) as archive:  # the first releases of 3.11 read no tar safely
        archive.extractall(folder)
    return folder


def fill(program: Path, url: str, data: Path) -> dict[str, dict[str, str]]:
    """Let an older program make its database, and say what it does not have yet."""
    report = data / "report.json"
    room = clean() | {
        "PYTHONPATH": f"{program / 'src'}:{program / 'tests'}",
        "DATABASE_URL": url,
        "CHUANGBAO_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "chuangbao.config.settings",
    }
    command = [sys.executable, "-W", "ignore", str(ROOT / "tools" / "fill_database.py"), str(report)]
    done = subprocess.run(command, env=room, cwd=program, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"the older program could not fill its database:\n{done.stderr[-3000:]}")
    found: dict[str, dict[str, str]] = json.loads(report.read_text(encoding="utf-8"))
    return found


def clean() -> dict[str, str]:
    """The environment without what would lead elsewhere."""
    return {
        k: v for k, v in os.environ.items() if not k.startswith(("CHUANGBAO_", "DATABASE_", "COVERAGE_", "DJANGO_"))
    }


def chuangbao(url: str, data: Path, *words: str) -> str:
    """What this program's command says; stops where it fails."""
    room = clean() | {"PYTHONPATH": str(ROOT / "src"), "DATABASE_URL": url, "CHUANGBAO_DATA": str(data)}
    command = [sys.executable, "-W", "ignore", "-m", "chuangbao", *words]
    done = subprocess.run(command, env=room, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"chuangbao {' '.join(words)}:\n{done.stdout[-1500:]}{done.stderr[-3000:]}")
    return done.stdout


def look(url: str) -> tuple[dict[str, int], list[str]]:
    """Rows of each table, and who and what is in it."""
    with psycopg.connect(url) as owner:
        rows = {name: held.rows for name, held in digest_tables(owner).items()}
        return rows, sorted(str(name) for (name,) in owner.execute(NAMES).fetchall())


def upgrade(commit: str, server: EmbeddedPostgres, folder: Path, keep: Path | None) -> bool:
    """One round; whether all came along."""
    data, name = folder / "data", f"from_{commit}"
    data.mkdir()
    server.create(name)
    url = server.url(name)
    told = fill(program_of(commit, folder / "program"), url, data)
    rows, names = look(url)
    if keep:
        chuangbao(url, data, "backup", str(keep / f"0.1.0-{commit}.tar"))
    chuangbao(url, data, "upgrade", "--no-backup")
    after, same = look(url)
    chuangbao(url, data, "audit", "verify")
    again = chuangbao(url, data, "upgrade").splitlines()[0]
    lost = {table: (n, after[table]) for table, n in rows.items() if after.get(table, n) < n and table not in CONTENT}
    empty = sorted(table for table, n in rows.items() if not n)
    good = not lost and names == same and again == "0 migrations"
    print(f"{'✓' if good else '✗'} {commit}: {len(rows)} tables, {sum(rows.values())} rows, lost {lost or 'nothing'}")
    print(f"  empty: {', '.join(empty)}\n  not in that program: {told['missing'] or 'nothing'}")
    return good


def main() -> int:
    """Every round, one after the other."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("commits", nargs="*", default=LANDED)
    asked.add_argument("--keep", type=Path, help="folder to write the databases of the older programs into")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="cb-upgrade-") as place:
        Path(place).chmod(0o755)
        with EmbeddedPostgres(Path(place, "postgres"), fast=True) as server:
            rounds = []
            for commit in given.commits:
                Path(place, commit).mkdir()
                rounds.append(upgrade(commit, server, Path(place, commit), given.keep))
    return 0 if all(rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
