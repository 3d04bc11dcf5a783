"""Note which lines and branches the tests run, by probes that are taken out of a function once they have been seen.

What a process of pytest runs is seen by SlipCover: under Python 3.11 coverage.py is called for each line of each
library, which took three quarters of a test's own time again. The programs that tests start begin too often to have
probes put into them, so coverage.py follows those. Both write what they saw as data of coverage.py, which reports it.
"""

from __future__ import annotations

import ast
import gc
import marshal
import os
import sys
import time
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from coverage import CoverageData
from coverage.parser import PythonParser
from slipcover import FileMatcher, ImportManager, Slipcover, branch, importer
from slipcover.version import __version__ as slipcover_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import CodeType, ModuleType

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "src" / "chuangbao"
CONFIG = ROOT / "pyproject.toml"
WANTED = "MEASURE_COVERAGE"
"""By this variable `make test` asks for the measuring."""
PROGRAMS = "COVERAGE_PROCESS_START"
"""By this variable coverage.py follows the programs that a test starts."""
MARKED = ROOT / ".cache" / "marked"
"""Where modules are kept, compiled, with the places of their branches marked: half of what the probes take."""
DAYS_KEPT = 14
ENTRY, EXIT = -1, 0
Arc = tuple[int, int]


def start_measuring() -> Callable[[], None]:
    """Put probes into what this process imports of the house from now on; return what writes down what they saw."""
    options = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["tool"]["coverage"]["run"]
    file = ROOT / f".coverage.probes-{os.getpid()}"
    gc.disable()  # until the tests begin (conftest.py): what is imported stays
    probes = put_probes([HOUSE], options["omit"])
    del os.environ[WANTED]  # a pytest that a test starts has nothing to write
    os.environ["COVERAGE_FILE"] = str(ROOT / ".coverage")
    os.environ[PROGRAMS] = str(CONFIG)
    return lambda: write_data(probes.get_coverage()["files"], file)


def put_probes(folders: Iterable[Path], omitted: Iterable[str] = ()) -> Slipcover:
    """Put probes into what is imported from some folders from now on, and return what collects their reports."""
    probes = Slipcover(branch=True)
    importer.SlipcoverLoader.exec_module = run_module
    ImportManager(probes, FileMatcher(sources=list(folders), omit=list(omitted))).__enter__()
    return probes


def run_module(loader: importer.SlipcoverLoader, module: ModuleType) -> None:
    """Run a module with probes, in the place of SlipCover's own method, which marks the branches at every start."""
    loader.sci.register_module(module)
    exec(loader.sci.instrument(mark_branches(loader.origin)), module.__dict__)  # noqa: S102 - as every import does


def mark_branches(path: Path) -> CodeType:
    """Return a module compiled with its branches marked, from what was kept of the same text where there is any."""
    text = path.read_bytes()
    name = sha256(f"{sys.version} {slipcover_version} {path}".encode() + text).hexdigest()[:24]
    kept = MARKED / name
    if kept.is_file():
        return marshal.loads(kept.read_bytes())  # noqa: S302 - written below
    code = compile(branch.preinstrument(ast.parse(text)), str(path), "exec")
    MARKED.mkdir(parents=True, exist_ok=True)
    halfway = kept.with_suffix(f".{os.getpid()}")
    halfway.write_bytes(marshal.dumps(code))
    halfway.replace(kept)
    return code


def mark_house() -> None:
    """Mark the branches of all modules that have none marked yet, so that not every process does it for itself."""
    forget_marked()
    for path in HOUSE.rglob("*.py"):
        if "migrations" not in path.parts:
            mark_branches(path)


def forget_marked() -> None:
    """Remove what was compiled long ago; where it is needed it is made again."""
    for path in MARKED.glob("*"):
        if path.stat().st_mtime < time.time() - DAYS_KEPT * 86_400:
            path.unlink(missing_ok=True)


def write_data(files: dict[str, dict], file: Path) -> None:
    """Write what SlipCover saw, by path of source, as a file of data of coverage.py."""
    data = CoverageData(str(file))
    data.add_arcs({str(Path(path).resolve()): list_arcs(Path(path), seen) for path, seen in files.items()})
    data.write()


def list_arcs(path: Path, seen: dict) -> set[Arc]:
    """Return the steps from line to line that coverage.py would have noted, from the lines and branches of SlipCover.

    They agree but for three things: SlipCover lets a branch that leaves a function end at 0, lets the branches of
    `match` begin at its own line (coverage.py: each `case` leads to its body or on), and says 0 where a loop goes on.
    """
    text, lines = path.read_text(encoding="utf-8"), set(seen["executed_lines"])
    arcs = {(ENTRY, line) for line in lines}
    if not seen["executed_branches"] and "match" not in text:
        return arcs
    parser = PythonParser(text=text)
    parser.parse_source()
    taken: dict[int, set[int]] = {}
    for line, target in seen["executed_branches"]:
        taken.setdefault(line, set()).add(target)
    for match in list_matches(text):
        lead_cases(match, parser, lines, taken)
    for line, exits in list_exits(parser).items():
        arcs |= {(line, target) for target in take_exits(exits, taken.get(line, set()))}
    return arcs


def list_matches(text: str) -> list[ast.Match]:
    """Return every `match` of a source."""
    tree = ast.parse(text) if "match" in text else ast.Module([], [])
    return [node for node in ast.walk(tree) if isinstance(node, ast.Match)]


def lead_cases(match: ast.Match, parser: PythonParser, lines: set[int], taken: dict[int, set[int]]) -> None:
    """Lead each `case` of a `match` to its body where that was taken, and on where the next was looked at."""
    found = taken.pop(match.lineno, set())
    heads = [parser.first_line(case.pattern.lineno) for case in match.cases]
    bodies = [case.body[0].lineno for case in match.cases]
    for head, body, following in zip(heads, bodies, [*heads[1:], None], strict=True):
        on = found - set(bodies) if following is None else {following} & parser.translate_lines(lines)
        taken.setdefault(head, set()).update({body} & found, on)


def list_exits(parser: PythonParser) -> dict[int, set[int]]:
    """Return for each line of a source with more than one exit where it may lead to, as coverage.py sees it."""
    exits: dict[int, set[int]] = {}
    for line, target in parser.arcs():
        exits.setdefault(line, set()).add(target)
    return {line: targets for line, targets in exits.items() if len(targets) > 1}


def take_exits(exits: set[int], taken: set[int]) -> set[int]:
    """Return which exits of a line were taken; where both name one differently, it is the one that is left of both."""
    known = {target for target in exits if target in taken or (target < 0 and EXIT in taken)}
    other = taken - known - ({EXIT} if any(target < 0 for target in exits) else set())
    return exits if other and len(exits - known) == 1 else known


if __name__ == "__main__":
    mark_house()
