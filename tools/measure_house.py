"""Measure how the house reads, and hold what may only shrink.

``measure_house.py`` prints the picture; ``--check`` compares it with ``tools/house_limits.toml`` and fails where a
count has grown; ``--update`` writes today's counts into that file where they have shrunk.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "chuangbao"
LIMITS = ROOT / "tools" / "house_limits.toml"
LANGUAGES = ("rules", "gongwen")
"""The libraries whose names are sound and stay."""

COLUMNS = 120
ODD_WORDS = re.compile(r"\b(somebody|nobody|whoever|oneself|anew|stands|lies|told|meanwhile|one's)\b", re.IGNORECASE)
WORD = re.compile(r"[A-Za-z']+")
VERBS = frozenset({"need", "feed", "seed", "embed", "speed", "exceed", "proceed"})
"""Verbs that only look like participles."""
IRREGULAR = re.compile(
    r"begun|bound|bought|brought|built|chosen|done|drawn|fallen|found|given|gone|held|kept|known|laid|led|left|lent|lost"
    r"|made|meant|met|paid|said|seen|sent|shown|sold|spent|spoken|taken|taught|thought|told|understood|worn|written"
)
ODD_RATE = "odd_words_per_1000"
DEEPEST = 10_000
"""Modules in a row that import each other."""
MANY = 4
"""From this number of modules on, one name for a function or class counts as a name of many meanings."""


@dataclass(frozen=True)
class Module:
    """One module of the house: its path, its dotted name, its text and its tree."""

    path: Path
    name: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """Return the package directly below ``chuangbao``."""
        return self.name.split(".")[1] if "." in self.name else ""

    @cached_property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Return every function and method."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def read_modules(source: Path = SOURCE) -> list[Module]:
    """Read every module below a package, migrations aside."""
    modules = []
    for path in sorted(source.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        parts = path.relative_to(source.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = path.read_text(encoding="utf-8")
        modules.append(Module(path, name, text, ast.parse(text)))
    return modules


def iterate_imports(module: Module, names: set[str]) -> Iterator[str]:
    """Yield the modules of the house that a module imports, late imports and imports of types among them."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                below = f"{node.module}.{alias.name}"
                if below in names:
                    yield below
                elif node.module in names:
                    yield node.module


def find_cycles(modules: list[Module]) -> list[list[str]]:
    """Return the groups of modules that import each other in a ring (Tarjan's algorithm)."""
    names = {module.name for module in modules}
    graph = {module.name: set(iterate_imports(module, names)) - {module.name} for module in modules}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    cycles: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in sorted(graph[name]):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            ring = [stack.pop()]
            while ring[-1] != name:
                ring.append(stack.pop())
            if len(ring) > 1:
                cycles.append(sorted(ring))

    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, DEEPEST))
    try:
        for name in sorted(graph):
            if name not in index:
                visit(name)
    finally:
        sys.setrecursionlimit(before)  # others rely on it to notice what is nested too deep
    return cycles


def is_participle(name: str) -> bool:
    """Tell whether a name is one bare participle such as ``shown`` or ``counted``."""
    plain = name.strip("_")
    if "_" in plain or plain in VERBS:
        return False
    return bool(IRREGULAR.fullmatch(plain) or re.fullmatch(r"[a-z]+(ed|ing)", plain))


def list_participles(modules: list[Module]) -> list[str]:
    """List the functions outside the two languages that are named by a bare participle."""
    return [
        f"{module.name}.{function.name}"
        for module in modules
        if module.room not in LANGUAGES
        for function in module.functions
        if is_participle(function.name)
    ]


def iterate_docstrings(modules: list[Module]) -> Iterator[tuple[str, str]]:
    """Yield each docstring with the name of what it describes."""
    for module in modules:
        classes = (node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef))
        yield module.name, ast.get_docstring(module.tree) or ""
        for holder in (*classes, *module.functions):
            yield f"{module.name}.{holder.name}", ast.get_docstring(holder) or ""


def list_odd_words(modules: list[Module]) -> list[str]:
    """List the odd words in docstrings, each with the name of what its docstring describes."""
    return [f"{name}: {word}" for name, text in iterate_docstrings(modules) for word in ODD_WORDS.findall(text)]


def measure_odd_words(modules: list[Module]) -> float:
    """Return how many of a thousand words in docstrings are odd."""
    words = sum(len(WORD.findall(text)) for _, text in iterate_docstrings(modules))
    return round(1000 * len(list_odd_words(modules)) / max(words, 1), 2)


def list_marks(modules: list[Module], mark: str) -> list[str]:
    """List the lines with a mark that excuses them from a tool, once for each mark."""
    return [
        f"{module.name}:{number}"
        for module in modules
        for number, line in enumerate(module.text.splitlines(), 1)
        for _ in range(line.count(mark))
    ]


def raises_itself(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a function has a ``raise`` of a new error that is its own, not that of a function inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(node, ast.Raise) and node.exc is not None:
            return True
        waiting.extend(ast.iter_child_nodes(node))
    return False


def says_what_it_raises(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a docstring names the errors; on the command line, where it is the help, the exit status will do."""
    words = r"\b([Rr]aises?|status)\b" if module.room == "cli" else r"\b[Rr]aises?\b"
    return re.search(words, ast.get_docstring(function) or "") is not None


def list_silent_raisers(modules: list[Module]) -> tuple[list[str], int]:
    """List the functions outside the two languages that raise without saying so, and count all that raise."""
    silent, total = [], 0
    for module in modules:
        if module.room in LANGUAGES:
            continue
        for function in module.functions:
            if not raises_itself(function):
                continue
            total += 1
            if not says_what_it_raises(module, function):
                silent.append(f"{module.name}.{function.name}")
    return silent, total


def list_late_imports(modules: list[Module]) -> list[str]:
    """List the imports of the house inside functions, those of the command line aside: most of them hide a cycle.

    A library may be imported where it is used, so that the program starts without it.
    """
    return [
        f"{module.name}:{node.lineno}"
        for module in modules
        if module.room != "cli"
        for function in module.functions
        for node in ast.walk(function)
        if is_import_of_house(node)
    ]


def is_import_of_house(node: ast.AST) -> bool:
    """Whether a statement imports from the house itself."""
    if isinstance(node, ast.ImportFrom):
        return bool(node.level) or (node.module or "").startswith("chuangbao")
    return isinstance(node, ast.Import) and any(name.name.startswith("chuangbao") for name in node.names)


def list_wide_lines(source: Path = SOURCE) -> list[str]:
    """List the lines of templates that are wider than the page."""
    return [
        f"{path.relative_to(source)}:{number}"
        for path in sorted(source.rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > COLUMNS
    ]


def list_repeated_names(modules: list[Module]) -> list[str]:
    """List the names that many modules outside the two languages give to a function or class of their own."""
    places: defaultdict[str, set[str]] = defaultdict(set)
    for module in modules:
        if module.room in LANGUAGES:
            continue
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                places[node.name].add(module.name)
    return sorted(name for name, holders in places.items() if len(holders) >= MANY)


def list_details(modules: list[Module]) -> dict[str, list[str]]:
    """List what is behind each count."""
    return {
        "import_cycles": [" ".join(ring) for ring in find_cycles(modules) if ring[0].split(".")[1] not in LANGUAGES],
        "wide_template_lines": list_wide_lines(),
        "participle_functions": list_participles(modules),
        ODD_RATE: list_odd_words(modules),
        "silent_raisers": list_silent_raisers(modules)[0],
        "noqa": list_marks(modules, "# noqa"),
        "type_ignore": list_marks(modules, "# type: ignore"),
        "fmt_skip": list_marks(modules, "# fmt: skip"),
        "late_imports": list_late_imports(modules),
        "repeated_names": list_repeated_names(modules),
    }


def measure(modules: list[Module]) -> dict[str, float]:
    """Measure everything that may only shrink: how many there are, of odd words how many in a thousand."""
    counts: dict[str, float] = {name: len(places) for name, places in list_details(modules).items()}
    return counts | {ODD_RATE: measure_odd_words(modules)}


def read_limits() -> dict[str, float]:
    """Read what each count was when it was last held."""
    return tomllib.loads(LIMITS.read_text(encoding="utf-8"))


def write_limits(limits: dict[str, float]) -> None:
    """Write the counts that hold from now on."""
    head = "# What may only shrink: `make check` compares, `tools/measure_house.py --update` lowers.\n"
    LIMITS.write_text(head + "".join(f"{key} = {value}\n" for key, value in limits.items()), encoding="utf-8")


def check_limits(counts: dict[str, float]) -> int:
    """Print each count that has grown and return how many have."""
    limits = read_limits()
    grown = [key for key, value in counts.items() if value > limits.get(key, 0)]
    for key in grown:
        print(f"{key}: {counts[key]} is more than {limits.get(key, 0)}; --list {key} says where", file=sys.stderr)
    return len(grown)


def print_picture(modules: list[Module], counts: dict[str, float]) -> None:
    """Print the lines of each room and every count."""
    lines: Counter[str] = Counter()
    for module in modules:
        lines[module.room] += module.text.count("\n")
    for room, number in sorted(lines.items()):
        print(f"lines {room or '.':24}{number:8}")
    functions = sum(len(module.functions) for module in modules if module.room not in LANGUAGES)
    print(f"functions outside the languages{functions:7}")
    print(f"raising functions outside them{list_silent_raisers(modules)[1]:8}")
    for key, value in counts.items():
        print(f"{key:30}{value:8}")


def main() -> int:
    """Print, list, check or lower."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail where a count has grown")
    parser.add_argument("--update", action="store_true", help="write the counts that have shrunk")
    parser.add_argument("--list", metavar="COUNT", choices=read_limits(), help="say what is behind one count")
    given = parser.parse_args()
    modules = read_modules()
    if given.list:
        print("\n".join(list_details(modules)[given.list]))
        return 0
    counts = measure(modules)
    if given.check:
        return min(check_limits(counts), 1)
    if given.update:
        before = read_limits() if LIMITS.exists() else counts
        write_limits({key: min(value, before.get(key, value)) for key, value in counts.items()})
    print_picture(modules, counts)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
