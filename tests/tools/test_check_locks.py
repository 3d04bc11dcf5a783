"""``tools/check_locks.py`` resolves a lock again once its text was changed, and no other."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "check_locks.py"


@pytest.fixture
def checker(tmp_path, monkeypatch):
    """The tool, in a folder with two locks of its own."""
    spec = importlib.util.spec_from_file_location("check_locks", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, value in {"ROOT": tmp_path, "GOOD": tmp_path / "good.txt", "LOCKS": ("a.txt", "b.txt")}.items():
        monkeypatch.setattr(module, name, value)
    for name in module.LOCKS:
        Path(tmp_path, name).write_text("six==1.17.0\n", encoding="utf-8")
    return module


def test_only_a_changed_lock_is_resolved_again(checker, tmp_path):
    locks = [tmp_path / name for name in checker.LOCKS]
    assert checker.list_changed(locks) == locks
    checker.keep_good()
    assert checker.list_changed(locks) == []
    locks[1].write_text("six==1.16.0\n", encoding="utf-8")
    assert checker.list_changed(locks) == locks[1:]


def test_the_list_of_good_locks_names_no_other(checker):
    checker.keep_good()
    assert [line.split()[1] for line in checker.GOOD.read_text(encoding="utf-8").splitlines()] == ["a.txt", "b.txt"]
