"""What ``pip install chuangbao`` brings: the two libraries and their commands, without Django and numpy."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
GONGWEN = (ROOT / "docs" / "gongwen.md").read_text(encoding="utf-8")
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")


def list_packages(wanted):
    """Return the distributions that the requirements bring, with all that these need."""
    found, open_ones = {}, [Requirement(text) for text in wanted]
    while open_ones:
        need = open_ones.pop()
        if need.name in found:
            continue
        found[need.name] = distribution(need.name)
        needs = map(Requirement, found[need.name].requires or [])
        open_ones += [each for each in needs if not each.marker or each.marker.evaluate({"extra": ""})]
    return found.values()


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The folder of packages of an environment with a plain install in it."""
    site = tmp_path_factory.mktemp("plain")
    (site / "chuangbao").symlink_to(ROOT / "src" / "chuangbao")
    for package in list_packages(PROJECT["dependencies"]):
        tops = {path.parts[0] for path in package.files if path.parts[0] not in {"..", "__pycache__"}}
        for top in tops:
            if not (site / top).exists():
                (site / top).symlink_to(package.locate_file(top))
    return site


@pytest.fixture
def run(plain, tmp_path):
    """A Python that sees the standard library and that folder alone."""

    def answer(text, *arguments):
        seen = [sysconfig.get_path("stdlib"), str(Path(sysconfig.get_path("stdlib")) / "lib-dynload"), str(plain)]
        command = [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {seen!r}\n{text}", *arguments]
        room = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
        return subprocess.run(command, cwd=tmp_path, env=room, capture_output=True, text=True, check=False)

    return answer


def test_neither_django_nor_numpy_is_there(run):
    for name in ("django", "numpy", "z3", "psycopg"):
        assert f"No module named '{name}'" in run(f"import {name}").stderr


def test_it_reads_the_document_of_the_docs(run):
    [example] = re.findall(r"```python\n(.*?)```", GONGWEN, re.DOTALL)
    done = run(example)
    assert done.returncode == 0, done.stderr


def test_it_judges_by_the_pack_of_the_docs(run, tmp_path):
    for text in re.findall(r"```yaml\n# file: (.*?)```", RULES, re.DOTALL):
        name, _, content = text.partition("\n")
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", RULES, re.DOTALL)[:4]
    done = run("\n".join([f"folder = {str(tmp_path)!r}", *examples]))
    assert done.returncode == 0, done.stderr


MAIN = "from chuangbao.cli import main; main()"


def test_its_commands_read_and_judge(run, tmp_path):
    (tmp_path / "paper.txt").write_text("关于支持众创空间的通知\n\n一、给予补贴20万元。\n", encoding="utf-8")
    read = run(MAIN, "document", "parse", "paper.txt")
    assert (read.returncode, "通知" in read.stdout) == (0, True), read.stderr
    (tmp_path / "facts.json").write_text('{"employees_avg": 8}', encoding="utf-8")
    judged = run(
        MAIN, "match", "--pack", str(ROOT / "packs" / "jilin"), "--facts", "facts.json", "--as-of", "2026-01-01"
    )
    assert (judged.returncode, bool(judged.stdout)) == (0, True), judged.stderr


@pytest.mark.parametrize(("command", "extra"), [(["audit", "verify"], "web"), (["pack", "check", "PACK"], "rules")])
def test_a_command_that_needs_more_says_what_to_install(run, command, extra):
    done = run(MAIN, *[str(ROOT / "packs" / "jilin") if each == "PACK" else each for each in command])
    assert done.returncode == 2
    assert f"pip install 'chuangbao[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr
