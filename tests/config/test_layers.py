"""Each package of the house has its layer; one that has none would be checked by nothing."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import chuangbao

SOURCE = Path(chuangbao.__file__).parent
BOTH_ENDS = {"config"}
"""Its paths and environment are below everything, its settings and addresses above."""


def test_each_package_has_a_layer():
    settings = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    named = [name for layer in contract["layers"] for name in re.findall(r"chuangbao\.(\w+)", layer)]
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert sorted(named) == sorted(packages - BOTH_ENDS)
