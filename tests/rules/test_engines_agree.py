"""A slice of ``tools/agree.py``: ceilings, windows and past awards together, and no engine says another thing."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

TOOL = Path(__file__).parents[2] / "tools" / "agree.py"


def test_ceilings_windows_and_awards_together_are_the_same_in_columns(monkeypatch, capsys):
    spec = importlib.util.spec_from_file_location("agree", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    monkeypatch.setattr(sys, "argv", ["agree.py", "--profiles", "60"])
    assert tool.main() == 0
    assert "60 profiles, 960 verdicts" in capsys.readouterr().out
    monkeypatch.setattr(tool.population, "batch", lambda *_: {})
    assert tool.main() == 1
