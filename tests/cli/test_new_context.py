"""``chuangbao new-context`` writes a context that is green at once, and needs two lines of shared files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chuangbao.cli import app
from keptcluster import keep_migrated

ROOT = Path(__file__).parents[2]
OTHERS = {".venv", ".cache", "node_modules", ".git", "var", "benchmarks"}
OF_THE_SKELETON = [
    "tests/surveys",
    "tests/config/test_checks.py::test_the_models_are_what_the_migrations_make",
    "tests/config/test_layers.py",
    "tests/core/test_completeness.py::test_the_map_of_this_house_is_complete",
    "tests/docs/test_states_page.py",
    "tests/ui/test_words.py",
]


MEASURED = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
"""What makes a program that a test starts be measured: the lines of the copy are not those of this house."""
OF_THIS_RUN = (*MEASURED, "PYTEST_XDIST_WORKER", "TEST_DATABASE_URL")
"""What would lead the copy's own run to the database of this one."""
MIGRATE_ON = """
import sys
from pathlib import Path
from keptcluster import KEPT, make_migrated, stamp_migrations
make_migrated(KEPT / stamp_migrations(), earlier=Path(sys.argv[1]))
"""
"""The house's own migrations are in the database already; the copy adds those of its new context."""


def write_skeleton(root, *arguments):
    with pytest.MonkeyPatch.context() as patch:
        for name in MEASURED:
            patch.delenv(name, raising=False)
        return CliRunner().invoke(app, ["new-context", *arguments, "--into", str(root)])


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the source with a new context in it."""
    root = tmp_path_factory.mktemp("checkout") / "chuangbao"
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache", "releases", *OTHERS)
    for name in ("src", "tests", "tools", "docs"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    for name in ("pyproject.toml", "manage.py"):
        shutil.copy(ROOT / name, root / name)
    for name in ("packs", "node_modules"):
        (root / name).symlink_to(ROOT / name)
    answer = write_skeleton(root, "surveys", "--words", "问卷")
    assert answer.exit_code == 0, answer.output
    return root


def run(checkout, *arguments):
    """Run a tool in the copy, with nothing of this run."""
    given = {name: value for name, value in os.environ.items() if name not in OF_THIS_RUN} | {"PYTHONPATH": "src:tests"}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=checkout, env=given, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout + done.stderr


def lines_beside(checkout, name):
    """The lines of a shared file that were added."""
    before = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in (checkout / name).read_text(encoding="utf-8").splitlines() if line not in before]


def test_it_needs_two_lines_of_shared_files(checkout):
    for name in ("src/chuangbao/config/settings.py", "pyproject.toml"):
        assert lines_beside(checkout, name) == ['"chuangbao.surveys",']
    changed = {
        str(path.relative_to(checkout))
        for name in ("src", "tests", "tools", "docs")
        for path in (checkout / name).rglob("*")
        if path.is_file()
        and not {"surveys", "__pycache__"} & set(path.parts)
        and path.read_bytes() != (ROOT / path.relative_to(checkout)).read_bytes()
    }
    assert changed == {"src/chuangbao/config/settings.py", "docs/states.md"}


@pytest.mark.parametrize(
    "gate",
    [
        ["ruff", "check", "--no-cache", "."],
        ["ruff", "format", "--no-cache", "--check", "."],
        ["djlint", "src/chuangbao/surveys", "--lint", "--quiet"],
    ],
    ids=" ".join,
)
def test_the_gates_pass(checkout, gate):
    status, told = run(checkout, "-m", *gate)
    assert status == 0, told


def test_its_own_tests_pass_and_those_that_a_new_context_must_keep_green(checkout):
    status, told = run(checkout, "-c", MIGRATE_ON, str(keep_migrated()))
    assert status == 0, told
    status, told = run(checkout, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", *OF_THE_SKELETON)
    assert status == 0, told


@pytest.mark.parametrize(("name", "why"), [("survey", "no name"), ("Surveys", "no name"), ("accounts", "already")])
def test_a_name_that_cannot_be_is_refused(name, why):
    answer = write_skeleton(ROOT, name)
    assert answer.exit_code != 0
    assert why in answer.output + (answer.stderr or "")


def test_it_is_for_a_checkout(tmp_path):
    answer = write_skeleton(tmp_path, "surveys")
    assert answer.exit_code != 0
    assert list(tmp_path.iterdir()) == []
