"""Every name that is imported from the house is there, also where a function, a tool or a benchmark imports it."""

from __future__ import annotations

import ast
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLDER = {"tools/fill_database.py"}
"""It runs with programs of earlier days too and names modules of theirs."""


def list_imports(path):
    """Each module of the house and name that a file imports, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chuangbao") and not node.level:
            yield from ((node.module, alias.name, node.lineno) for alias in node.names)


def is_there(module, name):
    """Whether a module has a name, or a module below it."""
    try:
        return hasattr(import_module(module), name) or find_spec(f"{module}.{name}") is not None
    except ModuleNotFoundError as missing:
        return not (missing.name or "").startswith("chuangbao")  # an extra that is not installed


@pytest.mark.parametrize("folder", ["src", "tests", "tools", "benchmarks"])
def test_every_imported_name_is_there(folder):
    missing = [
        f"{path.relative_to(ROOT)}:{line} {module}.{name}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.relative_to(ROOT).as_posix() not in OLDER
        for module, name, line in list_imports(path)
        if not is_there(module, name)
    ]
    assert missing == []


def list_names(path):
    """The names that a file defines or imports at its top."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        else:
            yield from (one.id for one in ast.walk(node) if isinstance(one, ast.Name))
            yield from (alias.asname or alias.name for alias in getattr(node, "names", ()))


def test_every_name_that_one_benchmark_imports_from_another_is_there():
    files = {path.stem: path for path in (ROOT / "benchmarks").glob("*.py")}
    missing = [
        f"{path.name}:{node.lineno} {node.module}.{alias.name}"
        for path in files.values()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module in files
        for alias in node.names
        if alias.name not in set(list_names(files[node.module]))
    ]
    assert missing == []


def test_a_name_that_is_gone_would_be_seen():
    assert not is_there("chuangbao.core.storage.listing", "stored")
    assert not is_there("chuangbao.core.nothing", "stored")
    assert is_there("chuangbao.core.storage", "listing")
