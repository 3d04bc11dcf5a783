"""What SlipCover saw, written as data of coverage.py, is what coverage.py sees when it follows the same program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import measuring

HERE = Path(__file__).parent
SAMPLE = '''
"""Each way in which a line may lead to more than one."""
import contextlib


def choose(number):
    if number > 3:
        return "much"
    if (
        number == 2
        and number
    ):
        number += 1
    elif number == 1:
        pass
    else:
        number -= 1
    return [each for each in range(number) if each]


def walk(rows, wanted):
    for row in rows:
        if row is None:
            continue
        with contextlib.suppress(ValueError):
            for part in row:
                if part == wanted:
                    break
            else:
                int("x")
        if wanted == "last":
            rows = []
    while rows:
        rows = rows[1:]
        if not rows:
            return 1


def sort_out(value):
    match value:
        case {"a": 1}:
            found = 1
        case [_, *rest] if rest:
            found = 2
        case str() | int():
            found = 3
    match value:
        case None:
            return 0
        case (
            1
            | 2
        ):
            try:
                return int(value)
            finally:
                if value == 2:
                    value = 3
        case _:
            for each in "ab":
                if each == "b":
                    return each
    return found


class Thing:
    """A class has a branch too."""

    if not SAMPLE_IS_SMALL:
        size = 2

    def leave(self, on):
        if on:
            self.size = 1

    async def wait(self, on):
        if on:
            return 1
'''
CALLS = {
    "some": "sample.choose(5); sample.walk([None, 'ab'], 'a'); sample.sort_out({'a': 1}); sample.Thing().leave(True)",
    "others": "sample.choose(2); sample.choose(1); sample.choose(0); sample.walk(['ab'], 'x'); sample.sort_out(1)"
    "; sample.walk(['a'], 'last'); sample.sort_out('a'); sample.sort_out(None); sample.Thing().leave(False)",
    "more": "sample.sort_out([1, 2]); sample.sort_out(2); sample.walk([], 'a'); sample.walk(['b', 'a'], 'a')",
}


def run(folder, *command):
    room = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    room |= {"PYTHONPATH": os.pathsep.join([str(folder), str(HERE), str(measuring.ROOT / "src")])}
    done = subprocess.run([sys.executable, *command], cwd=folder, env=room, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def report(folder, data):
    """What coverage.py reports of a file of data, by file: lines and branches that were run and were not."""
    run(folder, "-m", "coverage", "json", "--quiet", f"--data-file={data}", "-o", f"{data}.json")
    files = json.loads(Path(folder, f"{data}.json").read_text(encoding="utf-8"))["files"]
    asked = ("executed_lines", "missing_lines", "executed_branches", "missing_branches")
    return {name: {what: seen[what] for what in asked} for name, seen in files.items() if seen["executed_lines"]}


def follow(folder):
    """Let coverage.py follow the program."""
    Path(folder, ".coveragerc").write_text("[run]\nbranch = true\nsource = .\n", encoding="utf-8")
    run(folder, "-m", "coverage", "run", "--data-file=followed", "main.py")
    return report(folder, "followed")


def probe(folder):
    """Let SlipCover put its probes into it."""
    begin = "import measuring; from pathlib import Path; probes = measuring.put_probes([Path()])"
    end = "measuring.write_data(probes.get_coverage()['files'], Path('probed'))"
    run(folder, "-c", f"{begin}\nimport main\n{end}")
    return report(folder, "probed")


@pytest.mark.parametrize("calls", CALLS.values(), ids=CALLS)
def test_probes_and_coverage_see_the_same(tmp_path, calls):
    Path(tmp_path, "sample.py").write_text(
        SAMPLE.replace("SAMPLE_IS_SMALL", str(calls == CALLS["some"])), encoding="utf-8"
    )
    Path(tmp_path, "main.py").write_text(f"import sample\n{calls}\n", encoding="utf-8")
    followed, probed = follow(tmp_path), probe(tmp_path)
    for what, seen in followed["sample.py"].items():
        assert probed["sample.py"][what] == seen, what
    assert probe(tmp_path) == probed, "what was compiled before is run the second time"


def test_a_module_is_compiled_with_marks_once_for_each_text(tmp_path, monkeypatch):
    monkeypatch.setattr(measuring, "MARKED", tmp_path / "marked")
    path = tmp_path / "some.py"
    path.write_text("a = 1 if __name__ else 2\n", encoding="utf-8")
    first = measuring.mark_branches(path)
    assert measuring.mark_branches(path) == first
    assert len(list(measuring.MARKED.iterdir())) == 1
    path.write_text("a = 3\n", encoding="utf-8")
    assert measuring.mark_branches(path) != first
    kept = sorted(measuring.MARKED.iterdir())
    os.utime(kept[0], (0, 0))
    measuring.forget_marked()
    assert list(measuring.MARKED.iterdir()) == kept[1:]
