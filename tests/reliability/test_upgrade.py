"""Databases of older programs come along with their data; those of newer programs are left alone.

The program is started once (``manycommands.py``) and its machine emptied before each of them; the database of the
previous commit is upgraded by a program of its own. ``tools/upgrade_rounds.py`` starts one for every command.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from chuangbao.ops.archive import open_archive
from chuangbao.ops.table_digests import digest_tables
from manycommands import Program
from pglinks import make_database, named

pytestmark = pytest.mark.unmeasured
ROOT = Path(__file__).parents[2]
RELEASES = sorted((Path(__file__).parent / "releases").glob("*.tar"))
FIRST = Path(__file__).parent / "releases" / "0.1.0-first.tar"
"""The only one without rows in most tables; the others are written by ``tools/upgrade_rounds.py --keep``."""
LONG_ROUND = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
TRIED = RELEASES if LONG_ROUND else sorted({FIRST, RELEASES[-1]})
"""A quick run takes the oldest and the newest, ``HYPOTHESIS_PROFILE=explore`` all."""
CONTENT = {"core_regionperiod"}
"""Tables that are loaded anew from the pack."""
FACTS = "SELECT id, subject_id, name, as_of, period, number, text, day_value, flag, codes, secret, register"
PREVIOUS = """
import os, django
from importlib import import_module

def find(name, *modules):
    for module in modules:
        try:
            return getattr(import_module(module), name)
        except ImportError:
            pass
    raise LookupError(name)

django.setup()
migrate = find("migrate", "chuangbao.ops.migrating")
record = find("record", "chuangbao.core.audit.log", "chuangbao.core.history")
load_regions = find("load_regions", "chuangbao.core.engine.regions", "chuangbao.core.regions")
load_library = find("load_library", "chuangbao.policies.domain.load")
current_pack = find("current_pack", "chuangbao.core.engine.current", "chuangbao.policies.domain.registry")
migrate()
load_regions()
load_library(pack=current_pack())
import factories
for actor in (factories.member(), factories.officer("register")):
    record(actor, "verb", kind="test.row", reason="演示数据")
"""
"""The previous commit may be today's house or the one before the move: each name is looked for in both places."""


def rows_of(url):
    """The rows of each table."""
    with psycopg.connect(url) as owner:
        return {name: held.rows for name, held in digest_tables(owner).items()}


def people(url):
    """What must come along unchanged, whatever the tables are called next to it."""
    with psycopg.connect(url) as owner:
        history = "SELECT id, at, person_id, acting, verb, reason, data::text FROM core_history ORDER BY id"
        return [owner.execute("SELECT id, email, name FROM accounts_person ORDER BY id").fetchall(),
                owner.execute("SELECT id, code, name, region_id FROM accounts_organisation ORDER BY id").fetchall(),
                owner.execute(history).fetchall(), *(facts(owner) if there(owner, "facts_fact") else ())]  # fmt: skip


def facts(owner):
    """What is known of each, and whose it is."""
    yield owner.execute(f"{FACTS} FROM facts_fact ORDER BY id").fetchall()
    yield owner.execute("SELECT id, organisation_id, person_id FROM facts_subject ORDER BY id").fetchall()


def there(owner, table):
    """Whether the database has a table."""
    return owner.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()[0]


def test_most_releases_hold_rows_of_every_kind():
    for path in set(RELEASES) - {FIRST}:
        with open_archive(path) as backup:
            rows = {name: held["rows"] for name, held in backup.manifest["tables"].items()}
        for table in ("accounts_organisation", "facts_subject", "facts_fact", "portal_checkup", "policies_workingcopy"):
            assert rows[table] > 0, (path.name, table)
    assert rows


def nothing_lost(before, after):
    """Every table that is still there has at least its rows; what expires or is drawn anew is left out."""
    kept = before.keys() & after.keys() - CONTENT
    return {name: (before[name], after[name]) for name in kept if after[name] < before[name]}


def test_there_is_a_release_to_come_from():
    assert RELEASES


class Machine:
    """A database and a data folder that are made anew for each test, and a program that is started once."""

    def __init__(self, folder):
        self.folder, self.name = folder, f"machine_{os.getpid()}"
        self.database = named(self.name)
        self.program = Program(self.database, folder)

    def __call__(self, *arguments):
        return self.program(*arguments)

    @contextmanager
    def begun(self):
        """As on its first day; only what was read of the pack stays, which takes a second."""
        for path in self.folder.iterdir():
            if path.name != "cache":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        with make_database(self.name):
            yield self


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    made = Machine(tmp_path_factory.mktemp("machine"))
    with made.program:
        yield made


@pytest.fixture
def machine(started):
    with started.begun():
        yield started


@pytest.mark.parametrize("release", TRIED, ids=lambda path: path.stem)
def test_a_release_comes_along_with_its_data(release, tmp_path, machine):
    back = machine("restore", release)
    assert back.returncode == 0, back.stderr
    assert "run `chuangbao upgrade`" in back.stdout
    with open_archive(release) as backup:
        anchor, tables = backup.manifest["anchor"], backup.manifest["tables"]
    kept, rows = people(machine.database), rows_of(machine.database)
    assert rows == {name: held["rows"] for name, held in tables.items()}
    done = machine("upgrade", "--into", tmp_path / "before")
    assert done.returncode == 0, done.stderr
    assert people(machine.database)[: len(kept)] == kept
    assert nothing_lost(rows, rows_of(machine.database)) == {}
    assert machine("audit", "verify", "--anchor", anchor).returncode == 0
    again = machine("upgrade")
    assert (again.returncode, again.stdout.splitlines()[0]) == (0, "0 migrations")
    (way_back,) = (tmp_path / "before").glob("*.tar")
    assert str(way_back) in done.stdout
    assert machine("restore", "--replace", way_back).returncode == 0
    assert rows_of(machine.database) == rows


@pytest.fixture
def previous(tmp_path):
    """The program of the previous commit."""
    git = ["git", "-C", str(ROOT), "archive", "--format=zip", "HEAD^", "src", "packs", "tests"]
    made = subprocess.run(git, capture_output=True, check=False) if shutil.which("git") else None
    if made is None or made.returncode:
        pytest.skip("no earlier commit is at hand: not a clone, or a shallow one")
    with zipfile.ZipFile(io.BytesIO(made.stdout)) as archive:  # the first releases of 3.11 read no tar safely
        archive.extractall(tmp_path / "previous")
    return tmp_path / "previous"


def test_the_database_of_the_previous_commit_comes_along(previous, machine, chuangbao):
    room = {**os.environ, "PYTHONPATH": f"{previous / 'src'}:{previous / 'tests'}", "DATABASE_URL": machine.database,
            "CHUANGBAO_DATA": str(machine.folder), "DJANGO_SETTINGS_MODULE": "chuangbao.config.settings"}  # fmt: skip
    old = subprocess.run([sys.executable, "-W", "ignore", "-c", PREVIOUS], env=room, cwd=previous, check=False,
                         capture_output=True, text=True)  # fmt: skip
    assert old.returncode == 0, old.stderr
    kept, rows = people(machine.database), rows_of(machine.database)
    assert len(kept[2]) == 2
    done = chuangbao("upgrade", database=machine.database, data=machine.folder)
    assert done.returncode == 0, done.stderr
    assert people(machine.database)[: len(kept)] == kept
    assert nothing_lost(rows, rows_of(machine.database)) == {}
    assert json.loads(machine("audit", "verify", "--json").stdout)["whole"]


def test_a_database_of_a_newer_program_is_left_alone(machine):
    assert machine("upgrade").returncode == 0
    with psycopg.connect(machine.database, autocommit=True) as owner:
        owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_later', now())")
        before = digest_tables(owner)
    for command in (["upgrade"], ["up", "--port", "8680"]):
        done = machine(*command)
        assert done.returncode == 1
        assert "written by a newer program (core.9999_later)" in done.stderr
    with psycopg.connect(machine.database) as owner:
        assert digest_tables(owner) == before


def test_an_upgrade_that_fails_names_the_way_back(machine):
    assert machine("restore", FIRST).returncode == 0
    with psycopg.connect(machine.database, autocommit=True) as owner:
        owner.execute("CREATE TABLE core_notice (in_the int)")
    done = machine("upgrade")
    assert done.returncode == 1
    assert "the upgrade stopped: ProgrammingError" in done.stderr
    (way_back,) = (machine.folder / "backups").glob("*.tar")
    assert f"chuangbao restore --replace {way_back}" in done.stderr
    assert machine("restore", "--replace", way_back).returncode == 0
    with psycopg.connect(machine.database, autocommit=True) as owner:
        owner.execute("DROP TABLE core_notice")
    assert machine("upgrade", "--no-backup").returncode == 0
    assert "unreachable" not in machine("digest").stdout


def test_a_database_that_is_away_is_told_in_a_sentence(tmp_path):
    with Program("postgresql://postgres@127.0.0.1:1/none", tmp_path) as program:
        told = [program(*command) for command in (["upgrade"], ["digest"], ["audit", "verify"])]
    for done in told:
        assert done.returncode == 1
        assert done.stderr.startswith("✗ ")
        assert "Traceback" not in done.stderr
